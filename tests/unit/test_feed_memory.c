// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "feed_samples.h"

static struct feed_memory *memory;

static int begin(void **state)
{
    (void)state;
    memory = feed_memory_create(100);
    return memory == NULL;
}

static int end(void **state)
{
    (void)state;
    feed_memory_free(memory);
    return 0;
}

static const struct feed_sighting *note(const struct feed_sighting *sightings, size_t count,
                                        size_t *remembered)
{
    assert_true(feed_memory_note(memory, sightings, count, sample_now - 7 * DAY_US, sample_now));
    return feed_memory_sightings(memory, remembered);
}

static void a_pool_that_a_miner_left_is_remembered(void **state)
{
    (void)state;
    size_t count;
    struct feed_sighting one = sample_sighting("a.example.org:3333", "203.0.113.9");
    note(&one, 1, &count);
    note(&one, 1, &count);
    assert_int_equal(count, 1);
    one = sample_sighting("b.example.org:3333", "203.0.113.10");
    one.last_us = sample_now;
    const struct feed_sighting *all = note(&one, 1, &count);
    assert_int_equal(count, 2);
    assert_string_equal(all[0].pool, "a.example.org:3333");
    assert_int_equal(all[0].last_us, sample_now - 60000000);
    assert_string_equal(all[1].pool_ip, "203.0.113.10");
    all = note(NULL, 0, &count); /* Redis forgot the incident */
    assert_int_equal(count, 2);
    assert_string_equal(all[1].evidence, one.evidence);
    assert_ptr_not_equal(all[1].evidence, one.evidence);
}

static void it_is_forgotten_when_its_time_is_over(void **state)
{
    (void)state;
    size_t count;
    struct feed_sighting one = sample_sighting("a.example.org:3333", "203.0.113.9");
    note(&one, 1, &count);
    assert_true(feed_memory_note(memory, NULL, 0, one.last_us, sample_now));
    feed_memory_sightings(memory, &count);
    assert_int_equal(count, 0);
}

static void nothing_was_seen_in_the_future(void **state)
{
    (void)state;
    size_t count;
    struct feed_sighting one = sample_sighting("a.example.org:3333", "203.0.113.9");
    one.last_us = sample_now + 10000 * DAY_US;
    assert_int_equal(note(&one, 1, &count)[0].last_us, sample_now);
    assert_true(feed_memory_note(memory, NULL, 0, sample_now, sample_now + 7 * DAY_US));
    feed_memory_sightings(memory, &count);
    assert_int_equal(count, 0);
}

static void what_is_seen_again_is_as_it_is_now(void **state)
{
    (void)state;
    size_t count;
    struct feed_sighting one = sample_sighting("a.example.org:3333", "203.0.113.9");
    one.verdict = FEED_SUSPECTED;
    note(&one, 1, &count);
    one.verdict = FEED_CONFIRMED;
    one.first_us += 1000;
    one.last_us += 1000;
    const struct feed_sighting *all = note(&one, 1, &count);
    assert_int_equal(count, 1);
    assert_int_equal(all[0].verdict, FEED_CONFIRMED);
    assert_int_equal(all[0].last_us, one.last_us);
    assert_int_equal(all[0].first_us, one.first_us - 1000);
}

static void sanctions_count_for_where_it_was(void **state)
{
    (void)state;
    size_t count;
    struct feed_sighting one = sample_sighting("a.example.org:3333", "203.0.113.9");
    note(&one, 1, &count);
    one = sample_sighting("b.example.org:3333", "203.0.113.10");
    one.sanctioned = "research";
    const struct feed_sighting *all = note(&one, 1, &count);
    assert_string_equal(all[0].sanctioned, "research");
    assert_string_equal(all[1].sanctioned, "research");
    all = note(NULL, 0, &count);
    assert_string_equal(all[0].sanctioned, "research");
    one.sanctioned = NULL;
    all = note(&one, 1, &count);
    assert_null(all[0].sanctioned);
    struct feed_sighting other = sample_sighting("c.example.org:3333", "203.0.113.11");
    other.incident = "0000000000000001";
    other.sanctioned = "another";
    all = note(&other, 1, &count);
    assert_int_equal(count, 3);
    assert_null(all[1].sanctioned);
}

static void it_has_a_bound_and_keeps_the_latest(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    static struct feed_sighting many[COUNT];
    static char incidents[COUNT][17], pool[2000];
    size_t count;
    memset(pool, 'x', sizeof pool - 1);
    for (size_t i = 0; i < COUNT; i++) {
        many[i] = sample_sighting(pool, "203.0.113.9");
        snprintf(incidents[i], sizeof incidents[i], "%016zx", i * 7919 % COUNT);
        many[i].incident = incidents[i];
        many[i].last_us = sample_now - (int64_t)i * 1000000;
    }
    const struct feed_sighting *all = note(many, COUNT, &count);
    assert_int_equal(count, 100);
    for (size_t i = 0; i < count; i++) {
        assert_true(all[i].last_us > sample_now - 100 * 1000000);
        assert_int_equal(strlen(all[i].pool), 512);
    }
    note(many, COUNT, &count);
    assert_int_equal(count, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pool_that_a_miner_left_is_remembered, begin, end),
        cmocka_unit_test_setup_teardown(it_is_forgotten_when_its_time_is_over, begin, end),
        cmocka_unit_test_setup_teardown(nothing_was_seen_in_the_future, begin, end),
        cmocka_unit_test_setup_teardown(what_is_seen_again_is_as_it_is_now, begin, end),
        cmocka_unit_test_setup_teardown(sanctions_count_for_where_it_was, begin, end),
        cmocka_unit_test_setup_teardown(it_has_a_bound_and_keeps_the_latest, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
