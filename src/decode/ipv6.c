// SPDX-License-Identifier: Apache-2.0
/*
 * IPv6, RFC 8200, section 3.
 */
#include "decode/decoder.h"

static struct next ipv6_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    const uint8_t *at = bytes->at;
    uint32_t version = cursor_u32_be(bytes) >> 28; /* and traffic class, flow label */
    uint16_t payload_length = cursor_u16_be(bytes);
    uint8_t protocol = cursor_u8(bytes);
    cursor_skip(bytes, 1); /* hop limit */
    const uint8_t *addresses = cursor_take(bytes, 32);
    if (addresses == NULL)
        return next_none(DECODE_TRUNCATED);
    if (version != 6)
        return next_none(DECODE_MALFORMED);
    packet->source = address_from_ipv6(addresses);
    packet->destination = address_from_ipv6(addresses + 16);

    /* 0 in a jumbogram (RFC 2675) and where the network card joins or splits: up to the end of the frame */
    if (payload_length != 0)
        decoder_limit(decoder, bytes, payload_length);
    packet_begin_ip(packet, at, 6);
    packet->ip_captured = (uint32_t)(bytes->end - at);
    return next_protocol(packet, protocol);
}

const struct layer layer_ipv6 = {
    .name = "ipv6",
    .after = {{NUMBERING_ETHERTYPE, ETHERTYPE_IPV6}, {NUMBERING_PPP, 0x0057}},
    .peel = ipv6_peel,
};
