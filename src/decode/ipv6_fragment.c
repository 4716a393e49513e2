// SPDX-License-Identifier: Apache-2.0
/*
 * The fragment header of IPv6, RFC 8200, section 4.5. The extension headers before it are not kept: the
 * datagram that comes out has the 40 bytes of the first fragment's IPv6 header and then what was fragmented.
 */
#include "decode/decoder.h"
#include "decode/fragment.h"

static struct next ipv6_fragment_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (packet->ip_version != 6)
        return next_none(DECODE_PACKET);
    uint8_t protocol = cursor_u8(bytes);
    cursor_skip(bytes, 1);
    uint16_t offset_and_more = cursor_u16_be(bytes);
    uint32_t identification = cursor_u32_be(bytes);
    if (cursor_failed(bytes))
        return next_none(DECODE_TRUNCATED);
    if ((offset_and_more & 0xfff9) == 0) /* an "atomic fragment" stands alone, RFC 6946 */
        return next_protocol(packet, protocol);

    struct fragment fragment = {
        .identification = identification,
        .protocol = protocol,
        .offset = offset_and_more & 0xfff8u,
        .more = (offset_and_more & 1) != 0,
        .header = packet->ip,
        .header_length = 40,
    };
    return fragment_join(decoder, packet, &fragment, bytes);
}

const struct layer layer_ipv6_fragment = {
    .name = "ipv6_fragment",
    .after = {{NUMBERING_IP, 44}},
    .peel = ipv6_fragment_peel,
};
