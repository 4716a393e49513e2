// SPDX-License-Identifier: Apache-2.0
/*
 * For tests of tunnels: what stands outside of them, and what they carry.
 */
#ifndef TESTS_UNIT_TUNNELLED_H
#define TESTS_UNIT_TUNNELLED_H

#include "decoding.h"

/* Headers around a tunnel, from 10.0.0.1 to 10.0.0.2. Lengths of 0 mean "up to the end of the frame", as
 * behind network cards that join packets. */
#define OUTER_IP(protocol) "4500 0000 0001 0000 40 " protocol " 0000 0a00 0001 0a00 0002 "
#define OUTER(protocol)    MAC "0800" OUTER_IP(protocol)
#define OUTER_UDP(port)    OUTER("11") "c000 " port " 0000 0000 "
enum { OUTER_LENGTH = 14 + 20, OUTER_UDP_LENGTH = OUTER_LENGTH + 8 };

/* What a tunnel carries: IPV4_UDP, bare or in Ethernet. */
#define INNER_MAC "0200 0000 0004 0200 0000 0003 "
#define INNER     INNER_MAC "0800" IPV4_UDP
enum { INNER_IP_LENGTH = 29, INNER_LENGTH = 14 + INNER_IP_LENGTH };

static inline const struct tunnel_level *assert_tunnel(const char *type, uint32_t depth)
{
    assert_non_null(d.packet.tunnel);
    assert_int_equal(d.packet.tunnel->depth, depth);
    assert_string_equal(tunnel_innermost(d.packet.tunnel)->type, type);
    return tunnel_innermost(d.packet.tunnel);
}

/* The level came over IP from 10.0.0.1 to 10.0.0.2. */
static inline void assert_outer(const struct tunnel_level *level, uint8_t protocol, uint16_t port)
{
    char text[ADDRESS_TEXT_SIZE];
    assert_int_equal(level->ip_version, 4);
    assert_string_equal(address_format(&level->source, text), "10.0.0.1");
    assert_string_equal(address_format(&level->destination, text), "10.0.0.2");
    assert_int_equal(level->protocol, protocol);
    assert_int_equal(level->destination_port, port);
}

static inline void assert_identifier(const struct tunnel_level *level, uint8_t kind, uint32_t identifier)
{
    assert_int_equal(level->identifier_kind, kind);
    assert_int_equal(level->identifier, identifier);
}

/* `inner` is the innermost frame or packet, whole. */
static inline void assert_inner(uint16_t link_type, uint32_t length)
{
    assert_int_equal(d.packet.inner.link_type, link_type);
    assert_int_equal(d.packet.inner.length, length);
    assert_int_equal(d.packet.inner.captured, length);
}

/* The frame is a UDP or other packet from 10.0.0.1 as it stands: no tunnel. */
static inline void assert_stays(const char *hex, uint8_t protocol)
{
    assert_int_equal(decode_hex(LINK_ETHERNET, hex), DECODE_PACKET);
    assert_null(d.packet.tunnel);
    assert_int_equal(d.packet.tenant, 0);
    assert_int_equal(d.packet.protocol, protocol);
    assert_addresses("10.0.0.1", "10.0.0.2");
    assert_int_equal(d.packet.inner.length, d.frame.length);
}

/* Of the tunnel `hex` nothing but whole packets comes out, wherever it is cut; `length` bytes are outside of
 * the inner packet, whose IP and UDP headers are needed. */
static inline void assert_cuts(const char *hex, size_t length)
{
    assert_int_equal(shortest_decoded(LINK_ETHERNET, hex), length + 20 + 8);
}

/* Not cut, but over before the IP header inside is: no snap length explains that. */
static inline void assert_malformed_when_short(const char *hex, size_t from)
{
    uint8_t bytes[MAX_INPUT];
    size_t length = bytes_of_hex(hex, bytes, sizeof bytes);
    for (size_t captured = from; captured < length - INNER_IP_LENGTH + 20; captured++)
        assert_int_not_equal(decode_cut(LINK_ETHERNET, bytes, captured, captured), DECODE_TRUNCATED);
}

#endif
