// SPDX-License-Identifier: Apache-2.0
/*
 * MPLS, RFC 3032, section 2.1: 20 bits of label, 3 of class, 1 that says "bottom of the stack", 8 of time to
 * live. Nothing says what follows the bottom: IP is known by its version, as RFC 4928, section 3, asks of
 * what is no IP not to look like it; a pseudowire has a control word that begins with 0 (RFC 4385, section
 * 3), or none.
 */
#include "decode/decoder.h"

enum { BOTTOM = 0x0100, CONTROL_WORD = 4 };

static bool is_ip(const struct decoder *decoder, struct cursor bytes, uint8_t version)
{
    uint8_t first = cursor_u8(&bytes);
    if (first >> 4 != version)
        return false;
    cursor_skip(&bytes, version == 4 ? 1 : 3);
    uint16_t length = cursor_u16_be(&bytes);
    if (cursor_failed(&bytes))
        return true;
    uint32_t promised = decoder_promised(decoder, &bytes);
    return version == 4 ? (first & 15) >= 5 && length <= promised + 4 : length <= promised;
}

static struct next mpls_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)packet;
    if ((cursor_u32_be(bytes) & BOTTOM) == 0)
        return next_ethertype(ETHERTYPE_MPLS);
    if (is_ip(decoder, *bytes, 4))
        return next_ethertype(ETHERTYPE_IPV4);
    if (is_ip(decoder, *bytes, 6))
        return next_ethertype(ETHERTYPE_IPV6);
    struct cursor behind_control_word = *bytes;
    bool has_control_word = cursor_u8(&behind_control_word) >> 4 == 0;
    cursor_skip(&behind_control_word, CONTROL_WORD - 1);
    if (has_control_word && is_ethernet(decoder, &behind_control_word))
        *bytes = behind_control_word;
    else if (!is_ethernet(decoder, bytes))
        return next_none(DECODE_NO_IP);
    return next_ethertype(ETHERTYPE_BRIDGED);
}

const struct layer layer_mpls = {
    .name = "mpls",
    .after = {{NUMBERING_ETHERTYPE, ETHERTYPE_MPLS}, {NUMBERING_ETHERTYPE, 0x8848}}, /* RFC 5332: multicast */
    .peel = mpls_peel,
};
