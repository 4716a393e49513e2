// SPDX-License-Identifier: Apache-2.0
#include "base/community_id.h"

#include "base/big_endian.h"
#include "base/digest.h"

#include <assert.h>
#include <endian.h>
#include <stddef.h>
#include <string.h>

typedef uint64_t pair __attribute__((vector_size(16)));

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

/* The sixteen bytes of IPv4 with ports, which is most of what there is, are stored as one, for so they are
 * loaded: the processor would wait until parts have come together in its cache. */
static void write_ipv4(struct community_message *message, uint32_t first, uint32_t second, uint32_t ports,
                       uint8_t protocol, uint16_t seed)
{
    static const uint8_t padding[SHA1_BLOCK_SIZE] = {[16] = 0x80, [63] = 16 * 8};
    const pair words = {htobe64((uint64_t)seed << 48 | (uint64_t)first << 16 | second >> 16),
                        htobe64((uint64_t)second << 48 | (uint64_t)protocol << 40 | ports)};
    memcpy(message->block, padding, sizeof padding);
    memcpy(message->block, &words, sizeof words);
    message->length = sizeof words;
}

static void write_any(struct community_message *message, const struct address *first,
                      const struct address *second, bool is_ipv4, bool any_ports, uint32_t ports,
                      uint8_t protocol, uint16_t seed)
{
    uint8_t *block = message->block, *at;
    size_t from = is_ipv4 ? 12 : 0;
    memset(block, 0, SHA1_BLOCK_SIZE);
    at = put_u16(block, seed);
    at = put(at, first->bytes + from, sizeof first->bytes - from);
    at = put(at, second->bytes + from, sizeof second->bytes - from);
    *at++ = protocol;
    *at++ = 0;
    if (any_ports)
        at = put_u16(put_u16(at, (uint16_t)(ports >> 16)), (uint16_t)ports);
    message->length = (size_t)(at - block);
    assert(message->length <= SHA1_BLOCK_MAX);
    *at = 0x80;
    put_u16(block + SHA1_BLOCK_SIZE - 2, (uint16_t)(message->length * 8));
}

void community_id_message(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                          uint8_t protocol, uint16_t seed, struct community_message *message)
{
    int order = address_compare(a, b);
    bool swap = (order > 0 || (order == 0 && port_a > port_b)) && !is_one_way(protocol, port_a, port_b);
    const struct address *first = swap ? b : a, *second = swap ? a : b;
    uint32_t ports = swap ? (uint32_t)port_b << 16 | port_a : (uint32_t)port_a << 16 | port_b;
    bool is_ipv4 = address_is_ipv4(a) && address_is_ipv4(b), any_ports = has_ports(protocol);
    if (is_ipv4 && any_ports)
        write_ipv4(message, big_endian_u32(first->bytes + 12), big_endian_u32(second->bytes + 12), ports,
                   protocol, seed);
    else
        write_any(message, first, second, is_ipv4, any_ports, ports, protocol, seed);
}

void community_id_digest(const struct community_message *message, struct community_digest *digest)
{
    if (!sha1_block(message->block, digest->bytes))
        digest_of(DIGEST_SHA1, message->block, message->length, digest->bytes);
}

void community_id_digest_two(const struct community_message messages[static 2],
                             struct community_digest digests[static 2])
{
    if (sha1_block_two(messages[0].block, digests[0].bytes, messages[1].block, digests[1].bytes))
        return;
    community_id_digest(&messages[0], &digests[0]);
    community_id_digest(&messages[1], &digests[1]);
}

/* ---- its text: Base64 (RFC 4648, section 4), sixteen letters at once ---- */

typedef int8_t letters __attribute__((vector_size(16)));

/* The lower 48 bits, six in each byte. */
static uint64_t by_six_bits(uint64_t bits)
{
    bits = (bits << 8 & UINT64_C(0x00ffffff00000000)) | (bits & UINT64_C(0x0000000000ffffff));
    bits = (bits << 4 & UINT64_C(0x0fff00000fff0000)) | (bits & UINT64_C(0x00000fff00000fff));
    return (bits << 2 & UINT64_C(0x3f003f003f003f00)) | (bits & UINT64_C(0x003f003f003f003f));
}

static letters base64(uint64_t first, uint64_t second)
{
    const pair words = {htobe64(by_six_bits(first)), htobe64(by_six_bits(second))};
    letters six = (letters)words;
    return six + 'A' + ((six > 25) & ('a' - 'Z' - 1)) - ((six > 51) & ('z' + 1 - '0')) -
           ((six > 61) & ('9' + 1 - '+')) + ((six > 62) & ('/' - '+' - 1));
}

/* "1:" and the digest's 20 bytes, of which the last group has two. They are loaded as they were stored. */
const char *community_id_text(const struct community_digest *digest, char text[static COMMUNITY_ID_SIZE])
{
    uint64_t from_0 = big_endian_u64(digest->bytes), from_6 = big_endian_u64(digest->bytes + 6);
    uint64_t from_12 = big_endian_u64(digest->bytes + 8) << 32 | big_endian_u32(digest->bytes + 16);
    letters first = base64(from_0 >> 16, from_6 >> 16), second = base64(from_12 >> 16, from_12 << 32);
    memcpy(text, "1:", 2);
    memcpy(text + 2, &first, 16);
    memcpy(text + 18, &second, 12);
    text[29] = '=';
    text[30] = '\0';
    return text;
}

const char *community_id(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                         uint8_t protocol, uint16_t seed, char text[static COMMUNITY_ID_SIZE])
{
    struct community_message message;
    struct community_digest digest;
    community_id_message(a, port_a, b, port_b, protocol, seed, &message);
    community_id_digest(&message, &digest);
    return community_id_text(&digest, text);
}
