// SPDX-License-Identifier: Apache-2.0
#include "verdict/tls_notes.h"

#include <stdlib.h>

enum { BUCKETS = 4096 };

struct tls_notes {
    uint32_t count;
    struct tls_note *buckets[BUCKETS];
};

struct tls_notes *tls_notes_create(void)
{
    return calloc(1, sizeof(struct tls_notes));
}

void tls_notes_free(struct tls_notes *notes)
{
    if (notes == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct tls_note *one = notes->buckets[i], *next; one != NULL; one = next) {
            next = one->chain_next;
            free(one);
        }
    free(notes);
}

/* Flow identifiers are the sensor's own and count up: their low bits spread well. */
struct tls_note *tls_notes_find(const struct tls_notes *notes, uint64_t flow_id)
{
    struct tls_note *one = notes->buckets[flow_id % BUCKETS];
    while (one != NULL && one->flow.id != flow_id)
        one = one->chain_next;
    return one;
}

struct tls_note *tls_notes_get(struct tls_notes *notes, uint64_t flow_id)
{
    struct tls_note *one = tls_notes_find(notes, flow_id);
    if (one != NULL || notes->count >= TLS_NOTES_MAX)
        return one;
    one = calloc(1, sizeof *one);
    if (one == NULL)
        return NULL;
    one->flow.id = flow_id;
    one->chain_next = notes->buckets[flow_id % BUCKETS];
    notes->buckets[flow_id % BUCKETS] = one;
    notes->count++;
    return one;
}

void tls_notes_forget(struct tls_notes *notes, uint64_t flow_id)
{
    struct tls_note **link = &notes->buckets[flow_id % BUCKETS];
    while (*link != NULL && (*link)->flow.id != flow_id)
        link = &(*link)->chain_next;
    if (*link == NULL)
        return;
    struct tls_note *gone = *link;
    *link = gone->chain_next;
    free(gone);
    notes->count--;
}
