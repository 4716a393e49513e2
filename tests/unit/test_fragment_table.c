// SPDX-License-Identifier: Apache-2.0
#include "decode/fragment_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TIMEOUT_MS = 1000 };

static uint8_t data[FRAGMENT_MAX_LENGTH];
static const uint8_t header[FRAGMENT_MAX_HEADER] = {0x60};
static struct decode_statistics statistics;
static struct datagram_view whole;

static struct fragment_table *create(size_t bytes)
{
    statistics = (struct decode_statistics){0};
    struct fragment_table *table = fragment_table_create(bytes, TIMEOUT_MS, &statistics);
    assert_non_null(table);
    return table;
}

static enum fragment_outcome add_at(struct fragment_table *table, uint32_t id, uint32_t offset, size_t length,
                                    bool more, int64_t time_us)
{
    struct fragment_key key = {.identification = id, .ip_version = 6};
    struct fragment fragment = {id, 17, more, offset, header, sizeof header, data + offset, length};
    return fragment_table_add(table, &key, &fragment, time_us, &whole);
}

static enum fragment_outcome add(struct fragment_table *table, uint32_t id, uint32_t offset, size_t length,
                                 bool more)
{
    return add_at(table, id, offset, length, more, 0);
}

/* How many datagrams with one small fragment each fit: as many as are begun before the first one is dropped.
 */
static uint32_t capacity_of(size_t bytes)
{
    struct fragment_table *table = create(bytes);
    uint32_t count = 0;
    while (statistics.fragments_dropped == 0)
        add(table, count++, 0, 8, true);
    fragment_table_free(table);
    return count - 1;
}

static void test_memory_is_bounded(void **state)
{
    (void)state;
    uint32_t capacity = capacity_of(1 << 20);
    assert_in_range(capacity, (1 << 20) / 3000, (1 << 20) / 2048);
    assert_in_range(capacity_of(2 << 20), 2 * capacity, 2 * capacity + 1);
}

static void test_oldest_makes_room_when_full(void **state)
{
    (void)state;
    uint32_t capacity = capacity_of(64 * 1024);
    struct fragment_table *table = create(64 * 1024);
    for (uint32_t id = 0; id < capacity + 3; id++)
        assert_int_equal(add(table, id, 0, 8, true), FRAGMENT_HELD);
    assert_int_equal(statistics.fragments_dropped, 3);
    /* 0 to 2 had to go; the others are complete with their last fragment, youngest or oldest */
    assert_int_equal(add(table, capacity + 2, 8, 8, false), FRAGMENT_JOINED);
    assert_int_equal(add(table, 3, 8, 8, false), FRAGMENT_JOINED);
    assert_int_equal(add(table, 2, 8, 8, false), FRAGMENT_HELD);
    assert_int_equal(statistics.fragments_joined, 2);
    fragment_table_free(table);
}

static void test_large_datagram_pushes_out_others_but_not_itself(void **state)
{
    (void)state;
    uint32_t small = capacity_of(80 * 1024) - 1;
    struct fragment_table *table = create(80 * 1024);
    assert_int_equal(add(table, 1000, 0, 8, true), FRAGMENT_HELD); /* the oldest of all */
    for (uint32_t id = 0; id < small; id++)
        assert_int_equal(add(table, id, 0, 8, true), FRAGMENT_HELD);
    assert_int_equal(add(table, 1000, 8, 40000, true), FRAGMENT_HELD);
    assert_in_range(statistics.fragments_dropped, 40000 / 2048 - 1, 40000 / 2048 + 1);
    assert_int_equal(add(table, 1000, 40008, 8, false), FRAGMENT_JOINED);
    assert_int_equal(whole.length, 40016);
    fragment_table_free(table);
}

static void test_datagram_larger_than_the_memory(void **state)
{
    (void)state;
    struct fragment_table *table = create(16 * 1024);
    assert_int_equal(add(table, 1, 0, 40000, true), FRAGMENT_HELD);
    assert_int_equal(statistics.fragments_dropped, 1);
    assert_int_equal(add(table, 2, 0, 8, true), FRAGMENT_HELD); /* and all is free again */
    assert_int_equal(add(table, 2, 8, 8, false), FRAGMENT_JOINED);
    fragment_table_free(table);
}

static void test_no_memory_at_all(void **state)
{
    (void)state;
    struct fragment_table *table = create(0);
    assert_int_equal(add(table, 1, 0, 8, true), FRAGMENT_HELD);
    assert_int_equal(add(table, 1, 8, 8, false), FRAGMENT_HELD);
    assert_int_equal(statistics.fragments_dropped, 2);
    fragment_table_free(table);
}

static void test_nothing_leaks_from_the_pools(void **state)
{
    (void)state;
    struct fragment_table *table = create(64 * 1024);
    for (uint32_t round = 0; round < 2000; round++) {
        int64_t time_us = (int64_t)round * 400000; /* some of all these expire */
        add_at(table, round, 0, 3000, true, time_us);
        add_at(table, round, 2992, 800, round % 2 == 0, time_us); /* overlaps */
        assert_int_equal(add_at(table, 1u << 31 | round, 4096, 5000, false, time_us), FRAGMENT_HELD);
        assert_int_equal(add_at(table, 1u << 31 | round, 0, 4096, true, time_us), FRAGMENT_JOINED);
        add_at(table, 1u << 30 | round, 8000, 8, true, time_us);
    }
    assert_int_equal(statistics.fragments_joined, 2000);
    assert_int_equal(statistics.fragments_overlapping, 2000);
    fragment_table_free(table);
}

static void test_random_pieces_against_a_plain_model(void **state)
{
    (void)state;
    struct fragment_table *table = create(256 * 1024);
    srand(1);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)rand();
    for (uint32_t id = 0; id < 200; id++) {
        uint32_t length = 1 + (uint32_t)rand() % FRAGMENT_MAX_LENGTH, cuts[16], count = 0;
        for (uint32_t at = 0; at < length && count < 15; at += 8 * (1 + (uint32_t)rand() % 1200))
            cuts[count++] = at;
        cuts[count] = length;
        uint32_t order = (uint32_t)rand();
        enum fragment_outcome outcome = FRAGMENT_HELD;
        for (uint32_t i = 0; i < count; i++) { /* from anywhere, around */
            assert_int_equal(outcome, FRAGMENT_HELD);
            uint32_t piece = (order + i) % count;
            outcome = add(table, id, cuts[piece], cuts[piece + 1] - cuts[piece], piece + 1 < count);
        }
        assert_int_equal(outcome, FRAGMENT_JOINED);
        assert_int_equal(whole.length, length);
        assert_int_equal(whole.header_length, sizeof header);
        assert_int_equal(whole.bytes[0], 0x60);
        assert_memory_equal(whole.bytes + sizeof header, data, length);
    }
    fragment_table_free(table);
}

static void test_free_of_nothing(void **state)
{
    (void)state;
    fragment_table_free(NULL);
    decoder_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_oldest_makes_room_when_full),
        cmocka_unit_test(test_large_datagram_pushes_out_others_but_not_itself),
        cmocka_unit_test(test_datagram_larger_than_the_memory),
        cmocka_unit_test(test_no_memory_at_all),
        cmocka_unit_test(test_nothing_leaks_from_the_pools),
        cmocka_unit_test(test_random_pieces_against_a_plain_model),
        cmocka_unit_test(test_free_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
