// SPDX-License-Identifier: Apache-2.0
/*
 * Hash rate from shares: work per minute of the latest hour, and what it means over a window. Shares are a
 * Poisson process, so n of them tell the rate with a relative standard error of 1/sqrt(n); where none came,
 * three shares' work is what was not exceeded, at 95 % (exp(-3) = 0.05).
 */
#ifndef VERDICT_RATE_H
#define VERDICT_RATE_H

#include <stdbool.h>
#include <stdint.h>

enum { RATE_MINUTES = 60 };

/* Work sent and work accepted: which one counts turns out once an answer is seen. */
enum rate_kind { RATE_SUBMITTED, RATE_ACCEPTED, RATE_KINDS };

struct rate_work {
    double hashes;
    uint64_t shares;
};

struct rate {
    int64_t minute; /* the latest one that has a bucket, since 1970; 0: none */
    struct rate_bucket {
        float hashes;
        uint32_t shares;
    } buckets[RATE_KINDS][RATE_MINUTES]; /* by minute modulo 60 */
    struct rate_work all[RATE_KINDS];
};

/* Adds work that was seen up to `time_us`; what is older than the hour counts for the total only. */
void rate_add(struct rate *rate, enum rate_kind kind, int64_t time_us, double hashes, uint64_t shares);

/* What was added is worth `difference` hashes more (or less) than it was taken for: the windows follow in
 * proportion. */
void rate_correct(struct rate *rate, enum rate_kind kind, double difference);

/* Hashes per second over the latest `minutes` (1 to 60) before `now_us`, or since `first_us` where that is
 * later; 0 where there was no work or less than a second to measure over. */
double rate_over(const struct rate *rate, enum rate_kind kind, unsigned minutes, int64_t first_us,
                 int64_t now_us);

/* Shares in the same time: what the error of that rate follows from. */
uint64_t rate_shares(const struct rate *rate, enum rate_kind kind, unsigned minutes, int64_t now_us);

/* The rate over the whole time. */
double rate_of(double hashes, int64_t first_us, int64_t now_us);

double rate_error(uint64_t shares); /* relative, one standard deviation; 0 for no shares */

/* What the rate is below, at 95 %, where no share of `work` hashes came; 0 where the time is too short to
 * say. */
double rate_upper(double work, int64_t first_us, int64_t now_us);

#endif
