// SPDX-License-Identifier: Apache-2.0
/*
 * A session of PPP over Ethernet, RFC 2516, section 4: 4 bits of version, 4 of type, 8 of code, 16 of
 * session, 16 of length, then PPP without address and control.
 */
#include "decode/decoder.h"

enum { VERSION_AND_TYPE = 0x11, CODE_SESSION = 0 };

static struct next pppoe_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)packet;
    uint8_t version_and_type = cursor_u8(bytes);
    uint8_t code = cursor_u8(bytes);
    cursor_skip(bytes, 2); /* session */
    uint16_t length = cursor_u16_be(bytes);
    if (cursor_failed(bytes))
        return next_none(DECODE_TRUNCATED);
    if (version_and_type != VERSION_AND_TYPE || code != CODE_SESSION)
        return next_none(DECODE_NO_IP);
    decoder_limit(decoder, bytes, length);
    return (struct next){NUMBERING_LINK_TYPE, LINK_TYPE_PPP};
}

const struct layer layer_pppoe = {
    .name = "pppoe",
    .after = {{NUMBERING_ETHERTYPE, 0x8864}},
    .peel = pppoe_peel,
};
