// SPDX-License-Identifier: Apache-2.0
#include "decode/decode.h"

#include "decode/decoder.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static const struct layer *const layers[] = {
#define LAYER(name) &layer_##name,
#include "decode/layers.def"
#undef LAYER
};

enum {
#define LAYER(name) PLACE_##name,
#include "decode/layers.def"
#undef LAYER
    LAYER_COUNT
};
_Static_assert(LAYER_COUNT < UINT8_MAX, "layer_of holds places in one byte");

/* What it means that no layer claims a number: of an EtherType, that the frame is not about IP; of an IP
 * protocol, that the packet ends there as far as we are concerned. */
static const enum decode_result result_of_unknown[NUMBERING_COUNT] = {
    [NUMBERING_LINK_TYPE] = DECODE_UNSUPPORTED,
    [NUMBERING_ETHERTYPE] = DECODE_NO_IP,
    [NUMBERING_IP] = DECODE_PACKET,
    [NUMBERING_PPP] = DECODE_NO_IP,
};

static void index_layers(struct decoder *decoder)
{
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        for (size_t j = 0; j < LAYER_MAX_AFTER; j++) {
            struct next after = layers[i]->after[j];
            if (after.numbering == NUMBERING_NONE)
                continue;
            assert(decoder->layer_of[after.numbering][after.number] == 0); /* two layers claim one number */
            decoder->layer_of[after.numbering][after.number] = (uint8_t)(i + 1);
        }
    }
}

struct decoder *decoder_create(const struct decode_limits *limits, struct error *error)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL)
        goto out_of_memory;
    decoder->fragments =
        fragment_table_create(limits->fragment_bytes, limits->fragment_timeout_ms, &decoder->statistics);
    if (decoder->fragments == NULL)
        goto out_of_memory;
    index_layers(decoder);
    return decoder;

out_of_memory:
    decoder_free(decoder);
    error_set(error, STATUS_FAILED,
              "not enough memory for the packet decoder; lower the memory for fragments (now %u bytes)",
              (unsigned)limits->fragment_bytes);
    return NULL;
}

void decoder_free(struct decoder *decoder)
{
    if (decoder == NULL)
        return;
    fragment_table_free(decoder->fragments);
    free(decoder);
}

/* A header does not fit. Where its IP header promises no more than was captured, no cut explains that. */
static enum decode_result result_of_short(const struct decoder *decoder, const struct packet *packet)
{
    return packet->ip_version != 0 && decoder->missing == 0 ? DECODE_MALFORMED : DECODE_TRUNCATED;
}

static enum decode_result peel_layers(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    struct next next = {NUMBERING_LINK_TYPE, packet->frame->link_type};
    for (unsigned depth = 0; depth < DECODE_MAX_LAYERS; depth++) {
        uint8_t place = decoder->layer_of[next.numbering][next.number];
        if (place == 0)
            return result_of_unknown[next.numbering];
        next = layers[place - 1]->peel(decoder, packet, bytes);
        if (cursor_failed(bytes))
            return result_of_short(decoder, packet);
        if (next.numbering == NUMBERING_NONE)
            return (enum decode_result)next.number;
    }
    return DECODE_TOO_DEEP;
}

static void count_packet(struct decode_statistics *statistics, const struct packet *packet)
{
    if (packet->ip_version == 4)
        statistics->ipv4++;
    else
        statistics->ipv6++;
    if (packet->vlan_count > 0)
        statistics->vlan++;
    switch (packet->protocol) {
    case PROTOCOL_TCP:
        statistics->tcp++;
        break;
    case PROTOCOL_UDP:
        statistics->udp++;
        break;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        statistics->icmp++;
        break;
    default:
        statistics->other++;
    }
}

enum decode_result decode(struct decoder *decoder, const struct frame *frame, struct packet *packet)
{
    *packet = (struct packet){.frame = frame};
    decoder->missing = frame->length > frame->captured ? frame->length - frame->captured : 0;
    struct cursor bytes = cursor_of(frame->data, frame->captured);
    enum decode_result result = peel_layers(decoder, packet, &bytes);
    decoder->statistics.results[result]++;
    if (result == DECODE_PACKET)
        count_packet(&decoder->statistics, packet);
    return result;
}

const struct decode_statistics *decoder_statistics(const struct decoder *decoder)
{
    return &decoder->statistics;
}

bool decode_supports_link_type(uint16_t link_type)
{
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        for (size_t j = 0; j < LAYER_MAX_AFTER; j++) {
            const struct next *after = &layers[i]->after[j];
            if (after->numbering == NUMBERING_LINK_TYPE && after->number == link_type)
                return true;
        }
    }
    return false;
}

size_t decode_list_layers(char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        bool room = length < size;
        length += (size_t)snprintf(room ? text + length : NULL, room ? size - length : 0, "%s%s",
                                   i > 0 ? ", " : "", layers[i]->name);
    }
    return length;
}
