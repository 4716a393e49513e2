// SPDX-License-Identifier: Apache-2.0
#include "verdict/waiting.h"

#include <stdlib.h>

bool waiting_add(struct waiting *waiting, int64_t due_us, uint64_t flow_id,
                 const struct waiting_contact *contact)
{
    if (waiting->count >= WAITING_MAX)
        return false;
    struct waiting_entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        return false;
    if (contact != NULL) {
        entry->contact = malloc(sizeof *contact);
        if (entry->contact == NULL) {
            free(entry);
            return false;
        }
        *entry->contact = *contact;
    }
    entry->due_us = due_us;
    entry->flow_id = flow_id;
    *(waiting->last != NULL ? &waiting->last->next : &waiting->first) = entry;
    waiting->last = entry;
    waiting->count++;
    return true;
}

struct waiting_entry *waiting_take(struct waiting *waiting, int64_t now_us)
{
    struct waiting_entry *entry = waiting->first;
    if (entry == NULL || entry->due_us > now_us)
        return NULL;
    waiting->first = entry->next;
    if (waiting->first == NULL)
        waiting->last = NULL;
    waiting->count--;
    return entry;
}

void waiting_entry_free(struct waiting_entry *entry)
{
    free(entry->contact);
    free(entry);
}

void waiting_free(struct waiting *waiting)
{
    for (struct waiting_entry *entry; (entry = waiting_take(waiting, INT64_MAX)) != NULL;)
        waiting_entry_free(entry);
}
