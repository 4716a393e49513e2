// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_udp(void **state)
{
    (void)state;
    const char *hex = MAC "86dd" IPV6("0009", "11") UDP("0009") "41 0000";
    assert_int_equal(decode_hex(LINK_ETHERNET, hex), DECODE_PACKET);
    assert_addresses("2001:db8::1", "2001:db8::2");
    assert_int_equal(d.packet.source_port, 5000);
    assert_int_equal(d.packet.payload_length, 1);
    assert_int_equal(d.packet.ip_captured, 49);
    assert_int_equal(decoder_statistics(d.decoder)->ipv6, 1);
    assert_int_equal(shortest_decoded(LINK_ETHERNET, hex), 14 + 40 + 8);
}

static void test_length_0_reaches_to_the_end_of_the_frame(void **state)
{
    (void)state;
    /* a jumbo payload option, RFC 2675 */
    const char *hex = IPV6("0000", "00") "06 00 c204 00010000" TCP("50") "414243";
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 3);
    assert_int_equal(d.packet.destination_port, 3333);
}

static void test_wrong_version(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "86dd 40000000 0000 11 40" ADDRESSES6), DECODE_MALFORMED);
}

static void test_protocols_that_end_it(void **state)
{
    (void)state;
    static const char *const protocols[] = {"3b", "87", "8b", "8c", "32", "fd"};
    for (size_t i = 0; i < 6; i++) {
        char hex[512];
        snprintf(hex, sizeof hex, "60000000 0008 %s 40" ADDRESSES6 "3b00 0000 0000 0000", protocols[i]);
        assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
        assert_int_equal(d.packet.protocol, strtoul(protocols[i], NULL, 16));
        assert_null(d.packet.payload);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_udp),
        DECODING_TEST(test_length_0_reaches_to_the_end_of_the_frame),
        DECODING_TEST(test_wrong_version),
        DECODING_TEST(test_protocols_that_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
