// SPDX-License-Identifier: Apache-2.0
/*
 * For builds without TLS to Redis: hiredis 0.14 has none.
 */
#include "redis/redis_tls.h"

#include <stddef.h>

struct redis_tls *redis_tls_create(const struct redis_tls_settings *settings, struct error *error)
{
    (void)settings;
    error_set(error, STATUS_CONFIGURATION,
              "redis.url asks for TLS, which this build does not have (it needs hiredis 1.x); use a Unix "
              "socket on the "
              "same machine (unix:///path), or stunnel and redis://127.0.0.1:port, as docs/redis.md shows");
    return NULL;
}

void redis_tls_free(struct redis_tls *tls)
{
    (void)tls;
}

bool redis_tls_begin(const struct redis_tls *tls, struct redisContext *connection, const char *host,
                     const char *place, struct error *error)
{
    (void)tls;
    (void)connection;
    (void)host;
    return error_set(error, STATUS_CONFIGURATION, "no TLS to the Redis server at %s: this build has none",
                     place);
}

const char *redis_tls_library(void)
{
    return "";
}
