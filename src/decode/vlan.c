// SPDX-License-Identifier: Apache-2.0
/*
 * VLAN tags, IEEE 802.1Q, clause 9.6: 3 bits of priority, 1 bit "may be dropped", 12 bits of identifier, then
 * again a type or a length. Stacked tags (QinQ) are this layer twice.
 */
#include "decode/decoder.h"

static struct next vlan_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    uint16_t identifier = cursor_u16_be(bytes) & 0x0fff;
    /* Identifier 0 gives a frame a priority and no VLAN; often only one direction of a flow has it. */
    if (identifier != 0 && packet->vlan_count < PACKET_MAX_VLANS)
        packet->vlans[packet->vlan_count++] = identifier;
    return next_type_or_length(decoder, bytes);
}

const struct layer layer_vlan = {
    .name = "vlan",
    /* C-tag, S-tag (802.1ad), and what switches used for the outer tag before 802.1ad */
    .after = {{NUMBERING_ETHERTYPE, 0x8100},
              {NUMBERING_ETHERTYPE, 0x88a8},
              {NUMBERING_ETHERTYPE, 0x9100},
              {NUMBERING_ETHERTYPE, 0x9200}},
    .peel = vlan_peel,
};
