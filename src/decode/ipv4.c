// SPDX-License-Identifier: Apache-2.0
/*
 * IPv4, RFC 791, section 3.1. Options are skipped; the checksum is not verified, for captures on the sending
 * machine and cut mirrors have wrong ones.
 */
#include "decode/decoder.h"
#include "decode/fragment.h"

enum { HEADER_LENGTH = 20, MORE_FRAGMENTS = 0x2000, OFFSET_MASK = 0x1fff };

struct ipv4_header {
    uint8_t version_and_length;
    uint16_t total_length, identification, flags_and_offset;
    uint8_t protocol;
};

static struct ipv4_header read_header(struct packet *packet, struct cursor *bytes)
{
    struct ipv4_header header;
    header.version_and_length = cursor_u8(bytes);
    cursor_skip(bytes, 1); /* type of service */
    header.total_length = cursor_u16_be(bytes);
    header.identification = cursor_u16_be(bytes);
    header.flags_and_offset = cursor_u16_be(bytes);
    cursor_skip(bytes, 1); /* time to live */
    header.protocol = cursor_u8(bytes);
    cursor_skip(bytes, 2); /* checksum */
    const uint8_t *addresses = cursor_take(bytes, 8);
    if (addresses != NULL) {
        packet->source = address_from_ipv4(addresses);
        packet->destination = address_from_ipv4(addresses + 4);
    }
    return header;
}

static struct next ipv4_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    const uint8_t *at = bytes->at;
    struct ipv4_header header = read_header(packet, bytes);
    uint32_t header_length = (header.version_and_length & 0x0fu) * 4;
    if (cursor_failed(bytes))
        return next_none(DECODE_TRUNCATED);
    if (header.version_and_length >> 4 != 4 || header_length < HEADER_LENGTH)
        return next_none(DECODE_MALFORMED);
    cursor_skip(bytes, header_length - HEADER_LENGTH); /* options */
    if (cursor_failed(bytes))
        return next_none(DECODE_TRUNCATED);

    /* 0 where the network card splits (TSO) or has joined (GRO) more than 16 bits can tell: up to the end of
     * the frame */
    if (header.total_length != 0) {
        if (header.total_length < header_length)
            return next_none(DECODE_MALFORMED);
        decoder_limit(decoder, bytes, header.total_length - header_length);
    }
    packet_begin_ip(packet, at, 4);
    packet->ip_captured = (uint32_t)(bytes->end - at);
    if ((header.flags_and_offset & (MORE_FRAGMENTS | OFFSET_MASK)) == 0)
        return next_protocol(packet, header.protocol);

    struct fragment fragment = {
        .identification = header.identification,
        .protocol = header.protocol,
        .offset = (header.flags_and_offset & OFFSET_MASK) * 8u,
        .more = (header.flags_and_offset & MORE_FRAGMENTS) != 0,
        .header = at,
        .header_length = HEADER_LENGTH,
    };
    return fragment_join(decoder, packet, &fragment, bytes);
}

const struct layer layer_ipv4 = {
    .name = "ipv4",
    .after = {{NUMBERING_ETHERTYPE, ETHERTYPE_IPV4}, {NUMBERING_PPP, 0x0021}},
    .peel = ipv4_peel,
};
