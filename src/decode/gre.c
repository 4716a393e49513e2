// SPDX-License-Identifier: Apache-2.0
/*
 * GRE, RFC 2784 and 2890: 16 bits of flags and version, 16 of protocol type; then, each only where its flag
 * is set, checksum and reserved (4 bytes), key (4), sequence number (4). NVGRE, RFC 7637, section 3.2: its
 * key is 24 bits of virtual subnet and 8 of flow, around Ethernet, with neither checksum nor number. Version
 * 1 is PPTP's, RFC 2637, section 4.1: the key is 16 bits of length and 16 of the call, an acknowledgement may
 * follow, then PPP.
 */
#include "decode/decoder.h"

enum {
    HAS_CHECKSUM = 0x8000,
    HAS_ROUTING = 0x4000, /* RFC 1701; RFC 2784 has it no more */
    HAS_KEY = 0x2000,
    HAS_SEQUENCE = 0x1000,
    HAS_ACKNOWLEDGEMENT = 0x0080,
    VERSION_MASK = 0x0007,
    PROTOCOL_PPP = 0x880b,
    PROTOCOL_ERSPAN = 0x88be,
    PROTOCOL_ERSPAN_III = 0x22eb,
};

static struct next carry(struct decoder *decoder, struct packet *packet, struct cursor *bytes,
                         uint16_t protocol, uint16_t flags, uint32_t key)
{
    bool has_key = (flags & HAS_KEY) != 0;
    bool is_nvgre = protocol == ETHERTYPE_BRIDGED && has_key && (flags & (HAS_CHECKSUM | HAS_SEQUENCE)) == 0;
    struct tunnel_level *level = tunnel_begin(decoder, packet, is_nvgre ? "nvgre" : layer_gre.name);
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    if (is_nvgre)
        tunnel_identify(level, TUNNEL_VSID, key >> 8);
    else if (has_key)
        tunnel_identify(level, TUNNEL_KEY, key);
    return tunnel_carries_type(decoder, packet, bytes, protocol);
}

static struct next peel_pptp(struct decoder *decoder, struct packet *packet, struct cursor *bytes,
                             uint16_t flags)
{
    uint16_t length = cursor_u16_be(bytes); /* of what follows this header */
    uint16_t call = cursor_u16_be(bytes);
    if ((flags & HAS_SEQUENCE) == 0) /* only an acknowledgement */
        return next_none(DECODE_NO_IP);
    cursor_skip(bytes, (flags & HAS_ACKNOWLEDGEMENT) != 0 ? 8 : 4);
    if (!cursor_failed(bytes) && length <= decoder_promised(decoder, bytes))
        decoder_limit(decoder, bytes, length);
    struct tunnel_level *level = tunnel_begin(decoder, packet, "pptp");
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    tunnel_identify(level, TUNNEL_KEY, call);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_PPP);
}

static struct next gre_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    uint16_t flags = cursor_u16_be(bytes);
    uint16_t protocol = cursor_u16_be(bytes);
    if (!cursor_failed(bytes) && (flags & VERSION_MASK) == 1 && protocol == PROTOCOL_PPP)
        return peel_pptp(decoder, packet, bytes, flags);
    if (!cursor_failed(bytes) &&
        ((flags & (VERSION_MASK | HAS_ROUTING)) != 0 || !tunnel_knows(decoder, protocol)))
        return next_none(DECODE_PACKET); /* an IP packet that carries something else */
    if ((flags & HAS_CHECKSUM) != 0)
        cursor_skip(bytes, 4);
    uint32_t key = (flags & HAS_KEY) != 0 ? cursor_u32_be(bytes) : 0;
    if ((flags & HAS_SEQUENCE) != 0)
        cursor_skip(bytes, 4);
    if (protocol == PROTOCOL_ERSPAN && (flags & HAS_SEQUENCE) == 0)
        return erspan_type_1(decoder, packet, bytes);
    if (protocol == PROTOCOL_ERSPAN || protocol == PROTOCOL_ERSPAN_III)
        return next_ethertype(protocol); /* erspan.c: it says more than GRE does */
    return carry(decoder, packet, bytes, protocol, flags, key);
}

const struct layer layer_gre = {
    .name = "gre",
    .is_tunnel = true,
    .after = {{NUMBERING_IP, 47}},
    .peel = gre_peel,
};
