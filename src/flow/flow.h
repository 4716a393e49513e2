// SPDX-License-Identifier: Apache-2.0
/*
 * A flow: both directions of one conversation between two endpoints, and what is counted of it.
 */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "base/address.h"
#include "decode/tunnel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum direction {
    TO_SERVER, /* sent by the client */
    TO_CLIENT, /* sent by the server */
};

static inline enum direction direction_reverse(enum direction direction)
{
    return direction == TO_SERVER ? TO_CLIENT : TO_SERVER;
}

/* What makes packets belong to one flow. The endpoint that sorts first (address, then port) is `low`, so that
 * both directions have the same key. No padding: the bytes are hashed and compared as a whole. */
struct flow_key {
    struct address low, high;
    uint16_t low_port, high_port;
    uint8_t protocol;   /* IP protocol number */
    uint8_t ip_version; /* 4 or 6 */
    uint16_t vlans[2];  /* 0: none; both 0 with VLAN_IGNORED */
    uint16_t reserved;  /* 0 */
    uint32_t tenant;    /* packet.tenant */
};
_Static_assert(sizeof(struct flow_key) == 48, "the key is hashed as bytes: no padding");

enum flow_state {
    FLOW_NEW,         /* packets of one direction only */
    FLOW_ESTABLISHED, /* packets of both directions */
    FLOW_CLOSED,      /* TCP: RST, or FIN from both sides */
};

enum flow_end {
    FLOW_END_TIMEOUT,
    FLOW_END_EVICTED,  /* made room for another flow */
    FLOW_END_SHUTDOWN, /* the sensor stops or the capture is read */
};

enum flow_spoke { FLOW_SPOKE_TEXT = 1, FLOW_SPOKE_BYTES = 2 }; /* both may be */

struct inspection; /* of inspect/: what is being found out about a flow */
struct streams;    /* of flow/reassembly.c: the TCP bytes of both directions in order */

/* Laid out by how often a part is touched: what finds the flow, what each packet counts, what its beginning
 * and end need. Each part is a cache line, as the flow table aligns its flows to them. */
struct flow {
    struct flow_key key;
    uint64_t hash;   /* of the key, where VLANs may be left out without them, with the table's secret */
    int64_t last_us; /* time of the latest packet, microseconds since 1970 */

    uint64_t bytes[2];             /* by direction; on the wire, with headers below IP */
    uint32_t packets[2];           /* by direction; stay at UINT32_MAX once there */
    struct inspection *inspection; /* NULL: not begun, or dismissed; owned by inspect/ */
    struct streams *streams;       /* NULL: no reassembly; owned by the reassembler */
    uint64_t id;                   /* unique in a run of the sensor; not 0 */
    uint16_t application;          /* of inspect/application.h; 0: unknown */
    uint16_t source;               /* frame.source of the first packet */
    uint8_t tcp_flags[2];          /* by direction, all seen so far */
    uint8_t state;                 /* enum flow_state */
    bool client_is_low;            /* which endpoint of the key is the client */
    bool midstream;                /* TCP whose SYN was not seen */
    bool protected_;               /* mining was recognised: never evicted, long timeout */
    bool dismissed;                /* inspect/ has seen enough: packets are only counted */
    bool late;                     /* flow_table.c: late_s counts */
    uint16_t epoch;                /* flow_table.c: steps back of the clock before its latest packet */
    uint16_t report_due;           /* when the next interim record leaves, in flow_report_time()'s units */

    int64_t first_us;                    /* never after last_us */
    uint32_t wheel_next, wheel_previous; /* flow_table.c: the timing wheel */
    uint32_t tcp_start[2]; /* by direction: sequence number of the first byte, where tcp_flags have TCP_SYN */
    uint16_t vlans[2];     /* of the first packet, outermost first; 0: none */
    uint16_t wheel_slot;
    bool inspected : 1;              /* inspect/ has counted it */
    bool reported : 1;               /* a record of this flow left already: it is long-lived */
    uint8_t revivals;                /* inspect/: how often it came back after it was dismissed */
    uint32_t cookie;                 /* packet.flow_cookie; 0: none */
    uint32_t chain_next;             /* flow_index.c: next flow of the bucket's chain */
    const struct tunnel *tunnels[2]; /* by direction: the way of its first packet; NULL: none */
    uint8_t spoke[2];                /* inspect/: by direction: enum flow_spoke of what nobody could read */
    bool noted;                      /* inspect/: the verdict thread was told more of it than its records */
    bool streams_refused;            /* reassembly.c: counted as refused */
    uint32_t late_s;                 /* flow_table.c: how far its latest packet was behind the clock */
};
_Static_assert(sizeof(struct flow) == 192, "the tracked flow is three cache lines");
_Static_assert(offsetof(struct flow, bytes) == 64 && offsetof(struct flow, first_us) == 128,
               "each part of the flow is a cache line");

/* Units of some four seconds, in 16 bits that wrap after three days: the longest interval is a day. */
static inline uint16_t flow_report_time(int64_t time_us)
{
    return (uint16_t)(time_us >> 22);
}

static inline const struct address *flow_client(const struct flow *flow)
{
    return flow->client_is_low ? &flow->key.low : &flow->key.high;
}

static inline const struct address *flow_server(const struct flow *flow)
{
    return flow->client_is_low ? &flow->key.high : &flow->key.low;
}

static inline uint16_t flow_client_port(const struct flow *flow)
{
    return flow->client_is_low ? flow->key.low_port : flow->key.high_port;
}

static inline uint16_t flow_server_port(const struct flow *flow)
{
    return flow->client_is_low ? flow->key.high_port : flow->key.low_port;
}

#endif
