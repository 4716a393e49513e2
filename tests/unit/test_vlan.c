// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_one_tag(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8100 e064 0800" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlan_count, 1);
    assert_int_equal(d.packet.vlans[0], 100);
    assert_int_equal(decoder_statistics(d.decoder)->vlan, 1);
}

static void test_two_tags_outermost_first(void **state)
{
    (void)state;
    static const char *const outer[] = {"88a8", "9100", "9200", "8100"};
    for (size_t i = 0; i < 4; i++) {
        char hex[512];
        snprintf(hex, sizeof hex, MAC "%s 0fff 8100 2001 0800" IPV4_UDP, outer[i]);
        assert_int_equal(decode_hex(LINK_ETHERNET, hex), DECODE_PACKET);
        assert_ipv4_udp();
        assert_int_equal(d.packet.vlan_count, 2);
        assert_int_equal(d.packet.vlans[0], 4095);
        assert_int_equal(d.packet.vlans[1], 1);
    }
}

static void test_deeper_tags_are_read_and_not_kept(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "88a8 0001 8100 0002 8100 0003 0800" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlan_count, 2);
    assert_int_equal(d.packet.vlans[1], 2);
}

static void test_priority_tag_is_no_vlan(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8100 a000 0800" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlan_count, 0);
}

static void test_llc_behind_a_tag(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8100 0007 0025 aaaa03 000000 0800" IPV4_UDP "0000"),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlans[0], 7);
}

static void test_cut(void **state)
{
    (void)state;
    assert_int_equal(shortest_decoded(LINK_ETHERNET, MAC "88a8 0001 8100 0002 0800" IPV4_UDP), 14 + 8 + 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_one_tag),
        DECODING_TEST(test_two_tags_outermost_first),
        DECODING_TEST(test_deeper_tags_are_read_and_not_kept),
        DECODING_TEST(test_priority_tag_is_no_vlan),
        DECODING_TEST(test_llc_behind_a_tag),
        DECODING_TEST(test_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
