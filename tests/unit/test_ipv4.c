// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_options_are_skipped(void **state)
{
    (void)state;
    const char *hex = "4600 0021 1234 0000 40 11 0000" ADDRESSES4 "94040000" UDP("0009") "41";
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.destination_port, 53);
    assert_int_equal(d.packet.payload_length, 1);
    assert_int_equal(d.packet.ip_captured, 33);
    assert_ptr_equal(d.packet.ip, d.frame.data);
    assert_int_equal(shortest_decoded(LINK_RAW, hex), 32);
}

static void test_length_0_reaches_to_the_end_of_the_frame(void **state)
{
    (void)state;
    const char *hex = IPV4("0000", "4000", "06") TCP("50") "4142 4344";
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 4);
    assert_int_equal(shortest_decoded(LINK_RAW, hex), 40);
}

static void test_length_above_the_frame_is_promised_not_captured(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, IPV4("ffff", "0000", "06") TCP("50") "4142"), DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 65535 - 40);
    assert_int_equal(d.packet.payload_captured, 2);
}

static void test_contradictions(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, IPV4("0013", "0000", "11") UDP("0008")), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_RAW, "4400 001c 1234 0000 40 11 0000" ADDRESSES4 UDP("0008")),
                     DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0800 65000000 00000000 4011 0000" ADDRESSES4),
                     DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_RAW, "4f00 003c 1234 0000 40 11 0000" ADDRESSES4), DECODE_TRUNCATED);
    /* the datagram is there as a whole, and too short for its UDP header */
    assert_int_equal(decode_hex(LINK_RAW, IPV4("0018", "0000", "11") "1388 0035"), DECODE_MALFORMED);
}

static void test_unknown_protocols_are_packets_without_ports(void **state)
{
    (void)state;
    static const char *const protocols[] = {"2f", "32", "ff", "00", "2c", "3c"};
    for (size_t i = 0; i < 6; i++) {
        char hex[512];
        snprintf(hex, sizeof hex, "4500 0018 1234 0000 40 %s 0000" ADDRESSES4 "01020304", protocols[i]);
        assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
        assert_int_equal(d.packet.protocol, strtoul(protocols[i], NULL, 16));
        assert_int_equal(d.packet.source_port, 0);
        assert_int_equal(d.packet.destination_port, 0);
        assert_null(d.packet.payload);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_options_are_skipped),
        DECODING_TEST(test_length_0_reaches_to_the_end_of_the_frame),
        DECODING_TEST(test_length_above_the_frame_is_promised_not_captured),
        DECODING_TEST(test_contradictions),
        DECODING_TEST(test_unknown_protocols_are_packets_without_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
