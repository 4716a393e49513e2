// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

/* first byte (version, length of the options), flags, protocol type; identifier 0x00abcd */
#define GENEVE(first, flags, type) OUTER_UDP("17c1") first " " flags " " type " 00abcd 00 "
#define AWS_ENDPOINT               "0108 01 02 0a1b2c3d 4e5f6071 "
#define AWS                        AWS_ENDPOINT "0108 02 02 00000000 00000001 0108 03 01 00c00c1e "
#define AWS_WORDS                  "08"

static void test_ethernet_ip4_and_ip6_are_carried(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GENEVE("00", "00", "6558") INNER), DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("geneve", 1), TUNNEL_VNI, 0xabcd);
    assert_outer(tunnel_innermost(d.packet.tunnel), PROTOCOL_UDP, 6081);
    assert_int_equal(d.packet.tenant, TUNNEL_VNI << 28 | 0xabcd);
    assert_inner(LINK_ETHERNET, INNER_LENGTH);
    assert_int_equal(decode_hex(LINK_ETHERNET, GENEVE("00", "00", "0800") IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_inner(LINK_RAW, INNER_IP_LENGTH);
    assert_int_equal(
        decode_hex(LINK_ETHERNET, GENEVE("00", "00", "86dd") IPV6("0009", "11") UDP("0009") "41"),
        DECODE_PACKET);
    assert_addresses("2001:db8::1", "2001:db8::2");
    assert_inner(LINK_RAW, 49);
    assert_tunnel("geneve", 1);
}

static void test_options_of_load_balancers(void **state)
{
    (void)state;
    static const char *const frames[] = {
        GENEVE(AWS_WORDS, "00", "6558") AWS INNER,
        /* Tencent Cloud's, in another order */
        GENEVE(AWS_WORDS, "00", "6558") "0167 03 01 00c00c1e 0167 02 02 00000000 00000001 "
                                        "0167 01 02 0a1b2c3d 4e5f6071 " INNER,
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        assert_int_equal(decode_hex(LINK_ETHERNET, frames[i]), DECODE_PACKET);
        assert_ipv4_udp();
        const struct tunnel_level *level = assert_tunnel("geneve", 1);
        assert_true(level->gateway_endpoint == UINT64_C(0x0a1b2c3d4e5f6071));
        assert_true(level->gateway_attachment == 1);
        assert_int_equal(d.packet.flow_cookie, 0x00c00c1e);
    }
}

static void test_the_cookie_makes_no_new_way(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GENEVE("02", "00", "6558") "0108 03 01 00000001 " INNER),
                     DECODE_PACKET);
    const struct tunnel *first = d.packet.tunnel;
    assert_int_equal(decode_hex(LINK_ETHERNET, GENEVE("02", "00", "6558") "0108 03 01 00000002 " INNER),
                     DECODE_PACKET);
    assert_ptr_equal(d.packet.tunnel, first);
    assert_int_equal(d.packet.flow_cookie, 2);
    assert_int_equal(decode_hex(LINK_ETHERNET, GENEVE("00", "00", "6558") INNER), DECODE_PACKET);
    assert_int_equal(d.packet.flow_cookie, 0); /* that of the packet before is forgotten */
}

static void test_network_and_direction_of_google(void **state)
{
    (void)state;
    /* profile group and endpoint stand before and behind; the identifier is 0 as Google sends it */
    assert_int_equal(decode_hex(LINK_ETHERNET,
                                OUTER_UDP("17c1") "07 00 0800 000000 00 0132 03 02 00112233 44556677 "
                                                  "0132 01 01 12345671 0132 02 01 01020304 " IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("geneve", 1), TUNNEL_NETWORK, 0x1234567);
    assert_int_equal(tunnel_innermost(d.packet.tunnel)->direction, TUNNEL_EGRESS);
    assert_int_equal(d.packet.tenant, TUNNEL_NETWORK << 28 | 0x1234567);
    assert_int_equal(
        decode_hex(LINK_ETHERNET, OUTER_UDP("17c1") "02 00 0800 000000 00 0132 01 01 12345670 " IPV4_UDP),
        DECODE_PACKET);
    assert_int_equal(tunnel_innermost(d.packet.tunnel)->direction, TUNNEL_INGRESS);
    assert_int_equal(d.packet.tenant, TUNNEL_NETWORK << 28 | 0x1234567);
}

static void test_unknown_options_are_passed_over(void **state)
{
    (void)state;
    static const char *const frames[] = {
        GENEVE("03", "40",
               "6558") "fff0 85 01 01020304 0108 63 00 " INNER,  /* a critical one, one without value */
        GENEVE("02", "00", "6558") "0108 01 01 01020304 " INNER, /* too short for an endpoint */
        GENEVE("02", "00", "6558") "0132 01 1f 01020304 " INNER, /* longer than all options */
        GENEVE("02", "3f", "6558") "0108 01 e1 01020304 " INNER, /* reserved bits everywhere */
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        assert_int_equal(decode_hex(LINK_ETHERNET, frames[i]), DECODE_PACKET);
        assert_ipv4_udp();
        const struct tunnel_level *level = assert_tunnel("geneve", 1);
        assert_identifier(level, TUNNEL_VNI, 0xabcd);
        assert_true(level->gateway_endpoint == 0);
        assert_int_equal(level->direction, TUNNEL_DIRECTION_UNKNOWN);
    }
}

static void test_control_packets_carry_nothing(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GENEVE("00", "80", "6558") INNER), DECODE_NO_IP);
}

static void test_what_is_no_geneve_stays_udp(void **state)
{
    (void)state;
    static const char *const frames[] = {
        GENEVE("40", "00", "6558") INNER,    /* version 1 */
        GENEVE("00", "00", "1234") INNER,    /* a protocol that nobody knows */
        GENEVE("00", "80", "1234") INNER,    /* the same in a control packet */
        GENEVE("00", "00", "0004") INNER,    /* a length, not a type */
        GENEVE("3f", "00", "6558") IPV4_UDP, /* more options than there are bytes */
        OUTER_UDP("17c1") "0000 6558 00abcd", OUTER_UDP("17c1"),
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        assert_stays(frames[i], PROTOCOL_UDP);
}

static void test_arp_inside_is_no_packet(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GENEVE("00", "00", "6558") INNER_MAC "0806 0001"),
                     DECODE_NO_IP);
}

static void test_every_cut(void **state)
{
    (void)state;
    assert_cuts(GENEVE("00", "00", "6558") INNER, OUTER_UDP_LENGTH + 8 + 14);
    assert_cuts(GENEVE(AWS_WORDS, "00", "6558") AWS INNER, OUTER_UDP_LENGTH + 8 + 32 + 14);
    assert_cuts(GENEVE("02", "00", "0800") "0132 01 01 12345671 " IPV4_UDP, OUTER_UDP_LENGTH + 8 + 8);
    assert_malformed_when_short(GENEVE(AWS_WORDS, "00", "6558") AWS INNER, OUTER_UDP_LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_ethernet_ip4_and_ip6_are_carried),
        DECODING_TEST(test_options_of_load_balancers),
        DECODING_TEST(test_the_cookie_makes_no_new_way),
        DECODING_TEST(test_network_and_direction_of_google),
        DECODING_TEST(test_unknown_options_are_passed_over),
        DECODING_TEST(test_control_packets_carry_nothing),
        DECODING_TEST(test_what_is_no_geneve_stays_udp),
        DECODING_TEST(test_arp_inside_is_no_packet),
        DECODING_TEST(test_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
