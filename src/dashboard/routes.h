// SPDX-License-Identifier: Apache-2.0
/*
 * Which handler answers a path: the table routes.def.
 */
#ifndef DASHBOARD_ROUTES_H
#define DASHBOARD_ROUTES_H

#include "dashboard/answer/answer.h"

enum route_match { ROUTE_EXACTLY, ROUTE_BELOW };
/* ROUTE_PASSWORD: the token, and who comes without it is asked for a password, as firewalls and curl
 * expect it; a browser would ask its user. */
enum route_need { ROUTE_NOTHING, ROUTE_TOKEN, ROUTE_PASSWORD };

struct route {
    const char *path;
    enum route_match match;
    answer_handler *handler; /* NULL: server-sent events */
    enum route_need need;
};

/* NULL where no row fits; `rest` is what follows the path of a row that takes all below it. */
const struct route *route_find(const char *path, const char **rest);

#endif
