// SPDX-License-Identifier: Apache-2.0
/*
 * The bytes of a datagram lie in blocks, each for a fixed range of offsets, with a bit for each unit of 8
 * bytes that has come: overlap is a bit already set, whatever the number and order of the fragments.
 */
#include "decode/fragment_table.h"

#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNIT = 8, /* offsets count in these: RFC 791, section 3.1 */
    BLOCK_SIZE = 2048,
    BLOCK_WORDS = BLOCK_SIZE / UNIT / 64, /* of bits, one for each unit */
    BLOCKS_PER_DATAGRAM = (FRAGMENT_MAX_LENGTH + BLOCK_SIZE - 1) / BLOCK_SIZE,
    NONE = 0 /* datagrams and blocks count from 1 */
};

_Static_assert(sizeof(struct fragment_key) == 16 + 16 + 4 + 4 + 4 + 8, "the key is hashed as bytes");

struct block {
    uint64_t filled[BLOCK_WORDS];
    uint32_t next; /* free block */
    uint8_t bytes[BLOCK_SIZE];
};

struct datagram {
    struct fragment_key key;
    int64_t time_us;       /* of the fragment that came first */
    uint32_t older, newer; /* by arrival; `newer` also links free datagrams */
    uint32_t chain;        /* in the same bucket */
    uint32_t fragments;    /* held */
    uint32_t received;     /* bytes held */
    uint32_t end;          /* of the fragment that reaches farthest */
    uint32_t length;       /* 0 until the last fragment came */
    uint32_t blocks[BLOCKS_PER_DATAGRAM];
    bool given_up;    /* holds nothing; remembered so that its later fragments are dropped too, RFC 5722 */
    uint8_t protocol; /* as the first fragment says */
    uint8_t header_length; /* 0 until the first fragment (offset 0) came */
    uint8_t header[FRAGMENT_MAX_HEADER];
};

/* Objects 1..count of which `fresh` have never been used; `free` heads a list of those given back. */
struct pool {
    uint32_t free, fresh, count;
};

struct fragment_table {
    uint8_t secret[16];
    uint64_t timeout_us;
    struct decode_statistics *statistics;
    uint32_t bucket_mask;
    uint32_t *buckets;
    struct datagram *datagrams;
    struct block *blocks;
    struct pool free_datagrams, free_blocks;
    uint32_t oldest, newest;
    /* In turn: what was joined outside a tunnel is still looked at when its content has been joined too. */
    uint8_t whole[2][FRAGMENT_MAX_HEADER + FRAGMENT_MAX_LENGTH];
    unsigned turn;
};

static uint32_t power_of_two_above(uint32_t count)
{
    uint32_t power = 1;
    while (power < count)
        power *= 2;
    return power;
}

struct fragment_table *fragment_table_create(size_t bytes, uint32_t timeout_ms,
                                             struct decode_statistics *statistics)
{
    struct fragment_table *table = calloc(1, sizeof *table);
    if (table == NULL)
        return NULL;
    /* A datagram that waits has at least one block; there are at most twice as many buckets as datagrams. */
    size_t cost = sizeof(struct datagram) + sizeof(struct block) + 2 * sizeof(uint32_t);
    uint32_t count = (uint32_t)(bytes / cost < UINT32_MAX / 4 ? bytes / cost : UINT32_MAX / 4);
    uint32_t buckets = power_of_two_above(count);
    siphash_make_secret(table->secret);
    table->timeout_us = (uint64_t)timeout_ms * 1000;
    table->statistics = statistics;
    table->bucket_mask = buckets - 1;
    table->free_datagrams.count = table->free_blocks.count = count;
    table->buckets = calloc(buckets, sizeof *table->buckets);
    table->datagrams = calloc((size_t)count + 1, sizeof *table->datagrams);
    table->blocks = calloc((size_t)count + 1, sizeof *table->blocks);
    if (table->buckets == NULL || table->datagrams == NULL || table->blocks == NULL) {
        fragment_table_free(table);
        return NULL;
    }
    return table;
}

void fragment_table_free(struct fragment_table *table)
{
    if (table == NULL)
        return;
    free(table->blocks);
    free(table->datagrams);
    free(table->buckets);
    free(table);
}

static uint32_t take_datagram(struct fragment_table *table)
{
    struct pool *pool = &table->free_datagrams;
    uint32_t taken = pool->free;
    if (taken != NONE)
        pool->free = table->datagrams[taken].newer;
    else if (pool->fresh < pool->count)
        taken = ++pool->fresh;
    return taken;
}

static uint32_t take_block(struct fragment_table *table)
{
    struct pool *pool = &table->free_blocks;
    uint32_t taken = pool->free;
    if (taken != NONE)
        pool->free = table->blocks[taken].next;
    else if (pool->fresh < pool->count)
        taken = ++pool->fresh;
    if (taken != NONE)
        memset(table->blocks[taken].filled, 0, sizeof table->blocks[taken].filled);
    return taken;
}

static void give_blocks(struct fragment_table *table, struct datagram *datagram)
{
    for (size_t i = 0; i < BLOCKS_PER_DATAGRAM; i++) {
        uint32_t block = datagram->blocks[i];
        if (block == NONE)
            continue;
        table->blocks[block].next = table->free_blocks.free;
        table->free_blocks.free = block;
        datagram->blocks[i] = NONE;
    }
}

static uint32_t *bucket_of(struct fragment_table *table, const struct fragment_key *key)
{
    return &table->buckets[siphash(table->secret, key, sizeof *key) & table->bucket_mask];
}

static void unlink_from_bucket(struct fragment_table *table, uint32_t index)
{
    uint32_t *link = bucket_of(table, &table->datagrams[index].key);
    while (*link != index)
        link = &table->datagrams[*link].chain;
    *link = table->datagrams[index].chain;
}

/* Forgets a datagram, with all it holds. */
static void forget(struct fragment_table *table, uint32_t index)
{
    struct datagram *datagram = &table->datagrams[index];
    give_blocks(table, datagram);
    unlink_from_bucket(table, index);
    *(datagram->older != NONE ? &table->datagrams[datagram->older].newer : &table->oldest) = datagram->newer;
    *(datagram->newer != NONE ? &table->datagrams[datagram->newer].older : &table->newest) = datagram->older;
    datagram->newer = table->free_datagrams.free;
    table->free_datagrams.free = index;
}

static void drop(struct fragment_table *table, uint32_t index)
{
    table->statistics->fragments_dropped += table->datagrams[index].fragments;
    forget(table, index);
}

/* Far away in either direction of time: a clock that was set back makes nothing wait for ever. */
static bool is_expired(const struct fragment_table *table, const struct datagram *datagram, int64_t now_us)
{
    uint64_t now = (uint64_t)now_us, then = (uint64_t)datagram->time_us;
    return (now_us > datagram->time_us ? now - then : then - now) > table->timeout_us;
}

static void drop_expired(struct fragment_table *table, int64_t now_us)
{
    while (table->oldest != NONE && is_expired(table, &table->datagrams[table->oldest], now_us))
        drop(table, table->oldest);
}

static uint32_t find(struct fragment_table *table, const struct fragment_key *key)
{
    uint32_t index = *bucket_of(table, key);
    while (index != NONE && memcmp(&table->datagrams[index].key, key, sizeof *key) != 0)
        index = table->datagrams[index].chain;
    return index;
}

/* NONE only where the table has no memory at all. */
static uint32_t begin(struct fragment_table *table, const struct fragment_key *key, int64_t time_us)
{
    uint32_t index = take_datagram(table);
    if (index == NONE && table->oldest != NONE) {
        drop(table, table->oldest);
        index = take_datagram(table);
    }
    if (index == NONE)
        return NONE;
    uint32_t *bucket = bucket_of(table, key);
    table->datagrams[index] =
        (struct datagram){.key = *key, .time_us = time_us, .older = table->newest, .chain = *bucket};
    *bucket = index;
    *(table->newest != NONE ? &table->datagrams[table->newest].newer : &table->oldest) = index;
    table->newest = index;
    return index;
}

/* Where to keep a fragment of this datagram; the clocks of two inputs may differ, so that one found may be
 * too old. */
static uint32_t get(struct fragment_table *table, const struct fragment_key *key, int64_t time_us)
{
    drop_expired(table, time_us);
    uint32_t index = find(table, key);
    if (index != NONE && is_expired(table, &table->datagrams[index], time_us)) {
        drop(table, index);
        index = NONE;
    }
    return index != NONE ? index : begin(table, key, time_us);
}

/* Makes sure that there are blocks for these bytes, at the expense of the oldest other datagrams. */
static bool get_blocks(struct fragment_table *table, uint32_t index, uint32_t offset, uint32_t end)
{
    struct datagram *datagram = &table->datagrams[index];
    for (uint32_t i = offset / BLOCK_SIZE; i <= (end - 1) / BLOCK_SIZE; i++) {
        while (datagram->blocks[i] == NONE) {
            datagram->blocks[i] = take_block(table);
            if (datagram->blocks[i] != NONE)
                break;
            uint32_t victim = table->oldest != index ? table->oldest : datagram->newer;
            if (victim == NONE)
                return false;
            drop(table, victim);
        }
    }
    return true;
}

static struct block *block_at(struct fragment_table *table, const struct datagram *datagram, uint32_t offset)
{
    return &table->blocks[datagram->blocks[offset / BLOCK_SIZE]];
}

/* How many bytes of [offset, end) lie in the block of `offset`. */
static uint32_t size_in_block(uint32_t offset, uint32_t end)
{
    uint32_t room = BLOCK_SIZE - offset % BLOCK_SIZE;
    return end - offset < room ? end - offset : room;
}

/* The part of [offset, end) that lies in the block of `offset`, in units of that block. */
struct span {
    uint32_t first, last;
};

static struct span span_of(uint32_t offset, uint32_t end)
{
    uint32_t begin = offset % BLOCK_SIZE;
    return (struct span){begin / UNIT, (begin + size_in_block(offset, end) - 1) / UNIT};
}

/* The bits of the span among those of units 64 * `word` and on. */
static uint64_t bits_of(struct span span, uint32_t word)
{
    uint32_t low = word * 64, high = low + 63;
    if (span.last < low || span.first > high)
        return 0;
    uint64_t from = span.first > low ? UINT64_MAX << (span.first - low) : UINT64_MAX;
    return span.last < high ? from & UINT64_MAX >> (high - span.last) : from;
}

/* Whether the bytes held there, all of them, are those of the fragment. */
static bool is_repetition(struct fragment_table *table, const struct datagram *datagram,
                          const struct fragment *fragment)
{
    uint32_t end = fragment->offset + (uint32_t)fragment->length;
    const uint8_t *data = fragment->data;
    for (uint32_t offset = fragment->offset, size; offset < end; offset += size, data += size) {
        size = size_in_block(offset, end);
        if (memcmp(block_at(table, datagram, offset)->bytes + offset % BLOCK_SIZE, data, size) != 0)
            return false;
    }
    return true;
}

enum overlap { OVERLAP_NONE, OVERLAP_REPETITION, OVERLAP_CONFLICT };

static enum overlap overlap_of(struct fragment_table *table, const struct datagram *datagram,
                               const struct fragment *fragment)
{
    uint32_t end = fragment->offset + (uint32_t)fragment->length;
    uint64_t filled = 0, missing = 0;
    for (uint32_t offset = fragment->offset; offset < end; offset += size_in_block(offset, end)) {
        const struct block *block = block_at(table, datagram, offset);
        struct span span = span_of(offset, end);
        for (uint32_t word = 0; word < BLOCK_WORDS; word++) {
            uint64_t bits = bits_of(span, word);
            filled |= bits & block->filled[word];
            missing |= bits & ~block->filled[word];
        }
    }
    if (filled == 0)
        return OVERLAP_NONE;
    return missing == 0 && is_repetition(table, datagram, fragment) ? OVERLAP_REPETITION : OVERLAP_CONFLICT;
}

static void store(struct fragment_table *table, struct datagram *datagram, const struct fragment *fragment)
{
    uint32_t end = fragment->offset + (uint32_t)fragment->length;
    for (uint32_t offset = fragment->offset; offset < end;) {
        struct block *block = block_at(table, datagram, offset);
        uint32_t size = size_in_block(offset, end);
        memcpy(block->bytes + offset % BLOCK_SIZE, fragment->data + (offset - fragment->offset), size);
        struct span span = span_of(offset, end);
        for (uint32_t word = 0; word < BLOCK_WORDS; word++)
            block->filled[word] |= bits_of(span, word);
        offset += size;
    }
    datagram->fragments++;
    datagram->received += (uint32_t)fragment->length;
    datagram->end = end > datagram->end ? end : datagram->end;
    if (!fragment->more)
        datagram->length = end;
    if (fragment->offset == 0) {
        datagram->protocol = fragment->protocol;
        datagram->header_length = (uint8_t)fragment->header_length;
        memcpy(datagram->header, fragment->header, fragment->header_length);
    }
}

/* Whether the fragment and those before it disagree on where the datagram ends. */
static bool contradicts_end(const struct datagram *datagram, const struct fragment *fragment)
{
    uint32_t end = fragment->offset + (uint32_t)fragment->length;
    if (datagram->length != 0 && (fragment->more ? end > datagram->length : end != datagram->length))
        return true;
    return !fragment->more && end < datagram->end;
}

/* Keeps only the key, so that fragments that are still to come do not begin a new datagram. */
static void give_up(struct fragment_table *table, struct datagram *datagram)
{
    table->statistics->fragments_overlapping++;
    table->statistics->fragments_dropped += datagram->fragments + 1;
    give_blocks(table, datagram);
    datagram->fragments = 0;
    datagram->given_up = true;
}

static void join(struct fragment_table *table, uint32_t index, struct datagram_view *whole)
{
    struct datagram *datagram = &table->datagrams[index];
    uint8_t *bytes = table->whole[table->turn ^= 1];
    *whole = (struct datagram_view){bytes, datagram->header_length, datagram->length, datagram->protocol};
    memcpy(bytes, datagram->header, datagram->header_length);
    for (uint32_t offset = 0; offset < datagram->length; offset += BLOCK_SIZE) {
        uint32_t size = datagram->length - offset < BLOCK_SIZE ? datagram->length - offset : BLOCK_SIZE;
        memcpy(bytes + datagram->header_length + offset, block_at(table, datagram, offset)->bytes, size);
    }
    table->statistics->fragments_joined++;
    forget(table, index);
}

enum fragment_outcome fragment_table_add(struct fragment_table *table, const struct fragment_key *key,
                                         const struct fragment *fragment, int64_t time_us,
                                         struct datagram_view *whole)
{
    uint32_t index = get(table, key, time_us);
    struct datagram *datagram = &table->datagrams[index];
    if (index == NONE || datagram->given_up) {
        table->statistics->fragments_dropped++;
        return FRAGMENT_HELD;
    }
    if (contradicts_end(datagram, fragment)) {
        give_up(table, datagram);
        return FRAGMENT_REFUSED;
    }
    if (!get_blocks(table, index, fragment->offset, fragment->offset + (uint32_t)fragment->length)) {
        table->statistics->fragments_dropped++;
        drop(table, index);
        return FRAGMENT_HELD;
    }
    switch (overlap_of(table, datagram, fragment)) {
    case OVERLAP_REPETITION:
        return FRAGMENT_HELD;
    case OVERLAP_CONFLICT:
        give_up(table, datagram);
        return FRAGMENT_REFUSED;
    case OVERLAP_NONE:
        break;
    }
    store(table, datagram, fragment);
    if (datagram->length == 0 || datagram->received != datagram->length)
        return FRAGMENT_HELD;
    join(table, index, whole);
    return FRAGMENT_JOINED;
}
