// SPDX-License-Identifier: Apache-2.0
/*
 * Network service header, RFC 8300, section 2.2: 2 bits of version, 2 of flags, 6 of time to live, 6 of its
 * length in units of 4 bytes, 4 reserved, 4 of type, 8 of the next protocol.
 */
#include "decode/decoder.h"

/* The shortest has the base header and the service path: section 2.5. */
enum { VERSION_MASK = 0xc000, LENGTH_MASK = 0x003f, BASE_LENGTH = 4, SHORTEST = 8 };

static struct next nsh_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    static const uint16_t ethertypes[] = {
        [1] = ETHERTYPE_IPV4, [2] = ETHERTYPE_IPV6, [3] = ETHERTYPE_BRIDGED, [5] = ETHERTYPE_MPLS};
    (void)decoder;
    (void)packet;
    uint16_t first = cursor_u16_be(bytes);
    size_t length = (first & LENGTH_MASK) * 4u;
    cursor_skip(bytes, 1);
    uint8_t protocol = cursor_u8(bytes);
    if (cursor_failed(bytes))
        return next_none(DECODE_TRUNCATED);
    if ((first & VERSION_MASK) != 0 || length < SHORTEST)
        return next_none(DECODE_MALFORMED);
    if (protocol >= sizeof ethertypes / sizeof ethertypes[0] || ethertypes[protocol] == 0)
        return next_none(DECODE_NO_IP);
    cursor_skip(bytes, length - BASE_LENGTH);
    return next_ethertype(ethertypes[protocol]);
}

const struct layer layer_nsh = {
    .name = "nsh",
    .after = {{NUMBERING_ETHERTYPE, ETHERTYPE_NSH}},
    .peel = nsh_peel,
};
