// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_fields(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, IPV4("002a", "4000", "06") TCP("50") "4142"), DECODE_PACKET);
    assert_int_equal(d.packet.source_port, 49153);
    assert_int_equal(d.packet.destination_port, 3333);
    assert_int_equal(d.packet.tcp_sequence, 0x01020304);
    assert_int_equal(d.packet.tcp_acknowledgement, 0x05060708);
    assert_int_equal(d.packet.tcp_flags, TCP_PSH | TCP_ACK);
    assert_int_equal(d.packet.tcp_window, 0x2000);
    assert_int_equal(d.packet.payload_length, 2);
    assert_memory_equal(d.packet.payload, "AB", 2);
    assert_int_equal(decoder_statistics(d.decoder)->tcp, 1);
}

static void test_options_are_skipped_even_where_they_are_cut(void **state)
{
    (void)state;
    const char *hex = IPV4("0036", "4000", "06") TCP("80") "0101080a 01020304 05060708 4142";
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 2);
    assert_memory_equal(d.packet.payload, "AB", 2);
    assert_int_equal(shortest_decoded(LINK_RAW, hex), 20 + 20);
}

static void test_no_payload(void **state)
{
    (void)state;
    assert_int_equal(
        decode_hex(LINK_ETHERNET, MAC "0800" IPV4("0028", "4000", "06") TCP("50") "0000 0000 0000"),
        DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 0);
    assert_int_equal(d.packet.payload_captured, 0);
}

static void test_wrong_data_offset(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, IPV4("002a", "4000", "06") TCP("40") "4142"), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_RAW, IPV4("002a", "4000", "06") TCP("60") "4142"), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_RAW, IPV4("002a", "4000", "06") TCP("f0") "4142"), DECODE_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_fields),
        DECODING_TEST(test_options_are_skipped_even_where_they_are_cut),
        DECODING_TEST(test_no_payload),
        DECODING_TEST(test_wrong_data_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
