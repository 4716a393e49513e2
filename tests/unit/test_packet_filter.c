// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#include "decode/packet_filter.h"

#include <stdbool.h>

#define VXLAN OUTER_UDP("12b5") "0800 0000 00012a 00 "

/* IPV4_UDP in VXLAN, with a tag inside and one outside */
#define TAGGED_INSIDE  VXLAN INNER_MAC "8100 0007 0800" IPV4_UDP
#define TAGGED_OUTSIDE MAC "8100 0005 0800 " OUTER_IP("11") "c000 12b5 0000 0000 0800 0000 00012a 00 " INNER

static bool accepts(const char *expression, const char *hex)
{
    struct error error;
    struct packet_filter *filter = packet_filter_create(expression, &error);
    assert_non_null(filter);
    assert_int_equal(decode_hex(LINK_ETHERNET, hex), DECODE_PACKET);
    bool accepted = packet_filter_accepts(filter, &d.packet);
    packet_filter_free(filter);
    return accepted;
}

static void test_it_looks_at_the_packet_inside(void **state)
{
    (void)state;
    static const char *const frames[] = {
        MAC "0800" IPV4_UDP, MAC "8100 0007 0800" IPV4_UDP,    VXLAN INNER,
        TAGGED_INSIDE,       OUTER("2f") "0000 0800" IPV4_UDP, MAC "8847 0006 4140" IPV4_UDP,
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        assert_true(accepts("udp dst port 53 and host 192.0.2.1 and src port 5000", frames[i]));
        assert_true(accepts("ip and not tcp and len == 29", frames[i]));
        assert_true(accepts("udp[8] = 0x41", frames[i]));
        assert_false(accepts("host 10.0.0.1", frames[i]));
        assert_false(accepts("port 4789 or ip proto 47", frames[i]));
        assert_false(accepts("ip6", frames[i]));
    }
}

static void test_what_speaks_of_ethernet_looks_at_the_frame_inside(void **state)
{
    (void)state;
    assert_true(accepts("ether host 02:00:00:00:00:03", VXLAN INNER));
    assert_false(accepts("ether host 02:00:00:00:00:01", VXLAN INNER));
    assert_true(accepts("ether host 02:00:00:00:00:01", MAC "0800" IPV4_UDP));
    assert_true(accepts("vlan 7 and udp port 53", TAGGED_INSIDE));
    assert_false(accepts("vlan 7 and udp port 53", VXLAN INNER));
    assert_false(accepts("vlan 5", TAGGED_OUTSIDE));
}

static void test_where_there_is_no_ethernet_inside(void **state)
{
    (void)state;
    assert_false(accepts("ether host 02:00:00:00:00:03", OUTER("2f") "0000 0800" IPV4_UDP));
    assert_true(accepts("ether host 02:00:00:00:00:03", OUTER("2f") "0000 6558" INNER));
    /* a pseudowire in GRE */
    assert_true(accepts("ether host 02:00:00:00:00:03", OUTER("2f") "0000 8847 0006 4140" INNER));
}

static void test_ports_of_later_fragments_are_seen(void **state)
{
    (void)state;
    struct error error;
    struct packet_filter *filter = packet_filter_create("udp port 53 and len == 45", &error);
    assert_non_null(filter);
    assert_int_equal(
        decode_hex(LINK_ETHERNET, OUTER("04") IPV4("0024", "2000", "11") UDP("0019") "4141414141414141"),
        DECODE_HELD);
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("04") IPV4("001d", "0002", "11") "424242424242424242"),
                     DECODE_PACKET);
    assert_true(packet_filter_accepts(filter, &d.packet));
    packet_filter_free(filter);
}

static void test_a_cut_packet(void **state)
{
    (void)state;
    struct error error;
    struct packet_filter *filter = packet_filter_create("len == 29", &error);
    uint8_t bytes[MAX_INPUT];
    size_t length = bytes_of_hex(VXLAN INNER, bytes, sizeof bytes);
    assert_int_equal(decode_cut(LINK_ETHERNET, bytes, length - 1, length), DECODE_PACKET);
    assert_true(packet_filter_accepts(filter, &d.packet));
    packet_filter_free(filter);
}

static void test_what_is_no_filter(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(packet_filter_create("tcp port port", &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_non_null(strstr(error.text, "tcp port port"));
    packet_filter_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_it_looks_at_the_packet_inside),
        DECODING_TEST(test_what_speaks_of_ethernet_looks_at_the_frame_inside),
        DECODING_TEST(test_where_there_is_no_ethernet_inside),
        DECODING_TEST(test_ports_of_later_fragments_are_seen),
        DECODING_TEST(test_a_cut_packet),
        DECODING_TEST(test_what_is_no_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
