// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define GRE(flags, type) OUTER("2f") flags " " type " "

static void test_optional_fields(void **state)
{
    (void)state;
    static const struct {
        const char *frame;
        size_t header;
        bool has_key;
    } cases[] = {
        {GRE("0000", "0800") IPV4_UDP, 4, false},
        {GRE("8000", "0800") "1234 0000 " IPV4_UDP, 8, false},
        {GRE("2000", "0800") "89abcdef " IPV4_UDP, 8, true},
        {GRE("1000", "0800") "00000001 " IPV4_UDP, 8, false},
        {GRE("a000", "0800") "1234 0000 89abcdef " IPV4_UDP, 12, true},
        {GRE("3000", "0800") "89abcdef 00000001 " IPV4_UDP, 12, true},
        {GRE("9000", "0800") "1234 0000 00000001 " IPV4_UDP, 12, false},
        {GRE("b000", "0800") "1234 0000 89abcdef 00000001 " IPV4_UDP, 16, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_cuts(cases[i].frame, OUTER_LENGTH + cases[i].header);
        assert_int_equal(decode_hex(LINK_ETHERNET, cases[i].frame), DECODE_PACKET);
        assert_ipv4_udp();
        const struct tunnel_level *level = assert_tunnel("gre", 1);
        assert_outer(level, 47, 0);
        assert_identifier(level, cases[i].has_key ? TUNNEL_KEY : TUNNEL_NO_IDENTIFIER,
                          cases[i].has_key ? 0x89abcdef : 0);
        assert_int_equal(d.packet.tenant, 0); /* a key does not tell tenants apart by itself */
        assert_inner(LINK_RAW, INNER_IP_LENGTH);
    }
}

static void test_what_it_carries(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("0000", "86dd") IPV6("0009", "11") UDP("0009") "41"),
                     DECODE_PACKET);
    assert_addresses("2001:db8::1", "2001:db8::2");
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("0000", "6558") INNER), DECODE_PACKET);
    assert_ipv4_udp();
    assert_tunnel("gre", 1);
    assert_inner(LINK_ETHERNET, INNER_LENGTH);
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("0000", "8847") "0006 4140 " IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_inner(LINK_RAW, INNER_IP_LENGTH); /* without the label */
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("0000", "8100") "0009 0800 " IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlans[0], 9);
}

static void test_nvgre(void **state)
{
    (void)state;
    assert_cuts(GRE("2000", "6558") "00126707 " INNER, OUTER_LENGTH + 8 + 14);
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("2000", "6558") "00126707 " INNER), DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("nvgre", 1), TUNNEL_VSID, 0x1267);
    assert_int_equal(d.packet.tenant, TUNNEL_VSID << 28 | 0x1267);
    /* with a number it is a bridge's own key */
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("3000", "6558") "00126707 00000001 " INNER),
                     DECODE_PACKET);
    assert_identifier(assert_tunnel("gre", 1), TUNNEL_KEY, 0x126707);
}

static void test_pptp(void **state)
{
    (void)state;
    /* a number, a number and an acknowledgement; PPP with and without address, padding behind */
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("3001", "880b") "0021 0203 00000001 ff030021" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("pptp", 1), TUNNEL_KEY, 0x0203);
    assert_inner(LINK_RAW, INNER_IP_LENGTH);
    assert_int_equal(
        decode_hex(LINK_ETHERNET, GRE("3081", "880b") "001e 0203 00000001 00000000 21" IPV4_UDP "00000000"),
        DECODE_PACKET);
    assert_ipv4_udp();
    assert_cuts(GRE("3081", "880b") "001f 0203 00000001 00000000 0021" IPV4_UDP, OUTER_LENGTH + 16 + 2);
    /* only an acknowledgement; encrypted (RFC 3078) */
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("2081", "880b") "0000 0203 00000001"), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("3001", "880b") "0006 0203 00000001 00fd 90001234"),
                     DECODE_NO_IP);
}

static void test_a_keepalive_is_the_answer_that_it_carries(void **state)
{
    (void)state;
    /* Cisco's: GRE in IP the other way round, with nothing in it */
    assert_int_equal(decode_hex(LINK_ETHERNET, GRE("0000", "0800") IPV4("0018", "0000", "2f") "0000 0000"),
                     DECODE_PACKET);
    assert_addresses("192.0.2.1", "198.51.100.2");
    assert_int_equal(d.packet.protocol, 47);
    assert_null(d.packet.payload);
    assert_tunnel("gre", 1);
}

static void test_what_is_no_tunnel_stays_what_it_is(void **state)
{
    (void)state;
    static const char *const frames[] = {
        GRE("0000", "0000"),          GRE("0000", "1234") IPV4_UDP, GRE("4000", "0800") "0000 0000" IPV4_UDP,
        GRE("0002", "0800") IPV4_UDP, GRE("0001", "0800") IPV4_UDP, GRE("0000", "0004") IPV4_UDP,
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        assert_stays(frames[i], 47);
}

static void test_shorter_than_its_header(void **state)
{
    (void)state;
    static const char *const frames[] = {
        OUTER("2f"),
        OUTER("2f") "0000 08",
        GRE("8000", "0800") "1234 00",
        GRE("2000", "0800") "89abcd",
        GRE("0000", "0800"),
        GRE("3001", "880b") "0021 02",
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        assert_int_equal(decode_hex(LINK_ETHERNET, frames[i]), DECODE_MALFORMED);
}

static void test_over_ip6(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "86dd" IPV6("0021", "2f") "0000 0800 " IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(assert_tunnel("gre", 1)->ip_version, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_optional_fields),
        DECODING_TEST(test_what_it_carries),
        DECODING_TEST(test_nvgre),
        DECODING_TEST(test_pptp),
        DECODING_TEST(test_a_keepalive_is_the_answer_that_it_carries),
        DECODING_TEST(test_what_is_no_tunnel_stays_what_it_is),
        DECODING_TEST(test_shorter_than_its_header),
        DECODING_TEST(test_over_ip6),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
