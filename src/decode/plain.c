// SPDX-License-Identifier: Apache-2.0
/*
 * Offsets are those of RFC 791, section 3.1, RFC 9293, section 3.1, and RFC 768, behind 14 bytes of Ethernet;
 * the layers' own files say more.
 */
#include "decode/plain.h"

enum {
    IP = ETHERNET_HEADER_LENGTH,
    TRANSPORT = IP + 20, /* no options */
    TCP_HEADER = 20,
    UDP_HEADER = 8,
    LEAST = TRANSPORT + UDP_HEADER,
    VERSION_4_WITHOUT_OPTIONS = 0x45,
    FRAGMENT_MASK = 0x3fff, /* more fragments, and the offset */
};

static uint16_t u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t u32(const uint8_t *at)
{
    return (uint32_t)u16(at) << 16 | u16(at + 2);
}

/* Where the payload of `total` bytes of IP begins; 0: not a plain TCP header. */
static uint32_t behind_tcp(const uint8_t *at, uint32_t total)
{
    uint32_t begin = IP + 20 + (at[TRANSPORT + 12] >> 4) * 4u;
    return begin >= TRANSPORT + TCP_HEADER && begin <= IP + total ? begin : 0;
}

/* The same for UDP; a length that is not the packet's is the layer's business. */
static uint32_t behind_udp(const struct decoder *decoder, const uint8_t *at, uint32_t total)
{
    bool tunnel = decoder->layer_of[NUMBERING_UDP_PORT][u16(at + TRANSPORT + 2)] != 0;
    return !tunnel && u16(at + TRANSPORT + 4) == total - 20 ? TRANSPORT + UDP_HEADER : 0;
}

bool decode_plain(const struct decoder *decoder, const struct frame *frame, struct packet *packet)
{
    const uint8_t *at = frame->data;
    if (frame->captured < LEAST || frame->captured < frame->length ||
        frame->link_type != LINK_TYPE_ETHERNET || u16(at + 12) != ETHERTYPE_IPV4 ||
        at[IP] != VERSION_4_WITHOUT_OPTIONS || (u16(at + IP + 6) & FRAGMENT_MASK) != 0)
        return false;
    uint32_t total = u16(at + IP + 2), payload = 0;
    uint8_t protocol = at[IP + 9];
    bool is_tcp = protocol == PROTOCOL_TCP;
    if (total > frame->captured - IP)
        return false;
    if (is_tcp && total >= 20 + TCP_HEADER)
        payload = behind_tcp(at, total);
    else if (protocol == PROTOCOL_UDP && total >= 20 + UDP_HEADER)
        payload = behind_udp(decoder, at, total);
    if (payload == 0)
        return false;
    /* each field by name: the rest of an initialiser would be cleared first, all 152 bytes for the few that
     * are left */
    packet->frame = frame;
    packet->inner = *frame;
    packet->source = address_from_ipv4(at + IP + 12);
    packet->destination = address_from_ipv4(at + IP + 16);
    packet->source_port = u16(at + TRANSPORT);
    packet->destination_port = u16(at + TRANSPORT + 2);
    packet->protocol = protocol;
    packet->ip_version = 4;
    packet->vlan_count = 0;
    packet->vlans[0] = packet->vlans[1] = 0;
    packet->tcp_flags = is_tcp ? at[TRANSPORT + 13] : 0;
    packet->tcp_window = is_tcp ? u16(at + TRANSPORT + 14) : 0;
    packet->tcp_sequence = is_tcp ? u32(at + TRANSPORT + 4) : 0;
    packet->tcp_acknowledgement = is_tcp ? u32(at + TRANSPORT + 8) : 0;
    packet->ip = at + IP;
    packet->ip_captured = total;
    packet->payload = at + payload;
    packet->payload_captured = packet->payload_length = IP + total - payload;
    packet->reassembled = false;
    packet->tunnel = NULL;
    packet->tenant = packet->flow_cookie = 0;
    return true;
}
