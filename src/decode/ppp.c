// SPDX-License-Identifier: Apache-2.0
/*
 * PPP, RFC 1661 and 1662: address 0xff and control 0x03, which both ends may agree to leave out, then the
 * number of a protocol in two bytes, or in one where that is odd (section 6.5 of RFC 1661: only the last byte
 * of a number is odd).
 */
#include "decode/decoder.h"

static struct next ppp_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    (void)packet;
    uint16_t number = cursor_u8(bytes);
    if (number == 0xff) {
        cursor_skip(bytes, 1);
        number = cursor_u8(bytes);
    }
    if ((number & 1) == 0)
        number = (uint16_t)(number << 8 | cursor_u8(bytes));
    return (struct next){NUMBERING_PPP, number};
}

const struct layer layer_ppp = {
    .name = "ppp",
    .after = {{NUMBERING_LINK_TYPE, 9}, {NUMBERING_LINK_TYPE, 50}}, /* PPP, PPP_HDLC */
    .peel = ppp_peel,
};
