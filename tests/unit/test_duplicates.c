// SPDX-License-Identifier: Apache-2.0
#include "flow/duplicates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HASH UINT64_C(0x243f6a8885a308d3) /* the flow's: pi */

static struct duplicates duplicates;
static uint8_t ip[20];
static const uint8_t text[] = "{\"id\":1}";

static int begin(void **state)
{
    (void)state;
    assert_true(duplicates_init(&duplicates));
    return 0;
}

static int end(void **state)
{
    (void)state;
    duplicates_done(&duplicates);
    return 0;
}

/* A segment whose IPv4 header has this identification; 0 stands for none. */
static struct packet segment(uint16_t identification, uint32_t sequence, uint32_t length)
{
    ip[4] = (uint8_t)(identification >> 8);
    ip[5] = (uint8_t)identification;
    return (struct packet){.ip = ip,
                           .ip_captured = sizeof ip,
                           .ip_version = 4,
                           .protocol = PROTOCOL_TCP,
                           .source_port = 40000,
                           .tcp_flags = TCP_ACK,
                           .tcp_sequence = sequence,
                           .payload = text,
                           .payload_captured = length,
                           .payload_length = length};
}

static uint64_t print_of(uint16_t identification, uint32_t sequence, uint32_t length)
{
    struct packet packet = segment(identification, sequence, length);
    return duplicates_fingerprint(&packet, HASH, true);
}

static void test_a_copy_is_known_for_a_moment(void **state)
{
    (void)state;
    uint64_t print = print_of(5, 1000, 8);
    assert_false(duplicates_seen(&duplicates, print, 1000000));
    assert_true(duplicates_seen(&duplicates, print, 1000000));
    assert_true(duplicates_seen(&duplicates, print, 1099000));
    assert_true(duplicates_seen(&duplicates, print, 1050000)); /* another input, a little behind */
    assert_false(duplicates_seen(&duplicates, print, 1150000 + 1000));
    assert_false(duplicates_seen(&duplicates, print, 3000000));
}

static void test_a_repetition_is_none(void **state)
{
    (void)state;
    assert_false(duplicates_seen(&duplicates, print_of(5, 1000, 8), 1000000));
    assert_false(duplicates_seen(&duplicates, print_of(6, 1000, 8), 1000000)); /* sent again */
    assert_false(duplicates_seen(&duplicates, print_of(5, 1008, 8), 1000000));
    assert_false(duplicates_seen(&duplicates, print_of(5, 1000, 7), 1000000));
}

static void test_what_cannot_be_told_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(print_of(0, 1000, 0), 0); /* an acknowledgement, perhaps the third of its kind */
    assert_int_not_equal(print_of(9, 1000, 0), 0);
    assert_int_not_equal(print_of(0, 1000, 8), 0);
    struct packet question = segment(0, 0, 8);
    question.protocol = PROTOCOL_UDP;
    assert_int_equal(duplicates_fingerprint(&question, HASH, true), 0);
    assert_false(duplicates_seen(&duplicates, 0, 1000000));
    assert_false(duplicates_seen(&duplicates, 0, 1000000));
}

static void test_flows_are_told_apart(void **state)
{
    (void)state;
    struct packet packet = segment(5, 1000, 8);
    uint64_t print = duplicates_fingerprint(&packet, HASH, true);
    assert_int_not_equal(print, duplicates_fingerprint(&packet, HASH + 1, true));
    assert_int_not_equal(print, duplicates_fingerprint(&packet, HASH, false)); /* an echo */
}

static void test_each_field_counts(void **state)
{
    (void)state;
    struct packet packet = segment(5, 1000, 8), other = packet;
    uint64_t print = duplicates_fingerprint(&packet, HASH, true);
    other.tcp_flags |= TCP_FIN;
    assert_int_not_equal(print, duplicates_fingerprint(&other, HASH, true));
    other = packet;
    other.tcp_window = 1;
    assert_int_not_equal(print, duplicates_fingerprint(&other, HASH, true));
    other = packet;
    other.tcp_acknowledgement = 1;
    assert_int_not_equal(print, duplicates_fingerprint(&other, HASH, true));
    other = packet;
    other.protocol = PROTOCOL_UDP;
    other.tcp_sequence = 0;
    print = duplicates_fingerprint(&other, HASH, true);
    other.payload = (const uint8_t *)"{\"id\":2}";
    assert_int_not_equal(print, duplicates_fingerprint(&other, HASH, true));
    other.payload_captured = 3; /* the frame was cut */
    assert_int_not_equal(print, duplicates_fingerprint(&other, HASH, true));
}

/* Both halves of the fingerprint are used, to find a place and to compare: neither may be the same for
 * packets that follow each other in steps. Copies that come a thousand packets later: in a table that has
 * grown for 20,000, one in 500 is missed by chance. */
static void test_steps_collide_as_seldom_as_chance(void **state)
{
    (void)state;
    enum { PACKETS = 20000, LATER = 1000 };
    for (uint32_t i = 0; i < PACKETS; i++)
        assert_false(duplicates_seen(&duplicates, print_of(0, 1448 * i, 8), 1000000));
    unsigned known = 0;
    for (uint32_t i = PACKETS; i < 2 * PACKETS; i++) {
        assert_false(duplicates_seen(&duplicates, print_of(0, 1448 * i, 8), 1000000));
        if (i >= PACKETS + LATER)
            known += duplicates_seen(&duplicates, print_of(0, 1448 * (i - LATER), 8), 1000000);
    }
    assert_true(known > (PACKETS - LATER) * 98 / 100);
}

/* The table is for the packets of 100 ms, whatever came before them. */
static void test_it_grows_with_the_rate_only(void **state)
{
    (void)state;
    enum { SLOW_US = 1000, FAST_US = 10, PACKETS = 20000 };
    int64_t time_us = 1000000;
    for (uint32_t i = 0; i < PACKETS; i++, time_us += SLOW_US)
        assert_false(duplicates_seen(&duplicates, print_of(0, 1000 * i, 8), time_us));
    assert_int_equal(duplicates.mask + 1, DUPLICATES_FIRST_PLACES);
    for (uint32_t i = 0; i < PACKETS; i++, time_us += FAST_US)
        assert_false(duplicates_seen(&duplicates, print_of(1, 1000 * i, 8), time_us));
    assert_in_range(duplicates.mask + 1, 4096, 8192); /* two slots each, for 10,000 packets in 100 ms */
}

static void test_it_grows_to_its_bound(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4 * DUPLICATES_MAX_PLACES; i++)
        (void)duplicates_seen(&duplicates, print_of(7, i, 8), 1000000);
    assert_int_equal(duplicates.mask + 1, DUPLICATES_MAX_PLACES);
}

static void test_what_is_known_outlives_growth(void **state)
{
    (void)state;
    uint64_t print = print_of(5, 1000, 8);
    assert_false(duplicates_seen(&duplicates, print, 1000000));
    for (uint64_t places = 2 * DUPLICATES_FIRST_PLACES; places <= DUPLICATES_MAX_PLACES; places *= 2) {
        duplicates.countdown = 1; /* by the next, which has the same place */
        duplicates.counted_from = UINT64_C(1000000) >> DUPLICATES_TICK_SHIFT << DUPLICATES_TICKS_AT;
        assert_false(duplicates_seen(&duplicates, print ^ places << 40, 1000000));
        assert_int_equal(duplicates.mask + 1, places);
        assert_true(duplicates_seen(&duplicates, print, 1000000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_copy_is_known_for_a_moment, begin, end),
        cmocka_unit_test_setup_teardown(test_a_repetition_is_none, begin, end),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_told_is_left_alone, begin, end),
        cmocka_unit_test(test_flows_are_told_apart),
        cmocka_unit_test(test_each_field_counts),
        cmocka_unit_test_setup_teardown(test_steps_collide_as_seldom_as_chance, begin, end),
        cmocka_unit_test_setup_teardown(test_it_grows_with_the_rate_only, begin, end),
        cmocka_unit_test_setup_teardown(test_it_grows_to_its_bound, begin, end),
        cmocka_unit_test_setup_teardown(test_what_is_known_outlives_growth, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
