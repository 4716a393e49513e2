// SPDX-License-Identifier: Apache-2.0
/*
 * Where a Redis server is: redis://user@host:port/db, unix:///path?db=N, or the path of a socket.
 */
#ifndef REDIS_REDIS_URL_H
#define REDIS_REDIS_URL_H

#include "base/error.h"

#include <stdint.h>

struct redis_url {
    char host[256]; /* "" where a Unix socket is used */
    char path[108]; /* sun_path of unix(7) */
    char user[128]; /* "" where none is given */
    char text[320]; /* for messages: without the user */
    uint16_t port;
    unsigned database;
};

/* A password in the URL is refused, since everybody on the machine can read command lines; it is not repeated
 * in the error. */
bool redis_url_read(const char *text, struct redis_url *url, struct error *error);

#endif
