// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void assert_icmp(const char *header, uint8_t type, uint8_t code, uint16_t source_port,
                        uint16_t destination_port)
{
    char hex[512];
    snprintf(hex, sizeof hex, "%s %02x%02x 0000 00000000", header, type, code);
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.source_port, source_port);
    assert_int_equal(d.packet.destination_port, destination_port);
    assert_null(d.packet.payload);
}

static void test_questions_and_answers(void **state)
{
    (void)state;
    static const uint8_t v4[][2] = {{8, 0}, {10, 9}, {13, 14}, {15, 16}, {17, 18}};
    static const uint8_t v6[][2] = {{128, 129}, {130, 131}, {133, 134}, {135, 136}, {139, 140}, {144, 145}};
    for (size_t i = 0; i < sizeof v4 / 2; i++) {
        assert_icmp(IPV4("001c", "0000", "01"), v4[i][0], 0, v4[i][0], v4[i][1]);
        assert_icmp(IPV4("001c", "0000", "01"), v4[i][1], 7, v4[i][1], v4[i][0]);
    }
    for (size_t i = 0; i < sizeof v6 / 2; i++) {
        assert_icmp(IPV6("0008", "3a"), v6[i][0], 0, v6[i][0], v6[i][1]);
        assert_icmp(IPV6("0008", "3a"), v6[i][1], 7, v6[i][1], v6[i][0]);
    }
    assert_int_equal(decoder_statistics(d.decoder)->icmp, 2 * (5 + 6));
}

static void test_messages_without_answer(void **state)
{
    (void)state;
    assert_icmp(IPV4("001c", "0000", "01"), 3, 1, 3, 1);
    assert_icmp(IPV4("001c", "0000", "01"), 128, 0, 128, 0);
    assert_icmp(IPV6("0008", "3a"), 1, 4, 1, 4);
    assert_icmp(IPV6("0008", "3a"), 8, 0, 8, 0);
}

static void test_cut(void **state)
{
    (void)state;
    assert_int_equal(shortest_decoded(LINK_RAW, IPV4("001c", "0000", "01") "0800 0000 00000000"), 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_questions_and_answers),
        DECODING_TEST(test_messages_without_answer),
        DECODING_TEST(test_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
