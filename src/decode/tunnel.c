// SPDX-License-Identifier: Apache-2.0
#include "decode/tunnel.h"

#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 16384 };

struct tunnel_table {
    uint8_t secret[16];
    struct tunnel *latest; /* packets come in trains: the way of the one before */
    _Atomic uint32_t count;
    _Atomic uint64_t refused;
    struct tunnel *buckets[BUCKETS];
    struct tunnel *ways[TUNNEL_MAX_WAYS]; /* the kernel gives these pages as they are used */
};

const char *tunnel_identifier_name(uint8_t kind)
{
    static const char *const names[TUNNEL_IDENTIFIER_COUNT] = {
        [TUNNEL_VNI] = "vni", [TUNNEL_VSID] = "vsid",       [TUNNEL_NETWORK] = "network_id",
        [TUNNEL_KEY] = "key", [TUNNEL_SESSION] = "session", [TUNNEL_TEID] = "teid",
    };
    return kind < TUNNEL_IDENTIFIER_COUNT ? names[kind] : NULL;
}

struct tunnel_table *tunnel_table_create(void)
{
    struct tunnel_table *table = calloc(1, sizeof *table);
    if (table != NULL)
        siphash_make_secret(table->secret);
    return table;
}

void tunnel_table_free(struct tunnel_table *table)
{
    if (table == NULL)
        return;
    for (uint32_t i = 0; i < table->count; i++)
        free(table->ways[i]);
    free(table);
}

static bool is_way(const struct tunnel *tunnel, const struct tunnel_level *levels, uint32_t depth)
{
    return tunnel->depth == depth && memcmp(tunnel->levels, levels, depth * sizeof *levels) == 0;
}

static struct tunnel *add(struct tunnel_table *table, const struct tunnel_level *levels, uint32_t depth,
                          uint32_t hash)
{
    uint32_t count = atomic_load_explicit(&table->count, memory_order_relaxed);
    if (count == TUNNEL_MAX_WAYS)
        return NULL;
    struct tunnel *tunnel = calloc(1, sizeof *tunnel + depth * sizeof *levels);
    if (tunnel == NULL)
        return NULL;
    tunnel->depth = depth;
    tunnel->hash = hash;
    memcpy(tunnel->levels, levels, depth * sizeof *levels);
    struct tunnel **bucket = &table->buckets[hash % BUCKETS];
    tunnel->next = *bucket;
    *bucket = tunnel;
    table->ways[count] = tunnel;
    atomic_store_explicit(&table->count, count + 1, memory_order_release); /* others may read it now */
    return tunnel;
}

static struct tunnel *find(struct tunnel_table *table, const struct tunnel_level *levels, uint32_t depth)
{
    if (table->latest != NULL && is_way(table->latest, levels, depth))
        return table->latest;
    uint32_t hash = (uint32_t)siphash(table->secret, levels, depth * sizeof *levels);
    struct tunnel *tunnel = table->buckets[hash % BUCKETS];
    while (tunnel != NULL && (tunnel->hash != hash || !is_way(tunnel, levels, depth)))
        tunnel = tunnel->next;
    return tunnel != NULL ? tunnel : add(table, levels, depth, hash);
}

/* The only writer needs no locked instruction. */
static void count(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

const struct tunnel *tunnel_table_take(struct tunnel_table *table, const struct tunnel_level *levels,
                                       uint32_t depth, uint32_t bytes)
{
    struct tunnel *tunnel = find(table, levels, depth);
    if (tunnel == NULL) {
        count(&table->refused, 1);
        return NULL;
    }
    table->latest = tunnel;
    count(&tunnel->packets, 1);
    count(&tunnel->bytes, bytes);
    return tunnel;
}

uint32_t tunnel_table_count(const struct tunnel_table *table)
{
    return atomic_load_explicit(&table->count, memory_order_acquire);
}

uint64_t tunnel_table_refused(const struct tunnel_table *table)
{
    return atomic_load_explicit(&table->refused, memory_order_relaxed);
}

const struct tunnel *tunnel_table_at(const struct tunnel_table *table, uint32_t index)
{
    return table->ways[index];
}
