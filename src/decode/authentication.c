// SPDX-License-Identifier: Apache-2.0
/*
 * IP authentication header, RFC 4302, section 2: the next protocol and the length in units of 4 bytes
 * minus 2. What it signs follows in clear text.
 */
#include "decode/decoder.h"

static struct next authentication_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    uint8_t protocol = cursor_u8(bytes);
    size_t length = (cursor_u8(bytes) + (size_t)2) * 4;
    cursor_skip(bytes, length - 2);
    return next_protocol(packet, protocol);
}

const struct layer layer_authentication = {
    .name = "authentication",
    .after = {{NUMBERING_IP, 51}},
    .peel = authentication_peel,
};
