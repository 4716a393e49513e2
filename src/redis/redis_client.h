// SPDX-License-Identifier: Apache-2.0
/*
 * A connection to a Redis server. Calls wait for the server, at most the timeout each; one thread uses a
 * connection. redis_client.c is the only file that includes hiredis, and uses only what is the same in 0.14
 * and 1.x.
 */
#ifndef REDIS_REDIS_CLIENT_H
#define REDIS_REDIS_CLIENT_H

#include "base/error.h"
#include "redis/redis_url.h"

#include <stddef.h>
#include <stdint.h>

struct redis_client;

struct redis_login {
    struct redis_url url;
    char password[256]; /* "": no AUTH unless a user is named */
    char client_name[80];
    uint64_t timeout_ms;
};

/* Connects, logs in, chooses the database, gives the connection its name and asks for a sign of life. */
struct redis_client *redis_client_connect(const struct redis_login *login, struct error *error);
void redis_client_close(struct redis_client *client); /* NULL is fine */

/* Queues commands in the connection; redis_client_receive() sends them. */
bool redis_client_send(struct redis_client *client, const char *commands, size_t length);

enum redis_answer {
    REDIS_ANSWER_DONE,
    REDIS_ANSWER_REFUSED, /* this command will never be accepted: NOPERM, WRONGTYPE, ERR ... */
    REDIS_ANSWER_FULL,    /* OOM: the server has no memory left */
    REDIS_ANSWER_NOT_NOW, /* LOADING, READONLY, MASTERDOWN ...: connect again later */
    REDIS_ANSWER_LOST,    /* the connection is of no use any more */
};

/* The next answer. `error` says why, unless it is REDIS_ANSWER_DONE. */
enum redis_answer redis_client_receive(struct redis_client *client, struct error *error);

/* "hiredis 0.14.1", for --build-info */
const char *redis_client_library(void);

#endif
