// SPDX-License-Identifier: Apache-2.0
/*
 * How to come to a server, as settings say it: read once, while files may be read, and used for each
 * connection.
 */
#ifndef REDIS_REDIS_LOGIN_H
#define REDIS_REDIS_LOGIN_H

#include "base/error.h"
#include "redis/redis_tls.h"
#include "redis/redis_url.h"

#include <stddef.h>
#include <stdint.h>

/* Texts may be NULL, which is the same as "". */
struct redis_settings {
    const char *url;
    const char *password_file;
    const char *password; /* where no file is named: of the environment */
    const char *sentinel_user, *sentinel_password_file;
    struct redis_tls_settings tls;
    const char *client_name;
    uint64_t timeout_ms; /* 0: 2 s */
};

struct redis_login {
    struct redis_url url;
    char password[256]; /* "": no AUTH unless a user is named */
    char sentinel_user[128], sentinel_password[256];
    char client_name[80];
    char home[192]; /* Redis Cluster: a key in the slot that matters. Commands for other slots are refused
                     * where their node is away, instead of failing the connection. "": all matter the same */
    struct redis_tls *tls; /* NULL without TLS */
    uint64_t timeout_ms;
    size_t max_reply_bytes; /* memory that one answer may take; 0: 16 MiB */
};

bool redis_login_read(struct redis_login *login, const struct redis_settings *settings, struct error *error);
/* Forgets the passwords. A copy of a login shares `tls` with it: only one of them is done. */
void redis_login_done(struct redis_login *login);

#endif
