// SPDX-License-Identifier: Apache-2.0
/*
 * What the layers share while one frame is decoded. Only for files of this folder.
 */
#ifndef DECODE_DECODER_H
#define DECODE_DECODER_H

#include "decode/decode.h"
#include "decode/fragment_table.h"
#include "decode/layer.h"

enum { NUMBERS = 65536 };

struct decoder {
    struct decode_statistics statistics;
    struct fragment_table *fragments;
    /* Bytes that the headers so far promise behind the end of the cursor: more than 0 where the frame was
     * cut. */
    uint32_t missing;
    /* Which layer a number announces: its place in the table plus 1, 0 for none. Few of these pages are ever
     * touched. */
    uint8_t layer_of[NUMBERING_COUNT][NUMBERS];
};

/* The answer of a last layer. */
static inline struct next next_none(enum decode_result result)
{
    return (struct next){NUMBERING_NONE, (uint16_t)result};
}

static inline struct next next_ethertype(uint16_t number)
{
    return (struct next){NUMBERING_ETHERTYPE, number};
}

static inline struct next next_protocol(struct packet *packet, uint8_t protocol)
{
    packet->protocol = protocol;
    return (struct next){NUMBERING_IP, protocol};
}

/* A header says that `length` bytes follow from here: what lies behind them is padding, what lacks was cut
 * off. */
static inline void decoder_limit(struct decoder *decoder, struct cursor *bytes, uint32_t length)
{
    size_t left = cursor_left(bytes);
    if (length <= left) {
        bytes->end = bytes->at + length;
        decoder->missing = 0;
    } else {
        decoder->missing = length - (uint32_t)left;
    }
}

/* Bytes from here to the end of the packet, captured or not. */
static inline uint32_t decoder_promised(const struct decoder *decoder, const struct cursor *bytes)
{
    return (uint32_t)cursor_left(bytes) + decoder->missing;
}

/* The rest of the packet is what a TCP or UDP header carries. */
static inline struct next decoder_payload(const struct decoder *decoder, struct packet *packet,
                                          struct cursor *bytes)
{
    packet->payload = bytes->at;
    packet->payload_captured = (uint32_t)cursor_left(bytes);
    packet->payload_length = decoder_promised(decoder, bytes);
    return next_none(DECODE_PACKET);
}

/* Linux' ETH_P_802_2 (linux/if_ether.h): stands for LLC where an EtherType is expected, for numbers below
 * 0x0600 never are EtherTypes. */
enum { ETHERTYPE_LLC = 0x0004, ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd };

/* Behind addresses or a tag stands an EtherType, or the length of an LLC frame (IEEE 802.3, clause 3.2.6). */
static inline struct next next_type_or_length(struct decoder *decoder, struct cursor *bytes)
{
    uint16_t value = cursor_u16_be(bytes);
    if (value >= 0x0600)
        return next_ethertype(value);
    decoder_limit(decoder, bytes, value);
    return next_ethertype(ETHERTYPE_LLC);
}

/* An IP header begins at `at`: forgets what an outer one and its ports said. */
static inline void packet_begin_ip(struct packet *packet, const uint8_t *at, uint8_t version)
{
    packet->ip = at;
    packet->ip_version = version;
    packet->source_port = packet->destination_port = 0;
    packet->tcp_flags = 0;
    packet->tcp_window = 0;
    packet->tcp_sequence = packet->tcp_acknowledgement = 0;
    packet->payload = NULL;
    packet->payload_captured = packet->payload_length = 0;
    packet->reassembled = false;
}

#endif
