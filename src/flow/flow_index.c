// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_index.h"

#include "flow/pages.h"

#include <assert.h>
#include <string.h>

enum { FIRST_BUCKETS = 256, FLOWS_PER_BUCKET = 4 };

bool flow_index_init(struct flow_index *index, uint32_t max_flows)
{
    size_t buckets = FIRST_BUCKETS;
    while (buckets * FLOWS_PER_BUCKET < max_flows)
        buckets *= 2;
    *index = (struct flow_index){.mask = FIRST_BUCKETS - 1, .size = buckets * sizeof *index->buckets};
    index->buckets = pages_map(index->size, true);
    return index->buckets != NULL;
}

void flow_index_done(struct flow_index *index)
{
    pages_unmap(index->buckets, index->size);
}

static void insert(const struct flow_index *index, struct flow *flows, uint32_t hash, uint32_t number)
{
    struct flow_bucket *bucket = flow_index_bucket(index, hash);
    for (unsigned i = 0; i < FLOW_BUCKET_SLOTS; i++) {
        if (bucket->flows[i] == 0) {
            bucket->flows[i] = number;
            bucket->hashes[i] = hash;
            return;
        }
    }
    flows[number].chain_next = bucket->chain;
    bucket->chain = number;
}

/* Each bucket is divided between itself and the one that is new. */
static void grow(struct flow_index *index, struct flow *flows)
{
    uint32_t before = index->mask + 1;
    index->mask = 2 * before - 1;
    for (uint32_t i = 0; i < before; i++) {
        struct flow_bucket bucket = index->buckets[i];
        index->buckets[i] = (struct flow_bucket){0};
        for (unsigned slot = 0; slot < FLOW_BUCKET_SLOTS && bucket.flows[slot] != 0; slot++)
            insert(index, flows, bucket.hashes[slot], bucket.flows[slot]);
        for (uint32_t number = bucket.chain, next; number != 0; number = next) {
            next = flows[number].chain_next;
            insert(index, flows, (uint32_t)flows[number].hash, number);
        }
    }
}

void flow_index_add(struct flow_index *index, struct flow *flows, uint32_t number)
{
    if (++index->count > (index->mask + 1) * (uint64_t)FLOWS_PER_BUCKET &&
        flow_index_bytes(index) < index->size)
        grow(index, flows);
    insert(index, flows, (uint32_t)flows[number].hash, number);
}

/* The last slot in use fills the gap. */
static void empty_slot(struct flow_bucket *bucket, unsigned slot)
{
    unsigned last = FLOW_BUCKET_SLOTS - 1;
    while (bucket->flows[last] == 0)
        last--;
    bucket->flows[slot] = bucket->flows[last];
    bucket->hashes[slot] = bucket->hashes[last];
    bucket->flows[last] = 0;
}

void flow_index_remove(struct flow_index *index, struct flow *flows, uint32_t number)
{
    assert(index->count > 0);
    index->count--;
    struct flow_bucket *bucket = flow_index_bucket(index, (uint32_t)flows[number].hash);
    for (unsigned i = 0; i < FLOW_BUCKET_SLOTS && bucket->flows[i] != 0; i++) {
        if (bucket->flows[i] == number) {
            empty_slot(bucket, i);
            return;
        }
    }
    uint32_t *link = &bucket->chain;
    while (*link != number)
        link = &flows[*link].chain_next;
    *link = flows[number].chain_next;
}

void flow_index_clear(struct flow_index *index)
{
    memset(index->buckets, 0, flow_index_bytes(index));
    index->count = 0;
}
