// SPDX-License-Identifier: Apache-2.0
/*
 * The accounts and regions in which mining was seen before: who breaks into a cloud mines in regions that its
 * owner does not use. Kept in a small file over restarts; bounded; when full, nothing is first any more. One
 * thread.
 */
#ifndef VERDICT_FIRST_PLACES_H
#define VERDICT_FIRST_PLACES_H

#include "base/error.h"
#include "intel/cloud_place.h"

#include <stddef.h>
#include <stdint.h>

enum { FIRST_PLACES_MAX = 4096 };

struct first_places;

/* Reads `path`, which may be missing; "" keeps nothing beyond this run. A bad line is an error that names it.
 */
struct first_places *first_places_open(const char *path, struct error *error);
void first_places_free(struct first_places *firsts);

/* Whether places are remembered over restarts. */
bool first_places_is_kept(const struct first_places *firsts);

/* Sets place->first_in_account and first_in_region: no mining is known there but that of `incident`. */
void first_places_mark(const struct first_places *firsts, const char *incident, struct cloud_place *place);

/* Mining was seen there at `time_us`. Writes the file where that is new; it is replaced as a whole, by
 * renaming. */
void first_places_learn(struct first_places *firsts, const struct cloud_place *place, const char *incident,
                        int64_t time_us);

size_t first_places_count(const struct first_places *firsts);

#endif
