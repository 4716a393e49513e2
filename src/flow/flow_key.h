// SPDX-License-Identifier: Apache-2.0
/*
 * Keys of flows: compared and hashed for each packet, so all of it is inline. Only for files of this folder.
 */
#ifndef FLOW_FLOW_KEY_H
#define FLOW_FLOW_KEY_H

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

static inline uint32_t load_half(const void *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static inline uint64_t load_be(const uint8_t *bytes)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? load(bytes) : __builtin_bswap64(load(bytes));
}

/* Like address_compare(a, b) < 0, but without a call: this is done for each packet. */
static inline bool sorts_first(const struct address *a, uint16_t port_a, const struct address *b,
                               uint16_t port_b)
{
    uint64_t upper_a = load_be(a->bytes), upper_b = load_be(b->bytes);
    if (upper_a != upper_b)
        return upper_a < upper_b;
    uint64_t lower_a = load_be(a->bytes + 8), lower_b = load_be(b->bytes + 8);
    if (lower_a != lower_b)
        return lower_a < lower_b;
    return port_a <= port_b;
}

static inline bool key_equal(const struct flow_key *a, const struct flow_key *b)
{
    const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
    uint64_t difference = 0;
    for (size_t i = 0; i < sizeof *a; i += 8)
        difference |= load(x + i) ^ load(y + i);
    return difference == 0;
}

/* The words are made of the fields, not read from the key: reading what was just written in smaller parts
 * stalls. Of an IPv4 key the parts of the addresses that are always the same are left out; the version of IP,
 * which is among the words of the first pair, tells such keys from others. */
static inline uint32_t key_hash(const struct universal_secret *secret, const struct flow_key *key)
{
    uint64_t ports = (uint64_t)key->low_port << 48 | (uint64_t)key->high_port << 32 |
                     (uint64_t)key->protocol << 24 | (uint64_t)key->ip_version << 16 | key->vlans[0];
    universal_sum sum = universal_pair(secret, 0, ports, (uint64_t)key->vlans[1] << 32 | key->tenant);
    if (key->ip_version == 4) {
        uint64_t ends = (uint64_t)load_half(key->low.bytes + 12) << 32 | load_half(key->high.bytes + 12);
        return universal_fold(secret, sum + universal_pair(secret, 1, ends, 0));
    }
    sum += universal_pair(secret, 1, load(key->low.bytes), load(key->low.bytes + 8));
    sum += universal_pair(secret, 2, load(key->high.bytes), load(key->high.bytes + 8));
    return universal_fold(secret, sum);
}

static inline void set_tags(struct flow_key *key, const struct packet *packet, bool tagged)
{
    for (unsigned i = 0; i < PACKET_MAX_VLANS; i++)
        key->vlans[i] = tagged ? packet->vlans[i] : 0;
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

#endif
