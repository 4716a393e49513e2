// SPDX-License-Identifier: Apache-2.0
/*
 * A bounded queue of records between two threads: one writes, one reads, without locks and without system
 * calls (the reader sleeps with a bell, bell.h). Records are contiguous bytes, 8-byte aligned.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring;

/* `bytes` is rounded up to a power of two; a record may take up to a quarter of it. */
struct ring *ring_create(size_t bytes, struct error *error);
void ring_free(struct ring *ring); /* NULL is fine */

/* Writer: room for a record, or NULL where the ring is too full for one of this size. */
void *ring_reserve(struct ring *ring, size_t length);
/* Writer: the record reserved last is complete (`length` as reserved, or less). */
void ring_commit(struct ring *ring, size_t length);

/* Reader: the oldest record, or NULL where there is none. Valid until ring_release(). */
const void *ring_peek(struct ring *ring, size_t *length);
/* Reader: the same of the records that were seen when a look was last taken at what the writer does, which
 * fetches a line from another core: NULL where those are all released. */
const void *ring_peek_seen(struct ring *ring, size_t *length);
/* Reader, of a record that is not released yet: the one behind it; NULL where there is none yet, or where it
 * stands at the start of the memory again. */
const void *ring_peek_behind(struct ring *ring);
/* Reader, the same: asks for its memory, where the writer is on another core. */
void ring_prefetch_behind(const struct ring *ring);
void ring_release(struct ring *ring);

#endif
