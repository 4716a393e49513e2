// SPDX-License-Identifier: Apache-2.0
/*
 * Redis Sentinel (https://redis.io/docs/latest/develop/reference/sentinel-clients/): each sentinel is asked
 * who the master is, until a server that they name says of itself that it is one. After a failover the
 * connection is of no use, and who opens another asks again.
 */
#ifndef REDIS_REDIS_SENTINEL_H
#define REDIS_REDIS_SENTINEL_H

#include "redis/redis_link.h"

/* A connection to the master; NULL with `error` where none is found. `watch`: one to the sentinel that named
 * it, which tells when another becomes the master; NULL where it does not. */
struct redis_link *redis_sentinel_open(const struct redis_login *login, struct redis_link **watch,
                                       struct error *error);

/* Whether the sentinel has told that the master may be another by now; does not wait. A master that sentinels
 * replace while it is well takes commands for seconds more, which are then lost. A sentinel that went away is
 * closed: `*watch` is NULL from then on. */
bool redis_sentinel_has_news(struct redis_link **watch, const char *master);

#endif
