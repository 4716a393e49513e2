// SPDX-License-Identifier: Apache-2.0
/*
 * JSON messages that span segments, of all flows, at most so many at once. Where there is no room, the oldest
 * that is not of a flow with mining makes it, and is counted. Belongs to one worker thread.
 */
#ifndef INSPECT_PARTIAL_H
#define INSPECT_PARTIAL_H

#include "base/slab.h"
#include "flow/flow.h"
#include "protocol/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct partial_entry;

/* In the state of who reads the message; stays where it is while it has an entry. Zero-initialise. */
struct partial {
    struct partial_entry *entry; /* what was read so far; NULL: nothing is put aside */
    bool lost; /* the message made room for another, or found none: its reader passes over the rest */
};

struct partial_store {
    struct slab slab;
    struct partial_entry *oldest, *newest;
    struct json_reader *scratch; /* of messages in one piece */
    uint64_t evicted, refused;
};

/* False: out of memory. */
bool partial_store_init(struct partial_store *store, uint32_t max_partials);
void partial_store_done(struct partial_store *store);

/*
 * Reads on in a message of `flow`. JSON_MORE: what was read so far is put aside, or partial->lost is set.
 * JSON_COMPLETE: *message is the message, valid until the next call. After JSON_COMPLETE and JSON_BAD the
 * caller drops the partial.
 */
enum json_result partial_read(struct partial_store *store, struct flow *flow, struct partial *partial,
                              const uint8_t *bytes, size_t length, size_t *used,
                              const struct json_reader **message);

/* Nothing is aside any more, and nothing lost. */
void partial_drop(struct partial_store *store, struct partial *partial);

#endif
