// SPDX-License-Identifier: Apache-2.0
/*
 * What is counted of a flow. Only for flow_table.c, inline as it is done for each packet.
 */
#ifndef FLOW_FLOW_COUNT_H
#define FLOW_FLOW_COUNT_H

#include "flow/handshake.h"

static inline void flow_count_tunnel(struct flow *flow, const struct packet *packet, enum direction direction)
{
    flow->tunnels[direction] = packet->tunnel;
    if (flow->cookie == 0)
        flow->cookie = packet->flow_cookie;
}

/* True: the flow is closed now, and was not before. `time_us` is a sane one. */
static inline bool flow_count(struct flow *flow, const struct packet *packet, enum direction direction,
                              int64_t time_us)
{
    if (packet->tunnel != NULL && flow->tunnels[direction] == NULL)
        flow_count_tunnel(flow, packet, direction);
    flow->bytes[direction] += packet->inner.length;
    flow->packets[direction] += flow->packets[direction] != UINT32_MAX;
    if (time_us < flow->last_us && time_us < flow->first_us)
        flow->first_us = time_us;
    flow->last_us = time_us;
    flow->late = false;
    if (flow->state == FLOW_NEW && flow->packets[TO_SERVER] > 0 && flow->packets[TO_CLIENT] > 0)
        flow->state = FLOW_ESTABLISHED;
    return packet->protocol == PROTOCOL_TCP && note_tcp(flow, packet, direction);
}

/* Connections that nobody answered are one-sided by themselves: only what was acknowledged counts. */
static inline bool flow_has_sides(const struct flow *flow)
{
    enum { ENOUGH = 4 };
    uint64_t packets = (uint64_t)flow->packets[TO_SERVER] + flow->packets[TO_CLIENT];
    uint8_t flags = flow->tcp_flags[TO_SERVER] | flow->tcp_flags[TO_CLIENT];
    return flow->key.protocol == PROTOCOL_TCP && packets >= ENOUGH && (flags & TCP_ACK) != 0;
}

#endif
