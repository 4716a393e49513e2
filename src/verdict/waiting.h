// SPDX-License-Identifier: Apache-2.0
/*
 * Alerts that wait a moment for more to be known. Each waits equally long, so a queue in order of arrival is
 * one in order of time. Bounded: beyond WAITING_MAX they are due at once. One thread.
 */
#ifndef VERDICT_WAITING_H
#define VERDICT_WAITING_H

#include "flow/flow_record.h"
#include "inspect/report.h"
#include "intel/pools.h"

#include <stdbool.h>
#include <stdint.h>

enum { WAITING_MAX = 65536 };

/* A contact with a known pool that is no mining conversation, as far as is known yet. */
struct waiting_contact {
    struct flow_record flow;
    uint8_t how; /* enum sighting */
    char name[256];
};

struct waiting_entry {
    struct waiting_entry *next;
    int64_t due_us;
    uint64_t flow_id;
    struct waiting_contact *contact; /* NULL: the alert of that flow's dossier, or of its TLS note */
};

struct waiting {
    struct waiting_entry *first, *last;
    uint32_t count;
};

/* False where the queue is full or memory is short. `contact` is copied. */
bool waiting_add(struct waiting *waiting, int64_t due_us, uint64_t flow_id,
                 const struct waiting_contact *contact);

/* Takes the first entry off if it is due by `now_us`; the caller gives it to waiting_entry_free(). NULL: none
 * is. */
struct waiting_entry *waiting_take(struct waiting *waiting, int64_t now_us);
void waiting_entry_free(struct waiting_entry *entry);
void waiting_free(struct waiting *waiting);

#endif
