// SPDX-License-Identifier: Apache-2.0
/*
 * ERSPAN in GRE, draft-foschiano-erspan-03. Type I has no header of its own; II (section 4.2) has 8 bytes,
 * III (4.3) has 12, and 8 more with its flag O. Its VLAN field is that of the mirrored port and says nothing
 * that the frame does not: it is passed over.
 */
#include "decode/decoder.h"

enum {
    VERSION_SHIFT = 12,
    VERSION_II = 1,
    VERSION_III = 2,
    SESSION_MASK = 0x03ff,
    FRAME_TYPE_MASK = 0x7c00, /* III, third word */
    FRAME_TYPE_IP = 2 << 10,
    EGRESS = 0x0008,
    HAS_PLATFORM = 0x0001,
};

struct next erspan_type_1(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (tunnel_begin(decoder, packet, "erspan-i") == NULL)
        return next_none(DECODE_TOO_DEEP);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_ETHERNET);
}

static struct next erspan_ii_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    uint16_t version = cursor_u16_be(bytes) >> VERSION_SHIFT;
    uint16_t session = cursor_u16_be(bytes) & SESSION_MASK;
    cursor_skip(bytes, 4); /* reserved, index of the port */
    if (!cursor_failed(bytes) && version != VERSION_II)
        return next_none(DECODE_MALFORMED);
    struct tunnel_level *level = tunnel_begin(decoder, packet, layer_erspan_ii.name);
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    tunnel_identify(level, TUNNEL_SESSION, session);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_ETHERNET);
}

static struct next erspan_iii_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    uint16_t version = cursor_u16_be(bytes) >> VERSION_SHIFT;
    uint16_t session = cursor_u16_be(bytes) & SESSION_MASK;
    cursor_skip(bytes, 6); /* time stamp, security group */
    uint16_t flags = cursor_u16_be(bytes);
    if (!cursor_failed(bytes) && version != VERSION_III)
        return next_none(DECODE_MALFORMED);
    if ((flags & HAS_PLATFORM) != 0)
        cursor_skip(bytes, 8);
    struct tunnel_level *level = tunnel_begin(decoder, packet, layer_erspan_iii.name);
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    tunnel_identify(level, TUNNEL_SESSION, session);
    level->direction = (flags & EGRESS) != 0 ? TUNNEL_EGRESS : TUNNEL_INGRESS;
    bool is_ip = (flags & FRAME_TYPE_MASK) == FRAME_TYPE_IP;
    return tunnel_carries(decoder, packet, bytes, is_ip ? LINK_TYPE_RAW_IP : LINK_TYPE_ETHERNET);
}

const struct layer layer_erspan_ii = {
    .name = "erspan-ii",
    .is_tunnel = true,
    .after = {{NUMBERING_ETHERTYPE, 0x88be}},
    .peel = erspan_ii_peel,
};

const struct layer layer_erspan_iii = {
    .name = "erspan-iii",
    .is_tunnel = true,
    .after = {{NUMBERING_ETHERTYPE, 0x22eb}},
    .peel = erspan_iii_peel,
};
