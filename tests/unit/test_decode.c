// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_link_types(void **state)
{
    (void)state;
    static const uint16_t supported[] = {0, 1, 9, 50, 101, 108, 113, 228, 229, 276};
    for (size_t i = 0; i < sizeof supported / sizeof *supported; i++)
        assert_true(decode_supports_link_type(supported[i]));
    assert_false(decode_supports_link_type(105));  /* IEEE802_11 */
    assert_false(decode_supports_link_type(2048)); /* an EtherType is no link type */
    assert_int_equal(decode_hex(105, MAC "0800" IPV4_UDP), DECODE_UNSUPPORTED);
    assert_int_equal(decode_hex(65535, MAC "0800" IPV4_UDP), DECODE_UNSUPPORTED);
    assert_int_equal(decoder_statistics(d.decoder)->results[DECODE_UNSUPPORTED], 2);
}

static void test_list_of_layers(void **state)
{
    (void)state;
    char text[512], little[8];
    size_t length = decode_list_layers(text, sizeof text);
    assert_int_equal(length, strlen(text));
    assert_ptr_equal(strstr(text, "ethernet, "), text);
    assert_non_null(strstr(text, ", ipv6, "));
    assert_int_equal(decode_list_layers(little, sizeof little), length);
    assert_string_equal(little, "etherne");
    assert_int_equal(decode_list_layers(NULL, 0), length);
}

static void test_statistics(void **state)
{
    (void)state;
    decode_hex(LINK_RAW, IPV4_UDP);
    decode_hex(LINK_RAW, IPV6("0004", "84") "00010002");
    decode_hex(LINK_RAW, "45");
    decode_hex(LINK_ETHERNET, MAC "0806");
    const struct decode_statistics *statistics = decoder_statistics(d.decoder);
    assert_int_equal(statistics->results[DECODE_PACKET], 2);
    assert_int_equal(statistics->results[DECODE_TRUNCATED], 1);
    assert_int_equal(statistics->results[DECODE_NO_IP], 1);
    assert_int_equal(statistics->ipv4, 1);
    assert_int_equal(statistics->ipv6, 1);
    assert_int_equal(statistics->udp, 1);
    assert_int_equal(statistics->other, 1);
}

static void test_nothing_of_a_packet_stays_for_the_next(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8100 0001 0800" IPV4("0028", "0000", "06") TCP("50")),
                     DECODE_PACKET);
    assert_int_equal(decode_hex(LINK_RAW, IPV4("0014", "0000", "59")), DECODE_PACKET);
    assert_int_equal(d.packet.vlan_count, 0);
    assert_int_equal(d.packet.tcp_flags, 0);
    assert_int_equal(d.packet.source_port, 0);
    assert_null(d.packet.payload);
    assert_int_equal(d.packet.payload_length, 0);
}

static void test_length_on_the_wire_below_what_was_captured(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t length = bytes_of_hex(IPV4_UDP, bytes, sizeof bytes);
    assert_int_equal(decode_cut(LINK_RAW, bytes, length, 3), DECODE_PACKET);
    assert_ipv4_udp();
}

static void test_endless_tags(void **state)
{
    (void)state;
    uint8_t bytes[2048] = {0};
    for (size_t i = 12; i + 4 <= sizeof bytes; i += 4)
        memcpy(bytes + i, "\x81\x00\x00\x01", 4);
    assert_int_equal(decode_cut(LINK_ETHERNET, bytes, sizeof bytes, sizeof bytes), DECODE_TOO_DEEP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_link_types),
        DECODING_TEST(test_list_of_layers),
        DECODING_TEST(test_statistics),
        DECODING_TEST(test_nothing_of_a_packet_stays_for_the_next),
        DECODING_TEST(test_length_on_the_wire_below_what_was_captured),
        DECODING_TEST(test_endless_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
