// SPDX-License-Identifier: Apache-2.0
#include "verdict/cost_meter.h"

#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 14 }; /* there are no more meters than incidents */

struct cost_meters {
    struct cost_meter *buckets[BUCKETS];
    uint8_t secret[16];
};

struct cost_meters *cost_meters_create(const uint8_t secret[static 16])
{
    struct cost_meters *meters = calloc(1, sizeof *meters);
    if (meters != NULL)
        memcpy(meters->secret, secret, sizeof meters->secret);
    return meters;
}

void cost_meters_free(struct cost_meters *meters)
{
    if (meters == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct cost_meter *meter = meters->buckets[i], *next; meter != NULL; meter = next) {
            next = meter->next;
            free(meter);
        }
    free(meters);
}

struct cost_meter *cost_meter_join(struct cost_meters *meters, const void *machine, size_t length,
                                   int64_t begin_us, int64_t silence_us)
{
    uint64_t key = siphash(meters->secret, machine, length);
    struct cost_meter **bucket = &meters->buckets[key % BUCKETS], *meter = *bucket;
    while (meter != NULL && meter->key != key)
        meter = meter->next;
    if (meter == NULL) {
        meter = calloc(1, sizeof *meter);
        if (meter == NULL)
            return NULL;
        *meter = (struct cost_meter){.moved_us = begin_us, .key = key, .next = *bucket};
        *bucket = meter;
    } else {
        cost_meter_run(meter, begin_us, silence_us); /* until then the others had the machine */
    }
    meter->incidents++;
    return meter;
}

void cost_meter_run(struct cost_meter *meter, int64_t time_us, int64_t silence_us)
{
    int64_t passed_us = time_us - meter->moved_us;
    if (passed_us <= 0)
        return; /* messages of several flows come in no strict order */
    if (passed_us <= silence_us)
        meter->hours += (double)passed_us / 3.6e9 / meter->incidents;
    meter->moved_us = time_us;
}

void cost_meter_leave(struct cost_meters *meters, struct cost_meter *meter)
{
    if (meter == NULL || --meter->incidents > 0)
        return;
    struct cost_meter **link = &meters->buckets[meter->key % BUCKETS];
    while (*link != meter)
        link = &(*link)->next;
    *link = meter->next;
    free(meter);
}
