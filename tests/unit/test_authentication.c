// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

#define AH "1104 0000 00000001 00000001 0000000000000000 00000000 " /* 24 bytes, UDP follows */

static void test_behind_both_versions(void **state)
{
    (void)state;
    const char *v4 = IPV4("0035", "0000", "33") AH UDP("0009") "41";
    assert_int_equal(decode_hex(LINK_RAW, v4), DECODE_PACKET);
    assert_int_equal(d.packet.protocol, PROTOCOL_UDP);
    assert_int_equal(d.packet.destination_port, 53);
    assert_int_equal(shortest_decoded(LINK_RAW, v4), 20 + 24 + 8);
    assert_int_equal(decode_hex(LINK_RAW, IPV6("0021", "33") AH UDP("0009") "41"), DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 1);
}

static void test_longer_than_the_packet(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, IPV4("0018", "0000", "33") "11ff 0000"), DECODE_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_behind_both_versions),
        DECODING_TEST(test_longer_than_the_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
