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

/* An Ethernet frame with IP in it, behind tags or not: what begins with such a frame is nothing else. */
static bool is_frame_with_ip(const struct decoder *decoder, struct cursor bytes)
{
    enum { TAG = 0x8100, SERVICE_TAG = 0x88a8, MOST_TAGS = 2 };
    cursor_skip(&bytes, 12);
    uint16_t type = cursor_u16_be(&bytes);
    for (int tags = 0; tags < MOST_TAGS && (type == TAG || type == SERVICE_TAG); tags++) {
        cursor_skip(&bytes, 2);
        type = cursor_u16_be(&bytes);
    }
    return (type == ETHERTYPE_IPV4 && is_ip(decoder, bytes, 4)) ||
           (type == ETHERTYPE_IPV6 && is_ip(decoder, bytes, 6));
}

/* MAC addresses may begin like a version of IP or a control word: the surest reading comes first. */
static struct next bottom(const struct decoder *decoder, struct cursor *bytes)
{
    struct cursor behind_control_word = *bytes;
    bool has_control_word = cursor_u8(&behind_control_word) >> 4 == 0;
    cursor_skip(&behind_control_word, CONTROL_WORD - 1);
    if (is_frame_with_ip(decoder, *bytes))
        return next_ethertype(ETHERTYPE_BRIDGED);
    if (is_ip(decoder, *bytes, 4))
        return next_ethertype(ETHERTYPE_IPV4);
    if (is_ip(decoder, *bytes, 6))
        return next_ethertype(ETHERTYPE_IPV6);
    if (has_control_word && is_ethernet(decoder, &behind_control_word))
        *bytes = behind_control_word;
    else if (!is_ethernet(decoder, bytes))
        return next_none(DECODE_NO_IP);
    return next_ethertype(ETHERTYPE_BRIDGED);
}

static struct next mpls_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)packet;
    if ((cursor_u32_be(bytes) & BOTTOM) == 0)
        return next_ethertype(ETHERTYPE_MPLS);
    return bottom(decoder, bytes);
}

const struct layer layer_mpls = {
    .name = "mpls",
    .after = {{NUMBERING_ETHERTYPE, ETHERTYPE_MPLS},
              {NUMBERING_ETHERTYPE, 0x8848},
              {NUMBERING_PPP, 0x0281},
              {NUMBERING_PPP, 0x0283}}, /* RFC 5332; RFC 3032, section 4.3 */
    .peel = mpls_peel,
};
