// SPDX-License-Identifier: Apache-2.0
#include "flow/early_store.h"

#include "flow/pages.h"

#include <assert.h>
#include <string.h>

_Static_assert(sizeof(struct early_block) == EARLY_BLOCK, "blocks have no padding");

/* A list may have an eighth of the blocks that are still free: however many want them, some are left for a
 * newcomer. */
enum { FREE_SHARE = 8 };

bool early_store_init(struct early_store *store, size_t bytes)
{
    *store = (struct early_store){.count = (uint32_t)(bytes / EARLY_BLOCK)};
    store->blocks = pages_map(((size_t)store->count + 1) * EARLY_BLOCK, false);
    return store->blocks != NULL;
}

void early_store_done(struct early_store *store)
{
    pages_unmap(store->blocks, ((size_t)store->count + 1) * EARLY_BLOCK);
    store->blocks = NULL;
}

static uint32_t allocate(struct early_store *store)
{
    uint32_t block = store->free;
    if (block != 0)
        store->free = store->blocks[block].next;
    else if (store->touched < store->count)
        block = ++store->touched;
    store->used += block != 0;
    return block;
}

void early_store_give_back(struct early_store *store, uint32_t block)
{
    assert(store->used > 0);
    store->blocks[block].next = store->free;
    store->free = block;
    store->used--;
}

uint32_t early_store_take(struct early_store *store, struct early_list *list)
{
    uint32_t block = list->first;
    list->first = store->blocks[block].next;
    if (list->first == 0)
        list->last = 0;
    list->count--;
    return block;
}

void early_store_clear(struct early_store *store, struct early_list *list)
{
    while (list->first != 0)
        early_store_give_back(store, early_store_take(store, list));
}

static uint32_t end_of(const struct early_store *store, uint32_t block)
{
    return store->blocks[block].sequence + store->blocks[block].length;
}

/* The last block that begins at or before `sequence`; 0: there is none. Most early segments continue the
 * latest. */
static uint32_t find_before(const struct early_store *store, const struct early_list *list, uint32_t sequence)
{
    if (list->last != 0 && (int32_t)(sequence - store->blocks[list->last].sequence) >= 0)
        return list->last;
    uint32_t before = 0;
    for (uint32_t at = list->first; at != 0 && (int32_t)(sequence - store->blocks[at].sequence) >= 0;
         at = store->blocks[at].next)
        before = at;
    return before;
}

/* Appends to `block`, which ends where the bytes begin; returns how many fitted. */
static size_t extend(struct early_store *store, uint32_t block, const uint8_t *bytes, size_t length)
{
    struct early_block *at = &store->blocks[block];
    size_t room = (size_t)EARLY_PAYLOAD - at->length;
    size_t part = length < room ? length : room;
    memcpy(at->bytes + at->length, bytes, part);
    at->length = (uint16_t)(at->length + part);
    return part;
}

/* A new empty block behind `before` (0: in front of all); returns it, or 0 with the reason. */
static uint32_t add(struct early_store *store, struct early_list *list, uint32_t before, uint32_t sequence,
                    uint32_t share, enum early_result *why)
{
    *why = EARLY_OVER_SHARE;
    if (list->count >= share)
        return 0;
    *why = EARLY_FULL;
    if (list->count > (store->count - store->used) / FREE_SHARE)
        return 0;
    uint32_t block = allocate(store);
    if (block == 0)
        return 0;
    uint32_t *link = before == 0 ? &list->first : &store->blocks[before].next;
    store->blocks[block].next = *link;
    store->blocks[block].sequence = sequence;
    store->blocks[block].length = 0;
    if (*link == 0)
        list->last = block;
    *link = block;
    list->count++;
    return block;
}

enum early_result early_store_insert(struct early_store *store, struct early_list *list, uint32_t sequence,
                                     const uint8_t *bytes, size_t length, uint32_t share)
{
    uint32_t before = find_before(store, list, sequence);
    while (length > 0) {
        /* what the block before holds already is skipped, the room in it is used */
        size_t part = 0;
        if (before != 0) {
            int32_t held = (int32_t)(end_of(store, before) - sequence);
            part = held <= 0 ? 0 : (size_t)held < length ? (size_t)held : length;
        }
        if (part == 0) {
            uint32_t next = before == 0 ? list->first : store->blocks[before].next;
            size_t hole = next == 0 ? length : store->blocks[next].sequence - sequence;
            if (hole == 0) {
                before = next;
                continue;
            }
            bool continues = before != 0 && end_of(store, before) == sequence &&
                             store->blocks[before].length < EARLY_PAYLOAD;
            if (!continues) {
                enum early_result why;
                before = add(store, list, before, sequence, share, &why);
                if (before == 0)
                    return why;
            }
            part = extend(store, before, bytes, hole < length ? hole : length);
        }
        sequence += (uint32_t)part;
        bytes += part;
        length -= part;
    }
    return EARLY_STORED;
}
