// SPDX-License-Identifier: Apache-2.0
/*
 * TCP, RFC 9293, section 3.1.
 */
#include "decode/decoder.h"

enum { HEADER_LENGTH = 20 };

/* Captures are often cut inside the options, which nobody needs: ports, numbers and lengths are known all the
 * same. */
static bool skip_options(struct decoder *decoder, struct cursor *bytes, uint32_t length)
{
    if (length > decoder_promised(decoder, bytes))
        return false;
    uint32_t left = (uint32_t)cursor_left(bytes);
    if (length > left) {
        decoder->missing -= length - left;
        length = left;
    }
    cursor_skip(bytes, length);
    return true;
}

static struct next tcp_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    packet->source_port = cursor_u16_be(bytes);
    packet->destination_port = cursor_u16_be(bytes);
    packet->tcp_sequence = cursor_u32_be(bytes);
    packet->tcp_acknowledgement = cursor_u32_be(bytes);
    uint32_t header_length = (cursor_u8(bytes) >> 4) * 4u;
    packet->tcp_flags = cursor_u8(bytes);
    packet->tcp_window = cursor_u16_be(bytes);
    cursor_skip(bytes, 4); /* checksum, urgent pointer */
    if (cursor_failed(bytes))
        return next_none(DECODE_TRUNCATED);
    if (header_length < HEADER_LENGTH || !skip_options(decoder, bytes, header_length - HEADER_LENGTH))
        return next_none(DECODE_MALFORMED);
    return decoder_payload(decoder, packet, bytes);
}

const struct layer layer_tcp = {
    .name = "tcp",
    .after = {{NUMBERING_IP, PROTOCOL_TCP}},
    .peel = tcp_peel,
};
