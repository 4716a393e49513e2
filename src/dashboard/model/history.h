// SPDX-License-Identifier: Apache-2.0
/*
 * How one incident went on: points in the order of time, at most so many. Where they are too many, the older
 * half is thinned out.
 */
#ifndef DASHBOARD_MODEL_HISTORY_H
#define DASHBOARD_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HISTORY_MAX = 120 };

struct history_point {
    double time; /* seconds since 1970 */
    double bytes;
    float hashrate, cost_total;
    uint32_t shares_submitted, shares_accepted, shares_rejected;
};

struct history {
    struct history_point *points;
    uint16_t count, size;
};

void history_done(struct history *history);

/* Puts the point where its time belongs; one of the same time is replaced. Returns by how many bytes the
 * memory grew. Out of memory, the point is left out. */
size_t history_add(struct history *history, const struct history_point *point);
size_t history_bytes(const struct history *history);

#endif
