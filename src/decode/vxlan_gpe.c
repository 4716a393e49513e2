// SPDX-License-Identifier: Apache-2.0
/*
 * VXLAN-GPE, draft-ietf-nvo3-vxlan-gpe-13, section 3: VXLAN's header, of which bit P says that its fourth
 * byte tells what follows; without it that is Ethernet.
 */
#include "decode/decoder.h"

enum { HEADER_LENGTH = 8, VERSION_MASK = 0x30, IDENTIFIER_IS_VALID = 0x08, HAS_PROTOCOL = 0x04 };

static uint16_t ethertype_of(uint8_t protocol)
{
    static const uint16_t ethertypes[] = {
        [1] = ETHERTYPE_IPV4, [2] = ETHERTYPE_IPV6, [3] = ETHERTYPE_BRIDGED,
        [4] = ETHERTYPE_NSH,  [5] = ETHERTYPE_MPLS,
    };
    return protocol < sizeof ethertypes / sizeof ethertypes[0] ? ethertypes[protocol] : 0;
}

static struct next vxlan_gpe_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (!tunnel_fits(decoder, bytes, HEADER_LENGTH))
        return next_none(DECODE_PACKET);
    uint8_t flags = cursor_u8(bytes);
    cursor_skip(bytes, 2);
    uint8_t protocol = cursor_u8(bytes);
    uint32_t identifier = cursor_u24_be(bytes);
    cursor_skip(bytes, 1);
    uint16_t type = (flags & HAS_PROTOCOL) != 0 ? ethertype_of(protocol) : ETHERTYPE_BRIDGED;
    if (!cursor_failed(bytes) && ((flags & (VERSION_MASK | IDENTIFIER_IS_VALID)) != IDENTIFIER_IS_VALID ||
                                  type == 0 || (type == ETHERTYPE_BRIDGED && !is_ethernet(decoder, bytes))))
        return next_none(DECODE_PACKET);
    struct tunnel_level *level = tunnel_begin(decoder, packet, layer_vxlan_gpe.name);
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    tunnel_identify(level, TUNNEL_VNI, identifier);
    return tunnel_carries_type(decoder, packet, bytes, type);
}

const struct layer layer_vxlan_gpe = {
    .name = "vxlan-gpe",
    .is_tunnel = true,
    .after = {{NUMBERING_UDP_PORT, 4790}},
    .peel = vxlan_gpe_peel,
};
