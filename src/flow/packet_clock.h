// SPDX-License-Identifier: Apache-2.0
/*
 * The time of the packets, as the rules in flow_table.h have it: it follows them, and single odd time stamps
 * do not move it.
 */
#ifndef FLOW_PACKET_CLOCK_H
#define FLOW_PACKET_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define PACKET_CLOCK_SECOND_US INT64_C(1000000)
#define PACKET_CLOCK_STEP_US                                                                                 \
    (60 * PACKET_CLOCK_SECOND_US) /* what is further away is odd until others say the same */

#define PACKET_CLOCK_UNSET_US (-2 * PACKET_CLOCK_STEP_US) /* near to no sane time */

struct packet_clock {
    int64_t now_us, latest_us; /* the clock, at first UNSET; time of the latest packet, whatever it was */
    int64_t from_us, to_us;    /* of the latest step back */
    int64_t step_us;           /* where the clock steps to when enough packets say so */
    int step_packets;          /* in a row, all ahead; negative: all behind */
    bool started;
    uint64_t steps_back; /* how often it went back */
};

enum packet_clock_move {
    PACKET_CLOCK_FOLLOWED,
    PACKET_CLOCK_BEGAN, /* with this packet, or with a step back */
};

/* Time stamps come from files: kept where sums with timeouts do not overflow. */
static inline int64_t packet_clock_sane(int64_t time_us)
{
    const int64_t max_us = INT64_C(1) << 60; /* the year 38505 */
    if ((uint64_t)time_us <= (uint64_t)max_us)
        return time_us;
    return time_us < 0 ? 0 : max_us;
}

/* A time that packet_clock_tick() left. */
enum packet_clock_move packet_clock_consider(struct packet_clock *clock, int64_t time_us);

/* Follows what is near and not late, as nearly all is, and a sane time; false: packet_clock_follow() is to
 * decide. */
static inline bool packet_clock_tick(struct packet_clock *clock, int64_t time_us)
{
    const int64_t late_us = PACKET_CLOCK_SECOND_US - 1;
    int64_t ahead = (int64_t)((uint64_t)time_us - (uint64_t)clock->now_us);
    if ((uint64_t)(ahead + late_us) > (uint64_t)(late_us + PACKET_CLOCK_STEP_US) ||
        time_us != packet_clock_sane(time_us))
        return false;
    clock->latest_us = time_us;
    clock->step_packets = 0;
    if (ahead > 0)
        clock->now_us = time_us;
    return true;
}

/* `time_us` is a sane one. */
static inline enum packet_clock_move packet_clock_follow(struct packet_clock *clock, int64_t time_us)
{
    if (packet_clock_tick(clock, time_us))
        return PACKET_CLOCK_FOLLOWED;
    clock->latest_us = time_us;
    return packet_clock_consider(clock, time_us);
}

#endif
