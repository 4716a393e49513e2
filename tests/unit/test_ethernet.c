// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_type(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0800" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlan_count, 0);
    assert_int_equal(shortest_decoded(LINK_ETHERNET, MAC "0800" IPV4_UDP), 14 + 20 + 8);
}

static void test_padding_to_the_shortest_frame_is_not_payload(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0800" IPV4_UDP "00000000 00000000 00000000 00000000 00"),
                     DECODE_PACKET);
    assert_ipv4_udp();
}

static void test_length_means_llc(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0025 aaaa03 000000 0800" IPV4_UDP "ffff"), DECODE_PACKET);
    assert_ipv4_udp();
}

static void test_length_above_the_frame(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "05dc aaaa03 000000 0800" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
}

static void test_length_that_cuts_the_header_behind(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0002 aaaa03 000000 0800" IPV4_UDP), DECODE_TRUNCATED);
}

static void test_other_types_are_no_ip(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0806 0001080006040001"), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "88cc 0207"), DECODE_NO_IP);
    assert_int_equal(d.packet.ip_version, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_type),
        DECODING_TEST(test_padding_to_the_shortest_frame_is_not_payload),
        DECODING_TEST(test_length_means_llc),
        DECODING_TEST(test_length_above_the_frame),
        DECODING_TEST(test_length_that_cuts_the_header_behind),
        DECODING_TEST(test_other_types_are_no_ip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
