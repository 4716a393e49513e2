// SPDX-License-Identifier: Apache-2.0
/*
 * The statistics of one sensor over time: a ring of short steps for the latest hour, one of long steps for
 * two days.
 */
#ifndef DASHBOARD_MODEL_SERIES_H
#define DASHBOARD_MODEL_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum statistic_kind { STATISTIC_GAUGE, STATISTIC_COUNT, STATISTIC_LATEST };

enum statistic {
#define STATISTIC(name, field, kind) STATISTIC_##name,
#include "dashboard/model/statistics.def"
#undef STATISTIC
    STATISTICS
};

enum {
    SERIES_COLUMNS = STATISTIC_PACKETS, /* the first that has no chart */
    SERIES_SHORT_STEP_S = 10,
    SERIES_SHORT_STEPS = 360,
    SERIES_LONG_STEP_S = 300,
    SERIES_LONG_STEPS = 576,
};

const char *statistic_name(enum statistic statistic);
enum statistic_kind statistic_kind(enum statistic statistic);

struct series_slot {
    int64_t number;               /* time divided by the step; 0: nothing was told */
    float values[SERIES_COLUMNS]; /* sums */
    uint32_t samples;
};

struct series {
    struct series_slot *slots[2]; /* the short and the long ring; NULL before the first point */
    double newest_s;              /* time of the newest point; 0: none */
    double interval_s;            /* between the latest two */
};

void series_done(struct series *series);

/* A point of the stream; older ones may come later. False where memory ran out. */
bool series_add(struct series *series, double time_s, const double values[static STATISTICS]);

/* A window over several sensors: rows of steps, columns of statistics. */
struct series_window {
    bool is_long;   /* which ring */
    int64_t first;  /* number of its first step */
    size_t count;   /* of steps, at most SERIES_LONG_STEPS */
    double *values; /* count times SERIES_COLUMNS: sums over sensors */
    uint8_t *told;  /* count: whether anybody told something */
};

bool series_window_init(struct series_window *window, bool is_long, double end_s, double span_s);
void series_window_done(struct series_window *window);
/* Adds what a sensor told. Where it told nothing in a step but does so every few steps only, a gauge is taken
 * to have stayed as it was. */
void series_window_add(struct series_window *window, const struct series *series);

/* What was counted in the latest hour of its own time. */
double series_last_hour(const struct series *series, enum statistic statistic);

#endif
