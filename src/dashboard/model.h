// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of Redis: sensors, incidents, alerts, values over time, and whether the server answers. In
 * memory, with bounds; written by the thread that reads Redis, read by handlers. No locks: board.h has one.
 */
#ifndef DASHBOARD_MODEL_H
#define DASHBOARD_MODEL_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct model_limits {
    size_t incidents; /* at most; those seen longest ago are forgotten */
    size_t bytes;     /* of their texts and histories */
};

/* The connection to Redis. Times are of the clock on the wall, 0: never. */
struct model_link {
    bool connected;
    bool loading;       /* until all was read once */
    int64_t updated_us; /* when Redis was read last */
    int64_t lost_us;    /* since when it does not answer */
    char message[512];  /* why */
};

struct model;

struct model *model_create(const struct model_limits *limits, struct error *error);
void model_free(struct model *model); /* NULL is fine */

const struct model_link *model_link(const struct model *model);
/* True where that changes what is told: connected or not, loading or not. */
bool model_set_link(struct model *model, const struct model_link *link);

#endif
