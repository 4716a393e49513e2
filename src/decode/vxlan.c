// SPDX-License-Identifier: Apache-2.0
/*
 * VXLAN, RFC 7348, section 5: 8 bits of flags, of which I says that the identifier is valid, 24 reserved, 24
 * of identifier, 8 reserved, then an Ethernet frame. VXLAN-GBP (draft-smith-vxlan-group-policy) has its group
 * in the reserved bits: only I is looked at.
 */
#include "decode/decoder.h"

enum { HEADER_LENGTH = 8, IDENTIFIER_IS_VALID = 0x08 };

static struct next vxlan_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (!tunnel_fits(decoder, bytes, HEADER_LENGTH + ETHERNET_HEADER_LENGTH))
        return next_none(DECODE_PACKET);
    uint8_t flags = cursor_u8(bytes);
    cursor_skip(bytes, 3);
    uint32_t identifier = cursor_u24_be(bytes);
    cursor_skip(bytes, 1);
    if (!cursor_failed(bytes) && ((flags & IDENTIFIER_IS_VALID) == 0 || !is_ethernet(decoder, bytes)))
        return next_none(DECODE_PACKET);
    struct tunnel_level *level = tunnel_begin(decoder, packet, layer_vxlan.name);
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    tunnel_identify(level, TUNNEL_VNI, identifier);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_ETHERNET);
}

const struct layer layer_vxlan = {
    .name = "vxlan",
    .is_tunnel = true,
    /* IANA's port, and Linux' before there was one, which flannel still uses */
    .after = {{NUMBERING_UDP_PORT, 4789}, {NUMBERING_UDP_PORT, 8472}},
    .peel = vxlan_peel,
};
