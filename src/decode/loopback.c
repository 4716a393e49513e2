// SPDX-License-Identifier: Apache-2.0
/*
 * BSD loopback, https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html: an address family in 4 bytes, in the
 * byte order of the machine that captured (NULL) or in network order (LOOP). Families are small, so that the
 * order shows.
 */
#include "decode/decoder.h"

static struct next loopback_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    (void)packet;
    uint32_t family = cursor_u32_be(bytes);
    if (family > UINT16_MAX)
        family = __builtin_bswap32(family);
    switch (family) {
    case 2: /* AF_INET, everywhere */
        return next_ethertype(ETHERTYPE_IPV4);
    case 10: /* AF_INET6 of Linux, then of Windows, NetBSD and OpenBSD, FreeBSD, macOS */
    case 23:
    case 24:
    case 28:
    case 30:
        return next_ethertype(ETHERTYPE_IPV6);
    default:
        return next_none(DECODE_NO_IP);
    }
}

const struct layer layer_loopback = {
    .name = "loopback",
    .after = {{NUMBERING_LINK_TYPE, 0}, {NUMBERING_LINK_TYPE, 108}},
    .peel = loopback_peel,
};
