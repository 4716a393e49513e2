// SPDX-License-Identifier: Apache-2.0
/*
 * How long a flow is silent, by the clock of the packets. Only for flow_table.c.
 *
 * Without a packet of the flow's own this never becomes less, whatever the clock does. So it does not matter
 * who asks whether the flow timed out, and when: the wheel, which is late at times, or the flow's next
 * packet.
 */
#ifndef FLOW_FLOW_SILENCE_H
#define FLOW_FLOW_SILENCE_H

#include "flow/flow.h"
#include "flow/packet_clock.h"

/* Where the clock stood at the flow's latest packet. What is ahead of it is taken at its word: it may be the
 * first to say where the clock will step to. */
static inline int64_t flow_seen_us(const struct flow *flow)
{
    return flow->last_us + (flow->late ? flow->late_s * PACKET_CLOCK_SECOND_US : 0);
}

/* The clock is at `now_us`, or would be. A flow from before its latest step back was silent until then, and
 * has its whole timeout once more; one from before two of them, for ever. */
static inline int64_t flow_silence_us(const struct flow *flow, const struct packet_clock *clock,
                                      int64_t now_us)
{
    if (flow->epoch == (uint16_t)clock->steps_back)
        return now_us - flow_seen_us(flow);
    if (flow->epoch != (uint16_t)(clock->steps_back - 1))
        return INT64_MAX;
    int64_t before_us = clock->from_us - flow_seen_us(flow), since_us = now_us - clock->to_us;
    return before_us > since_us ? before_us : since_us;
}

/* After a packet of the flow, which had this time, was counted. What packet_clock_tick() follows is not late.
 */
static inline void flow_note_clock(struct flow *flow, const struct packet_clock *clock, int64_t time_us)
{
    flow->epoch = (uint16_t)clock->steps_back;
    if (clock->now_us - time_us < PACKET_CLOCK_SECOND_US)
        return;
    int64_t late_s = (clock->now_us - time_us) / PACKET_CLOCK_SECOND_US;
    flow->late_s = late_s > UINT32_MAX ? UINT32_MAX : (uint32_t)late_s;
    flow->late = true;
}

#endif
