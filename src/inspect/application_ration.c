// SPDX-License-Identifier: Apache-2.0
#include "inspect/application_ration.h"

#include "base/siphash.h"

#include <time.h>

enum {
    FREE_FRAMES = 16384, /* files: small ones are told in full */
    ONE_IN = 32,         /* files: of the flows behind them */
    LEAST = 1024,        /* live: one in so many is still asked about; behind that none */
    BUSY_PERCENT = 50,   /* of a core: above it, half as many flows; below IDLE_PERCENT, twice as many */
    IDLE_PERCENT = 25,
    MEASURED = 16, /* one call in so many, not the first: asking for the time costs as well */
};
#define LOOK_EVERY_NS INT64_C(1000000000)

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t application_thread_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

/* What asking for the time takes: as much as a tenth of a call of nDPI. */
static int64_t clock_cost_ns(void)
{
    enum { TRIES = 8 };
    int64_t least = INT64_MAX;
    for (int i = 0; i < TRIES; i++) {
        int64_t begun = application_thread_ns(), took = application_thread_ns() - begun;
        least = took < least ? took : least;
    }
    return least;
}

void application_ration_init(struct application_ration *ration, bool limited, bool live)
{
    *ration = (struct application_ration){.limited = limited,
                                          .live = live,
                                          .one_in = limited && !live ? ONE_IN : 1,
                                          .clock_ns = clock_cost_ns()};
}

bool application_ration_allows(const struct application_ration *ration, const struct flow_key *key,
                               uint64_t frame)
{
    /* no secret: the same flows in each run, and who evades this is only not named */
    static const uint8_t known[16];
    if (ration->one_in <= 1 || (!ration->live && frame < FREE_FRAMES))
        return ration->one_in != 0;
    return siphash(known, key, sizeof *key) % ration->one_in == 0;
}

void application_ration_adapt(struct application_ration *ration)
{
    int64_t wall_ns = ration->limited && ration->live ? read_clock(CLOCK_MONOTONIC) : 0;
    int64_t passed_ns = wall_ns - ration->wall_ns;
    if (passed_ns < LOOK_EVERY_NS)
        return;
    int64_t busy_ns = application_thread_ns();
    int64_t percent = (busy_ns - ration->busy_ns) / (passed_ns / 100);
    bool first = ration->wall_ns == 0;
    ration->busy_ns = busy_ns;
    ration->wall_ns = wall_ns;
    if (first)
        return;
    if (percent > BUSY_PERCENT)
        ration->one_in = ration->one_in == 0 || ration->one_in >= LEAST ? 0 : ration->one_in * 2;
    else if (percent < IDLE_PERCENT)
        ration->one_in = ration->one_in == 0 ? LEAST : ration->one_in > 1 ? ration->one_in / 2 : 1;
}

void application_ration_begin(struct application_ration *ration)
{
    ration->begun_ns = ++ration->calls % MEASURED == 0 ? application_thread_ns() : 0;
}

void application_ration_end(struct application_ration *ration)
{
    if (ration->begun_ns == 0)
        return;
    int64_t took_ns = application_thread_ns() - ration->begun_ns - ration->clock_ns;
    ration->spent_ns += took_ns > 0 ? (uint64_t)took_ns * MEASURED : 0;
}
