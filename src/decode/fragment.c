// SPDX-License-Identifier: Apache-2.0
#include "decode/fragment.h"

#include "decode/decoder.h"

/* The IP header of the first fragment becomes that of the whole datagram. IPv4 loses its options. */
static void write_header(uint8_t *ip, uint8_t version, const struct datagram_view *whole)
{
    size_t length = version == 4 ? whole->header_length + whole->length : whole->length;
    uint8_t *length_field = version == 4 ? ip + 2 : ip + 4;
    length_field[0] = (uint8_t)(length >> 8);
    length_field[1] = (uint8_t)length;
    if (version == 4) {
        ip[0] = 0x45;
        ip[6] = ip[7] = 0;   /* flags, offset */
        ip[10] = ip[11] = 0; /* checksum: not computed, as nobody here verifies it */
    } else {
        ip[6] = whole->protocol;
    }
}

/* What no stack sends: RFC 791, section 3.2; RFC 8200, section 4.5 */
static bool is_malformed(const struct packet *packet, const struct fragment *fragment)
{
    size_t limit = FRAGMENT_MAX_LENGTH - (packet->ip_version == 4 ? fragment->header_length : 0);
    return fragment->length == 0 || (fragment->more && fragment->length % 8 != 0) ||
           fragment->length > limit || fragment->offset > limit - fragment->length;
}

static struct fragment_key key_of(const struct decoder *decoder, const struct packet *packet,
                                  const struct fragment *fragment)
{
    return (struct fragment_key){
        .source = packet->source,
        .destination = packet->destination,
        .identification = fragment->identification,
        .vlans = {packet->vlans[0], packet->vlans[1]},
        .ip_version = packet->ip_version,
        .depth = (uint16_t)decoder->depth,
        .tenant = decoder_tenant(decoder),
        /* IPv6 takes the protocol from the first fragment; others may name another one */
        .protocol = packet->ip_version == 4 ? fragment->protocol : 0,
    };
}

struct next fragment_join(struct decoder *decoder, struct packet *packet, struct fragment *fragment,
                          struct cursor *bytes)
{
    decoder->statistics.fragments++;
    fragment->data = bytes->at;
    fragment->length = cursor_left(bytes);
    if (decoder->missing > 0) { /* a hole that nothing will fill */
        decoder->statistics.fragments_dropped++;
        return next_none(DECODE_TRUNCATED);
    }
    if (is_malformed(packet, fragment))
        return next_none(DECODE_MALFORMED);
    struct fragment_key key = key_of(decoder, packet, fragment);
    struct datagram_view whole;
    switch (fragment_table_add(decoder->fragments, &key, fragment, packet->frame->time_us, &whole)) {
    case FRAGMENT_HELD:
        return next_none(DECODE_HELD);
    case FRAGMENT_REFUSED:
        return next_none(DECODE_MALFORMED);
    case FRAGMENT_JOINED:
        break;
    }
    write_header(whole.bytes, packet->ip_version, &whole);
    packet->ip = whole.bytes;
    packet->ip_captured = (uint32_t)(whole.header_length + whole.length);
    packet->reassembled = true;
    *bytes = cursor_of(whole.bytes + whole.header_length, whole.length);
    return next_protocol(packet, whole.protocol);
}
