// SPDX-License-Identifier: Apache-2.0
#include "tunnelled.h"

#define LABEL        "00064040 "
#define LAST         "00065140 "
#define MPLS         MAC "8847 "
#define CONTROL_WORD "00000001 "

static void assert_no_tunnel(uint16_t vlan)
{
    assert_ipv4_udp();
    assert_null(d.packet.tunnel);
    assert_int_equal(d.packet.vlans[0], vlan);
}

static void test_stacks_of_labels(void **state)
{
    (void)state;
    static const char *const frames[] = {MPLS LAST, MPLS LABEL LAST, MPLS LABEL LABEL LABEL LABEL LAST,
                                         MAC "8848 " LAST};
    static const size_t labels[] = {1, 2, 5, 1};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        char frame[600];
        snprintf(frame, sizeof frame, "%s%s", frames[i], IPV4_UDP);
        assert_cuts(frame, 14 + 4 * labels[i]);
        assert_int_equal(decode_hex(LINK_ETHERNET, frame), DECODE_PACKET);
        assert_no_tunnel(0);
        snprintf(frame, sizeof frame, "%s%s", frames[i], IPV6("0009", "11") UDP("0009") "41");
        assert_int_equal(decode_hex(LINK_ETHERNET, frame), DECODE_PACKET);
        assert_addresses("2001:db8::1", "2001:db8::2");
    }
}

static void test_pseudowires(void **state)
{
    (void)state;
    static const struct {
        const char *frame;
        size_t header;
        uint16_t vlan;
    } cases[] = {
        {MPLS LAST CONTROL_WORD INNER, 4 + 4 + 14, 0},
        {MPLS LABEL LAST CONTROL_WORD INNER_MAC "8100 0007 0800" IPV4_UDP, 8 + 4 + 18, 7},
        /* the address of the frame looks like a control word, and like versions of IP */
        {MPLS LAST INNER, 4 + 14, 0},
        {MPLS LAST "4500 001d 0002 0200 0000 0003 0800" IPV4_UDP, 4 + 14, 0},
        {MPLS LAST "6000 0000 0002 0200 0000 0003 8100 0007 0800" IPV4_UDP, 4 + 18, 7},
        {MPLS LAST "a000 0000 0002 0200 0000 0003 88a8 0009 8100 0007 0800" IPV4_UDP, 4 + 22, 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(decode_hex(LINK_ETHERNET, cases[i].frame), DECODE_PACKET);
        assert_no_tunnel(cases[i].vlan);
        size_t enough = 14 + cases[i].header + 28;
        uint8_t bytes[MAX_INPUT];
        size_t length = bytes_of_hex(cases[i].frame, bytes, sizeof bytes);
        assert_int_equal(decode_cut(LINK_ETHERNET, bytes, enough, length), DECODE_PACKET);
        for (size_t captured = 0; captured < enough;
             captured++) /* no packet that is not there, whatever it looks like */
            assert_int_not_equal(decode_cut(LINK_ETHERNET, bytes, captured, length), DECODE_PACKET);
    }
}

static void test_pseudowires_with_other_content(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MPLS LAST CONTROL_WORD INNER_MAC "0806 0001"), DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, MPLS LAST "a000 0000 0002 0200 0000 0003 0806 0001"),
                     DECODE_NO_IP);
    assert_int_equal(decode_hex(LINK_ETHERNET, MPLS LAST "1000 0000 0001 0203 0405 0607 0809 0a0b"),
                     DECODE_NO_IP);
}

static void test_over_other_things(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "8100 0005 8847 " LABEL LAST IPV4_UDP), DECODE_PACKET);
    assert_no_tunnel(5);
    assert_int_equal(decode_hex(9, "ff03 0281 " LAST IPV4_UDP), DECODE_PACKET);
    assert_no_tunnel(0);
}

static void test_endless_stacks_end(void **state)
{
    (void)state;
    static char frame[16000] = MPLS;
    for (int i = 0; i < 200; i++)
        strcat(frame, LABEL);
    assert_int_equal(decode_hex(LINK_ETHERNET, frame), DECODE_TOO_DEEP);
    assert_int_equal(decode_hex(LINK_ETHERNET, MPLS LABEL), DECODE_TRUNCATED);
    assert_int_equal(decode_hex(LINK_ETHERNET, MPLS LAST), DECODE_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_stacks_of_labels),
        DECODING_TEST(test_pseudowires),
        DECODING_TEST(test_pseudowires_with_other_content),
        DECODING_TEST(test_over_other_things),
        DECODING_TEST(test_endless_stacks_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
