// SPDX-License-Identifier: Apache-2.0
#include "base/community_id.h"

#include "base/digest.h"

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

static void write_base64(const uint8_t *bytes, size_t length, char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (uint32_t)(left > 1 ? bytes[i + 1] : 0) << 8 |
                         (left > 2 ? bytes[i + 2] : 0u);
        *text++ = digits[group >> 18];
        *text++ = digits[group >> 12 & 63];
        *text++ = (char)(left > 1 ? digits[group >> 6 & 63] : '=');
        *text++ = (char)(left > 2 ? digits[group & 63] : '=');
    }
    *text = '\0';
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

const char *community_id(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                         uint8_t protocol, uint16_t seed, char text[static COMMUNITY_ID_SIZE])
{
    int order = address_compare(a, b);
    bool swap = (order > 0 || (order == 0 && port_a > port_b)) && !is_one_way(protocol, port_a, port_b);
    const struct address *first = swap ? b : a, *second = swap ? a : b;
    bool ipv4 = address_is_ipv4(a) && address_is_ipv4(b);
    size_t skip = ipv4 ? 12 : 0;

    uint8_t input[2 + 16 + 16 + 2 + 4], *at = input;
    at = put_u16(at, seed);
    at = put(at, first->bytes + skip, 16 - skip);
    at = put(at, second->bytes + skip, 16 - skip);
    *at++ = protocol;
    *at++ = 0;
    if (has_ports(protocol)) {
        at = put_u16(at, swap ? port_b : port_a);
        at = put_u16(at, swap ? port_a : port_b);
    }
    uint8_t value[DIGEST_MAX_SIZE];
    digest_of(DIGEST_SHA1, input, (size_t)(at - input), value);
    text[0] = '1';
    text[1] = ':';
    write_base64(value, 20, text + 2);
    return text;
}
