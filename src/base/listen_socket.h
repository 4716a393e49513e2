// SPDX-License-Identifier: Apache-2.0
/*
 * A TCP socket that listens at an address that a person wrote.
 */
#ifndef BASE_LISTEN_SOCKET_H
#define BASE_LISTEN_SOCKET_H

#include "base/error.h"

#include <stdbool.h>

/* Whether `address` is one: "127.0.0.1:8080" or "[::1]:8080", the port 1 to 65535. `is_loopback` (may be
 * NULL): only this machine can reach it. */
bool listen_socket_check(const char *address, bool *is_loopback);

/* Opens, binds, listens with `backlog`; close-on-exec and non-blocking. -1 with `error`, whose sentence
 * begins with `option`, the name of the setting or option that the address is from. */
int listen_socket_open(const char *address, const char *option, int backlog, struct error *error);

#endif
