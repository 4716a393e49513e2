// SPDX-License-Identifier: Apache-2.0
/*
 * What the layers share while one frame is decoded. Only for files of this folder.
 */
#ifndef DECODE_DECODER_H
#define DECODE_DECODER_H

#include "decode/decode.h"
#include "decode/fragment_table.h"
#include "decode/layer.h"

enum { NUMBERS = 65536 };

struct decoder {
    struct decode_statistics statistics;
    struct tunnel_table *tunnels;
    enum decode_tenant tenant;
    uint8_t share, shares;
    uint64_t share_secret;
    uint8_t trail[DECODE_MAX_LAYERS]; /* places of the tunnels that this packet has */
    uint32_t trail_length;
    uint32_t depth;                               /* tunnels met in this packet */
    struct tunnel_level levels[TUNNEL_MAX_DEPTH]; /* outermost first */
    struct fragment_table *fragments;
    /* Bytes that the headers so far promise behind the end of the cursor: more than 0 where the frame was
     * cut. */
    uint32_t missing;
    /* Which layer a number announces: its place in the table plus 1, 0 for none. Few of these pages are ever
     * touched. */
    uint8_t layer_of[NUMBERING_COUNT][NUMBERS];
    /* A bit for each UDP port that has a layer: asked for nearly each datagram, at ports all over, and a
     * core's first cache holds this much of it. */
    uint64_t tunnel_ports[NUMBERS / 64];
};

static inline bool decoder_has_tunnel_at(const struct decoder *decoder, uint16_t udp_port)
{
    return (decoder->tunnel_ports[udp_port / 64] >> udp_port % 64 & 1) != 0;
}

/* What tells apart tenants with the same addresses, by the tunnels met so far; 0: nothing does. */
uint32_t decoder_tenant(const struct decoder *decoder);

/* The answer of a last layer. */
static inline struct next next_none(enum decode_result result)
{
    return (struct next){NUMBERING_NONE, (uint16_t)result};
}

static inline struct next next_ethertype(uint16_t number)
{
    return (struct next){NUMBERING_ETHERTYPE, number};
}

static inline struct next next_protocol(struct packet *packet, uint8_t protocol)
{
    packet->protocol = protocol;
    return (struct next){NUMBERING_IP, protocol};
}

/* A header says that `length` bytes follow from here: what lies behind them is padding, what lacks was cut
 * off. */
static inline void decoder_limit(struct decoder *decoder, struct cursor *bytes, uint32_t length)
{
    size_t left = cursor_left(bytes);
    if (length <= left) {
        bytes->end = bytes->at + length;
        decoder->missing = 0;
    } else {
        decoder->missing = length - (uint32_t)left;
    }
}

/* Bytes from here to the end of the packet, captured or not. */
static inline uint32_t decoder_promised(const struct decoder *decoder, const struct cursor *bytes)
{
    return (uint32_t)cursor_left(bytes) + decoder->missing;
}

/* The rest of the packet is what a TCP or UDP header carries. */
static inline struct next decoder_payload(const struct decoder *decoder, struct packet *packet,
                                          struct cursor *bytes)
{
    packet->payload = bytes->at;
    packet->payload_captured = (uint32_t)cursor_left(bytes);
    packet->payload_length = decoder_promised(decoder, bytes);
    return next_none(DECODE_PACKET);
}

/* LINKTYPE_ values of what tunnels carry, https://www.tcpdump.org/linktypes.html */
enum {
    LINK_TYPE_ETHERNET = 1,
    LINK_TYPE_PPP = 9,
    LINK_TYPE_RAW_IP = 101,
    LINK_TYPE_IPV4 = 228,
    LINK_TYPE_IPV6 = 229
};

/* Linux' ETH_P_802_2 (linux/if_ether.h): stands for LLC where an EtherType is expected, for numbers below
 * 0x0600 never are EtherTypes. */
enum { ETHERTYPE_LLC = 0x0004, ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd };

/* "Transparent Ethernet bridging": an Ethernet frame, RFC 1701; MPLS, RFC 3032; NSH, RFC 8300 */
enum { ETHERTYPE_BRIDGED = 0x6558, ETHERTYPE_MPLS = 0x8847, ETHERTYPE_NSH = 0x894f };

enum { ETHERNET_HEADER_LENGTH = 14 };

/* ethernet.c: whether an Ethernet header may stand at `bytes`, by its type; as far as the frame was captured.
 */
bool is_ethernet(const struct decoder *decoder, const struct cursor *bytes);

/* Behind addresses or a tag stands an EtherType, or the length of an LLC frame (IEEE 802.3, clause 3.2.6). */
static inline struct next next_type_or_length(struct decoder *decoder, struct cursor *bytes)
{
    uint16_t value = cursor_u16_be(bytes);
    if (value >= 0x0600 || cursor_failed(bytes))
        return next_ethertype(value);
    decoder_limit(decoder, bytes, value);
    return next_ethertype(ETHERTYPE_LLC);
}

/*
 * A tunnel's header of at least `length` bytes stands at `bytes`, as far as anyone can tell from its length:
 * false where the whole packet holds less, so that it is something else. A cut packet may be one.
 */
static inline bool tunnel_fits(const struct decoder *decoder, const struct cursor *bytes, size_t length)
{
    return decoder_promised(decoder, bytes) >= length;
}

/*
 * A tunnel begins: what was decoded so far is outside of it now. The level is filled with what the headers
 * before it said; the tunnel's layer sets the rest. NULL where tunnels are nested too deeply: answer
 * DECODE_TOO_DEEP.
 */
static inline struct tunnel_level *tunnel_begin(struct decoder *decoder, struct packet *packet,
                                                const char *type)
{
    if (decoder->depth == TUNNEL_MAX_DEPTH)
        return NULL;
    struct tunnel_level *level = &decoder->levels[decoder->depth++];
    *level = (struct tunnel_level){
        .type = type,
        .vlans = {packet->vlans[0], packet->vlans[1]},
        .ip_version = packet->ip_version,
    };
    if (packet->ip_version != 0) {
        level->source = packet->source;
        level->destination = packet->destination;
        level->protocol = packet->protocol;
        level->destination_port = packet->protocol == PROTOCOL_UDP ? packet->destination_port : 0;
    }
    packet->vlan_count = 0;
    packet->vlans[0] = packet->vlans[1] = 0;
    packet->payload = NULL;
    return level;
}

static inline void tunnel_identify(struct tunnel_level *level, enum tunnel_identifier kind,
                                   uint32_t identifier)
{
    level->identifier_kind = (uint8_t)kind;
    level->identifier = identifier;
}

/* The tunnel's header is passed, and a frame or packet of this link type stands at `bytes`. */
static inline struct next tunnel_carries(const struct decoder *decoder, struct packet *packet,
                                         const struct cursor *bytes, uint16_t link_type)
{
    packet->inner.data = bytes->at;
    packet->inner.captured = (uint32_t)cursor_left(bytes);
    packet->inner.length = decoder_promised(decoder, bytes);
    packet->inner.link_type = link_type;
    return (struct next){NUMBERING_LINK_TYPE, link_type};
}

/* The same for what an EtherType announces. */
static inline struct next tunnel_carries_type(const struct decoder *decoder, struct packet *packet,
                                              const struct cursor *bytes, uint16_t type)
{
    if (type == ETHERTYPE_BRIDGED)
        return tunnel_carries(decoder, packet, bytes, LINK_TYPE_ETHERNET);
    (void)tunnel_carries(decoder, packet, bytes, LINK_TYPE_RAW_IP);
    return next_ethertype(type);
}

/* Whether some layer reads what this EtherType announces. Lower numbers are none on the wire: ETHERTYPE_LLC.
 */
static inline bool tunnel_knows(const struct decoder *decoder, uint16_t type)
{
    return type >= 0x0600 && decoder->layer_of[NUMBERING_ETHERTYPE][type] != 0;
}

/* erspan.c: a frame in GRE without a header of ERSPAN follows */
struct next erspan_type_1(struct decoder *decoder, struct packet *packet, struct cursor *bytes);

/* An IP header begins at `at`: forgets what an outer one and its ports said. */
static inline void packet_begin_ip(struct packet *packet, const uint8_t *at, uint8_t version)
{
    packet->ip = at;
    packet->ip_version = version;
    packet->source_port = packet->destination_port = 0;
    packet->tcp_flags = 0;
    packet->tcp_window = 0;
    packet->tcp_sequence = packet->tcp_acknowledgement = 0;
    packet->payload = NULL;
    packet->payload_captured = packet->payload_length = 0;
}

#endif
