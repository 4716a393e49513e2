// SPDX-License-Identifier: Apache-2.0
/*
 * The IPv6 extension headers that only stand in the way, RFC 8200, sections 4.3, 4.4 and 4.6: all begin with
 * the next protocol and their length in units of 8 bytes, not counting the first 8. Others (mobility, HIP,
 * ESP, no next header) end the packet: what would follow them is no flow of its own, or cannot be read.
 */
#include "decode/decoder.h"

static struct next ipv6_options_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    if (packet->ip_version != 6) /* these numbers mean nothing behind IPv4 */
        return next_none(DECODE_PACKET);
    uint8_t protocol = cursor_u8(bytes);
    size_t length = cursor_u8(bytes);
    cursor_skip(bytes, 6 + length * 8);
    return next_protocol(packet, protocol);
}

const struct layer layer_ipv6_options = {
    .name = "ipv6_options",
    /* hop-by-hop options, routing, destination options */
    .after = {{NUMBERING_IP, 0}, {NUMBERING_IP, 43}, {NUMBERING_IP, 60}},
    .peel = ipv6_options_peel,
};
