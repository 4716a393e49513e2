// SPDX-License-Identifier: Apache-2.0
#include "flow/duplicates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint8_t ip[20];
static const uint8_t text[] = "{\"id\":1}";

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
    return duplicates_fingerprint(&packet, 77);
}

static void test_a_copy_is_known_for_a_moment(void **state)
{
    (void)state;
    struct duplicates *duplicates = duplicates_create();
    uint64_t print = print_of(5, 1000, 8);
    assert_false(duplicates_seen(duplicates, print, 1000000));
    assert_true(duplicates_seen(duplicates, print, 1000000));
    assert_true(duplicates_seen(duplicates, print, 1099000));
    assert_true(duplicates_seen(duplicates, print, 1050000)); /* another input, a little behind */
    assert_false(duplicates_seen(duplicates, print, 1150000 + 1000));
    assert_false(duplicates_seen(duplicates, print, 3000000));
    duplicates_free(duplicates);
}

static void test_a_repetition_is_none(void **state)
{
    (void)state;
    struct duplicates *duplicates = duplicates_create();
    assert_false(duplicates_seen(duplicates, print_of(5, 1000, 8), 1000000));
    assert_false(duplicates_seen(duplicates, print_of(6, 1000, 8), 1000000)); /* sent again */
    assert_false(duplicates_seen(duplicates, print_of(5, 1008, 8), 1000000));
    assert_false(duplicates_seen(duplicates, print_of(5, 1000, 7), 1000000));
    duplicates_free(duplicates);
}

static void test_what_cannot_be_told_is_left_alone(void **state)
{
    (void)state;
    struct duplicates *duplicates = duplicates_create();
    assert_int_equal(print_of(0, 1000, 0), 0); /* an acknowledgement, perhaps the third of its kind */
    assert_int_not_equal(print_of(9, 1000, 0), 0);
    assert_int_not_equal(print_of(0, 1000, 8), 0);
    struct packet question = segment(0, 0, 8);
    question.protocol = PROTOCOL_UDP;
    assert_int_equal(duplicates_fingerprint(&question, 77), 0);
    assert_false(duplicates_seen(duplicates, 0, 1000000));
    assert_false(duplicates_seen(duplicates, 0, 1000000));
    duplicates_free(duplicates);
}

static void test_flows_are_told_apart(void **state)
{
    (void)state;
    struct packet packet = segment(5, 1000, 8);
    assert_int_not_equal(duplicates_fingerprint(&packet, 77), duplicates_fingerprint(&packet, 78));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_copy_is_known_for_a_moment),
        cmocka_unit_test(test_a_repetition_is_none),
        cmocka_unit_test(test_what_cannot_be_told_is_left_alone),
        cmocka_unit_test(test_flows_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
