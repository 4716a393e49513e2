// SPDX-License-Identifier: Apache-2.0
/*
 * Where each incident has been. Redis holds the pool that an incident was last seen at; a miner whose pool is
 * blocked goes to the next one, and the one before would leave the feeds, be open again, and be found again.
 * What was seen is remembered as long as the feeds keep it, in memory with a bound: those that were not seen
 * for longest are forgotten.
 */
#ifndef DASHBOARD_FEED_FEED_MEMORY_H
#define DASHBOARD_FEED_FEED_MEMORY_H

#include "dashboard/feed/feed.h"

enum { FEED_MEMORY_MAX = 50000 };

struct feed_memory;

struct feed_memory *feed_memory_create(size_t max); /* NULL where memory ran out */
void feed_memory_free(struct feed_memory *memory);  /* NULL is fine */

/* Takes what is seen now, with copies of its texts, and forgets what is older than `since_us`. What says that
 * it was seen later than now was seen now: no clock that is wrong keeps an entry for ever. An incident is
 * sanctioned, or not, at all its pools alike. False where memory ran out: nothing changed. */
bool feed_memory_note(struct feed_memory *memory, const struct feed_sighting *sightings, size_t count,
                      int64_t since_us, int64_t now_us);

/* All that is remembered; owned by the memory, until the next feed_memory_note(). */
const struct feed_sighting *feed_memory_sightings(const struct feed_memory *memory, size_t *count);

#endif
