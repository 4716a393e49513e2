// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define TZSP(head) OUTER_UDP("9090") head " "

static void test_the_frame_behind_the_tags(void **state)
{
    (void)state;
    static const struct {
        const char *frame;
        size_t header;
    } cases[] = {
        {TZSP("01 00 0001 01") INNER, 5},                                /* no tags */
        {TZSP("01 01 0001 01") INNER, 5},                                /* to transmit */
        {TZSP("01 00 0001 00 00 00 01") INNER, 8},                       /* padding */
        {TZSP("01 00 0001 3c 06 020000000009 29 02 002b 01") INNER, 17}, /* sensor, original length */
        {TZSP("01 00 0001 0a 01 d8 ff 00 29 03 ffffff 01") INNER, 15},   /* signal, unknown, a wrong length */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_cuts(cases[i].frame, OUTER_UDP_LENGTH + cases[i].header + 14);
        assert_int_equal(decode_hex(LINK_ETHERNET, cases[i].frame), DECODE_PACKET);
        assert_ipv4_udp();
        assert_identifier(assert_tunnel("tzsp", 1), TUNNEL_NO_IDENTIFIER, 0);
        assert_outer(tunnel_innermost(d.packet.tunnel), PROTOCOL_UDP, 37008);
        /* "received" is what routers write on everything */
        assert_int_equal(tunnel_innermost(d.packet.tunnel)->direction, TUNNEL_DIRECTION_UNKNOWN);
        assert_inner(LINK_ETHERNET, INNER_LENGTH);
    }
}

static void test_a_frame_that_the_sender_cut(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, TZSP("01 00 0001 29 02 05ea 01") INNER_MAC
                                "0800" IPV4("05dc", "0000", "11") UDP("05c8") "4142"),
                     DECODE_PACKET);
    assert_int_equal(d.packet.payload_captured, 2);
    assert_int_equal(d.packet.payload_length, 0x5c8 - 8);
    assert_int_equal(d.packet.inner.length, 0x5ea);
    assert_int_equal(d.packet.inner.captured, 14 + 28 + 2);
    assert_int_equal(decode_hex(LINK_ETHERNET, TZSP("01 00 0001 29 02 05ea 01") INNER_MAC), DECODE_TRUNCATED);
}

static void test_messages_without_a_frame(void **state)
{
    (void)state;
    static const char *const frames[] = {
        TZSP("01 04 0000"),       /* keepalive */
        TZSP("01 05 0001 01"),    /* opens a port */
        TZSP("01 00 0012 01 00"), /* 802.11 */
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        assert_int_equal(decode_hex(LINK_ETHERNET, frames[i]), DECODE_NO_IP);
}

static void test_what_is_no_tzsp_stays_udp(void **state)
{
    (void)state;
    assert_stays(TZSP("02 00 0001 01") INNER, PROTOCOL_UDP);
    assert_stays(TZSP("01 06 0001 01") INNER, PROTOCOL_UDP);
    assert_stays(TZSP("01 00 00"), PROTOCOL_UDP);
    assert_stays(OUTER_UDP("9090"), PROTOCOL_UDP);
}

static void test_tags_without_an_end(void **state)
{
    (void)state;
    static const char *const frames[] = {TZSP("01 00 0001"), TZSP("01 00 0001 00 00"), TZSP("01 00 0001 29"),
                                         TZSP("01 00 0001 29 02 05"), TZSP("01 00 0001 ff ff 01")};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        assert_int_equal(decode_hex(LINK_ETHERNET, frames[i]), DECODE_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_the_frame_behind_the_tags), DECODING_TEST(test_a_frame_that_the_sender_cut),
        DECODING_TEST(test_messages_without_a_frame),  DECODING_TEST(test_what_is_no_tzsp_stays_udp),
        DECODING_TEST(test_tags_without_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
