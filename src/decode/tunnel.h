// SPDX-License-Identifier: Apache-2.0
/*
 * The tunnels that a packet came in: what each says of itself, outermost first. Mirrors wrap what they copy
 * (VXLAN, GENEVE, ERSPAN, TZSP), and what they copy may be wrapped already.
 *
 * Millions of packets come the same way, so a way is kept once, in a table of the decoder, and packets and
 * flows point at it. What differs from flow to flow (outer source ports, sequence numbers, flow cookies) is
 * no part of it. A way is never changed and never freed before its table, so that any thread may read it.
 */
#ifndef DECODE_TUNNEL_H
#define DECODE_TUNNEL_H

#include "base/address.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TUNNEL_MAX_DEPTH = 16,
    TUNNEL_MAX_WAYS = 65536, /* ways that a table keeps; some 200 bytes each */
};

/* What the identifier of a tunnel is called, and whether it tells tenants apart: two tenants may use the same
 * addresses. */
enum tunnel_identifier {
    TUNNEL_NO_IDENTIFIER,
    TUNNEL_VNI,     /* VXLAN, GENEVE: 24 bits; tells tenants apart */
    TUNNEL_VSID,    /* NVGRE: 24 bits; tells tenants apart */
    TUNNEL_NETWORK, /* Google's network identifier in a GENEVE option: 28 bits; tells tenants apart */
    TUNNEL_KEY,     /* GRE: 32 bits */
    TUNNEL_SESSION, /* ERSPAN: 10 bits; may differ between the directions of a flow */
    TUNNEL_TEID,    /* GTP-U: 32 bits; differs between the directions of a flow */
    TUNNEL_IDENTIFIER_COUNT
};

/* As the mirror says: Google means that of the mirrored machine, ERSPAN that of the switch's port. */
enum tunnel_direction { TUNNEL_DIRECTION_UNKNOWN, TUNNEL_INGRESS, TUNNEL_EGRESS };

/* One tunnel. No padding: compared and hashed as bytes. */
struct tunnel_level {
    const char *type;            /* name of its layer, such as "vxlan"; lives for ever */
    uint64_t gateway_endpoint;   /* AWS and Tencent load balancers: the endpoint's interface; 0: unknown */
    uint64_t gateway_attachment; /* the same: the attachment; 0: unknown */
    struct address source, destination; /* of the IP header before it; all zero where it stands on no IP */
    uint32_t identifier;
    uint16_t vlans[2];         /* of the frame around it, outermost first; 0: none */
    uint16_t destination_port; /* of the UDP header before it; 0: not over UDP */
    uint8_t ip_version;        /* of the IP header before it; 0: none */
    uint8_t protocol;          /* IP protocol number of what carries it: 17 for VXLAN, 47 for GRE */
    uint8_t identifier_kind;   /* enum tunnel_identifier */
    uint8_t direction;         /* enum tunnel_direction */
    uint8_t reserved[2];       /* 0 */
};
_Static_assert(sizeof(struct tunnel_level) == 8 + 8 + 8 + 32 + 4 + 4 + 2 + 4 + 2,
               "hashed as bytes: no padding");

/* A way through tunnels. */
struct tunnel {
    uint32_t depth;                  /* of `levels`; 1 to TUNNEL_MAX_DEPTH */
    uint32_t hash;                   /* of the levels, with the table's secret */
    struct tunnel *next;             /* in the bucket */
    _Atomic uint64_t packets, bytes; /* that came this way; written by the decoder's thread only */
    struct tunnel_level levels[];    /* outermost first */
};

static inline const struct tunnel_level *tunnel_innermost(const struct tunnel *tunnel)
{
    return &tunnel->levels[tunnel->depth - 1];
}

/* "vni", "session" and so on, as events name it; NULL for TUNNEL_NO_IDENTIFIER. */
const char *tunnel_identifier_name(uint8_t kind);

struct tunnel_table;

/* NULL where memory ran out. Belongs to one thread, except for tunnel_table_each(). */
struct tunnel_table *tunnel_table_create(void);
void tunnel_table_free(struct tunnel_table *table);

/* The way of these levels, made where it is new, with a packet of `bytes` counted. NULL where TUNNEL_MAX_WAYS
 * are known already, or memory ran out: counted. */
const struct tunnel *tunnel_table_take(struct tunnel_table *table, const struct tunnel_level *levels,
                                       uint32_t depth, uint32_t bytes);

uint32_t tunnel_table_count(const struct tunnel_table *table);   /* ways known */
uint64_t tunnel_table_refused(const struct tunnel_table *table); /* packets whose way was not kept */

/* The ways in the order of their first packets: `index` below tunnel_table_count(). Any thread may ask. */
const struct tunnel *tunnel_table_at(const struct tunnel_table *table, uint32_t index);

#endif
