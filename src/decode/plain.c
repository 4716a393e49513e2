// SPDX-License-Identifier: Apache-2.0
/*
 * Offsets are those of IEEE 802.1Q, RFC 791, section 3.1, RFC 8200, section 3, RFC 9293, section 3.1, and RFC
 * 768; the layers' own files say more. What is common comes first in each `if`, and each field is set by its
 * name: the rest of an initialiser would be cleared first, all 152 bytes for the few that are left.
 */
#include "decode/plain.h"

#include "base/big_endian.h"

enum {
    TAG = 4, /* of a VLAN */
    ETHERTYPE_TAG = 0x8100,
    IPV4_HEADER = 20, /* no options */
    IPV6_HEADER = 40,
    TCP_HEADER = 20,
    UDP_HEADER = 8,
    LEAST = ETHERNET_HEADER_LENGTH + TAG + IPV4_HEADER, /* what is read before lengths are */
    VERSION_4_WITHOUT_OPTIONS = 0x45,
    FRAGMENT_MASK = 0x3fff, /* more fragments, and the offset */
};

static void set_payload(struct packet *packet, const uint8_t *at, uint32_t length)
{
    packet->payload = at;
    packet->payload_captured = length;
    packet->payload_length = length;
}

static bool read_tcp(const uint8_t *at, uint32_t length, struct packet *packet)
{
    if (length < TCP_HEADER)
        return false;
    uint32_t header = (at[12] >> 4) * 4u;
    if (header < TCP_HEADER || header > length)
        return false;
    packet->tcp_flags = at[13];
    packet->tcp_window = big_endian_u16(at + 14);
    packet->tcp_sequence = big_endian_u32(at + 4);
    packet->tcp_acknowledgement = big_endian_u32(at + 8);
    set_payload(packet, at + header, length - header);
    return true;
}

/* A length that is not the packet's is the layer's business. */
static bool read_udp(const struct decoder *decoder, const uint8_t *at, uint32_t length, struct packet *packet)
{
    if (length < UDP_HEADER || big_endian_u16(at + 4) != length ||
        decoder_has_tunnel_at(decoder, big_endian_u16(at + 2)))
        return false;
    packet->tcp_flags = 0;
    packet->tcp_window = 0;
    packet->tcp_sequence = packet->tcp_acknowledgement = 0;
    set_payload(packet, at + UDP_HEADER, length - UDP_HEADER);
    return true;
}

/* Behind `header` bytes of IP stand `length` bytes of `protocol`; all of them were captured. */
static inline bool read_transport(const struct decoder *decoder, const uint8_t *ip, uint32_t header,
                                  uint32_t length, uint8_t protocol, struct packet *packet)
{
    const uint8_t *at = ip + header;
    packet->ip = ip;
    packet->ip_captured = header + length;
    packet->protocol = protocol;
    if (protocol == PROTOCOL_TCP ? !read_tcp(at, length, packet)
                                 : protocol != PROTOCOL_UDP || !read_udp(decoder, at, length, packet))
        return false;
    packet->source_port = big_endian_u16(at);
    packet->destination_port = big_endian_u16(at + 2);
    return true;
}

/* `room` is what was captured from `ip` on. */
static bool read_ipv4(const struct decoder *decoder, const uint8_t *ip, uint32_t room, struct packet *packet)
{
    uint32_t total = big_endian_u16(ip + 2);
    if (ip[0] != VERSION_4_WITHOUT_OPTIONS || (big_endian_u16(ip + 6) & FRAGMENT_MASK) != 0 || total > room ||
        total < IPV4_HEADER)
        return false;
    packet->ip_version = 4;
    packet->source = address_from_ipv4(ip + 12);
    packet->destination = address_from_ipv4(ip + 16);
    return read_transport(decoder, ip, IPV4_HEADER, total - IPV4_HEADER, ip[9], packet);
}

static bool read_ipv6(const struct decoder *decoder, const uint8_t *ip, uint32_t room, struct packet *packet)
{
    uint32_t length = big_endian_u16(ip + 4);
    if (ip[0] >> 4 != 6 || room < IPV6_HEADER || length > room - IPV6_HEADER)
        return false;
    packet->ip_version = 6;
    packet->source = address_from_ipv6(ip + 8);
    packet->destination = address_from_ipv6(ip + 24);
    return read_transport(decoder, ip, IPV6_HEADER, length, ip[6], packet);
}

bool decode_plain(const struct decoder *decoder, const struct frame *frame, struct packet *packet)
{
    const uint8_t *at = frame->data + ETHERNET_HEADER_LENGTH;
    uint32_t room = frame->captured - ETHERNET_HEADER_LENGTH;
    if (frame->captured < LEAST || frame->captured < frame->length || frame->link_type != LINK_TYPE_ETHERNET)
        return false;
    uint16_t type = big_endian_u16(at - 2), vlan = 0;
    packet->frame = frame;
    packet->inner = *frame;
    if (type == ETHERTYPE_TAG) {
        vlan = big_endian_u16(at) & 0x0fff;
        type = big_endian_u16(at + 2);
        at += TAG;
        room -= TAG;
    }
    packet->vlan_count = vlan != 0; /* identifier 0 is none */
    packet->vlans[0] = vlan;
    packet->vlans[1] = 0;
    packet->reassembled = false;
    packet->tunnel = NULL;
    packet->tenant = packet->flow_cookie = 0;
    if (type == ETHERTYPE_IPV4)
        return read_ipv4(decoder, at, room, packet);
    return type == ETHERTYPE_IPV6 && read_ipv6(decoder, at, room, packet);
}
