// SPDX-License-Identifier: Apache-2.0
#include "base/community_id.h"

#include "base/digest.h"
#include "base/sha1_block.h"

#include <assert.h>
#include <endian.h>
#include <stddef.h>

enum { ICMP = 1, TCP = 6, UDP = 17, ICMPV6 = 58, SCTP = 132 }; /* IP protocol numbers */

/* corelight/community-id-spec, README: only these have ports, or what stands for ports. */
static bool has_ports(uint8_t protocol)
{
    return protocol == TCP || protocol == UDP || protocol == SCTP || protocol == ICMP || protocol == ICMPV6;
}

/* A type of ICMP that has no counterpart keeps the order of the packet (the specification's reference code):
 * a message that nobody answers has one direction only. */
static bool is_one_way(uint8_t protocol, uint16_t type, uint16_t other)
{
    static const uint8_t pairs[][3] = {
        {ICMP, 8, 0},       {ICMP, 13, 14},     {ICMP, 15, 16},     {ICMP, 17, 18},
        {ICMP, 10, 9},      {ICMPV6, 128, 129}, {ICMPV6, 133, 134}, {ICMPV6, 135, 136},
        {ICMPV6, 130, 131}, {ICMPV6, 139, 140}, {ICMPV6, 144, 145},
    };
    if (protocol != ICMP && protocol != ICMPV6)
        return false;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (pairs[i][0] == protocol &&
            ((type == pairs[i][1] && other == pairs[i][2]) || (type == pairs[i][2] && other == pairs[i][1])))
            return false;
    return true;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

static uint8_t *put_u16(uint8_t *at, uint16_t value)
{
    *at++ = (uint8_t)(value >> 8);
    *at++ = (uint8_t)value;
    return at;
}

/* The message is short: with its padding it is one block of SHA-1. */
static void hash(uint8_t block[static SHA1_BLOCK_SIZE], size_t length, uint8_t value[static DIGEST_MAX_SIZE])
{
    assert(length <= SHA1_BLOCK_MAX);
    block[length] = 0x80;
    put_u16(block + SHA1_BLOCK_SIZE - 2, (uint16_t)(length * 8));
    if (!sha1_block(block, value))
        digest_of(DIGEST_SHA1, block, length, value);
}

void community_id_digest(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                         uint8_t protocol, uint16_t seed, struct community_digest *digest)
{
    int order = address_compare(a, b);
    bool swap = (order > 0 || (order == 0 && port_a > port_b)) && !is_one_way(protocol, port_a, port_b);
    const struct address *first = swap ? b : a, *second = swap ? a : b;
    uint8_t block[SHA1_BLOCK_SIZE] = {0}, *at = block;
    at = put_u16(at, seed);
    if (address_is_ipv4(a) && address_is_ipv4(b)) {
        at = put(at, first->bytes + 12, 4);
        at = put(at, second->bytes + 12, 4);
    } else {
        at = put(at, first->bytes, 16);
        at = put(at, second->bytes, 16);
    }
    *at++ = protocol;
    *at++ = 0;
    if (has_ports(protocol)) {
        at = put_u16(at, swap ? port_b : port_a);
        at = put_u16(at, swap ? port_a : port_b);
    }
    hash(block, (size_t)(at - block), digest->bytes);
}

/* ---- its text ---- */

/* Three bytes, the upper ones of a word, are four characters (RFC 4648, section 4). */
static char *put_base64(char *at, uint32_t word)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    at[0] = digits[word >> 26];
    at[1] = digits[word >> 20 & 63];
    at[2] = digits[word >> 14 & 63];
    at[3] = digits[word >> 8 & 63];
    return at + 4;
}

/* "1:" and the digest's 20 bytes, of which the last group has two. */
const char *community_id_text(const struct community_digest *digest, char text[static COMMUNITY_ID_SIZE])
{
    const uint8_t *bytes = digest->bytes;
    char *at = text;
    *at++ = '1';
    *at++ = ':';
    for (size_t i = 0; i < 18; i += 3) {
        uint32_t word;
        memcpy(&word, bytes + i, sizeof word);
        at = put_base64(at, be32toh(word));
    }
    at = put_base64(at, (uint32_t)bytes[18] << 24 | (uint32_t)bytes[19] << 16);
    at[-1] = '=';
    *at = '\0';
    return text;
}

const char *community_id(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                         uint8_t protocol, uint16_t seed, char text[static COMMUNITY_ID_SIZE])
{
    struct community_digest digest;
    community_id_digest(a, port_a, b, port_b, protocol, seed, &digest);
    return community_id_text(&digest, text);
}
