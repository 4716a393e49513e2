// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define TYPE_1                OUTER("2f") "0000 88be "
#define TYPE_2(first, second) OUTER("2f") "1000 88be 00000001 " first " " second " 00000005 "
#define TYPE_3(first, flags)  OUTER("2f") "1000 22eb 00000001 " first " 0465 11223344 0000 " flags " "

static void test_type_1_has_no_header(void **state)
{
    (void)state;
    assert_cuts(TYPE_1 INNER, OUTER_LENGTH + 4 + 14);
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_1 INNER), DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("erspan-i", 1), TUNNEL_NO_IDENTIFIER, 0);
    assert_outer(tunnel_innermost(d.packet.tunnel), 47, 0);
    assert_inner(LINK_ETHERNET, INNER_LENGTH);
    assert_int_equal(decoder_statistics(d.decoder)->tunnelled > 0, true);
}

static void test_type_2(void **state)
{
    (void)state;
    assert_cuts(TYPE_2("1007", "0c64") INNER, OUTER_LENGTH + 8 + 8 + 14);
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_2("1007", "fc64") INNER), DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("erspan-ii", 1), TUNNEL_SESSION, 0x064);
    assert_outer(tunnel_innermost(d.packet.tunnel), 47, 0);
    assert_int_equal(d.packet.tenant, 0); /* both directions of a flow may have sessions of their own */
    assert_int_equal(d.packet.vlans[0], 0);
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_2("2007", "0064") INNER), DECODE_MALFORMED);
}

static void test_type_3(void **state)
{
    (void)state;
    assert_cuts(TYPE_3("2007", "0000") INNER, OUTER_LENGTH + 8 + 12 + 14);
    assert_cuts(TYPE_3("2007", "0001") "11223344 55667788 " INNER, OUTER_LENGTH + 8 + 20 + 14);
    assert_cuts(TYPE_3("2007", "0800") IPV4_UDP, OUTER_LENGTH + 8 + 12);
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_3("2007", "0008") INNER), DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("erspan-iii", 1), TUNNEL_SESSION, 0x065);
    assert_int_equal(tunnel_innermost(d.packet.tunnel)->direction, TUNNEL_EGRESS);
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_3("2007", "0001") "11223344 55667788 " INNER),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(tunnel_innermost(d.packet.tunnel)->direction, TUNNEL_INGRESS);
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_3("2007", "0800") IPV4_UDP), DECODE_PACKET);
    assert_ipv4_udp();
    assert_inner(LINK_RAW, INNER_IP_LENGTH);
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_3("1007", "0000") INNER), DECODE_MALFORMED);
}

static void test_a_fabric_leaves_its_tag_in(void **state)
{
    (void)state;
    assert_cuts(TYPE_3("2000", "0008") INNER_MAC "8988 000102030405 0800" IPV4_UDP,
                OUTER_LENGTH + 8 + 12 + 14 + 8);
    assert_int_equal(decode_hex(LINK_ETHERNET,
                                TYPE_3("2000", "0008") INNER_MAC "8988 000102030405 8100 0007 0800" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    assert_int_equal(d.packet.vlans[0], 7);
}

static void test_fields_of_gre_before_it(void **state)
{
    (void)state;
    assert_int_equal(
        decode_hex(LINK_ETHERNET,
                   OUTER("2f") "b000 88be 1234 0000 00000007 00000001 1000 0064 00000005 " INNER),
        DECODE_PACKET);
    assert_identifier(assert_tunnel("erspan-ii", 1), TUNNEL_SESSION, 0x064);
    assert_malformed_when_short(TYPE_2("1007", "0064") INNER, OUTER_LENGTH);
    assert_malformed_when_short(TYPE_3("2007", "0001") "11223344 55667788 " INNER, OUTER_LENGTH);
}

/* What the mirror cut itself has no trace in the lengths outside: the inner header tells. */
static void test_a_frame_that_the_mirror_cut(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, TYPE_2("1007", "0464") INNER_MAC
                                "0800" IPV4("0500", "0000", "11") UDP("04ec") "4142"),
                     DECODE_PACKET);
    assert_int_equal(d.packet.payload_captured, 2);
    assert_int_equal(d.packet.payload_length, 0x4ec - 8);
    assert_int_equal(
        decode_hex(LINK_ETHERNET, TYPE_2("1007", "0464") INNER_MAC "0800" IPV4("0500", "0000", "11") "1388"),
        DECODE_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_type_1_has_no_header),
        DECODING_TEST(test_type_2),
        DECODING_TEST(test_type_3),
        DECODING_TEST(test_a_fabric_leaves_its_tag_in),
        DECODING_TEST(test_fields_of_gre_before_it),
        DECODING_TEST(test_a_frame_that_the_mirror_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
