// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_snap(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0025 aaaa03 0000f8 0800" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(shortest_decoded(LINK_ETHERNET, MAC "0025 aaaa03 000000 0800" IPV4_UDP), 14 + 8 + 28);
}

static void test_ip_access_point(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0020 060603" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
}

static void test_what_is_no_ip(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0026 424203 0000"), DECODE_NO_IP);     /* STP */
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0003 aaaa00"), DECODE_NO_IP);          /* numbered */
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0003 aa0603" IPV4_UDP), DECODE_NO_IP); /* unequal */
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0040 aaaa03 00000c 2000 02b4"), DECODE_NO_IP); /* CDP */
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0040 aaaa03 00000c 0800" IPV4_UDP), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0040 ffff 001e"), DECODE_NO_IP); /* Novell */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_snap),
        DECODING_TEST(test_ip_access_point),
        DECODING_TEST(test_what_is_no_ip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
