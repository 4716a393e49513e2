// SPDX-License-Identifier: Apache-2.0
/*
 * Where a Redis server is:
 *     redis://user@host:port/db                              one server
 *     unix:///path?db=N, or the path alone                   one server, by its socket
 *     redis-sentinel://user@host:port,host:port/master?db=N  the master that sentinels name
 *     redis-cluster://user@host:port,host:port               a cluster, by some of its nodes
 * rediss, rediss-sentinel and rediss-cluster: the same with TLS.
 */
#ifndef REDIS_REDIS_URL_H
#define REDIS_REDIS_URL_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { REDIS_MAX_ADDRESSES = 8 };

enum redis_kind { REDIS_SINGLE, REDIS_SENTINEL, REDIS_CLUSTER };

struct redis_address {
    char host[256]; /* "" where a Unix socket is used */
    char path[108]; /* sun_path of unix(7) */
    char text[272]; /* for messages: "192.0.2.8:6379", the path */
    uint16_t port;
};

struct redis_url {
    enum redis_kind kind;
    bool tls;
    char user[128];   /* "" where none is given */
    char master[128]; /* REDIS_SENTINEL: its name */
    unsigned database;
    struct redis_address addresses[REDIS_MAX_ADDRESSES]; /* of the server, the sentinels, or nodes */
    unsigned address_count;                              /* at least one */
    char text[448];                                      /* for messages: without the user */
};

/* A password in the URL is refused, since everybody on the machine can read command lines; it is not repeated
 * in the error. */
bool redis_url_read(const char *text, struct redis_url *url, struct error *error);

/* False where the host does not fit. */
bool redis_address_set(struct redis_address *address, const char *host, size_t length, uint16_t port);

#endif
