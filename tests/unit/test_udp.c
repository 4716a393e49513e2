// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_length_below_what_ip_says(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, IPV4("0020", "0000", "11") UDP("000a") "41424344"), DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 2);
    assert_int_equal(d.packet.payload_captured, 2);
    assert_int_equal(d.packet.ip_captured, 32);
    assert_int_equal(decoder_statistics(d.decoder)->udp, 1);
}

static void test_impossible_lengths_leave_what_ip_says(void **state)
{
    (void)state;
    static const char *const lengths[] = {"0000", "0001", "0007", "000d", "ffff"};
    for (size_t i = 0; i < 5; i++) {
        char hex[512];
        snprintf(hex, sizeof hex, IPV4("0020", "0000", "11") "1388 0035 %s 0000 41424344", lengths[i]);
        assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
        assert_int_equal(d.packet.payload_length, 4);
        assert_int_equal(d.packet.payload_captured, 4);
    }
}

static void test_cut_payload(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t length =
        bytes_of_hex(IPV4("0024", "0000", "11") UDP("000e") "4142434445460000", bytes, sizeof bytes);
    assert_int_equal(decode_cut(LINK_RAW, bytes, 30, length), DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 6);
    assert_int_equal(d.packet.payload_captured, 2);
    assert_int_equal(shortest_decoded(LINK_RAW, IPV4("0024", "0000", "11") UDP("000e") "4142434445460000"),
                     28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_length_below_what_ip_says),
        DECODING_TEST(test_impossible_lengths_leave_what_ip_says),
        DECODING_TEST(test_cut_payload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
