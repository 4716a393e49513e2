// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/tally.h"

#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

void tally_init(struct tally *tally, const uint8_t *secret)
{
    *tally = (struct tally){.secret = secret};
}

void tally_done(struct tally *tally)
{
    free(tally->rows);
    free(tally->buckets);
    free(tally->miners);
    *tally = (struct tally){0};
}

static void place(struct tally *tally, size_t row)
{
    size_t at = tally->rows[row].hash & (tally->bucket_count - 1);
    while (tally->buckets[at] != 0)
        at = (at + 1) & (tally->bucket_count - 1);
    tally->buckets[at] = (uint32_t)row + 1;
}

/* Room for one more row: the buckets are never more than half full. */
static bool make_room(struct tally *tally)
{
    if (tally->count < tally->size)
        return true;
    size_t size = tally->size == 0 ? 64 : 2 * tally->size;
    struct tally_row *rows = realloc(tally->rows, size * sizeof *rows);
    uint32_t *buckets = rows == NULL ? NULL : calloc(2 * size, sizeof *buckets);
    if (rows != NULL)
        tally->rows = rows;
    if (buckets == NULL) {
        tally->failed = true;
        return false;
    }
    free(tally->buckets);
    tally->buckets = buckets;
    tally->bucket_count = 2 * size;
    tally->size = size;
    for (size_t i = 0; i < tally->count; i++)
        place(tally, i);
    return true;
}

struct tally_row *tally_get(struct tally *tally, const char *value, const char *label)
{
    uint64_t hash = siphash(tally->secret, value, strlen(value));
    if (tally->bucket_count > 0)
        for (size_t at = hash & (tally->bucket_count - 1); tally->buckets[at] != 0;
             at = (at + 1) & (tally->bucket_count - 1)) {
            struct tally_row *row = &tally->rows[tally->buckets[at] - 1];
            if (row->hash == hash && strcmp(row->value, value) == 0)
                return row;
        }
    if (!make_room(tally))
        return NULL;
    tally->rows[tally->count] = (struct tally_row){.value = value, .label = label, .hash = hash};
    place(tally, tally->count);
    return &tally->rows[tally->count++];
}

/* True where `key` was not in the set. */
static bool insert_miner(struct tally *tally, uint64_t key)
{
    key += key == 0;
    if (2 * (tally->miner_count + 1) > tally->miner_size) {
        size_t size = tally->miner_size == 0 ? 256 : 2 * tally->miner_size, old_size = tally->miner_size;
        uint64_t *old = tally->miners, *miners = calloc(size, sizeof *miners);
        if (miners == NULL) {
            tally->failed = true;
            return false;
        }
        tally->miners = miners;
        tally->miner_size = size;
        tally->miner_count = 0;
        for (size_t i = 0; i < old_size; i++)
            if (old[i] != 0)
                insert_miner(tally, old[i]); /* into twice the room: not deeper than this */
        free(old);
    }
    size_t at = key & (tally->miner_size - 1);
    for (; tally->miners[at] != 0; at = (at + 1) & (tally->miner_size - 1))
        if (tally->miners[at] == key)
            return false;
    tally->miners[at] = key;
    tally->miner_count++;
    return true;
}

void tally_add(struct tally *tally, const char *value, const char *label,
               const struct incident_view *incident, const char *currency)
{
    struct tally_row *row = tally_get(tally, value, label);
    if (row == NULL)
        return;
    uint64_t pair[2] = {row->hash, incident->miner};
    row->incidents++;
    row->miners += insert_miner(tally, siphash(tally->secret, pair, sizeof pair));
    row->hashrate += incident->is_active ? incident->hashrate : 0;
    row->bytes += incident->numbers[INCIDENT_BYTES];
    if (currency != NULL && strcmp(currency, incident_view_text(incident, INCIDENT_COST_CURRENCY)) != 0)
        return;
    row->cost_hour += incident->is_active ? incident->numbers[INCIDENT_COST_HOUR] : 0;
    row->cost_total += incident->numbers[INCIDENT_COST_TOTAL];
}

double *tally_member(struct tally_row *row, const char *name)
{
    return strcmp(name, "incidents") == 0    ? &row->incidents
           : strcmp(name, "miners") == 0     ? &row->miners
           : strcmp(name, "hashrate") == 0   ? &row->hashrate
           : strcmp(name, "cost_hour") == 0  ? &row->cost_hour
           : strcmp(name, "cost_total") == 0 ? &row->cost_total
           : strcmp(name, "bytes") == 0      ? &row->bytes
                                             : NULL;
}

static int compare(const void *a, const void *b, void *by)
{
    struct tally_row left = *(const struct tally_row *)a, right = *(const struct tally_row *)b;
    double more = *tally_member(&right, by), less = *tally_member(&left, by);
    return more > less ? 1 : more < less ? -1 : strcmp(left.value, right.value);
}

void tally_sort(struct tally *tally, const char *by)
{
    if (tally->count < 2)
        return;
    qsort_r(tally->rows, tally->count, sizeof *tally->rows, compare, (void *)(uintptr_t)by);
    memset(tally->buckets, 0, tally->bucket_count * sizeof *tally->buckets);
    for (size_t i = 0; i < tally->count; i++) /* rows moved */
        place(tally, i);
}
