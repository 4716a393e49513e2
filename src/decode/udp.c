// SPDX-License-Identifier: Apache-2.0
/*
 * UDP, RFC 768.
 */
#include "decode/decoder.h"

enum { HEADER_LENGTH = 8 };

static struct next udp_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    packet->source_port = cursor_u16_be(bytes);
    packet->destination_port = cursor_u16_be(bytes);
    uint16_t length = cursor_u16_be(bytes);
    cursor_skip(bytes, 2); /* checksum */
    if (cursor_failed(bytes))
        return next_none(DECODE_TRUNCATED);
    /* A length that cannot be (0 in jumbograms, RFC 2675; others by mistake or on purpose) leaves what IP
     * promises. */
    if (length >= HEADER_LENGTH && length - HEADER_LENGTH < (int64_t)decoder_promised(decoder, bytes))
        decoder_limit(decoder, bytes, length - (uint32_t)HEADER_LENGTH);
    decoder_payload(decoder, packet, bytes);
    return (struct next){NUMBERING_UDP_PORT, packet->destination_port}; /* mostly nobody claims it */
}

const struct layer layer_udp = {
    .name = "udp",
    .after = {{NUMBERING_IP, PROTOCOL_UDP}},
    .peel = udp_peel,
};
