// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of the sensor's health, and what is made of it. No locks: health.c has one.
 */
#ifndef HEALTH_HEALTH_STATE_H
#define HEALTH_HEALTH_STATE_H

#include "base/json_writer.h"
#include "health/health.h"

#include <stdbool.h>

enum health_phase { HEALTH_STARTING, HEALTH_RUNNING, HEALTH_DRAINING };

struct health_state {
    enum health_phase phase;
    int64_t stall_after_ms;
    int64_t started_ms, told_ms; /* when the main thread spoke first, and last */
    int64_t packet_ms;           /* when packets last came; 0: never */
    struct health_sample sample;
    int64_t moved_ms[HEALTH_MAX_THREADS]; /* when each thread was last seen to have moved */
};

/* All times are of the monotonic clock. */
void health_state_init(struct health_state *state, int64_t stall_after_ms, int64_t now_ms);
void health_state_take(struct health_state *state, const struct health_sample *sample, int64_t now_ms);

/* Whether all is well; else `reason` is why not, in a sentence. */
bool health_state_judge(const struct health_state *state, int64_t now_ms, char *reason, size_t size);

/* One JSON object, as /healthz and the file have it: see docs/health.md. Returns what health_state_judge()
 * does. */
bool health_state_write(const struct health_state *state, int64_t now_ms, int64_t wall_s,
                        struct json_writer *writer);

#endif
