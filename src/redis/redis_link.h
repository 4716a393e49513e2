// SPDX-License-Identifier: Apache-2.0
/*
 * One connection to one Redis server, logged in. redis_link.c is the only file that includes hiredis, and
 * uses only what is the same in 0.14 and 1.x. One thread uses a connection.
 */
#ifndef REDIS_REDIS_LINK_H
#define REDIS_REDIS_LINK_H

#include "base/error.h"
#include "redis/redis_login.h"
#include "redis/redis_value.h"

#include <stddef.h>
#include <stdint.h>

struct redis_link;

enum redis_role { REDIS_ROLE_SERVER, REDIS_ROLE_SENTINEL };

/* Connects, logs in (a server also chooses the database), gives the connection its name and asks for a sign
 * of life.
 */
struct redis_link *redis_link_open(const struct redis_login *login, const struct redis_address *address,
                                   enum redis_role role, struct error *error);
void redis_link_close(struct redis_link *link); /* NULL is fine */

const struct redis_address *redis_link_address(const struct redis_link *link);

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

/* Sends one command and reads its answer; at most the timeout of the login. NULL with `error` where it
 * cannot. */
struct redis_reply *redis_link_ask(struct redis_link *link, unsigned count, const char *const words[],
                                   struct error *error);

/* "hiredis 0.14.1" */
const char *redis_link_library(void);

#endif
