// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_chain_of_options(void **state)
{
    (void)state;
    const char *hex =
        IPV6("0031", "00") "2b00 0502 0000 0100"                                          /* hop-by-hop */
                           "3c02 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 " /* routing */
                           "1100 0104 0000 0000" UDP("0009") "41"; /* destination options */
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.protocol, PROTOCOL_UDP);
    assert_int_equal(d.packet.destination_port, 53);
    assert_int_equal(d.packet.payload_length, 1);
    assert_int_equal(shortest_decoded(LINK_RAW, hex), 40 + 8 + 24 + 8 + 8);
}

static void test_options_longer_than_the_packet(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, IPV6("0008", "00") "11ff 0104 0000 0000"), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_RAW, IPV6("0900", "00") "11ff 0104 0000 0000"), DECODE_TRUNCATED);
}

static void test_too_many(void **state)
{
    (void)state;
    char hex[128 + DECODE_MAX_LAYERS * 20] = "60000000 0400 3c 40" ADDRESSES6;
    for (size_t i = 0; i < DECODE_MAX_LAYERS; i++)
        strcat(hex, "3c00 0104 0000 0000");
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_TOO_DEEP);
    assert_int_equal(decoder_statistics(d.decoder)->results[DECODE_TOO_DEEP], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_chain_of_options),
        DECODING_TEST(test_options_longer_than_the_packet),
        DECODING_TEST(test_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
