// SPDX-License-Identifier: Apache-2.0
/*
 * TZSP, as MikroTik's routers and wireless sensors send it (Wireshark, packet-tzsp.c): 8 bits of version, 8
 * of type, 16 of encapsulation, then tags: 0 is padding and 1 the end, without more; all others have a byte
 * of length and so many bytes of value. The type tells no direction: routers send both as "received".
 */
#include "decode/decoder.h"

enum {
    HEADER_LENGTH = 4,
    VERSION = 1,
    TYPE_RECEIVED = 0,
    TYPE_TRANSMIT = 1,
    TYPE_LAST = 5,
    ENCAPSULATION_ETHERNET = 1
};
enum { TAG_PADDING = 0, TAG_END = 1, TAG_ORIGINAL_LENGTH = 41 };

/* Returns the length of the frame before the sender cut it; 0 where it does not say. */
static uint32_t read_tags(struct cursor *bytes)
{
    uint32_t length = 0;
    for (;;) {
        uint8_t tag = cursor_u8(bytes);
        if (cursor_failed(bytes) || tag == TAG_END)
            return length;
        if (tag == TAG_PADDING)
            continue;
        size_t size = cursor_u8(bytes);
        const uint8_t *value = cursor_take(bytes, size);
        if (tag == TAG_ORIGINAL_LENGTH && value != NULL && size == 2)
            length = (uint32_t)value[0] << 8 | value[1];
    }
}

static struct next tzsp_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (!tunnel_fits(decoder, bytes, HEADER_LENGTH))
        return next_none(DECODE_PACKET);
    uint8_t version = cursor_u8(bytes);
    uint8_t type = cursor_u8(bytes);
    uint16_t encapsulation = cursor_u16_be(bytes);
    if (!cursor_failed(bytes) && (version != VERSION || type > TYPE_LAST))
        return next_none(DECODE_PACKET);
    if (type > TYPE_TRANSMIT || encapsulation != ENCAPSULATION_ETHERNET)
        return next_none(DECODE_NO_IP); /* keep-alives, 802.11 */
    uint32_t length = read_tags(bytes);
    if (tunnel_begin(decoder, packet, layer_tzsp.name) == NULL)
        return next_none(DECODE_TOO_DEEP);
    if (length > decoder_promised(decoder, bytes))
        decoder->missing = length - (uint32_t)cursor_left(bytes);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_ETHERNET);
}

const struct layer layer_tzsp = {
    .name = "tzsp",
    .is_tunnel = true,
    .after = {{NUMBERING_UDP_PORT, 37008}},
    .peel = tzsp_peel,
};
