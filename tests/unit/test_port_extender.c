// SPDX-License-Identifier: Apache-2.0
/*
 * Tags that name ports or times: VN-Tag, E-Tag, Cisco's time stamp.
 */
#include "tunnelled.h"

static void test_tags_are_passed_over(void **state)
{
    (void)state;
    static const struct {
        const char *frame;
        size_t header;
    } cases[] = {
        {MAC "8926 80010002 0800" IPV4_UDP, 14 + 6},
        {MAC "893f 000110020000 0800" IPV4_UDP, 14 + 8},
        {MAC "8988 000102030405 0800" IPV4_UDP, 14 + 8},
        {MAC "893f 000110020000 8926 80010002 8988 000102030405 0800" IPV4_UDP, 14 + 8 + 6 + 8},
        {MAC "8926 80010002 0025 aaaa03 000000 0800" IPV4_UDP, 14 + 6 + 8}, /* a length, LLC and SNAP */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_cuts(cases[i].frame, cases[i].header);
        assert_int_equal(decode_hex(LINK_ETHERNET, cases[i].frame), DECODE_PACKET);
        assert_ipv4_udp();
        assert_null(d.packet.tunnel);
        assert_int_equal(d.packet.vlan_count, 0);
    }
}

static void test_vlans_around_and_behind_them(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8100 0005 8926 80010002 8100 0006 0800" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlans[0], 5);
    assert_int_equal(d.packet.vlans[1], 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_tags_are_passed_over),
        DECODING_TEST(test_vlans_around_and_behind_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
