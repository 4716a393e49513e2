// SPDX-License-Identifier: Apache-2.0
/*
 * GTP-U, 3GPP TS 29.281, section 5.1: 3 bits of version, 1 that says GTP, 1 reserved, flags E, S and PN; 8
 * bits of message type, 16 of length, 32 of tunnel endpoint. With any flag 4 more bytes, of which the last
 * announces an extension header (section 5.2): 8 bits of its length in units of 4 bytes, content, 8 bits that
 * announce the next.
 */
#include "decode/decoder.h"

enum {
    HEADER_LENGTH = 8,
    VERSION_MASK = 0xf0,
    VERSION_1_GTP = 0x30,
    EXTENSION = 0x04,
    ANY_FLAG = 0x07,
    G_PDU = 0xff
};

static void skip_extensions(struct cursor *bytes, uint8_t flags)
{
    if ((flags & ANY_FLAG) == 0)
        return;
    cursor_skip(bytes, 3); /* sequence number, N-PDU number */
    uint8_t next = cursor_u8(bytes);
    while ((flags & EXTENSION) != 0 && next != 0 && !cursor_failed(bytes)) {
        size_t length = cursor_u8(bytes) * 4u;
        if (length == 0)
            bytes->failed = true; /* would be read for ever */
        else
            cursor_skip(bytes, length - 2);
        next = cursor_u8(bytes);
    }
}

static bool is_ip(struct cursor bytes)
{
    uint8_t version = cursor_u8(&bytes) >> 4;
    return cursor_failed(&bytes) || version == 4 || version == 6;
}

static struct next gtp_u_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (!tunnel_fits(decoder, bytes, HEADER_LENGTH))
        return next_none(DECODE_PACKET);
    uint8_t flags = cursor_u8(bytes);
    uint8_t type = cursor_u8(bytes);
    uint16_t length = cursor_u16_be(bytes);
    uint32_t endpoint = cursor_u32_be(bytes);
    if (!cursor_failed(bytes) &&
        ((flags & VERSION_MASK) != VERSION_1_GTP || length > decoder_promised(decoder, bytes)))
        return next_none(DECODE_PACKET);
    if (!cursor_failed(bytes) && type != G_PDU)
        return next_none(DECODE_NO_IP); /* signalling */
    if (!cursor_failed(bytes))
        decoder_limit(decoder, bytes, length);
    skip_extensions(bytes, flags);
    if (!is_ip(*bytes))
        return next_none(DECODE_NO_IP); /* Ethernet or unstructured sessions of 5G: nothing says which */
    struct tunnel_level *level = tunnel_begin(decoder, packet, layer_gtp_u.name);
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    tunnel_identify(level, TUNNEL_TEID, endpoint);
    return tunnel_carries(decoder, packet, bytes, LINK_TYPE_RAW_IP);
}

const struct layer layer_gtp_u = {
    .name = "gtp-u",
    .is_tunnel = true,
    .after = {{NUMBERING_UDP_PORT, 2152}},
    .peel = gtp_u_peel,
};
