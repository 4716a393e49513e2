// SPDX-License-Identifier: Apache-2.0
/*
 * TLS to a Redis server. Built in (redis_tls_openssl.c) where the build has hiredis 1.x with its part for
 * TLS, else asking for it is an error (redis_tls_none.c); the Makefile chooses.
 */
#ifndef REDIS_REDIS_TLS_H
#define REDIS_REDIS_TLS_H

#include "base/error.h"

#include <stdint.h>

/* Texts may be NULL, which is the same as "". */
struct redis_tls_settings {
    const char *ca_file; /* PEM: whose certificates are trusted; "": those that the system trusts */
    const char *certificate_file, *key_file; /* PEM: the client's own; both or none */
    const char *server_name;                 /* that the certificate must bear; "": the host of the URL */
    bool unverified;                         /* any certificate will do */
};

struct redis_tls; /* what the settings' files held; any number of connections */

struct redis_tls *redis_tls_create(const struct redis_tls_settings *settings, struct error *error);
void redis_tls_free(struct redis_tls *tls); /* NULL is fine */

/* Begins TLS on a connection (of hiredis) to `host`. `place` is for messages. */
struct redisContext;
bool redis_tls_begin(const struct redis_tls *tls, struct redisContext *connection, const char *host,
                     const char *place, struct error *error);

const char *redis_tls_library(void); /* "OpenSSL 3.0.15"; "" where there is no TLS */

#endif
