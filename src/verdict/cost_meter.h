// SPDX-License-Identifier: Apache-2.0
/*
 * How long a machine has been mining, shared out among the incidents that it takes part in, so that two pools
 * do not double the price of one machine. A meter runs while any incident of its machine moves, and its
 * reading grows by the time that passed, divided by the incidents there are: what an incident has used is the
 * difference of two readings. Time in which nothing moved for long is not counted. One thread.
 */
#ifndef VERDICT_COST_METER_H
#define VERDICT_COST_METER_H

#include <stddef.h>
#include <stdint.h>

struct cost_meters;

struct cost_meter {
    uint32_t incidents; /* that share the machine */
    double hours;       /* the reading */
    /* of cost_meter.c */
    int64_t moved_us;
    uint64_t key;
    struct cost_meter *next;
};

struct cost_meters *cost_meters_create(const uint8_t secret[static 16]); /* NULL: out of memory */
void cost_meters_free(struct cost_meters *meters);

/* An incident that began at `begin_us` takes part in the machine that the bytes identify; `silence_us` as
 * below. NULL where memory is short. */
struct cost_meter *cost_meter_join(struct cost_meters *meters, const void *machine, size_t length,
                                   int64_t begin_us, int64_t silence_us);
/* One of its incidents moved at `time_us`; a silence of more than `silence_us` before is not counted. */
void cost_meter_run(struct cost_meter *meter, int64_t time_us, int64_t silence_us);
/* The meter goes with its last incident. NULL is fine. */
void cost_meter_leave(struct cost_meters *meters, struct cost_meter *meter);

#endif
