// SPDX-License-Identifier: Apache-2.0
#include "base/ring.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

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
    int event;
    /* positions count bytes since the start and never wrap in practice (2^64); each on its own cache line */
    _Alignas(64) _Atomic uint64_t head; /* written by the writer */
    uint64_t tail_seen;                 /* the writer's copy of tail */
    _Alignas(64) _Atomic uint64_t tail; /* written by the reader */
    _Alignas(64) _Atomic bool sleeping;
};

struct ring *ring_create(size_t bytes, struct error *error)
{
    struct ring *ring = aligned_alloc(64, sizeof *ring);
    if (ring == NULL)
        goto failed;
    *ring = (struct ring){.size = 4096, .event = -1};
    while (ring->size < bytes)
        ring->size *= 2;
    ring->memory = aligned_alloc(64, ring->size);
    ring->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (ring->memory == NULL || ring->event < 0)
        goto failed;
    return ring;
failed:
    ring_free(ring);
    error_set(error, STATUS_FAILED, "cannot make a queue of %zu bytes: out of memory or of file descriptors",
              bytes);
    return NULL;
}

void ring_free(struct ring *ring)
{
    if (ring == NULL)
        return;
    if (ring->event >= 0)
        close(ring->event);
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

void ring_wake(struct ring *ring)
{
    /* both threads exchange `sleeping`, so one is first: the writer, and the reader sees the record before it
     * sleeps, or the reader, and the writer sees that it sleeps */
    if (atomic_exchange_explicit(&ring->sleeping, false, memory_order_acq_rel)) {
        uint64_t one = 1;
        ssize_t written = write(ring->event, &one, sizeof one);
        (void)written; /* full means: will wake anyway */
    }
}

const void *ring_peek(struct ring *ring, size_t *length)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    while (tail != atomic_load_explicit(&ring->head, memory_order_acquire)) {
        struct header *header = header_at(ring, tail);
        if (header->length != SKIP) {
            *length = header->length;
            return header + 1;
        }
        tail += header->stride;
        atomic_store_explicit(&ring->tail, tail, memory_order_release);
    }
    return NULL;
}

void ring_release(struct ring *ring)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    atomic_store_explicit(&ring->tail, tail + header_at(ring, tail)->stride, memory_order_release);
}

static bool is_empty(struct ring *ring)
{
    return atomic_load_explicit(&ring->tail, memory_order_relaxed) ==
           atomic_load_explicit(&ring->head, memory_order_acquire);
}

void ring_wait(struct ring *ring, int timeout_ms)
{
    atomic_exchange_explicit(&ring->sleeping, true, memory_order_acq_rel);
    if (is_empty(ring)) {
        struct pollfd event = {.fd = ring->event, .events = POLLIN};
        poll(&event, 1, timeout_ms);
    }
    atomic_store_explicit(&ring->sleeping, false, memory_order_relaxed);
    uint64_t count;
    ssize_t got = read(ring->event, &count, sizeof count);
    (void)got; /* nothing to read: it was a timeout */
}
