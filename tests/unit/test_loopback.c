// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

enum { LINK_NULL = 0, LINK_LOOP = 108 };

static void test_ipv4_in_either_byte_order(void **state)
{
    (void)state;
    static const char *const frames[] = {"02000000" IPV4_UDP, "00000002" IPV4_UDP};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(decode_hex(LINK_NULL, frames[i]), DECODE_PACKET);
        assert_ipv4_udp();
        assert_int_equal(decode_hex(LINK_LOOP, frames[i]), DECODE_PACKET);
        assert_ipv4_udp();
        assert_int_equal(shortest_decoded(LINK_NULL, frames[i]), 4 + 28);
    }
}

static void test_ipv6_families_of_all_systems(void **state)
{
    (void)state;
    static const char *const families[] = {"0a000000", "17000000", "18000000",
                                           "1c000000", "1e000000", "0000001e"};
    for (size_t i = 0; i < 6; i++) {
        char hex[512];
        snprintf(hex, sizeof hex, "%s" IPV6("0009", "11") UDP("0009") "41", families[i]);
        assert_int_equal(decode_hex(LINK_NULL, hex), DECODE_PACKET);
        assert_int_equal(d.packet.ip_version, 6);
    }
}

static void test_other_families(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_NULL, "01000000" IPV4_UDP), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_NULL, "ffffffff" IPV4_UDP), DECODE_NO_IP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_ipv4_in_either_byte_order),
        DECODING_TEST(test_ipv6_families_of_all_systems),
        DECODING_TEST(test_other_families),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
