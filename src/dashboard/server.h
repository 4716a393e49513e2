// SPDX-License-Identifier: Apache-2.0
/*
 * The HTTP server, by libmicrohttpd and a thread of its own: the page's files, the handlers of routes.def,
 * and server-sent events. The only file of the dashboard that sees that library.
 */
#ifndef DASHBOARD_SERVER_H
#define DASHBOARD_SERVER_H

#include "dashboard/access.h"
#include "dashboard/board.h"
#include "dashboard/static_files.h"

struct server_settings {
    const struct access *access;
    const struct static_files *files;
    struct feed_publisher *feeds; /* used with the board locked */
    unsigned max_connections;
    unsigned max_streams; /* of them, for server-sent events */
};

struct server;

/* Answers what connects to `fd`, a listening socket, which is the server's from here on. `settings` and
 * `board` are borrowed. The server is the board's listener until it is closed. */
struct server *server_start(int fd, const struct server_settings *settings, struct board *board,
                            struct error *error);
void server_close(struct server *server); /* NULL is fine; nothing may tell the board's listener any more */

#endif
