// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

enum { LINK_PPP = 9, LINK_PPP_HDLC = 50 };

static void test_all_ways_to_write_the_header(void **state)
{
    (void)state;
    static const char *const frames[] = {"ff03 0021" IPV4_UDP, "0021" IPV4_UDP, "21" IPV4_UDP,
                                         "ff03 21" IPV4_UDP};
    static const size_t lengths[] = {4, 2, 1, 3};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(decode_hex(LINK_PPP, frames[i]), DECODE_PACKET);
        assert_ipv4_udp();
        assert_int_equal(decode_hex(LINK_PPP_HDLC, frames[i]), DECODE_PACKET);
        assert_ipv4_udp();
        assert_int_equal(shortest_decoded(LINK_PPP, frames[i]), lengths[i] + 28);
    }
}

static void test_ipv6(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_PPP, "ff03 0057" IPV6("0009", "11") UDP("0009") "41"), DECODE_PACKET);
    assert_int_equal(d.packet.ip_version, 6);
}

static void test_control_protocols(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_PPP, "ff03 c021 0101 0004"), DECODE_NO_IP); /* LCP */
    assert_int_equal(decode_hex(LINK_PPP, "002d 0000"), DECODE_NO_IP); /* compressed TCP, RFC 1144 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_all_ways_to_write_the_header),
        DECODING_TEST(test_ipv6),
        DECODING_TEST(test_control_protocols),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
