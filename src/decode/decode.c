// SPDX-License-Identifier: Apache-2.0
#include "decode/decode.h"

#include "decode/decoder.h"
#include "decode/plain.h"
#include "decode/share.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
_Static_assert((int)LAYER_COUNT <= (int)DECODE_MAX_KINDS, "statistics have a counter for each");

/* What it means that no layer claims a number: of an EtherType, that the frame is not about IP; of an IP
 * protocol, that the packet ends there as far as we are concerned. */
static const enum decode_result result_of_unknown[NUMBERING_COUNT] = {
    [NUMBERING_LINK_TYPE] = DECODE_UNSUPPORTED,
    [NUMBERING_ETHERTYPE] = DECODE_NO_IP,
    [NUMBERING_IP] = DECODE_PACKET,
    [NUMBERING_PPP] = DECODE_NO_IP,
    [NUMBERING_UDP_PORT] = DECODE_PACKET,
};

/* The layer of this place, plus 1, reads what the number announces. */
static void set_layer(struct decoder *decoder, enum numbering numbering, uint16_t number, uint8_t place)
{
    decoder->layer_of[numbering][number] = place;
    if (numbering == NUMBERING_UDP_PORT)
        decoder->tunnel_ports[number / 64] |= UINT64_C(1) << number % 64;
}

static void index_layers(struct decoder *decoder)
{
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        for (size_t j = 0; j < LAYER_MAX_AFTER; j++) {
            struct next after = layers[i]->after[j];
            if (after.numbering == NUMBERING_NONE)
                continue;
            assert(decoder->layer_of[after.numbering][after.number] == 0); /* two layers claim one number */
            set_layer(decoder, after.numbering, after.number, (uint8_t)(i + 1));
        }
    }
}

/* The tunnel over UDP of this name: its place plus 1; 0: there is none. */
static uint8_t find_udp_tunnel(const char *name)
{
    for (size_t i = 0; i < LAYER_COUNT; i++)
        if (strcmp(layers[i]->name, name) == 0 && layers[i]->after[0].numbering == NUMBERING_UDP_PORT)
            return (uint8_t)(i + 1);
    return 0;
}

bool decode_port_parse(const char *text, struct decode_port *port, struct error *error)
{
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
    char *end = NULL;
    unsigned long number = colon != NULL ? strtoul(colon + 1, &end, 10) : 0;
    *port = (struct decode_port){.port = (uint16_t)number};
    if (length < sizeof port->layer)
        memcpy(port->layer, text, length);
    if (find_udp_tunnel(port->layer) == 0)
        return error_set(
            error, STATUS_CONFIGURATION,
            "\"%.40s\" begins with no tunnel over UDP that geophone knows: write vxlan:4789, geneve:6081 "
            "or the like",
            text);
    if (end == NULL || *end != '\0' || !isdigit((unsigned char)colon[1]) || number == 0 ||
        number > UINT16_MAX)
        return error_set(error, STATUS_CONFIGURATION,
                         "\"%.40s\" has no port from 1 to 65535: write %s:4789 or the like", text,
                         port->layer);
    return true;
}

static void index_ports(struct decoder *decoder, const struct decode_options *options)
{
    memset(decoder->layer_of[NUMBERING_UDP_PORT], 0, sizeof decoder->layer_of[NUMBERING_UDP_PORT]);
    memset(decoder->tunnel_ports, 0, sizeof decoder->tunnel_ports);
    for (size_t i = 0; i < options->port_count; i++)
        set_layer(decoder, NUMBERING_UDP_PORT, options->ports[i].port,
                  find_udp_tunnel(options->ports[i].layer));
}

struct decoder *decoder_create(const struct decode_options *options, struct error *error)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL)
        goto out_of_memory;
    decoder->fragments =
        fragment_table_create(options->fragment_bytes, options->fragment_timeout_ms, &decoder->statistics);
    decoder->tunnels = tunnel_table_create();
    if (decoder->fragments == NULL || decoder->tunnels == NULL)
        goto out_of_memory;
    decoder->tenant = options->tenant;
    decoder->share = options->share;
    decoder->shares = options->shares;
    decoder->share_secret = options->share_secret;
    index_layers(decoder);
    if (options->ports != NULL)
        index_ports(decoder, options);
    return decoder;

out_of_memory:
    decoder_free(decoder);
    error_set(error, STATUS_FAILED,
              "not enough memory for the packet decoder; lower the memory for fragments (now %u bytes)",
              (unsigned)options->fragment_bytes);
    return NULL;
}

void decoder_free(struct decoder *decoder)
{
    if (decoder == NULL)
        return;
    fragment_table_free(decoder->fragments);
    tunnel_table_free(decoder->tunnels);
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
        const struct layer *layer = layers[place - 1];
        next = layer->peel(decoder, packet, bytes);
        if (layer->is_tunnel && next.numbering != NUMBERING_NONE) /* else it only stood at a tunnel's port */
            decoder->trail[decoder->trail_length++] = (uint8_t)(place - 1);
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

/*
 * Identifiers of different kinds do not meet: the kind stands in the upper bits. Keys and TEIDs of 32 bits
 * lose theirs, which costs nothing but a chance of one in sixteen that two such tunnels are not told apart.
 */
uint32_t decoder_tenant(const struct decoder *decoder)
{
    for (uint32_t i = decoder->depth; i > 0 && decoder->tenant != TENANT_NONE; i--) {
        const struct tunnel_level *level = &decoder->levels[i - 1];
        bool tells = level->identifier_kind >= TUNNEL_VNI && level->identifier_kind <= TUNNEL_NETWORK;
        if (tells || (decoder->tenant == TENANT_ANY && level->identifier_kind != TUNNEL_NO_IDENTIFIER))
            return (uint32_t)level->identifier_kind << 28 | (level->identifier & 0x0fffffff);
    }
    return 0;
}

/* Between the tunnel and the IP header may stand PPP, tags or labels, which are no part of a bare IP packet.
 */
static void trim_inner(struct packet *packet)
{
    uintptr_t ip = (uintptr_t)packet->ip, data = (uintptr_t)packet->inner.data;
    bool is_inside = ip >= data && ip - data <= packet->inner.captured; /* else put together from fragments */
    if (packet->inner.link_type == LINK_TYPE_ETHERNET || !is_inside)
        return;
    packet->inner.link_type = LINK_TYPE_RAW_IP;
    uint32_t before = (uint32_t)(ip - data);
    packet->inner.data += before;
    packet->inner.captured -= before;
    packet->inner.length -= before;
}

static void note_tunnels(struct decoder *decoder, struct packet *packet)
{
    trim_inner(packet);
    decoder->statistics.tunnelled++;
    packet->tenant = decoder_tenant(decoder);
    packet->tunnel =
        tunnel_table_take(decoder->tunnels, decoder->levels, decoder->depth, packet->inner.length);
}

/* What only decoding can tell. What is no packet is then the first one's to count. */
static bool is_own(const struct decoder *decoder, enum decode_result result, const struct packet *packet)
{
    if (decoder->shares <= 1 || packet->frame->share != FRAME_SHARE_OPEN)
        return true;
    uint8_t share = result != DECODE_PACKET ? 0
                                            : share_of_addresses(&packet->source, &packet->destination,
                                                                 decoder->share_secret, decoder->shares);
    return share == decoder->share;
}

/* All that the layers find; `decoder` then has its way through them. */
static enum decode_result decode_layers(struct decoder *decoder, const struct frame *frame,
                                        struct packet *packet)
{
    *packet = (struct packet){.frame = frame, .inner = *frame};
    decoder->missing = frame->length > frame->captured ? frame->length - frame->captured : 0;
    struct cursor bytes = cursor_of(frame->data, frame->captured);
    return peel_layers(decoder, packet, &bytes);
}

/* The same for what decode_plain() reads. */
static void count_plain(struct decode_statistics *statistics, const struct packet *packet)
{
    statistics->results[DECODE_PACKET]++;
    if (packet->ip_version == 4)
        statistics->ipv4++;
    else
        statistics->ipv6++;
    if (packet->protocol == PROTOCOL_TCP)
        statistics->tcp++;
    else
        statistics->udp++;
    if (packet->vlan_count > 0)
        statistics->vlan++;
}

/* The long way, for what decode_plain() does not read. Not inlined, as its cursor and its protection of the
 * stack would be set up for each packet: 20 instructions of 100. */
__attribute__((noinline)) static enum decode_result
decode_other(struct decoder *decoder, const struct frame *frame, struct packet *packet)
{
    decoder->depth = decoder->trail_length = 0;
    enum decode_result result = decode_layers(decoder, frame, packet);
    if (!is_own(decoder, result, packet))
        return DECODE_OTHERS;
    decoder->statistics.results[result]++;
    for (uint32_t i = 0; i < decoder->trail_length; i++)
        decoder->statistics.layers[decoder->trail[i]]++;
    if (result == DECODE_PACKET) {
        count_packet(&decoder->statistics, packet);
        if (decoder->depth > 0)
            note_tunnels(decoder, packet);
    }
    return result;
}

enum decode_result decode(struct decoder *decoder, const struct frame *frame, struct packet *packet)
{
    if (!decode_plain(decoder, frame, packet))
        return decode_other(decoder, frame, packet);
    if (!is_own(decoder, DECODE_PACKET, packet))
        return DECODE_OTHERS;
    count_plain(&decoder->statistics, packet);
    return DECODE_PACKET;
}

const struct tunnel_table *decoder_tunnels(const struct decoder *decoder)
{
    return decoder->tunnels;
}

const char *decode_layer_name(size_t place, bool *is_tunnel)
{
    if (place >= LAYER_COUNT)
        return NULL;
    *is_tunnel = layers[place]->is_tunnel;
    return layers[place]->name;
}

const struct decode_statistics *decoder_statistics(struct decoder *decoder)
{
    if (decoder->share > 0) /* each of them puts all fragments together */
        decoder->statistics.fragments = decoder->statistics.fragments_joined =
            decoder->statistics.fragments_dropped = decoder->statistics.fragments_overlapping = 0;
    decoder->statistics.tunnels = tunnel_table_count(decoder->tunnels);
    decoder->statistics.tunnels_refused = tunnel_table_refused(decoder->tunnels);
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
