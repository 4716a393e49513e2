// SPDX-License-Identifier: Apache-2.0
/*
 * IEEE 802.2 LLC: destination and source service access point, control; with SNAP (RFC 1042) an organisation
 * and its protocol number follow.
 */
#include "decode/decoder.h"

enum { SAP_IP = 0x06, SAP_SNAP = 0xaa, CONTROL_UNNUMBERED_INFORMATION = 0x03 };

/* Organisations under which EtherTypes are announced: RFC 1042, and bridges after IEEE 802.1H */
enum { ORGANISATION_ETHERNET = 0x000000, ORGANISATION_802_1H = 0x0000f8 };

static struct next llc_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    (void)packet;
    uint8_t destination = cursor_u8(bytes);
    uint8_t source = cursor_u8(bytes);
    if (cursor_u8(bytes) != CONTROL_UNNUMBERED_INFORMATION || source != destination)
        return next_none(DECODE_NO_IP);
    if (source == SAP_IP)
        return next_ethertype(ETHERTYPE_IPV4);
    if (source != SAP_SNAP)
        return next_none(DECODE_NO_IP);

    uint32_t organisation = cursor_u24_be(bytes);
    uint16_t number = cursor_u16_be(bytes);
    if (organisation != ORGANISATION_ETHERNET && organisation != ORGANISATION_802_1H)
        return next_none(DECODE_NO_IP);
    return next_ethertype(number);
}

const struct layer layer_llc = {
    .name = "llc",
    .after = {{NUMBERING_ETHERTYPE, ETHERTYPE_LLC}},
    .peel = llc_peel,
};
