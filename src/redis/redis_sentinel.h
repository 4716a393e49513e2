// SPDX-License-Identifier: Apache-2.0
/*
 * Redis Sentinel (https://redis.io/docs/latest/develop/reference/sentinel-clients/): each sentinel is asked
 * who the master is, until a server that they name says of itself that it is one. After a failover the
 * connection is of no use, and who opens another asks again.
 */
#ifndef REDIS_REDIS_SENTINEL_H
#define REDIS_REDIS_SENTINEL_H

#include "redis/redis_link.h"

/* A connection to the master. NULL with `error` where none is found. */
struct redis_link *redis_sentinel_open(const struct redis_login *login, struct error *error);

#endif
