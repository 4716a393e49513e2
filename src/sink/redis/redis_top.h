// SPDX-License-Identifier: Apache-2.0
/*
 * Who has moved the most bytes in this hour: by pool, wallet, country and AS of mining, by application of all
 * flows. The sums are kept here, since a sensor that may only write cannot increment, and are written as
 * absolute values. One thread.
 */
#ifndef SINK_REDIS_REDIS_TOP_H
#define SINK_REDIS_REDIS_TOP_H

#include "sink/redis/redis_keys.h"

enum {
    REDIS_TOP_MEMBERS = 512,   /* of a dimension; where it is full, the least makes room for a new one */
    REDIS_TOP_STORED = 100,    /* of them in Redis */
    REDIS_TOP_SOURCES = 65536, /* flows and incidents that go on, of which is known what was counted; others
                                  are counted at their end, or not */
};

struct redis_top;

struct redis_top *redis_top_create(void);   /* NULL: out of memory */
void redis_top_free(struct redis_top *top); /* NULL is fine */

/* Counts flow records and incidents; with statistics, appends what changed to the commands, and begins a new
 * hour where one has begun, by the time of packets. */
void redis_top_event(struct redis_top *top, struct redis_text *text, const struct redis_keys *keys,
                     const struct event *event);

#endif
