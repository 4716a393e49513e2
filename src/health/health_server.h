// SPDX-License-Identifier: Apache-2.0
/*
 * Answers GET /healthz, by libmicrohttpd and a thread of its own. The only file that sees that library.
 */
#ifndef HEALTH_HEALTH_SERVER_H
#define HEALTH_HEALTH_SERVER_H

#include "base/error.h"
#include "base/json_writer.h"

#include <stdbool.h>

/* Writes the answer; true: 200, false: 503. Called on the server's thread. */
typedef bool health_server_answer(void *context, struct json_writer *writer);

struct health_server;

/* Binds "127.0.0.1:8080" or "[::1]:8080". */
struct health_server *health_server_open(const char *address, struct error *error);
/* Answers from now on. The thread has the caller's signal mask. */
bool health_server_start(struct health_server *server, health_server_answer *answer, void *context,
                         struct error *error);
void health_server_close(struct health_server *server); /* NULL is fine */

#endif
