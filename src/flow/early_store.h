// SPDX-License-Identifier: Apache-2.0
/*
 * Segments that came early, of all flows together, in blocks of one size from one bounded store.
 *
 * A block is an extent of a stream: a sequence number and up to EARLY_PAYLOAD bytes. 512 bytes a block: three
 * hold a full Ethernet segment (1460 of 1488 bytes used), one holds a line of a mining protocol; larger
 * blocks would let small segments use up the store, smaller ones would make lists longer. Small segments that
 * continue each other share one.
 */
#ifndef FLOW_EARLY_STORE_H
#define FLOW_EARLY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EARLY_BLOCK = 512,
    EARLY_PAYLOAD = EARLY_BLOCK - 12,
};

struct early_block {
    uint32_t next; /* 0: the last */
    uint32_t sequence;
    uint16_t length; /* 1..EARLY_PAYLOAD */
    uint16_t reserved;
    uint8_t bytes[EARLY_PAYLOAD];
};

struct early_store {
    struct early_block *blocks; /* [0] is not used, so that 0 is none */
    uint32_t count, used;
    uint32_t free;    /* first of the freed blocks */
    uint32_t touched; /* blocks [1..touched] were in use at some time */
};

/* What waits of one direction: extents in the order of their sequence numbers, none overlapping another. */
struct early_list {
    uint32_t first, last; /* 0: empty */
    uint32_t count;       /* blocks */
};

enum early_result {
    EARLY_STORED,
    EARLY_OVER_SHARE, /* the list would be longer than its share */
    EARLY_FULL,       /* the store is full, or so full that nobody gets a whole share */
};

bool early_store_init(struct early_store *store, size_t bytes); /* false: no memory */
void early_store_done(struct early_store *store);

/* Copies what of the bytes is not there yet: the first seen wins. `sequence` and all of the list lie within
 * 2^31 bytes. Where the result is not EARLY_STORED some of the bytes may be stored. `share` is in blocks. */
enum early_result early_store_insert(struct early_store *store, struct early_list *list, uint32_t sequence,
                                     const uint8_t *bytes, size_t length, uint32_t share);

/* Takes the first block off the list, which must not be empty. The block stays as it is until it is given
 * back. */
uint32_t early_store_take(struct early_store *store, struct early_list *list);
void early_store_give_back(struct early_store *store, uint32_t block);

void early_store_clear(struct early_store *store, struct early_list *list);

#endif
