// SPDX-License-Identifier: Apache-2.0
/*
 * What the packets of a flow say of its beginning and its end. Only for flow_table.c, inline as it is asked
 * for each packet.
 */
#ifndef FLOW_HANDSHAKE_H
#define FLOW_HANDSHAKE_H

#include "decode/packet.h"
#include "flow/flow.h"

enum { OPENING_FLAGS = TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN };

static inline bool is_syn(const struct packet *packet)
{
    return packet->protocol == PROTOCOL_TCP && (packet->tcp_flags & OPENING_FLAGS) == TCP_SYN;
}

static inline bool is_syn_ack(const struct packet *packet)
{
    return packet->protocol == PROTOCOL_TCP && (packet->tcp_flags & OPENING_FLAGS) == (TCP_SYN | TCP_ACK);
}

/* Whether the sender of a flow's first packet is its client. */
static inline bool source_is_client(const struct packet *packet)
{
    enum { WELL_KNOWN_PORTS = 1024 }; /* RFC 6335, section 6: system ports */
    uint16_t source = packet->source_port, destination = packet->destination_port;
    if (is_syn(packet))
        return true;
    if (is_syn_ack(packet))
        return false;
    if (packet->protocol == PROTOCOL_TCP)
        return source >= destination;
    return source >= WELL_KNOWN_PORTS || destination < WELL_KNOWN_PORTS;
}

/* Whether the packet opens the next connection between the same ports. */
static inline bool is_reuse(const struct flow *flow, const struct packet *packet)
{
    return flow->state == FLOW_CLOSED && is_syn(packet);
}

static inline bool is_closing(const struct flow *flow)
{
    uint8_t either = flow->tcp_flags[TO_SERVER] | flow->tcp_flags[TO_CLIENT];
    return (either & TCP_RST) != 0 ||
           (flow->tcp_flags[TO_SERVER] & flow->tcp_flags[TO_CLIENT] & TCP_FIN) != 0;
}

/* Keeps the flags and the number of the first byte. True: the flow is closed now, and was not before. */
static inline bool note_tcp(struct flow *flow, const struct packet *packet, enum direction direction)
{
    uint8_t flags = packet->tcp_flags, before = flow->tcp_flags[direction];
    if (flow->state == FLOW_ESTABLISHED && (flags & (TCP_SYN | TCP_RST | TCP_FIN)) == 0) {
        flow->tcp_flags[direction] = before | flags; /* most packets */
        return false;
    }
    /* a repeated SYN may choose anew while nothing was exchanged; afterwards the first stands */
    if ((flags & TCP_SYN) != 0 && ((before & TCP_SYN) == 0 || flow->state == FLOW_NEW))
        flow->tcp_start[direction] = packet->tcp_sequence + 1;
    flow->tcp_flags[direction] = before | flags;
    if (flow->state == FLOW_CLOSED) {
        if (packet->payload_length > 0 && (before & TCP_RST) != 0 && (flags & TCP_RST) == 0)
            flow->state = FLOW_ESTABLISHED; /* who really sent a RST has nothing more to say */
        return false;
    }
    bool closes = (flags & (TCP_RST | TCP_FIN)) != 0 && is_closing(flow) &&
                  ((flags & TCP_RST) != 0 || (before & TCP_FIN) == 0);
    if (closes)
        flow->state = FLOW_CLOSED;
    return closes;
}

#endif
