// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_ports(void **state)
{
    (void)state;
    const char *hex = IPV4("0020", "0000", "84") "0b59 0b5a 00000000 00000000";
    assert_int_equal(decode_hex(LINK_RAW, hex), DECODE_PACKET);
    assert_int_equal(d.packet.protocol, PROTOCOL_SCTP);
    assert_int_equal(d.packet.source_port, 2905);
    assert_int_equal(d.packet.destination_port, 2906);
    assert_null(d.packet.payload);
    assert_int_equal(shortest_decoded(LINK_RAW, hex), 24);
    assert_true(decoder_statistics(d.decoder)->other > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
