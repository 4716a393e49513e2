// SPDX-License-Identifier: Apache-2.0
#include "decode/share.h"

#include "decode/decoder.h"
#include "decoding.h"

enum { SECRET = 0x1234567, SHARES = 3 };

/* The decoders of all shares of the same frames. */
static struct decoder *decoders[SHARES];

static int open_all(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < SHARES; i++) {
        struct decode_options options = {.fragment_bytes = 256 * 1024,
                                         .fragment_timeout_ms = 30000,
                                         .share = i,
                                         .shares = SHARES,
                                         .share_secret = SECRET};
        decoders[i] = decoder_create(&options, NULL);
        assert_non_null(decoders[i]);
    }
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHARES; i++)
        decoder_free(decoders[i]);
    return 0;
}

/* Exactly one of them takes the frame, and gives `expected`. Returns which. */
static size_t only_one(uint16_t link_type, const char *hex, enum decode_result expected)
{
    uint8_t bytes[MAX_INPUT];
    size_t length = bytes_of_hex(hex, bytes, sizeof bytes), taken_by = SHARES;
    struct frame frame = {
        .data = bytes, .captured = (uint32_t)length, .length = (uint32_t)length, .link_type = link_type};
    for (size_t i = 0; i < SHARES; i++) {
        struct packet packet;
        frame.share = share_of_frame(decoders[i], &frame);
        assert_true(frame.share < SHARES || frame.share == FRAME_SHARE_OPEN);
        bool others = frame.share != i && frame.share != FRAME_SHARE_OPEN; /* as worker.c has it */
        enum decode_result result = others ? DECODE_OTHERS : decode(decoders[i], &frame, &packet);
        if (result == DECODE_OTHERS)
            continue;
        assert_int_equal(result, expected);
        assert_int_equal(taken_by, SHARES);
        taken_by = i;
    }
    assert_int_not_equal(taken_by, SHARES);
    return taken_by;
}

static void test_both_directions_are_ones(void **state)
{
    (void)state;
    unsigned taken[SHARES] = {0};
    for (uint8_t i = 0; i < 100; i++) {
        const uint8_t a_bytes[4] = {10, 0, 0, i}, b_bytes[4] = {192, 0, 2, 1};
        struct address a = address_from_ipv4(a_bytes), b = address_from_ipv4(b_bytes);
        uint8_t share = share_of_addresses(&a, &b, SECRET, SHARES);
        assert_true(share < SHARES);
        assert_int_equal(share_of_addresses(&b, &a, SECRET, SHARES), share);
        taken[share]++;
    }
    for (size_t i = 0; i < SHARES; i++)
        assert_true(taken[i] > 10); /* none is idle */
}

static void test_each_frame_is_ones(void **state)
{
    (void)state;
    size_t whose = only_one(LINK_ETHERNET, MAC "0800" IPV4_UDP, DECODE_PACKET);
    assert_int_equal(only_one(LINK_ETHERNET, MAC "8100 0007 0800" IPV4_UDP, DECODE_PACKET), whose);
    assert_int_equal(only_one(LINK_RAW, IPV4_UDP, DECODE_PACKET), whose);
    assert_int_equal(only_one(LINK_ETHERNET, MAC "0800" IPV4("0028", "0000", "06") TCP("50"), DECODE_PACKET),
                     whose);
    only_one(LINK_ETHERNET, MAC "86dd" IPV6("0009", "11") UDP("0009") "41", DECODE_PACKET);
    assert_int_equal(only_one(LINK_ETHERNET, MAC "0806 0001", DECODE_NO_IP), 0);
    assert_int_equal(only_one(LINK_ETHERNET, MAC "0800 45", DECODE_TRUNCATED), 0);
}

/* The addresses inside count: here those of IPV4_UDP, in VXLAN between 192.0.2.9 and 192.0.2.10. */
static void test_tunnels_are_looked_into(void **state)
{
    (void)state;
    size_t whose = only_one(LINK_ETHERNET, MAC "0800" IPV4_UDP, DECODE_PACKET);
    for (char last = '0'; last <= '9'; last++) {
        char hex[512];
        snprintf(hex, sizeof hex,
                 MAC "0800 4500 004f 1234 0000 40 11 0000 c000 020%c c633 6402 c000 12b5 003b 0000 08 000000 "
                     "00012a 00 "
                     "0200 0000 0004 0200 0000 0003 0800" IPV4_UDP,
                 last);
        assert_int_equal(only_one(LINK_ETHERNET, hex, DECODE_PACKET), whose);
    }
}

static void test_fragments_are_put_together_by_whose_they_are(void **state)
{
    (void)state;
    /* 16 bytes of UDP in two fragments */
    assert_int_equal(only_one(LINK_ETHERNET, MAC "0800" IPV4("001c", "2000", "11") UDP("0010"), DECODE_HELD),
                     0);
    size_t whose = only_one(LINK_ETHERNET, MAC "0800" IPV4_UDP, DECODE_PACKET);
    assert_int_equal(
        only_one(LINK_ETHERNET, MAC "0800" IPV4("001c", "0001", "11") "4142 4344 4546 4748", DECODE_PACKET),
        whose);
}

static void test_statistics_add_up(void **state)
{
    (void)state;
    only_one(LINK_ETHERNET, MAC "0800" IPV4_UDP, DECODE_PACKET);
    only_one(LINK_ETHERNET, MAC "0806 0001", DECODE_NO_IP);
    only_one(LINK_ETHERNET, MAC "0800" IPV4("001c", "2000", "11") UDP("0010"), DECODE_HELD);
    uint64_t packets = 0, no_ip = 0, fragments = 0;
    for (size_t i = 0; i < SHARES; i++) {
        const struct decode_statistics *statistics = decoder_statistics(decoders[i]);
        packets += statistics->results[DECODE_PACKET];
        no_ip += statistics->results[DECODE_NO_IP];
        fragments += statistics->fragments;
    }
    assert_int_equal(packets, 1);
    assert_int_equal(no_ip, 1);
    assert_int_equal(fragments, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_directions_are_ones),
        cmocka_unit_test_setup_teardown(test_each_frame_is_ones, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_tunnels_are_looked_into, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_fragments_are_put_together_by_whose_they_are, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_statistics_add_up, open_all, close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
