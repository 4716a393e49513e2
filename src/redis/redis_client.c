// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_client.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

/* Fields of redisContext other than err and errstr moved between the versions and are left alone. */
#if HIREDIS_MAJOR > 1
#error "hiredis 2 is not known: check that the calls in this file still mean the same"
#endif

struct redis_client {
    redisContext *context;
    char place[sizeof((struct redis_url *)0)->text];
    uint64_t timeout_ms;
};

static bool fail_lost(const struct redis_client *client, struct error *error)
{
    int number = errno;
    const redisContext *context = client->context;
    if (context->err == REDIS_ERR_IO && (number == EAGAIN || number == EWOULDBLOCK || number == ETIMEDOUT))
        return error_set(error, STATUS_FAILED, "the Redis server at %s does not answer within %llu ms",
                         client->place, (unsigned long long)client->timeout_ms);
    return error_set(error, STATUS_FAILED, "the connection to the Redis server at %s broke: %s",
                     client->place, context->err != 0 ? context->errstr : "unknown reason");
}

/* First words of errors as the server writes them (src/server.c, createSharedObjects, and src/acl.c of
 * Redis). */
static enum redis_answer classify(const char *text)
{
    static const struct {
        const char *word;
        enum redis_answer answer;
    } words[] = {
        {"OOM ", REDIS_ANSWER_FULL},
        {"LOADING ", REDIS_ANSWER_NOT_NOW},
        {"READONLY ", REDIS_ANSWER_NOT_NOW},
        {"MASTERDOWN ", REDIS_ANSWER_NOT_NOW},
        {"MISCONF ", REDIS_ANSWER_NOT_NOW},
        {"BUSY ", REDIS_ANSWER_NOT_NOW},
        {"NOREPLICAS ", REDIS_ANSWER_NOT_NOW},
        {"CLUSTERDOWN ", REDIS_ANSWER_NOT_NOW},
        {"TRYAGAIN ", REDIS_ANSWER_NOT_NOW},
        {"NOAUTH ", REDIS_ANSWER_NOT_NOW},
        {"ERR max number of clients", REDIS_ANSWER_NOT_NOW},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(text, words[i].word, strlen(words[i].word)) == 0)
            return words[i].answer;
    return REDIS_ANSWER_REFUSED;
}

enum redis_answer redis_client_receive(struct redis_client *client, struct error *error)
{
    void *received = NULL;
    errno = 0;
    if (redisGetReply(client->context, &received) != REDIS_OK || received == NULL) {
        fail_lost(client, error);
        return REDIS_ANSWER_LOST;
    }
    redisReply *reply = received;
    enum redis_answer answer = REDIS_ANSWER_DONE;
    if (reply->type == REDIS_REPLY_ERROR) {
        answer = classify(reply->str);
        error_set(error, STATUS_FAILED, "the Redis server at %s answers: %.200s", client->place, reply->str);
    }
    freeReplyObject(reply);
    return answer;
}

bool redis_client_send(struct redis_client *client, const char *commands, size_t length)
{
    return redisAppendFormattedCommand(client->context, commands, length) == REDIS_OK;
}

static enum redis_answer ask(struct redis_client *client, int count, const char **words, struct error *error)
{
    if (redisAppendCommandArgv(client->context, count, words, NULL) != REDIS_OK) {
        fail_lost(client, error);
        return REDIS_ANSWER_LOST;
    }
    return redis_client_receive(client, error);
}

static bool authenticate(struct redis_client *client, const struct redis_login *login, struct error *error)
{
    const char *with_user[] = {"AUTH", login->url.user, login->password};
    const char *without[] = {"AUTH", login->password};
    bool has_user = login->url.user[0] != '\0';
    struct error why;
    if (!has_user && login->password[0] == '\0')
        return true;
    enum redis_answer answer = has_user ? ask(client, 3, with_user, &why) : ask(client, 2, without, &why);
    if (answer == REDIS_ANSWER_DONE)
        return true;
    if (answer != REDIS_ANSWER_REFUSED)
        return error_set(error, why.status, "%s", why.text);
    return error_set(error, STATUS_CONFIGURATION,
                     "%s; user \"%.60s\" cannot log in: check the user in redis.url and the password in "
                     "redis.password-file or GEOPHONE_REDIS_PASSWORD",
                     why.text, has_user ? login->url.user : "default");
}

static bool log_in(struct redis_client *client, const struct redis_login *login, struct error *error)
{
    char database[16];
    const char *choose[] = {"SELECT", database};
    const char *name[] = {"CLIENT", "SETNAME", login->client_name};
    const char *ping[] = {"PING"};
    struct error why;
    snprintf(database, sizeof database, "%u", login->url.database);
    if (!authenticate(client, login, error))
        return false;
    if (login->url.database != 0 && ask(client, 2, choose, error) != REDIS_ANSWER_DONE)
        return false;
    /* a user may lack the right to the name or to PING: both only serve people */
    if (ask(client, 3, name, &why) == REDIS_ANSWER_LOST)
        return error_set(error, why.status, "%s", why.text);
    enum redis_answer answer = ask(client, 1, ping, &why);
    if (answer == REDIS_ANSWER_DONE || answer == REDIS_ANSWER_REFUSED)
        return true;
    bool needs_password = strstr(why.text, "NOAUTH") != NULL;
    return error_set(error, why.status, "%s%s", why.text,
                     needs_password ? "; give it in redis.password-file or GEOPHONE_REDIS_PASSWORD" : "");
}

struct redis_client *redis_client_connect(const struct redis_login *login, struct error *error)
{
    struct timeval timeout = {.tv_sec = (time_t)(login->timeout_ms / 1000),
                              .tv_usec = (suseconds_t)(login->timeout_ms % 1000 * 1000)};
    struct redis_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        error_set(error, STATUS_FAILED, "cannot connect to Redis: out of memory");
        return NULL;
    }
    client->timeout_ms = login->timeout_ms;
    memcpy(client->place, login->url.text, sizeof client->place);
    bool is_unix = login->url.host[0] == '\0';
    client->context = is_unix ? redisConnectUnixWithTimeout(login->url.path, timeout)
                              : redisConnectWithTimeout(login->url.host, login->url.port, timeout);
    if (client->context == NULL || client->context->err != 0) {
        error_set(error, STATUS_FAILED, "cannot reach the Redis server at %s: %s", client->place,
                  client->context == NULL ? "out of memory" : client->context->errstr);
        redis_client_close(client);
        return NULL;
    }
    redisSetTimeout(client->context, timeout);
    if (!is_unix)
        redisEnableKeepAlive(client->context);
    if (!log_in(client, login, error)) {
        redis_client_close(client);
        return NULL;
    }
    return client;
}

void redis_client_close(struct redis_client *client)
{
    if (client == NULL)
        return;
    if (client->context != NULL)
        redisFree(client->context);
    free(client);
}

#define TEXT_OF(x)  #x
#define VALUE_OF(x) TEXT_OF(x)

const char *redis_client_library(void)
{
    return "hiredis " VALUE_OF(HIREDIS_MAJOR) "." VALUE_OF(HIREDIS_MINOR) "." VALUE_OF(HIREDIS_PATCH);
}
