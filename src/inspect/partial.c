// SPDX-License-Identifier: Apache-2.0
#include "inspect/partial.h"

#include <stdlib.h>

enum { MAX_LOOKED_AT = 8 }; /* entries, to find one that may make room */

struct partial_entry {
    struct partial_entry *older, *newer;
    struct partial *owner;
    const struct flow *flow;
    struct json_reader reader;
};

bool partial_store_init(struct partial_store *store, uint32_t max_partials)
{
    *store = (struct partial_store){.scratch = malloc(sizeof *store->scratch)};
    slab_init(&store->slab, sizeof(struct partial_entry), max_partials);
    return store->scratch != NULL;
}

void partial_store_done(struct partial_store *store)
{
    slab_done(&store->slab);
    free(store->scratch);
    *store = (struct partial_store){0};
}

static void unlink_entry(struct partial_store *store, struct partial_entry *entry)
{
    *(entry->older != NULL ? &entry->older->newer : &store->oldest) = entry->newer;
    *(entry->newer != NULL ? &entry->newer->older : &store->newest) = entry->older;
}

static void append_entry(struct partial_store *store, struct partial_entry *entry)
{
    entry->older = store->newest;
    entry->newer = NULL;
    *(store->newest != NULL ? &store->newest->newer : &store->oldest) = entry;
    store->newest = entry;
}

/* Messages of flows with mining are passed over, and looked at again after all others. */
static bool make_room(struct partial_store *store)
{
    for (unsigned i = 0; i < MAX_LOOKED_AT && store->oldest != NULL; i++) {
        struct partial_entry *entry = store->oldest;
        if (!entry->flow->protected_) {
            struct partial *owner = entry->owner;
            partial_drop(store, owner);
            owner->lost = true;
            store->evicted++;
            return true;
        }
        unlink_entry(store, entry);
        append_entry(store, entry);
    }
    return false;
}

static void put_aside(struct partial_store *store, const struct flow *flow, struct partial *partial)
{
    struct partial_entry *entry = slab_take(&store->slab);
    if (entry == NULL && make_room(store))
        entry = slab_take(&store->slab);
    partial->lost = entry == NULL;
    partial->entry = entry;
    store->refused += entry == NULL;
    if (entry == NULL)
        return;
    entry->owner = partial;
    entry->flow = flow;
    json_reader_copy(&entry->reader, store->scratch);
    append_entry(store, entry);
}

enum json_result partial_read(struct partial_store *store, struct flow *flow, struct partial *partial,
                              const uint8_t *bytes, size_t length, size_t *used,
                              const struct json_reader **message)
{
    struct json_reader *reader = store->scratch;
    if (partial->entry != NULL)
        reader = &partial->entry->reader;
    else
        json_reader_reset(reader);
    enum json_result result = json_read(reader, bytes, length, used);
    if (result == JSON_MORE && partial->entry == NULL)
        put_aside(store, flow, partial);
    *message = reader;
    return result;
}

void partial_drop(struct partial_store *store, struct partial *partial)
{
    if (partial->entry != NULL) {
        unlink_entry(store, partial->entry);
        slab_give(&store->slab, partial->entry);
    }
    *partial = (struct partial){0};
}
