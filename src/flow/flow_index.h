// SPDX-License-Identifier: Apache-2.0
/*
 * Finds flows by the lower half of the hash of their key. A bucket is a cache line and holds the hashes
 * beside the flows, so that one line tells which flow it is, and no other flow's memory is touched. What does
 * not fit into its bucket is chained through the flows. The index begins small and doubles when buckets hold
 * four flows on average (one bucket in twenty then has a chain), so that few flows take few lines, which stay
 * in the cache; doubling for the last time in a table of a million flows takes some milliseconds. Only for
 * flow_table.c.
 */
#ifndef FLOW_FLOW_INDEX_H
#define FLOW_FLOW_INDEX_H

#include "flow/flow.h"

enum { FLOW_BUCKET_SLOTS = 7 };

/* Flows are named by their place among the records; 0 is none, and behind it all slots are empty. */
struct flow_bucket {
    uint32_t hashes[FLOW_BUCKET_SLOTS], flows[FLOW_BUCKET_SLOTS];
    uint32_t chain; /* first of those that did not fit, linked by flow.chain_next */
    uint32_t unused;
};
_Static_assert(sizeof(struct flow_bucket) == 64, "a bucket is a cache line");

struct flow_index {
    struct flow_bucket *buckets;
    uint32_t mask;  /* of those in use */
    uint32_t count; /* flows */
    size_t size;    /* bytes mapped: room for as many flows as there may be */
};

bool flow_index_init(struct flow_index *index, uint32_t max_flows); /* false: no address space */
void flow_index_done(struct flow_index *index);

/* `flows` are the records. The flow's hash is set. */
void flow_index_add(struct flow_index *index, struct flow *flows, uint32_t number);
void flow_index_remove(struct flow_index *index, struct flow *flows, uint32_t number);
void flow_index_clear(struct flow_index *index);

static inline size_t flow_index_bytes(const struct flow_index *index)
{
    return ((size_t)index->mask + 1) * sizeof *index->buckets;
}

static inline struct flow_bucket *flow_index_bucket(const struct flow_index *index, uint32_t hash)
{
    return &index->buckets[hash & index->mask];
}

#endif
