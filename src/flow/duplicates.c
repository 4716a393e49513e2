// SPDX-License-Identifier: Apache-2.0
#include "flow/duplicates.h"

#include "flow/pages.h"

enum { SLOTS = 2 }; /* of a place */

static size_t bytes_of(uint32_t places)
{
    return places * sizeof(struct duplicates_place);
}

bool duplicates_init(struct duplicates *duplicates)
{
    *duplicates = (struct duplicates){
        .places = pages_map(bytes_of(DUPLICATES_FIRST_PLACES), false),
        .mask = DUPLICATES_FIRST_PLACES - 1,
        .countdown = SLOTS * DUPLICATES_FIRST_PLACES,
    };
    return duplicates->places != NULL;
}

void duplicates_done(struct duplicates *duplicates)
{
    pages_unmap(duplicates->places, bytes_of(duplicates->mask + 1));
}

/* A place has become two: which of them a fingerprint has that stood there, a bit told that is not known any
 * more. So it stands in both, and means nothing in the wrong one. */
static void grow(struct duplicates *duplicates)
{
    uint32_t before = duplicates->mask + 1, after = 2 * before;
    struct duplicates_place *places = pages_map(bytes_of(after), after == DUPLICATES_MAX_PLACES);
    if (places == NULL)
        return; /* more copies will be missed */
    memcpy(places, duplicates->places, bytes_of(before));
    memcpy(places + before, duplicates->places, bytes_of(before));
    pages_unmap(duplicates->places, bytes_of(before));
    duplicates->places = places;
    duplicates->mask = after - 1;
}

/* Apart, as few packets come here. */
__attribute__((noinline)) void duplicates_pace(struct duplicates *duplicates, uint64_t now)
{
    if (duplicates_is_near(now - duplicates->counted_from) && duplicates->mask + 1 < DUPLICATES_MAX_PLACES)
        grow(duplicates);
    duplicates->countdown = SLOTS * (duplicates->mask + 1);
    duplicates->counted_from = now;
}
