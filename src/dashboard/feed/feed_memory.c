// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_memory.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 512, TEXTS = 15 };

/* `sightings` are sorted by incident and pool; the texts of sightings[i] stand in blocks[i]. */
struct feed_memory {
    struct feed_sighting *sightings;
    char **blocks;
    size_t count, max;
};

/* A sighting on the way into the memory: one that is there already, or one that is new. */
struct taken {
    struct feed_sighting sighting;
    char *block;  /* its own copy, once it is made */
    bool is_seen; /* now */
};

struct feed_memory *feed_memory_create(size_t max)
{
    struct feed_memory *memory = calloc(1, sizeof *memory);
    if (memory != NULL)
        memory->max = max;
    return memory;
}

void feed_memory_free(struct feed_memory *memory)
{
    if (memory == NULL)
        return;
    for (size_t i = 0; i < memory->count; i++)
        free(memory->blocks[i]);
    free(memory->blocks);
    free(memory->sightings);
    free(memory);
}

const struct feed_sighting *feed_memory_sightings(const struct feed_memory *memory, size_t *count)
{
    *count = memory->count;
    return memory->sightings;
}

/* The sighting's texts, for all that treats them alike. */
static void list_texts(struct feed_sighting *sighting, const char **texts[static TEXTS])
{
    const char **all[TEXTS] = {&sighting->sensor,  &sighting->incident,   &sighting->kind,
                               &sighting->dialect, &sighting->carrier,    &sighting->coin,
                               &sighting->miner,   &sighting->wallet,     &sighting->pool,
                               &sighting->pool_ip, &sighting->name_from,  &sighting->other_name,
                               &sighting->as_org,  &sighting->sanctioned, &sighting->evidence};
    memcpy(texts, all, sizeof all);
}

/* Copies the texts into one block, which the sighting then points into; NULL where memory ran out. */
static char *copy_texts(struct feed_sighting *sighting)
{
    const char **texts[TEXTS];
    size_t size = 0;
    list_texts(sighting, texts);
    for (size_t i = 0; i < TEXTS; i++)
        size += *texts[i] == NULL ? 0 : strnlen(*texts[i], MAX_TEXT) + 1;
    char *block = malloc(size + 1), *at = block;
    for (size_t i = 0; block != NULL && i < TEXTS; i++) {
        if (*texts[i] == NULL)
            continue;
        size_t length = strnlen(*texts[i], MAX_TEXT);
        memcpy(at, *texts[i], length);
        at[length] = '\0';
        *texts[i] = at;
        at += length + 1;
    }
    return block;
}

static int compare_incidents(const struct taken *a, const struct taken *b)
{
    int order = strcmp(a->sighting.sensor, b->sighting.sensor);
    return order != 0 ? order : strcmp(a->sighting.incident, b->sighting.incident);
}

static int compare_keys(const struct taken *a, const struct taken *b)
{
    int order = compare_incidents(a, b);
    if (order == 0)
        order = strncmp(a->sighting.pool, b->sighting.pool, MAX_TEXT);
    return order != 0 ? order : strcmp(a->sighting.pool_ip, b->sighting.pool_ip);
}

/* What is seen now stands before what is remembered of the same pool. */
static int compare_taken(const void *first, const void *second)
{
    const struct taken *a = first, *b = second;
    int order = compare_keys(a, b);
    return order != 0 ? order : (int)b->is_seen - (int)a->is_seen;
}

static int compare_age(const void *first, const void *second)
{
    const struct taken *a = first, *b = second;
    if (a->sighting.last_us != b->sighting.last_us)
        return a->sighting.last_us > b->sighting.last_us ? -1 : 1;
    return compare_keys(a, b);
}

/* Leaves one of each pool of each incident, and none that is too old; returns how many. */
static size_t leave_one_each(struct taken *taken, size_t count, int64_t since_us)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_double = kept > 0 && compare_keys(&taken[kept - 1], &taken[i]) == 0;
        if (is_double && taken[i].sighting.first_us < taken[kept - 1].sighting.first_us)
            taken[kept - 1].sighting.first_us = taken[i].sighting.first_us;
        if (!is_double && taken[i].sighting.last_us > since_us)
            taken[kept++] = taken[i];
    }
    return kept;
}

/* What an incident is now counts for where it was. */
static void carry_sanctions(struct taken *taken, size_t count)
{
    for (size_t begin = 0, end; begin < count; begin = end) {
        const struct taken *now = NULL;
        for (end = begin; end < count && compare_incidents(&taken[begin], &taken[end]) == 0; end++)
            if (taken[end].is_seen)
                now = &taken[end];
        for (size_t i = begin; now != NULL && i < end; i++)
            taken[i].sighting.sanctioned = now->sighting.sanctioned;
    }
}

static bool copy_all(struct taken *taken, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *block = copy_texts(&taken[i].sighting);
        if (block == NULL) {
            while (i-- > 0)
                free(taken[i].block);
            return false;
        }
        taken[i].block = block;
    }
    return true;
}

static void replace(struct feed_memory *memory, struct feed_sighting *sightings, char **blocks,
                    const struct taken *taken, size_t count)
{
    for (size_t i = 0; i < memory->count; i++)
        free(memory->blocks[i]);
    free(memory->blocks);
    free(memory->sightings);
    memory->sightings = sightings;
    memory->blocks = blocks;
    memory->count = count;
    for (size_t i = 0; i < count; i++) {
        sightings[i] = taken[i].sighting;
        blocks[i] = taken[i].block;
    }
}

bool feed_memory_note(struct feed_memory *memory, const struct feed_sighting *sightings, size_t count,
                      int64_t since_us, int64_t now_us)
{
    size_t all = memory->count + count;
    struct taken *taken = calloc(all + 1, sizeof *taken);
    if (taken == NULL)
        return false;
    for (size_t i = 0; i < all; i++) {
        bool is_seen = i >= memory->count;
        taken[i].sighting = is_seen ? sightings[i - memory->count] : memory->sightings[i];
        taken[i].is_seen = is_seen;
        if (is_seen && taken[i].sighting.last_us > now_us)
            taken[i].sighting.last_us = now_us;
    }
    qsort(taken, all, sizeof *taken, compare_taken);
    size_t kept = leave_one_each(taken, all, since_us);
    carry_sanctions(taken, kept);
    if (kept > memory->max) {
        qsort(taken, kept, sizeof *taken, compare_age);
        kept = memory->max;
    }
    struct feed_sighting *copies = malloc((kept + 1) * sizeof *copies);
    char **blocks = malloc((kept + 1) * sizeof(char *));
    bool fine = copies != NULL && blocks != NULL && copy_all(taken, kept);
    if (fine) {
        replace(memory, copies, blocks, taken, kept);
    } else {
        free(copies);
        free(blocks);
    }
    free(taken);
    return fine;
}
