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
    DECODE_RESULT_COUNT
};

enum { DECODE_MAX_LAYERS = 32 };

struct decode_limits {
    uint32_t fragment_bytes;      /* memory for all waiting fragments together; default 4 MiB */
    uint32_t fragment_timeout_ms; /* by packet time; default 30000 (RFC 791 and 8200 say 15 s and 60 s) */
};

struct decode_statistics {
    uint64_t results[DECODE_RESULT_COUNT];
    uint64_t ipv4, ipv6, tcp, udp, icmp, other, vlan; /* of results[DECODE_PACKET] */
    uint64_t fragments;                               /* fragments seen */
    uint64_t fragments_joined;                        /* datagrams put together */
    uint64_t fragments_dropped;     /* for age, overlap, a cut frame, or because the memory was full */
    uint64_t fragments_overlapping; /* datagrams given up because two fragments claim the same bytes */
};

/* Takes all memory it will ever need; NULL where there is too little. */
struct decoder *decoder_create(const struct decode_limits *limits, struct error *error);
void decoder_free(struct decoder *decoder);

/* Never allocates, never logs. `frame` must stay valid as long as `packet` is used. */
enum decode_result decode(struct decoder *decoder, const struct frame *frame, struct packet *packet);

const struct decode_statistics *decoder_statistics(const struct decoder *decoder);

/* Whether frames of this LINKTYPE_ can be decoded at all. */
bool decode_supports_link_type(uint16_t link_type);

/* Writes the names of the layers in the table, comma-separated, for --build-info. Returns the length of the
 * whole list; `text` holds less (but always ends in NUL) where that is not below `size`. */
size_t decode_list_layers(char *text, size_t size);

#endif
