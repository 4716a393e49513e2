// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

/* Outer UDP to 4789 of 8 + 8 + 14 + 29 bytes: VXLAN with identifier 0x00012a around an Ethernet frame. */
#define OUTER(flags) MAC "0800" IPV4("004f", "0000", "11") "c000 12b5 003b 0000 " flags " 000000 00012a 00 "
#define INNER        "0200 0000 0004 0200 0000 0003 0800" IPV4_UDP

static void test_the_inner_packet_is_decoded(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("08") INNER), DECODE_PACKET);
    assert_ipv4_udp();
    assert_non_null(d.packet.tunnel);
    assert_int_equal(d.packet.tunnel->depth, 1);
    const struct tunnel_level *level = tunnel_innermost(d.packet.tunnel);
    assert_string_equal(level->type, "vxlan");
    assert_int_equal(level->identifier_kind, TUNNEL_VNI);
    assert_int_equal(level->identifier, 0x12a);
    assert_int_equal(level->destination_port, 4789);
    assert_int_equal(level->ip_version, 4);
    assert_int_equal(level->source.bytes[15], 1);
    assert_int_equal(d.packet.tenant, TUNNEL_VNI << 28 | 0x12a);
    assert_int_equal(d.packet.inner.captured, 14 + 29);
    assert_int_equal(d.packet.inner.length, 14 + 29);
}

static void test_tags_outside_are_the_tunnels(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC
                                "8100 0007 0800" IPV4("004f", "0000",
                                                      "11") "c000 12b5 003b 0000 08 000000 00012a 00 " INNER),
                     DECODE_PACKET);
    assert_int_equal(d.packet.vlan_count, 0);
    assert_int_equal(d.packet.vlans[0], 0);
    assert_int_equal(tunnel_innermost(d.packet.tunnel)->vlans[0], 7);
}

static void test_bits_that_extensions_use_are_ignored(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("88") INNER), DECODE_PACKET);
    assert_non_null(d.packet.tunnel);
}

static void test_what_is_no_vxlan_stays_udp(void **state)
{
    (void)state;
    static const char *const frames[] = {
        OUTER("00") INNER, /* the identifier is not valid */
        OUTER("08") "0200 0000 0004 0200 0000 0003 1234" IPV4_UDP,
        MAC "0800" IPV4("0020", "0000", "11") "c000 12b5 000c 0000 08000000",
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        assert_int_equal(decode_hex(LINK_ETHERNET, frames[i]), DECODE_PACKET);
        assert_null(d.packet.tunnel);
        assert_int_equal(d.packet.destination_port, 4789);
        assert_non_null(d.packet.payload);
    }
}

static void test_nothing_of_a_cut_one_is_taken_for_a_packet(void **state)
{
    (void)state;
    assert_int_equal(shortest_decoded(LINK_ETHERNET, OUTER("08") INNER), 14 + 28 + 8 + 14 + 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_inner_packet_is_decoded, decoding_setup, decoding_teardown),
        cmocka_unit_test_setup_teardown(test_tags_outside_are_the_tunnels, decoding_setup, decoding_teardown),
        cmocka_unit_test_setup_teardown(test_bits_that_extensions_use_are_ignored, decoding_setup,
                                        decoding_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_vxlan_stays_udp, decoding_setup, decoding_teardown),
        cmocka_unit_test_setup_teardown(test_nothing_of_a_cut_one_is_taken_for_a_packet, decoding_setup,
                                        decoding_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
