// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define INNER6       IPV6("0009", "11") UDP("0009") "41 "
#define OUTER6(next) MAC "86dd 6000 0000 0000 " next " 40 " ADDRESSES6

static void test_any_version_in_any(void **state)
{
    (void)state;
    static const struct {
        const char *frame, *type;
        size_t outer;
        uint8_t outer_version, protocol;
        bool is_ip4;
    } cases[] = {
        {OUTER("04") IPV4_UDP, "ipip", OUTER_LENGTH, 4, 4, true},
        {OUTER("29") INNER6, "6in4", OUTER_LENGTH, 4, 41, false},
        {OUTER6("04") IPV4_UDP, "ipip", 54, 6, 4, true},
        {OUTER6("29") INNER6, "6in4", 54, 6, 41, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(shortest_decoded(LINK_ETHERNET, cases[i].frame),
                         cases[i].outer + (cases[i].is_ip4 ? 28 : 48));
        assert_int_equal(decode_hex(LINK_ETHERNET, cases[i].frame), DECODE_PACKET);
        assert_int_equal(d.packet.ip_version, cases[i].is_ip4 ? 4 : 6);
        assert_addresses(cases[i].is_ip4 ? "192.0.2.1" : "2001:db8::1",
                         cases[i].is_ip4 ? "198.51.100.2" : "2001:db8::2");
        const struct tunnel_level *level = assert_tunnel(cases[i].type, 1);
        assert_int_equal(level->ip_version, cases[i].outer_version);
        assert_int_equal(level->protocol, cases[i].protocol);
        assert_identifier(level, TUNNEL_NO_IDENTIFIER, 0);
        assert_int_equal(d.packet.tenant, 0);
        assert_inner(LINK_RAW, cases[i].is_ip4 ? 29 : 49);
    }
}

static void test_behind_extension_headers(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER6("3c") "04 00 0104 00000000 " IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_tunnel("ipip", 1);
}

static void test_what_is_no_ip(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("04")), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("04") "00112233"), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("29") "6000"), DECODE_MALFORMED);
}

/* The inner header promises more than the outer one: the sender, or a mirror, cut the packet. */
static void test_an_inner_length_that_lies(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("04") IPV4("0100", "0000", "11") UDP("00ec") "4142"),
                     DECODE_PACKET);
    assert_int_equal(d.packet.payload_captured, 2);
    assert_int_equal(d.packet.payload_length, 0xec - 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_any_version_in_any),
        DECODING_TEST(test_behind_extension_headers),
        DECODING_TEST(test_what_is_no_ip),
        DECODING_TEST(test_an_inner_length_that_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
