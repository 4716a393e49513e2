// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_atomic_fragment_stands_alone(void **state)
{
    (void)state;
    const char *hex = IPV6("0011", "2c") "11 00 0000 00000001" UDP("0009") "41";
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.destination_port, 53);
    assert_false(d.packet.reassembled);
    assert_int_equal(decoder_statistics(d.decoder)->fragments, 0);
    assert_int_equal(shortest_decoded(LINK_RAW, hex), 40 + 8 + 8);
}

static void test_two_fragments(void **state)
{
    (void)state;
    const char *first = IPV6("0018", "00") "2c00 0104 0000 0000"
                                           "11 00 0001 00000007" UDP("0009");
    const char *last = IPV6("0011", "00") "2c00 0104 0000 0000"
                                          "3b 00 0008 00000007"
                                          "41";
    assert_int_equal(decode_hex(LINK_RAW, first), DECODE_HELD);
    assert_int_equal(decode_hex(LINK_RAW, last), DECODE_PACKET);
    assert_true(d.packet.reassembled);
    assert_addresses("2001:db8::1", "2001:db8::2");
    assert_int_equal(d.packet.protocol, PROTOCOL_UDP); /* as the first one says */
    assert_int_equal(d.packet.payload_length, 1);
    /* the header that comes out describes the datagram that comes out */
    assert_int_equal(d.packet.ip_captured, 40 + 9);
    assert_int_equal(d.packet.ip[0], 0x60);
    assert_int_equal(d.packet.ip[5], 9);
    assert_int_equal(d.packet.ip[6], PROTOCOL_UDP);
    assert_int_equal(d.packet.ip[48], 'A');
}

static void test_datagram_of_the_greatest_length(void **state)
{
    (void)state;
    /* ends at offset 65528 + 7 = 65535; one byte more is too long */
    assert_int_equal(decode_hex(LINK_RAW, IPV6("000f", "2c") "11 00 fff8 00000001 01020304050607"),
                     DECODE_HELD);
    assert_int_equal(decode_hex(LINK_RAW, IPV6("0010", "2c") "11 00 fff8 00000002 0102030405060708"),
                     DECODE_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_atomic_fragment_stands_alone),
        DECODING_TEST(test_two_fragments),
        DECODING_TEST(test_datagram_of_the_greatest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
