// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define PPPOE(code, length) MAC "8864 11 " code " 0102 " length " "

static void test_a_session(void **state)
{
    (void)state;
    assert_cuts(PPPOE("00", "001f") "0021" IPV4_UDP, 14 + 6 + 2);
    assert_int_equal(decode_hex(LINK_ETHERNET, PPPOE("00", "001f") "0021" IPV4_UDP "000000000000"),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_null(d.packet.tunnel);
    assert_int_equal(
        decode_hex(LINK_ETHERNET, PPPOE("00", "0033") "0057" IPV6("0009", "11") UDP("0009") "41"),
        DECODE_PACKET);
    assert_addresses("2001:db8::1", "2001:db8::2");
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "88a8 0005 8100 0006 8864 1100 0102 001f 0021" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlans[0], 5);
    assert_int_equal(d.packet.vlans[1], 6);
}

static void test_what_carries_no_ip(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, PPPOE("00", "000a") "c021 0901 0008 00000000"),
                     DECODE_NO_IP); /* LCP */
    assert_int_equal(decode_hex(LINK_ETHERNET, PPPOE("a7", "0000")), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8864 2100 0102 001f 0021" IPV4_UDP), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8863 1109 0000 0000"), DECODE_NO_IP); /* discovery */
}

static void test_lengths_that_lie(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, PPPOE("00", "ffff") "0021" IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp(); /* IP knows better */
    assert_int_equal(decode_hex(LINK_ETHERNET, PPPOE("00", "0008") "0021" IPV4_UDP), DECODE_TRUNCATED);
    assert_int_equal(decode_hex(LINK_ETHERNET, PPPOE("00", "0000") "0021" IPV4_UDP), DECODE_TRUNCATED);
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8864 1100 01"), DECODE_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_a_session),
        DECODING_TEST(test_what_carries_no_ip),
        DECODING_TEST(test_lengths_that_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
