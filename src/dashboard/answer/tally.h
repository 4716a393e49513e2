// SPDX-License-Identifier: Apache-2.0
/*
 * Adds incidents up by a text: per coin, pool, wallet, ... Used for one answer and thrown away. The texts are
 * borrowed.
 */
#ifndef DASHBOARD_ANSWER_TALLY_H
#define DASHBOARD_ANSWER_TALLY_H

#include "dashboard/model/incident_view.h"

struct tally_row {
    const char *value, *label; /* the label is that of the first incident */
    uint64_t hash;
    double incidents, miners, hashrate, cost_hour, cost_total, bytes;
};

struct tally {
    const uint8_t *secret;
    struct tally_row *rows;
    size_t count, size;
    uint32_t *buckets; /* number of a row + 1 */
    size_t bucket_count;
    uint64_t *miners; /* a set: which machine was counted for which row */
    size_t miner_count, miner_size;
    bool failed; /* out of memory: what is there is not all */
};

void tally_init(struct tally *tally, const uint8_t *secret);
void tally_done(struct tally *tally);

/* Finds or makes; NULL where memory ran out. Good until the next call. */
struct tally_row *tally_get(struct tally *tally, const char *value, const char *label);

/* Adds an incident to the row of `value`. Hash rate and cost an hour count where it is active; costs only
 * where they are in `currency` (NULL: whichever). */
void tally_add(struct tally *tally, const char *value, const char *label,
               const struct incident_view *incident, const char *currency);

/* What a row is sorted by: a member from `incidents` on, by its name; NULL where there is none. */
double *tally_member(struct tally_row *row, const char *name);

/* The largest first; equal ones by their values. */
void tally_sort(struct tally *tally, const char *by);

#endif
