// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define GPE(flags, protocol) OUTER_UDP("12b6") flags " 0000 " protocol " 00012a 00 "
/* Network service header: 6 words without metadata (type 1 has 4 of them), the next protocol */
#define NSH(protocol) "0fc6 01 " protocol " 00002aff 00000000 00000000 00000000 00000000 "

static void assert_carried(const char *hex, size_t header, uint16_t link_type, uint32_t length)
{
    assert_cuts(hex, header);
    assert_int_equal(decode_hex(LINK_ETHERNET, hex), DECODE_PACKET);
    assert_ipv4_udp();
    assert_identifier(assert_tunnel("vxlan-gpe", 1), TUNNEL_VNI, 0x12a);
    assert_outer(tunnel_innermost(d.packet.tunnel), PROTOCOL_UDP, 4790);
    assert_int_equal(d.packet.tenant, TUNNEL_VNI << 28 | 0x12a);
    assert_inner(link_type, length);
}

static void test_what_it_carries(void **state)
{
    (void)state;
    const size_t header = OUTER_UDP_LENGTH + 8;
    assert_carried(GPE("0c", "01") IPV4_UDP, header, LINK_RAW, INNER_IP_LENGTH);
    assert_carried(GPE("0c", "03") INNER, header + 14, LINK_ETHERNET, INNER_LENGTH);
    assert_carried(GPE("0c", "04") NSH("01") IPV4_UDP, header + 24, LINK_RAW, INNER_IP_LENGTH);
    assert_carried(GPE("0c", "04") NSH("03") INNER, header + 24 + 14, LINK_ETHERNET, INNER_LENGTH);
    assert_carried(GPE("0c", "04") NSH("05") "00064040 00065140 " IPV4_UDP, header + 24 + 8, LINK_RAW,
                   INNER_IP_LENGTH);
    assert_carried(GPE("0c", "05") "00064140 " IPV4_UDP, header + 4, LINK_RAW, INNER_IP_LENGTH);
    assert_carried(GPE("08", "01") INNER, header + 14, LINK_ETHERNET,
                   INNER_LENGTH); /* the protocol is not valid */
    assert_int_equal(decode_hex(LINK_ETHERNET, GPE("0c", "02") IPV6("0009", "11") UDP("0009") "41"),
                     DECODE_PACKET);
    assert_addresses("2001:db8::1", "2001:db8::2");
}

static void test_what_is_no_vxlan_stays_udp(void **state)
{
    (void)state;
    assert_stays(GPE("04", "01") IPV4_UDP, PROTOCOL_UDP); /* the identifier is not valid */
    assert_stays(GPE("1c", "01") IPV4_UDP, PROTOCOL_UDP); /* version 1 */
    assert_stays(GPE("0c", "00") IPV4_UDP, PROTOCOL_UDP);
    assert_stays(GPE("0c", "ff") IPV4_UDP, PROTOCOL_UDP);
    assert_stays(GPE("0c", "03") INNER_MAC "1234" IPV4_UDP, PROTOCOL_UDP);
    assert_stays(OUTER_UDP("12b6") "0c000001 00012a", PROTOCOL_UDP);
}

static void test_service_headers_that_lie(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, GPE("0c", "04") "0fc1 02 01 00002aff " IPV4_UDP),
                     DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, GPE("0c", "04") "0fff 02 01 00002aff " IPV4_UDP),
                     DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, GPE("0c", "04") "4fc2 02 01 00002aff " IPV4_UDP),
                     DECODE_MALFORMED);
    assert_int_equal(decode_hex(LINK_ETHERNET, GPE("0c", "04") "0fc2 02 fe 00002aff " IPV4_UDP),
                     DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, GPE("0c", "04") "0fc2 02"), DECODE_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_what_it_carries),
        DECODING_TEST(test_what_is_no_vxlan_stays_udp),
        DECODING_TEST(test_service_headers_that_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
