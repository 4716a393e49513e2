// SPDX-License-Identifier: Apache-2.0
#include "verdict/rate.h"

#include <math.h>
#include <string.h>

enum {
    MINUTE_US = 60000000,
    SHORTEST_US = 1000000, /* what a rate is measured over, at least */
    SILENCE_US = 10000000, /* what says something where nothing came, at least */
};

static struct rate_bucket *bucket_at(struct rate *rate, enum rate_kind kind, int64_t minute)
{
    return &rate->buckets[kind][minute % RATE_MINUTES];
}

/* Empties the buckets of the minutes that passed. */
static void move_to(struct rate *rate, int64_t minute)
{
    if (minute <= rate->minute)
        return;
    if (minute - rate->minute >= RATE_MINUTES)
        memset(rate->buckets, 0, sizeof rate->buckets);
    else
        for (int64_t passed = rate->minute + 1; passed <= minute; passed++)
            for (enum rate_kind kind = RATE_SUBMITTED; kind < RATE_KINDS; kind++)
                *bucket_at(rate, kind, passed) = (struct rate_bucket){0};
    rate->minute = minute;
}

void rate_add(struct rate *rate, enum rate_kind kind, int64_t time_us, double hashes, uint64_t shares)
{
    if (time_us < 0 || !isfinite(hashes) || hashes < 0)
        return;
    int64_t minute = time_us / MINUTE_US;
    rate->all[kind].hashes += hashes;
    rate->all[kind].shares += shares;
    move_to(rate, minute);
    if (rate->minute - minute >= RATE_MINUTES)
        return;
    struct rate_bucket *bucket = bucket_at(rate, kind, minute);
    bucket->hashes += (float)fmin(hashes, 1e37);
    bucket->shares += (uint32_t)(shares < UINT32_MAX / 2 ? shares : UINT32_MAX / 2);
}

void rate_correct(struct rate *rate, enum rate_kind kind, double difference)
{
    double before = rate->all[kind].hashes, after = before + difference;
    if (before <= 0 || !isfinite(after) || after < 0)
        return;
    rate->all[kind].hashes = after;
    for (size_t i = 0; i < RATE_MINUTES; i++) {
        float *hashes = &rate->buckets[kind][i].hashes;
        *hashes = (float)fmin((double)*hashes * (after / before), 1e37);
    }
}

double rate_of(double hashes, int64_t first_us, int64_t now_us)
{
    int64_t observed_us = now_us - first_us;
    return hashes > 0 && observed_us >= SHORTEST_US ? hashes / ((double)observed_us / 1e6) : 0;
}

/* The first minute of the window. */
static int64_t window_from(unsigned minutes, int64_t now_us)
{
    return now_us / MINUTE_US - (int64_t)minutes + 1;
}

/* What was done in the latest minutes. */
static struct rate_work window_work(const struct rate *rate, enum rate_kind kind, unsigned minutes,
                                    int64_t now_us)
{
    int64_t last = now_us / MINUTE_US, from = window_from(minutes, now_us);
    struct rate_work work = {0};
    for (int64_t minute = from > 0 ? from : 0; minute <= last; minute++) {
        const struct rate_bucket *bucket = &rate->buckets[kind][minute % RATE_MINUTES];
        if (minute > rate->minute || rate->minute - minute >= RATE_MINUTES)
            continue;
        work.hashes += (double)bucket->hashes;
        work.shares += bucket->shares;
    }
    return work;
}

double rate_over(const struct rate *rate, enum rate_kind kind, unsigned minutes, int64_t first_us,
                 int64_t now_us)
{
    int64_t start_us = window_from(minutes, now_us) * MINUTE_US;
    return rate_of(window_work(rate, kind, minutes, now_us).hashes, start_us > first_us ? start_us : first_us,
                   now_us);
}

uint64_t rate_shares(const struct rate *rate, enum rate_kind kind, unsigned minutes, int64_t now_us)
{
    return window_work(rate, kind, minutes, now_us).shares;
}

double rate_error(uint64_t shares)
{
    return shares > 0 ? 1 / sqrt((double)shares) : 0;
}

double rate_upper(double work, int64_t first_us, int64_t now_us)
{
    return now_us - first_us >= SILENCE_US ? 3 * rate_of(work, first_us, now_us) : 0;
}
