// SPDX-License-Identifier: Apache-2.0
#include "dashboard/routes.h"

#include "dashboard/answer/answers.h"

#include <string.h>

#define STREAM NULL
static const struct route routes[] = {
#define ROUTE(path, match, handler, need) {path, ROUTE_##match, handler, ROUTE_##need},
#include "dashboard/routes.def"
#undef ROUTE
};

const struct route *route_find(const char *path, const char **rest)
{
    *rest = "";
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t length = strlen(routes[i].path);
        if (strncmp(path, routes[i].path, length) != 0)
            continue;
        if (routes[i].match == ROUTE_BELOW && path[length] != '\0') {
            *rest = path + length;
            return &routes[i];
        }
        if (routes[i].match == ROUTE_EXACTLY && path[length] == '\0')
            return &routes[i];
    }
    return NULL;
}
