// SPDX-License-Identifier: Apache-2.0
/*
 * Ethernet II and IEEE 802.3: two addresses of 6 bytes, then a type or a length.
 */
#include "decode/decoder.h"

bool is_ethernet(const struct decoder *decoder, const struct cursor *bytes)
{
    /* what no layer reads, though it is common: ARP, RARP, wake on LAN, flow control, LLDP, PTP, loop test */
    static const uint16_t unread[] = {0x0806, 0x8035, 0x0842, 0x8808, 0x88cc, 0x88f7, 0x9000};
    struct cursor ahead = *bytes;
    cursor_skip(&ahead, 12);
    uint16_t type = cursor_u16_be(&ahead);
    if (cursor_failed(&ahead))
        return true;
    if (type < 0x0600)
        return type <= decoder_promised(decoder, &ahead);
    for (size_t i = 0; i < sizeof unread / sizeof unread[0]; i++)
        if (type == unread[i])
            return true;
    return decoder->layer_of[NUMBERING_ETHERTYPE][type] != 0;
}

static struct next ethernet_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (decoder->depth > 0) /* also one that a pseudowire carries inside a tunnel */
        (void)tunnel_carries(decoder, packet, bytes, LINK_TYPE_ETHERNET);
    cursor_skip(bytes, 12);
    return next_type_or_length(decoder, bytes);
}

const struct layer layer_ethernet = {
    .name = "ethernet",
    .after = {{NUMBERING_LINK_TYPE, LINK_TYPE_ETHERNET}, {NUMBERING_ETHERTYPE, ETHERTYPE_BRIDGED}},
    .peel = ethernet_peel,
};
