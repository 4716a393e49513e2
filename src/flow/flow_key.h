// SPDX-License-Identifier: Apache-2.0
/*
 * Keys of flows: compared and hashed for each packet, so all of it is inline. Only for files of this folder.
 */
#ifndef FLOW_FLOW_KEY_H
#define FLOW_FLOW_KEY_H

#include "base/big_endian.h"
#include "base/universal_hash.h"
#include "decode/packet.h"
#include "flow/flow.h"

#include <string.h>

static inline uint64_t load(const void *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The last four bytes: of IPv4 all that differs. */
static inline uint32_t ipv4_of(const struct address *address)
{
    return big_endian_u32(address->bytes + 12);
}

/* Like address_compare(a, b) < 0, but without a call: this is done for each packet. */
static inline bool sorts_first(const struct address *a, uint16_t port_a, const struct address *b,
                               uint16_t port_b)
{
    uint64_t upper_a = big_endian_u64(a->bytes), upper_b = big_endian_u64(b->bytes);
    if (upper_a != upper_b)
        return upper_a < upper_b;
    uint64_t lower_a = big_endian_u64(a->bytes + 8), lower_b = big_endian_u64(b->bytes + 8);
    if (lower_a != lower_b)
        return lower_a < lower_b;
    return port_a <= port_b;
}

/* What tells flows apart beside their ends. */
static inline uint64_t others_of(const struct packet *packet, bool tagged)
{
    uint64_t tags = (uint64_t)packet->vlans[0] << 48 | (uint64_t)packet->vlans[1] << 32;
    return packet->tenant | (tagged ? tags : 0);
}

/* The hash of the packet's key, with its tags or without, and which endpoint of the key its source is. The
 * words are made of the packet's fields: reading a key that was just written in smaller parts stalls. */
static inline uint64_t hash_ipv4(const struct universal_secret *secret, const struct packet *packet,
                                 bool tagged, bool *source_is_low)
{
    uint64_t source = (uint64_t)ipv4_of(&packet->source) << 16 | packet->source_port;
    uint64_t destination = (uint64_t)ipv4_of(&packet->destination) << 16 | packet->destination_port;
    uint64_t low = source <= destination ? source : destination;
    uint64_t high = source <= destination ? destination : source;
    *source_is_low = source <= destination;
    return universal_fold(secret, universal_pair(secret, 0, low, high | (uint64_t)packet->protocol << 48) +
                                      universal_pair(secret, 1, others_of(packet, tagged), 0));
}

static inline uint64_t hash_ipv6(const struct universal_secret *secret, const struct packet *packet,
                                 bool tagged, bool *source_is_low)
{
    bool first =
        sorts_first(&packet->source, packet->source_port, &packet->destination, packet->destination_port);
    const uint8_t *low = first ? packet->source.bytes : packet->destination.bytes;
    const uint8_t *high = first ? packet->destination.bytes : packet->source.bytes;
    uint64_t low_port = first ? packet->source_port : packet->destination_port;
    uint64_t high_port = first ? packet->destination_port : packet->source_port;
    uint64_t ports = low_port << 32 | high_port << 16 | (uint64_t)packet->protocol << 8 | packet->ip_version;
    *source_is_low = first;
    return universal_fold(secret, universal_pair(secret, 0, load(low), load(low + 8)) +
                                      universal_pair(secret, 1, others_of(packet, tagged), ports) +
                                      universal_pair(secret, 2, load(high), load(high + 8)));
}

/* Into its place: a key that is made elsewhere in small parts and copied in larger ones stalls as well. */
static inline void set_key(struct flow_key *key, const struct packet *packet, bool source_is_low, bool tagged)
{
    key->low = source_is_low ? packet->source : packet->destination;
    key->high = source_is_low ? packet->destination : packet->source;
    key->low_port = source_is_low ? packet->source_port : packet->destination_port;
    key->high_port = source_is_low ? packet->destination_port : packet->source_port;
    key->protocol = packet->protocol;
    key->ip_version = packet->ip_version;
    for (unsigned i = 0; i < PACKET_MAX_VLANS; i++)
        key->vlans[i] = tagged ? packet->vlans[i] : 0;
    key->reserved = 0;
    key->tenant = packet->tenant;
}

static inline bool key_equal(const struct flow_key *a, const struct flow_key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static inline bool is_tagged(const struct flow_key *key)
{
    return (key->vlans[0] | key->vlans[1]) != 0;
}

/* Whether the keys differ in nothing but their tags. */
static inline bool key_equal_but_tags(const struct flow_key *a, const struct flow_key *b)
{
    struct flow_key same_tags = *b;
    memcpy(same_tags.vlans, a->vlans, sizeof same_tags.vlans);
    return key_equal(a, &same_tags);
}

/* ... and one of them has none. */
static inline bool key_fits(const struct flow_key *a, const struct flow_key *b)
{
    return !(is_tagged(a) && is_tagged(b)) && key_equal_but_tags(a, b);
}

/* A mirror of both sides of a router shows a conversation in two VLANs. By chance, another customer's would
 * hardly be at the same sequence numbers. */
static inline bool goes_on_elsewhere(const struct flow *flow, const struct packet *packet,
                                     const struct flow_key *key, bool source_is_low)
{
    enum { SLACK = 1 << 20 }; /* bytes that may be under way, or were lost */
    if (packet->protocol != PROTOCOL_TCP || !key_equal_but_tags(&flow->key, key))
        return false;
    enum direction direction = source_is_low == flow->client_is_low ? TO_SERVER : TO_CLIENT;
    enum direction other = direction_reverse(direction);
    uint32_t sent = packet->tcp_sequence + ((packet->tcp_flags & TCP_SYN) != 0) - flow->tcp_start[direction];
    uint32_t acknowledged = packet->tcp_acknowledgement - flow->tcp_start[other];
    if ((flow->tcp_flags[direction] & TCP_SYN) != 0)
        return sent <= flow->bytes[direction] + SLACK;
    return (flow->tcp_flags[other] & TCP_SYN) != 0 && (packet->tcp_flags & TCP_ACK) != 0 &&
           acknowledged <= flow->bytes[other] + SLACK;
}

/* Whether a flow with other tags, or none, may be the packet's. */
static inline bool fits(const struct flow *flow, const struct packet *packet, bool source_is_low)
{
    struct flow_key key;
    set_key(&key, packet, source_is_low, true);
    return key_fits(&flow->key, &key) || goes_on_elsewhere(flow, packet, &key, source_is_low);
}

#endif
