// SPDX-License-Identifier: Apache-2.0
/*
 * One connection to one Redis server, logged in. redis_link.c is the only file that includes hiredis, and
 * uses only what is the same in 0.14 and 1.x. One thread uses a connection.
 */
#ifndef REDIS_REDIS_LINK_H
#define REDIS_REDIS_LINK_H

#include "base/error.h"
#include "redis/redis_url.h"
#include "redis/redis_value.h"

#include <stddef.h>
#include <stdint.h>

struct redis_login {
    struct redis_url url;
    char password[256]; /* "": no AUTH unless a user is named */
    char client_name[80];
    uint64_t timeout_ms;
    size_t max_reply_bytes; /* memory that one answer may take; 0: 16 MiB */
};

struct redis_link;

/* Connects, logs in, chooses the database, gives the connection its name and asks for a sign of life. */
struct redis_link *redis_link_open(const struct redis_login *login, struct error *error);
void redis_link_close(struct redis_link *link); /* NULL is fine */

const char *redis_link_place(const struct redis_link *link); /* "192.0.2.8:6379", for messages */

/* Queues commands; the next read sends them. */
bool redis_link_send(struct redis_link *link, const char *commands, size_t length);

enum redis_read {
    REDIS_READ_REPLY,
    REDIS_READ_NOTHING, /* within the time */
    REDIS_READ_BROKEN,  /* the connection is of no use any more; `error` says why */
};

/* The next answer, which the caller frees. */
enum redis_read redis_link_read(struct redis_link *link, uint64_t timeout_ms, struct redis_reply **reply,
                                struct error *error);

/* "hiredis 0.14.1" */
const char *redis_link_library(void);

#endif
