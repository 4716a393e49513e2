// SPDX-License-Identifier: Apache-2.0
/*
 * From frame to packet: takes one header after another off the frame, as layers.def lists them, until TCP,
 * UDP or a protocol that carries nothing to look into. A decoder belongs to one thread.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "base/error.h"
#include "decode/packet.h"

struct decoder;

enum decode_result {
    DECODE_PACKET,    /* an IP packet; all fields are set */
    DECODE_HELD,      /* a fragment that waits for others */
    DECODE_NO_IP,     /* ARP, LLDP, 802.11 and so on: well formed as far as one can tell, nothing to track */
    DECODE_TRUNCATED, /* the frame ends inside a header, or inside a fragment */
    DECODE_MALFORMED, /* a header contradicts itself or another one; fragments that overlap */
    DECODE_TOO_DEEP,  /* more than DECODE_MAX_LAYERS headers */
    DECODE_UNSUPPORTED, /* a link type that no layer knows */
    DECODE_OTHERS,      /* another worker's, which only decoding could tell: see decode/share.h */
    DECODE_RESULT_COUNT
};

/* Each of TUNNEL_MAX_DEPTH tunnels may bring Ethernet, tags, IP with extension headers, UDP and its own
 * header. */
enum { DECODE_MAX_LAYERS = 128, DECODE_MAX_KINDS = 48 };

/* Which identifiers of tunnels make packets with the same addresses belong to different flows. */
enum decode_tenant {
    TENANT_AUTO, /* those that tell tenants apart, see enum tunnel_identifier */
    TENANT_NONE,
    TENANT_ANY, /* every identifier */
};

/* At this UDP port stands this tunnel. */
struct decode_port {
    char layer[16]; /* its name, such as "vxlan" */
    uint16_t port;
};

/* Reads "vxlan:4789". False where that names no tunnel over UDP that geophone knows, or no port. */
bool decode_port_parse(const char *text, struct decode_port *port, struct error *error);

struct decode_options {
    uint32_t fragment_bytes;      /* memory for all waiting fragments together; default 4 MiB */
    uint32_t fragment_timeout_ms; /* by packet time; default 30000 (RFC 791 and 8200 say 15 s and 60 s) */
    enum decode_tenant tenant;
    uint8_t share,
        shares; /* which of so many decoders of the same frames this is; 0 or 1 `shares`: the only one */
    uint64_t share_secret;           /* the same in all of them */
    const struct decode_port *ports; /* of tunnels over UDP; NULL: those that layers.def names by itself */
    size_t port_count;
};

struct decode_statistics {
    uint64_t
        layers[DECODE_MAX_KINDS]; /* headers of tunnels, by place in layers.def: see decode_layer_name() */
    uint64_t tunnelled;           /* packets that came in a tunnel */
    uint64_t tunnels_refused;     /* of them those whose way was not kept: TUNNEL_MAX_WAYS are known */
    uint64_t tunnels;             /* ways known */
    uint64_t results[DECODE_RESULT_COUNT];
    uint64_t ipv4, ipv6, tcp, udp, icmp, other, vlan; /* of results[DECODE_PACKET] */
    uint64_t fragments;                               /* fragments seen */
    uint64_t fragments_joined;                        /* datagrams put together */
    uint64_t fragments_dropped;     /* for age, overlap, a cut frame, or because the memory was full */
    uint64_t fragments_overlapping; /* datagrams given up because two fragments claim the same bytes */
};

/* NULL where there is too little memory. Copies what `options` points at. */
struct decoder *decoder_create(const struct decode_options *options, struct error *error);
void decoder_free(struct decoder *decoder);

/* Allocates only where it meets a new way through tunnels; never logs. `frame` must stay valid as long as
 * `packet` is used. */
enum decode_result decode(struct decoder *decoder, const struct frame *frame, struct packet *packet);

/* Up to date. With shares, those of all decoders add up to what one would have. */
const struct decode_statistics *decoder_statistics(struct decoder *decoder);

/* The ways through tunnels that were met. */
const struct tunnel_table *decoder_tunnels(const struct decoder *decoder);

/* Name of the layer at `place` of layers.def, and whether it is a tunnel; NULL behind the last. */
const char *decode_layer_name(size_t place, bool *is_tunnel);

/* Whether frames of this LINKTYPE_ can be decoded at all. */
bool decode_supports_link_type(uint16_t link_type);

/* Writes the names of the layers in the table, comma-separated, for --build-info. Returns the length of the
 * whole list; `text` holds less (but always ends in NUL) where that is not below `size`. */
size_t decode_list_layers(char *text, size_t size);

#endif
