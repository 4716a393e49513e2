// SPDX-License-Identifier: Apache-2.0
/*
 * IP in IP, RFC 2003 (IPv4, protocol 4) and RFC 4213, section 3 (IPv6, protocol 41, "6in4"; RFC 2473 in
 * IPv6): an IP header follows the other at once.
 */
#include "decode/decoder.h"

static struct next ip_in_ip_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (tunnel_begin(decoder, packet, layer_ip_in_ip.name) == NULL)
        return next_none(DECODE_TOO_DEEP);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_IPV4);
}

static struct next six_in_four_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (tunnel_begin(decoder, packet, layer_six_in_four.name) == NULL)
        return next_none(DECODE_TOO_DEEP);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_IPV6);
}

const struct layer layer_ip_in_ip = {
    .name = "ipip",
    .is_tunnel = true,
    .after = {{NUMBERING_IP, 4}},
    .peel = ip_in_ip_peel,
};

const struct layer layer_six_in_four = {
    .name = "6in4",
    .is_tunnel = true,
    .after = {{NUMBERING_IP, 41}},
    .peel = six_in_four_peel,
};
