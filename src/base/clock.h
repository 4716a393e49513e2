// SPDX-License-Identifier: Apache-2.0
/* The machine's clocks. What packets say of time is elsewhere: flow/packet_clock.h. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Microseconds of a clock of clock_gettime(2), as CLOCK_REALTIME: since 1970; CLOCK_MONOTONIC: since some
 * moment. */
static inline int64_t clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The moment `ms` from now (0 or more), for calls that wait until then. */
static inline struct timespec clock_after(clockid_t clock, int64_t ms)
{
    int64_t then_us = clock_us(clock) + ms * 1000;
    return (struct timespec){.tv_sec = (time_t)(then_us / 1000000),
                             .tv_nsec = (long)(then_us % 1000000 * 1000)};
}

#endif
