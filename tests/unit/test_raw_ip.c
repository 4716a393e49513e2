// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

static void test_versions(void **state)
{
    (void)state;
    static const uint16_t link_types[] = {101, 228, 229};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(decode_hex(link_types[i], IPV4_UDP), DECODE_PACKET);
        assert_ipv4_udp();
        assert_int_equal(decode_hex(link_types[i], IPV6("0009", "11") UDP("0009") "41"), DECODE_PACKET);
        assert_addresses("2001:db8::1", "2001:db8::2");
        assert_int_equal(d.packet.ip_version, 6);
    }
}

static void test_neither_version(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_RAW, "00"), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_RAW, "5500 0014"), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_RAW, ""), DECODE_TRUNCATED);
}

static void test_no_bytes_at_all(void **state)
{
    (void)state;
    struct frame frame = {.link_type = LINK_RAW, .data = NULL};
    assert_int_equal(decode(d.decoder, &frame, &d.packet), DECODE_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_versions),
        DECODING_TEST(test_neither_version),
        DECODING_TEST(test_no_bytes_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
