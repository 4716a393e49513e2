// SPDX-License-Identifier: Apache-2.0
#include "verdict/incident.h"

#include "base/siphash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct incidents {
    uint32_t count, max;
    uint32_t mask;
    struct incident **buckets;
    struct incident **miners; /* as many; all empty but while miners are counted */
    struct incident *newest, *oldest;
    uint8_t secret[16];
    incident_closed *closed;
    void *context;
};

struct incidents *incidents_create(uint32_t max_incidents, const uint8_t secret[static 16],
                                   incident_closed *closed, void *context, struct error *error)
{
    struct incidents *incidents = calloc(1, sizeof *incidents);
    uint32_t buckets = 1024;
    while (buckets < max_incidents && buckets < UINT32_C(1) << 20)
        buckets *= 2;
    if (incidents != NULL) {
        incidents->buckets = calloc(buckets, sizeof(struct incident *));
        incidents->miners = calloc(buckets, sizeof(struct incident *));
    }
    if (incidents == NULL || incidents->buckets == NULL || incidents->miners == NULL) {
        incidents_free(incidents);
        error_set(error, STATUS_FAILED, "out of memory for the table of incidents");
        return NULL;
    }
    incidents->mask = buckets - 1;
    incidents->max = max_incidents == 0 ? 1 : max_incidents;
    memcpy(incidents->secret, secret, sizeof incidents->secret);
    incidents->closed = closed;
    incidents->context = context;
    return incidents;
}

void incidents_free(struct incidents *incidents)
{
    if (incidents == NULL)
        return;
    for (struct incident *incident = incidents->newest, *next; incident != NULL; incident = next) {
        next = incident->older;
        free(incident);
    }
    free(incidents->buckets);
    free(incidents->miners);
    free(incidents);
}

static void unlink_from_order(struct incidents *incidents, struct incident *incident)
{
    *(incident->newer != NULL ? &incident->newer->older : &incidents->newest) = incident->older;
    *(incident->older != NULL ? &incident->older->newer : &incidents->oldest) = incident->newer;
}

static void make_newest(struct incidents *incidents, struct incident *incident)
{
    incident->newer = NULL;
    incident->older = incidents->newest;
    *(incidents->newest != NULL ? &incidents->newest->newer : &incidents->oldest) = incident;
    incidents->newest = incident;
}

static void forget(struct incidents *incidents, struct incident *incident)
{
    struct incident **link = &incidents->buckets[incident->key & incidents->mask];
    while (*link != incident)
        link = &(*link)->chain_next;
    *link = incident->chain_next;
    unlink_from_order(incidents, incident);
    incidents->count--;
    free(incident);
}

static uint64_t key_of(const struct incidents *incidents, const struct address *miner, const char *subject)
{
    uint8_t bytes[sizeof *miner + INCIDENT_MAX_SUBJECT];
    size_t length = strnlen(subject, INCIDENT_MAX_SUBJECT);
    memcpy(bytes, miner, sizeof *miner);
    memcpy(bytes + sizeof *miner, subject, length);
    return siphash(incidents->secret, bytes, sizeof *miner + length);
}

struct incident *incidents_get(struct incidents *incidents, const struct address *miner, const char *subject,
                               int64_t now_us, bool *opened)
{
    /* the keyed 64-bit hash is the identity: two subjects of one sensor meet once in 2^32 incidents */
    uint64_t key = key_of(incidents, miner, subject);
    struct incident **bucket = &incidents->buckets[key & incidents->mask];
    struct incident *incident = *bucket;
    while (incident != NULL && incident->key != key)
        incident = incident->chain_next;
    *opened = incident == NULL;
    if (incident != NULL) {
        unlink_from_order(incidents, incident);
        make_newest(incidents, incident);
        return incident;
    }
    if (incidents->count >= incidents->max) {
        incidents->closed(incidents->context, incidents->oldest);
        forget(incidents, incidents->oldest);
    }
    incident = calloc(1, sizeof *incident);
    if (incident == NULL)
        return NULL;
    incident->key = key;
    incident->miner_key = siphash(incidents->secret, miner, sizeof *miner);
    incident->mining.miner = *miner;
    incident->mining.first_seen_us = incident->mining.last_seen_us = now_us;
    snprintf(incident->mining.incident, sizeof incident->mining.incident, "%016llx",
             (unsigned long long)(key ^
                                  (uint64_t)now_us)); /* the same miner coming back later is a new incident */
    incident->chain_next = *bucket;
    *bucket = incident;
    make_newest(incidents, incident);
    incidents->count++;
    return incident;
}

void incidents_close(struct incidents *incidents, int64_t before_us)
{
    /* forget() takes the oldest out of the list before it frees it, which the analyser does not see */
    while (incidents->oldest != NULL &&
           incidents->oldest->mining.last_seen_us < before_us) { /* NOLINT(clang-analyzer-unix.Malloc) */
        incidents->closed(incidents->context, incidents->oldest);
        forget(incidents, incidents->oldest);
    }
}

uint32_t incidents_count(const struct incidents *incidents)
{
    return incidents->count;
}

/* False where another incident of this miner is counted. */
static bool count_miner(struct incidents *incidents, struct incident *incident)
{
    struct incident **bucket = &incidents->miners[incident->miner_key & incidents->mask];
    for (const struct incident *other = *bucket; other != NULL; other = other->miner_next)
        if (address_equal(&other->mining.miner, &incident->mining.miner))
            return false;
    incident->miner_next = *bucket;
    *bucket = incident;
    return true;
}

uint32_t incidents_count_miners(struct incidents *incidents, bool (*counts)(const struct incident *incident))
{
    uint32_t count = 0;
    for (struct incident *incident = incidents->newest; incident != NULL; incident = incident->older)
        count += counts(incident) && count_miner(incidents, incident);
    for (const struct incident *incident = incidents->newest; incident != NULL; incident = incident->older)
        incidents->miners[incident->miner_key & incidents->mask] = NULL;
    return count;
}

void incidents_each(struct incidents *incidents, bool (*visit)(void *context, struct incident *incident),
                    void *context)
{
    for (struct incident *incident = incidents->newest, *next; incident != NULL; incident = next) {
        next = incident->older;
        if (!visit(context, incident))
            return;
    }
}
