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

static bool ask_for_master(struct redis_link *sentinel, const char *name, struct redis_address *master,
                           struct error *error)
{
    const char *words[] = {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", name};
    struct redis_reply *reply = redis_link_ask(sentinel, 3, words, error);
    const char *place = redis_link_address(sentinel)->text;
    if (reply == NULL)
        return false;
    const struct redis_value *answer = redis_reply_root(reply);
    bool found = read_address(answer, master);
    if (answer->type == REDIS_VALUE_ERROR)
        error_set(error, STATUS_FAILED, "the sentinel at %s answers: %.200s", place, answer->text);
    else if (!found)
        error_set(error, STATUS_FAILED, "the sentinel at %s knows no master \"%s\"; see redis.url", place,
                  name);
    redis_reply_free(reply);
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

/* The sentinel that leads a failover says +promoted-slave, all say +switch-master in the end. */
static struct redis_link *begin_to_watch(struct redis_link *sentinel)
{
    const char *words[] = {"SUBSCRIBE", "+switch-master", "+promoted-slave"};
    struct redis_reply *reply = redis_link_ask(sentinel, 3, words, NULL);
    bool begun = reply != NULL && redis_reply_root(reply)->type == REDIS_VALUE_LIST;
    redis_reply_free(reply);
    if (begun)
        return sentinel;
    redis_link_close(sentinel);
    return NULL;
}

struct redis_link *redis_sentinel_open(const struct redis_login *login, struct redis_link **watch,
                                       struct error *error)
{
    struct redis_address master = {.port = 0};
    for (unsigned i = 0; i < login->url.address_count; i++) {
        struct redis_link *link = NULL, *sentinel = redis_link_open(login, &login->url.addresses[i],
                                                                    REDIS_ROLE_SENTINEL, error);
        if (sentinel != NULL && ask_for_master(sentinel, login->url.master, &master, error))
            link = redis_link_open(login, &master, REDIS_ROLE_SERVER, error);
        if (link != NULL && is_master(link, error)) {
            *watch = begin_to_watch(sentinel);
            return link;
        }
        redis_link_close(link);
        redis_link_close(sentinel);
    }
    return NULL;
}

bool redis_sentinel_has_news(struct redis_link **watch, const char *master)
{
    struct redis_reply *reply = NULL;
    struct error ignored;
    enum redis_read result = REDIS_READ_NOTHING;
    bool news = false;
    while (!news && *watch != NULL &&
           (result = redis_link_read(*watch, 0, &reply, &ignored)) == REDIS_READ_REPLY) {
        const struct redis_value *root = redis_reply_root(reply);
        news = root->count == 3 && strstr(root->items[2].text, master) != NULL;
        redis_reply_free(reply);
    }
    if (result == REDIS_READ_BROKEN) {
        redis_link_close(*watch);
        *watch = NULL;
    }
    return news;
}
