// SPDX-License-Identifier: Apache-2.0
/*
 * Tags between a switch and its port extenders: VN-Tag (Cisco, EtherType 0x8926) has 4 bytes, E-Tag (IEEE
 * 802.1BR, clause 7.5, EtherType 0x893f) 6; then the real type. They name ports, not networks.
 */
#include "decode/decoder.h"

static struct next vn_tag_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)packet;
    cursor_skip(bytes, 4);
    return next_type_or_length(decoder, bytes);
}

static struct next e_tag_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)packet;
    cursor_skip(bytes, 6);
    return next_type_or_length(decoder, bytes);
}

const struct layer layer_vn_tag = {
    .name = "vn-tag",
    .after = {{NUMBERING_ETHERTYPE, 0x8926}},
    .peel = vn_tag_peel,
};

const struct layer layer_e_tag = {
    .name = "e-tag",
    .after = {{NUMBERING_ETHERTYPE, 0x893f}},
    .peel = e_tag_peel,
};
