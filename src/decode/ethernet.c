// SPDX-License-Identifier: Apache-2.0
/*
 * Ethernet II and IEEE 802.3: two addresses of 6 bytes, then a type or a length.
 */
#include "decode/decoder.h"

static struct next ethernet_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)packet;
    cursor_skip(bytes, 12);
    return next_type_or_length(decoder, bytes);
}

const struct layer layer_ethernet = {
    .name = "ethernet",
    .after = {{NUMBERING_LINK_TYPE, 1}},
    .peel = ethernet_peel,
};
