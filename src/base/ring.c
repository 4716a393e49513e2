// SPDX-License-Identifier: Apache-2.0
#include "base/ring.h"

#include <stdatomic.h>
#include <stdlib.h>

/* In front of each record. A record that would not fit before the end of the memory leaves a header with this
 * length and begins at the start. */
struct header {
    uint32_t length; /* of the record in bytes, or SKIP */
    uint32_t stride; /* bytes to the next header */
};

#define SKIP UINT32_MAX

struct ring {
    size_t size; /* a power of two */
    uint8_t *memory;
    /* positions count bytes since the start and never wrap in practice (2^64); each on its own cache line */
    _Alignas(64) _Atomic uint64_t head; /* written by the writer */
    uint64_t tail_seen;                 /* the writer's copy of tail */
    _Alignas(64) _Atomic uint64_t tail; /* written by the reader */
    uint64_t head_seen; /* the reader's copy of head: all before it can be read without asking */
};

struct ring *ring_create(size_t bytes, struct error *error)
{
    struct ring *ring = aligned_alloc(64, sizeof *ring);
    if (ring == NULL)
        goto failed;
    *ring = (struct ring){.size = 4096};
    while (ring->size < bytes)
        ring->size *= 2;
    ring->memory = aligned_alloc(64, ring->size);
    if (ring->memory == NULL)
        goto failed;
    return ring;
failed:
    ring_free(ring);
    error_set(error, STATUS_FAILED, "cannot make a queue of %zu bytes: out of memory", bytes);
    return NULL;
}

void ring_free(struct ring *ring)
{
    if (ring == NULL)
        return;
    free(ring->memory);
    free(ring);
}

static struct header *header_at(const struct ring *ring, uint64_t position)
{
    return (struct header *)(void *)(ring->memory + (position & (ring->size - 1)));
}

static bool has_room(struct ring *ring, uint64_t head, size_t need)
{
    if (head + need - ring->tail_seen <= ring->size)
        return true;
    ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return head + need - ring->tail_seen <= ring->size;
}

static size_t stride_of(size_t length)
{
    return sizeof(struct header) + ((length + 7) & ~(size_t)7);
}

void *ring_reserve(struct ring *ring, size_t length)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    size_t stride = stride_of(length);
    if (stride > ring->size / 4)
        return NULL;
    size_t to_end = ring->size - (head & (ring->size - 1)); /* a multiple of 8, so a header always fits */
    bool wraps = stride > to_end;
    if (!has_room(ring, head, wraps ? to_end + stride : stride))
        return NULL;
    if (wraps) {
        *header_at(ring, head) = (struct header){SKIP, (uint32_t)to_end};
        head += to_end;
        atomic_store_explicit(&ring->head, head, memory_order_release);
    }
    struct header *header = header_at(ring, head);
    *header = (struct header){(uint32_t)length, (uint32_t)stride};
    return header + 1;
}

void ring_commit(struct ring *ring, size_t length)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    struct header *header = header_at(ring, head);
    *header = (struct header){(uint32_t)length, (uint32_t)stride_of(length)};
    atomic_store_explicit(&ring->head, head + header->stride, memory_order_release);
}

const void *ring_peek_seen(struct ring *ring, size_t *length)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    while (tail != ring->head_seen) {
        const struct header *header = header_at(ring, tail);
        if (header->length != SKIP) {
            *length = header->length;
            return header + 1;
        }
        tail += header->stride;
        atomic_store_explicit(&ring->tail, tail, memory_order_release);
    }
    return NULL;
}

static void look(struct ring *ring)
{
    ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
}

const void *ring_peek(struct ring *ring, size_t *length)
{
    const void *record = ring_peek_seen(ring, length);
    if (record != NULL)
        return record;
    look(ring);
    return ring_peek_seen(ring, length);
}

static uint64_t behind(const struct ring *ring)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    return tail + header_at(ring, tail)->stride;
}

const void *ring_peek_behind(struct ring *ring)
{
    uint64_t at = behind(ring);
    if (at == ring->head_seen)
        look(ring);
    return at != ring->head_seen && header_at(ring, at)->length != SKIP ? header_at(ring, at) + 1 : NULL;
}

void ring_prefetch_behind(const struct ring *ring)
{
    enum { CACHE_LINE = 64, LINES = 5 };
    uint64_t at = behind(ring);
    for (uint64_t i = 0; i < LINES; i++)
        __builtin_prefetch(
            header_at(ring, at + i * CACHE_LINE)); /* from the end of the memory to its start */
}

void ring_release(struct ring *ring)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    atomic_store_explicit(&ring->tail, tail + header_at(ring, tail)->stride, memory_order_release);
}
