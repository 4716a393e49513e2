// SPDX-License-Identifier: Apache-2.0
/*
 * What leaves the packet path about a flow: a copy, from the client's point of view.
 */
#ifndef FLOW_FLOW_RECORD_H
#define FLOW_FLOW_RECORD_H

#include "flow/flow.h"

struct flow_record {
    uint64_t id;
    struct address client, server; /* the client opened the flow, where that is known (see midstream) */
    uint16_t client_port, server_port;
    uint8_t protocol, ip_version;
    uint8_t state;     /* enum flow_state */
    bool midstream;    /* the opening was not seen: client and server are a guess */
    uint16_t vlans[2]; /* outermost first; 0: none */
    uint32_t cookie;   /* of a gateway load balancer; 0: none */
    const struct tunnel
        *tunnels[2]; /* by direction; NULL: none, or not seen; never freed while the sensor runs */
    uint16_t source; /* frame.source */
    uint16_t application;
    uint8_t tcp_flags[2];
    bool mining; /* mining was recognised in it */
    bool noted;  /* reports of other types told of it: the verdict thread may keep something of it */
    bool ended;  /* false: the flow goes on, this is an interim record */
    bool later;  /* not the first record of this flow: its counters hold what those told */
    uint8_t why; /* enum flow_end, where ended */
    uint32_t packets[2];
    uint64_t bytes[2];
    int64_t first_us, last_us;
};

/* Says nothing of its end. All members stand here: nothing need be cleared before. */
static inline void flow_record_fill(struct flow_record *record, const struct flow *flow)
{
    *record = (struct flow_record){
        .id = flow->id,
        .client = *flow_client(flow),
        .server = *flow_server(flow),
        .client_port = flow_client_port(flow),
        .server_port = flow_server_port(flow),
        .protocol = flow->key.protocol,
        .ip_version = flow->key.ip_version,
        .state = flow->state,
        .midstream = flow->midstream,
        .vlans = {flow->vlans[0], flow->vlans[1]},
        .cookie = flow->cookie,
        .tunnels = {flow->tunnels[0], flow->tunnels[1]},
        .source = flow->source,
        .application = flow->application,
        .tcp_flags = {flow->tcp_flags[0], flow->tcp_flags[1]},
        .mining = flow->protected_,
        .noted = flow->noted,
        .ended = false,
        .later = flow->reported,
        .why = 0,
        .packets = {flow->packets[0], flow->packets[1]},
        .bytes = {flow->bytes[0], flow->bytes[1]},
        .first_us = flow->first_us,
        .last_us = flow->last_us,
    };
}

#endif
