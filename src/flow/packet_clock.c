// SPDX-License-Identifier: Apache-2.0
#include "flow/packet_clock.h"

#include <stdlib.h>

enum { STEP_PACKETS = 3 }; /* packets in a row that make the clock step */

static enum packet_clock_move set(struct packet_clock *clock, int64_t time_us)
{
    bool back = clock->started && time_us < clock->now_us;
    bool began = !clock->started || back;
    if (back) {
        clock->steps_back++;
        clock->from_us = clock->now_us;
        clock->to_us = time_us;
    }
    clock->started = true;
    clock->now_us = time_us;
    clock->step_packets = 0;
    return began ? PACKET_CLOCK_BEGAN : PACKET_CLOCK_FOLLOWED;
}

enum packet_clock_move packet_clock_consider(struct packet_clock *clock, int64_t time_us)
{
    if (!clock->started)
        return set(clock, time_us);
    bool ahead = time_us > clock->now_us;
    if (!ahead && clock->now_us - time_us <= PACKET_CLOCK_STEP_US) {
        clock->step_packets = 0;
        return PACKET_CLOCK_FOLLOWED;
    }
    if (clock->step_packets == 0 || ahead != (clock->step_packets > 0)) {
        clock->step_packets = 0;
        clock->step_us = time_us;
    }
    clock->step_packets += ahead ? 1 : -1;
    if (ahead ? time_us < clock->step_us : time_us > clock->step_us)
        clock->step_us = time_us;
    if (abs(clock->step_packets) < STEP_PACKETS)
        return PACKET_CLOCK_FOLLOWED;
    return set(clock, clock->step_us);
}
