// SPDX-License-Identifier: Apache-2.0
/*
 * Sums of a metric by sensor and one more label whose values come from Redis: bounded, whatever Redis holds.
 */
#ifndef DASHBOARD_METRICS_METRICS_SUMS_H
#define DASHBOARD_METRICS_METRICS_SUMS_H

#include <stdbool.h>
#include <stddef.h>

enum { METRICS_MAX_VALUES = 32 }; /* of the label, for each sensor; the rest is summed up as "other" */

struct metrics_sum {
    const char *sensor, *value, *unit; /* borrowed; `unit` may be NULL */
    double sum;
};

struct metrics_sums {
    struct metrics_sum *rows;
    size_t count, size;
    bool failed; /* out of memory: of no use */
};

void metrics_sums_add(struct metrics_sums *sums, const struct metrics_sum *row);

/* Sorts, and adds rows of the same sensor, value and unit up. */
void metrics_sums_finish(struct metrics_sums *sums);
void metrics_sums_done(struct metrics_sums *sums);

#endif
