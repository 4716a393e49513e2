// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_client.h"

#include "redis/redis_cluster.h"
#include "redis/redis_sentinel.h"
#include "redis/redis_text.h"

#include <stdlib.h>
#include <string.h>

struct redis_client {
    struct redis_link *link; /* NULL where it is a cluster */
    struct redis_cluster *cluster;
    struct redis_link *watch; /* to a sentinel, or NULL */
    char master[sizeof((struct redis_url *)0)->master];
    bool is_replaced;          /* there is another master */
    struct redis_reply *reply; /* the latest */
    struct redis_text text;    /* the command of redis_client_ask() */
    uint64_t timeout_ms;
};

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
        {"MOVED ", REDIS_ANSWER_NOT_NOW},
        {"ASK ", REDIS_ANSWER_NOT_NOW},
        {"NOAUTH ", REDIS_ANSWER_NOT_NOW},
        {"ERR max number of clients", REDIS_ANSWER_NOT_NOW},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(text, words[i].word, strlen(words[i].word)) == 0)
            return words[i].answer;
    return REDIS_ANSWER_REFUSED;
}

static const char *place_of(const struct redis_client *client)
{
    return client->cluster != NULL ? redis_cluster_address(client->cluster)->text
                                   : redis_link_address(client->link)->text;
}

enum redis_answer redis_client_wait(struct redis_client *client, uint64_t timeout_ms,
                                    const struct redis_value **value, struct error *error)
{
    redis_reply_free(client->reply);
    client->reply = NULL;
    if (client->is_replaced) {
        error_set(error, STATUS_FAILED, "a sentinel says that %s is not the master \"%s\" any more",
                  place_of(client), client->master);
        return REDIS_ANSWER_LOST;
    }
    enum redis_read result = client->cluster != NULL
                                 ? redis_cluster_read(client->cluster, timeout_ms, &client->reply, error)
                                 : redis_link_read(client->link, timeout_ms, &client->reply, error);
    if (result != REDIS_READ_REPLY)
        return result == REDIS_READ_NOTHING ? REDIS_ANSWER_NOTHING : REDIS_ANSWER_LOST;
    const struct redis_value *root = redis_reply_root(client->reply);
    if (root->type == REDIS_VALUE_ERROR) {
        bool is_node = client->cluster == NULL && strncmp(root->text, "MOVED ", 6) == 0;
        error_set(error, STATUS_FAILED, "the Redis server at %s answers: %.200s%s", place_of(client),
                  root->text,
                  is_node ? "; it is a node of a cluster: write redis-cluster:// in redis.url" : "");
        return classify(root->text);
    }
    if (value != NULL)
        *value = root;
    return REDIS_ANSWER_DONE;
}

enum redis_answer redis_client_read(struct redis_client *client, const struct redis_value **value,
                                    struct error *error)
{
    enum redis_answer answer = redis_client_wait(client, client->timeout_ms, value, error);
    if (answer != REDIS_ANSWER_NOTHING)
        return answer;
    error_set(error, STATUS_FAILED, "the Redis server at %s does not answer within %llu ms", place_of(client),
              (unsigned long long)client->timeout_ms);
    return REDIS_ANSWER_LOST;
}

enum redis_answer redis_client_receive(struct redis_client *client, struct error *error)
{
    return redis_client_read(client, NULL, error);
}

bool redis_client_send(struct redis_client *client, const char *commands, size_t length)
{
    if (client->watch != NULL && redis_sentinel_has_news(&client->watch, client->master))
        client->is_replaced = true;
    return client->cluster != NULL ? redis_cluster_send(client->cluster, commands, length)
                                   : redis_link_send(client->link, commands, length);
}

enum redis_answer redis_client_ask(struct redis_client *client, unsigned count, const char *const words[],
                                   const size_t lengths[], const struct redis_value **value,
                                   struct error *error)
{
    redis_text_reset(&client->text);
    redis_text_begin_empty(&client->text);
    for (unsigned i = 0; i < count; i++)
        redis_text_put_bytes(&client->text, words[i], lengths != NULL ? lengths[i] : strlen(words[i]));
    redis_text_end(&client->text);
    if (client->text.failed || !redis_client_send(client, client->text.bytes, client->text.length)) {
        error_set(error, STATUS_FAILED, "cannot send a command to Redis: out of memory");
        return REDIS_ANSWER_LOST;
    }
    return redis_client_read(client, value, error);
}

struct redis_client *redis_client_connect(const struct redis_login *login, struct error *error)
{
    struct redis_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        error_set(error, STATUS_FAILED, "cannot connect to Redis: out of memory");
        return NULL;
    }
    client->timeout_ms = login->timeout_ms;
    switch (login->url.kind) {
    case REDIS_SINGLE:
        client->link = redis_link_open(login, &login->url.addresses[0], REDIS_ROLE_SERVER, error);
        break;
    case REDIS_SENTINEL:
        memcpy(client->master, login->url.master, sizeof client->master);
        client->link = redis_sentinel_open(login, &client->watch, error);
        break;
    case REDIS_CLUSTER:
        client->cluster = redis_cluster_open(login, error);
        break;
    }
    if (client->link == NULL && client->cluster == NULL) {
        redis_client_close(client);
        return NULL;
    }
    return client;
}

void redis_client_close(struct redis_client *client)
{
    if (client == NULL)
        return;
    redis_link_close(client->link);
    redis_cluster_close(client->cluster);
    redis_link_close(client->watch);
    redis_reply_free(client->reply);
    redis_text_done(&client->text);
    free(client);
}

const char *redis_client_library(void)
{
    return redis_link_library();
}
