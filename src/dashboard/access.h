// SPDX-License-Identifier: Apache-2.0
/*
 * Who may ask: the token, the cookie that stands for it, and the names under which the server is known.
 */
#ifndef DASHBOARD_ACCESS_H
#define DASHBOARD_ACCESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { ACCESS_MAX_HOSTS = 32, ACCESS_MIN_TOKEN = 16, ACCESS_COOKIE_SIZE = 65 };

#define ACCESS_COOKIE_NAME "geophone-session"

struct access {
    char token[512]; /* "": none is needed */
    char cookie[ACCESS_COOKIE_SIZE];
    const char *hosts[ACCESS_MAX_HOSTS]; /* names beside localhost; borrowed */
    size_t host_count;
};

/* Reads the token: the first line of the file, 16 characters or more. */
bool access_read_token(struct access *access, const char *path, struct error *error);

/* Whether what came with a request holds the token: headers Authorization (Bearer or Basic) or Cookie; NULL
 * where there is none. Takes as long for a wrong token as for the right one. */
bool access_allows(const struct access *access, const char *authorization, const char *cookie);

/* Whether `host` (a header: name or address, and maybe a port) is one under which this server may be asked:
 * an address, localhost, or a name that was given. Any other name may be that of somebody's page whose name
 * now leads here (DNS rebinding). NULL: no header, refused. */
bool access_knows_host(const struct access *access, const char *host);

#endif
