// SPDX-License-Identifier: Apache-2.0
/*
 * Flows that end because of one frame's time, or with the capture, and of which there may be more to tell
 * than their record. Each worker tells of its own, in the order in which its timing wheel has them; what is
 * told of them follows an order that is the capture's alone. Bounded: ENDINGS_MAX at once. One thread.
 */
#ifndef VERDICT_ENDINGS_H
#define VERDICT_ENDINGS_H

#include "base/community_id.h"
#include "flow/flow_record.h"

enum { ENDINGS_MAX = 16384 };

struct ending {
    struct flow_record flow;
    struct community_digest digest; /* where `recorded` */
    uint64_t told; /* order of the report that first told of its conversation; UINT64_MAX: it has none */
    bool judged;   /* that was told for the last time */
    bool recorded; /* its last record is to leave */
};

struct endings {
    struct ending *list;
    uint32_t count;
    uint64_t order; /* of the reports that told of them */
};

bool endings_init(struct endings *endings); /* false: out of memory */
void endings_done(struct endings *endings);

/* The one of this flow, where that was added last; else a new one. NULL where there are too many. */
struct ending *endings_get(struct endings *endings, const struct flow_record *flow);

/* By the flows' beginning; of those that began at once, by when they were known for what they are, then by
 * their endpoints. */
void endings_sort(struct endings *endings);

#endif
