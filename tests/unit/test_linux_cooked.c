// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

enum { LINK_SLL = 113, LINK_SLL2 = 276 };

static void test_version_1(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_SLL, "0004 0001 0006 0200000000010000 0800" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(shortest_decoded(LINK_SLL, "0004 0001 0006 0200000000010000 0800" IPV4_UDP), 16 + 28);
}

static void test_version_2(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_SLL2, "0800 0000 00000003 0001 04 06 0200000000010000" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(shortest_decoded(LINK_SLL2, "0800 0000 00000003 0001 04 06 0200000000010000" IPV4_UDP),
                     20 + 28);
}

static void test_vlan_and_llc_inside(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_SLL, "0000 0001 0006 0200000000010000 8100 0005 0800" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlans[0], 5);
    assert_int_equal(decode_hex(LINK_SLL, "0000 0001 0006 0200000000010000 0004 aaaa03 000000 0800" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
}

static void test_netlink_numbers_are_no_ethertypes(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_SLL, "0004 0338 0000 0000000000000000 0800" IPV4_UDP), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_SLL2, "0800 0000 00000003 0338 04 00 0000000000000000" IPV4_UDP),
                     DECODE_NO_IP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_version_1),
        DECODING_TEST(test_version_2),
        DECODING_TEST(test_vlan_and_llc_inside),
        DECODING_TEST(test_netlink_numbers_are_no_ethertypes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
