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

#endif
