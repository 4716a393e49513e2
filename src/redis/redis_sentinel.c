// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_sentinel.h"

#include <stdlib.h>
#include <string.h>

/* SENTINEL GET-MASTER-ADDR-BY-NAME answers with address and port, or nil. */
static bool read_address(const struct redis_value *answer, struct redis_address *address)
{
    if (answer->type != REDIS_VALUE_LIST || answer->count != 2)
        return false;
    const struct redis_value *host = &answer->items[0], *port = &answer->items[1];
    char *end;
    unsigned long number = strtoul(port->text, &end, 10);
    return host->length > 0 && memchr(host->text, '\0', host->length) == NULL && port->length > 0 &&
           *end == '\0' && number > 0 && number <= UINT16_MAX &&
           redis_address_set(address, host->text, host->length, (uint16_t)number);
}

static bool ask_for_master(const struct redis_login *login, const struct redis_address *sentinel,
                           struct redis_address *master, struct error *error)
{
    const char *words[] = {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", login->url.master};
    struct redis_link *link = redis_link_open(login, sentinel, REDIS_ROLE_SENTINEL, error);
    struct redis_reply *reply = link != NULL ? redis_link_ask(link, 3, words, error) : NULL;
    bool found = false;
    if (reply != NULL) {
        const struct redis_value *answer = redis_reply_root(reply);
        found = read_address(answer, master);
        if (answer->type == REDIS_VALUE_ERROR)
            error_set(error, STATUS_FAILED, "the sentinel at %s answers: %.200s", sentinel->text,
                      answer->text);
        else if (!found)
            error_set(error, STATUS_FAILED, "the sentinel at %s knows no master \"%s\"; see redis.url",
                      sentinel->text, login->url.master);
    }
    redis_reply_free(reply);
    redis_link_close(link);
    return found;
}

/* Sentinels may still name the old master. Who may not ask (NOPERM) finds out by READONLY. */
static bool is_master(struct redis_link *link, struct error *error)
{
    const char *words[] = {"ROLE"};
    struct redis_reply *reply = redis_link_ask(link, 1, words, error);
    if (reply == NULL)
        return false;
    const struct redis_value *answer = redis_reply_root(reply);
    bool is_other =
        answer->type == REDIS_VALUE_LIST && answer->count > 0 && strcmp(answer->items[0].text, "master") != 0;
    if (is_other)
        error_set(error, STATUS_FAILED,
                  "the Redis server at %s, which a sentinel names as the master, says that it is a %.40s",
                  redis_link_address(link)->text, answer->items[0].text);
    redis_reply_free(reply);
    return !is_other;
}

struct redis_link *redis_sentinel_open(const struct redis_login *login, struct error *error)
{
    struct redis_address master = {.port = 0};
    for (unsigned i = 0; i < login->url.address_count; i++) {
        if (!ask_for_master(login, &login->url.addresses[i], &master, error))
            continue;
        struct redis_link *link = redis_link_open(login, &master, REDIS_ROLE_SERVER, error);
        if (link != NULL && is_master(link, error))
            return link;
        redis_link_close(link);
    }
    return NULL;
}
