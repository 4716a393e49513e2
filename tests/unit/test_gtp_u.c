// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define GTP(flags, type, length) OUTER_UDP("0868") flags " " type " " length " 12345678 "

static void test_a_packet_of_a_user(void **state)
{
    (void)state;
    static const struct {
        const char *frame;
        size_t header;
    } cases[] = {
        {GTP("30", "ff", "001d") IPV4_UDP, 8},
        {GTP("32", "ff", "0021") "0001 00 00 " IPV4_UDP, 12}, /* sequence number */
        {GTP("31", "ff", "0021") "0000 05 85 " IPV4_UDP,
         12}, /* N-PDU; without flag E the announcement is void */
        {GTP("34", "ff", "0025") "0000 00 85 01 0001 00 " IPV4_UDP, 16},
        {GTP("36", "ff", "002d") "0001 00 85 02 000100000000 c0 01 0000 00 " IPV4_UDP, 24},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_cuts(cases[i].frame, OUTER_UDP_LENGTH + cases[i].header);
        assert_int_equal(decode_hex(LINK_ETHERNET, cases[i].frame), DECODE_PACKET);
        assert_ipv4_udp();
        assert_identifier(assert_tunnel("gtp-u", 1), TUNNEL_TEID, 0x12345678);
        assert_outer(tunnel_innermost(d.packet.tunnel), PROTOCOL_UDP, 2152);
        assert_int_equal(d.packet.tenant, 0); /* the other direction has another one */
        assert_inner(LINK_RAW, INNER_IP_LENGTH);
    }
}

static void test_padding_behind_it(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GTP("30", "ff", "001d") IPV4_UDP "00000000"), DECODE_PACKET);
    assert_ipv4_udp();
    assert_inner(LINK_RAW, INNER_IP_LENGTH);
}

static void test_what_carries_no_ip(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GTP("32", "01", "0004") "0001 0000"), DECODE_NO_IP); /* echo */
    assert_int_equal(decode_hex(LINK_ETHERNET, GTP("30", "ff", "002b") INNER),
                     DECODE_NO_IP); /* Ethernet of 5G */
}

static void test_what_is_no_gtp_stays_udp(void **state)
{
    (void)state;
    assert_stays(GTP("50", "ff", "001d") IPV4_UDP, PROTOCOL_UDP); /* version 2 */
    assert_stays(GTP("20", "ff", "001d") IPV4_UDP, PROTOCOL_UDP); /* GTP' */
    assert_stays(GTP("30", "ff", "001e") IPV4_UDP, PROTOCOL_UDP); /* longer than the datagram */
    assert_stays(OUTER_UDP("0868") "30ff 0000 123456", PROTOCOL_UDP);
}

static void test_extensions_that_lie(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GTP("34", "ff", "0025") "0000 00 85 00 0001 00 " IPV4_UDP),
                     DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, GTP("34", "ff", "0025") "0000 00 85 ff 0001 00 " IPV4_UDP),
                     DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, GTP("34", "ff", "0002") "0000"), DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, GTP("30", "ff", "0000")), DECODE_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_a_packet_of_a_user),  DECODING_TEST(test_padding_behind_it),
        DECODING_TEST(test_what_carries_no_ip),  DECODING_TEST(test_what_is_no_gtp_stays_udp),
        DECODING_TEST(test_extensions_that_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
