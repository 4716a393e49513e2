// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "feed_samples.h"

static void address_and_name_are_listed(void **state)
{
    (void)state;
    struct feed_sighting one = sample_sighting("Pool.Example.ORG.:3333", "203.0.113.9");
    struct feed_view *view = sample_view(&one, 1);
    assert_int_equal(view->count, 2);
    assert_int_equal(view->listed, 2);
    const struct feed_entry *entry = sample_entry(view, "203.0.113.9");
    assert_non_null(entry);
    assert_int_equal(entry->guard, FEED_LISTED);
    assert_int_equal(entry->since_us, sample_now - DAY_US);
    assert_int_equal(entry->until_us, sample_now - 60000000 + 7 * DAY_US);
    assert_non_null(sample_entry(view, "pool.example.org"));
    feed_view_free(view);
}

/* The forms in which `pool` is written (docs/redis.md). */
static void pools_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *pool, *pool_ip;
        size_t entries;
    } cases[] = {
        {"203.0.113.9:3333", "203.0.113.9", 1},
        {"[2001:db8::9]:3333", "2001:db8::9", 1},
        {"[2001:db8::9]", "2001:db8::9", 1},
        {"[", "203.0.113.9", 1},
        {"pool.example.org", "", 1},
        {"pool.example.org:", "", 1},
        {":3333", "203.0.113.9", 1},
        {"", "", 0},
        {"pool.example.org:3333", "no address", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct feed_sighting one = sample_sighting(cases[i].pool, cases[i].pool_ip);
        struct feed_view *view = sample_view(&one, 1);
        if (view->count != cases[i].entries)
            fail_msg("%s: %zu entries", cases[i].pool, view->count);
        feed_view_free(view);
    }
}

static void names_of_any_length_are_taken(void **state)
{
    (void)state;
    char pool[700];
    for (size_t length = 0; length < sizeof pool - 1; length++) {
        memset(pool, 'a', length);
        pool[length] = '\0';
        struct feed_sighting one = sample_sighting(pool, "");
        struct feed_view *view = sample_view(&one, 1);
        assert_int_equal(view->listed, 0);
        feed_view_free(view);
    }
}

static void sightings_of_one_pool_are_one_entry(void **state)
{
    (void)state;
    struct feed_sighting many[3];
    for (size_t i = 0; i < 3; i++)
        many[i] = sample_sighting("pool.example.org:3333", "203.0.113.9");
    many[0].verdict = FEED_SUSPECTED;
    many[0].first_us = sample_now - 5 * DAY_US;
    many[1].last_us = sample_now;
    many[2].confidence = 0.5;
    struct feed_view *view = sample_view(many, 3);
    assert_int_equal(view->count, 2);
    const struct feed_entry *entry = sample_entry(view, "203.0.113.9");
    assert_int_equal(entry->count, 3);
    assert_int_equal(entry->verdict, FEED_CONFIRMED);
    assert_true(entry->confidence > 0.98);
    assert_int_equal(entry->since_us, sample_now - 5 * DAY_US);
    assert_int_equal(entry->last_us, sample_now);
    feed_view_free(view);
}

static void old_ones_expire_and_do_not_hold_up_the_verdict(void **state)
{
    (void)state;
    struct feed_sighting many[2] = {sample_sighting("", "203.0.113.9"), sample_sighting("", "203.0.113.9")};
    many[0].last_us = sample_now - 7 * DAY_US;
    many[1].verdict = FEED_SUSPECTED;
    struct feed_view *view = sample_view(many, 1);
    assert_int_equal(view->entries[0].guard, FEED_GUARD_expired);
    assert_int_equal(view->entries[0].verdict, FEED_CONFIRMED);
    feed_view_free(view);
    view = sample_view(many, 2);
    assert_int_equal(view->entries[0].guard, FEED_GUARD_verdict);
    assert_string_equal(view->entries[0].detail, "suspected");
    feed_view_free(view);
    many[0].last_us++;
    view = sample_view(many, 1);
    assert_int_equal(view->entries[0].guard, FEED_LISTED);
    feed_view_free(view);
}

static void order_does_not_depend_on_how_they_came(void **state)
{
    (void)state;
    static const char *const addresses[] = {"2001:db8::1", "203.0.113.200", "203.0.113.9", "9.9.8.1",
                                            "2001:db8::"};
    static const char *const sorted[] = {"9.9.8.1",     "203.0.113.9",     "203.0.113.200", "2001:db8::",
                                         "2001:db8::1", "a-b.example.org", "a.example.org", "b.example.org"};
    static const char *const names[] = {"b.example.org", "a.example.org:1", "a-b.example.org",
                                        "b.example.org:2", "a.example.org:3"};
    struct feed_sighting many[5];
    for (size_t turn = 0; turn < 5; turn++) {
        for (size_t i = 0; i < 5; i++)
            many[(i + turn) % 5] = sample_sighting(names[i], addresses[i]);
        struct feed_view *view = sample_view(many, 5);
        char text[ADDRESS_TEXT_SIZE];
        assert_int_equal(view->count, 8);
        for (size_t i = 0; i < 8; i++)
            assert_string_equal(feed_entry_text(&view->entries[i], text), sorted[i]);
        feed_view_free(view);
    }
}

static void the_cap_keeps_the_most_certain(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    struct feed_sighting many[COUNT];
    char addresses[COUNT][ADDRESS_TEXT_SIZE];
    struct feed_policy policy = sample_policy();
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(addresses[i], sizeof addresses[i], "203.0.113.%zu", i);
        many[i] = sample_sighting("", addresses[i]);
        many[i].verdict = i % 2 == 0 ? FEED_CONFIRMED : FEED_LIKELY;
        many[i].confidence = 0.5 + (double)i / 100;
    }
    policy.verdict = FEED_LIKELY;
    policy.max_entries = 5;
    struct feed_view *view = feed_view_build(&policy, many, COUNT, sample_now);
    assert_non_null(view);
    assert_int_equal(view->listed, 5);
    for (size_t i = 0; i < COUNT; i++) {
        bool listed = i % 2 == 0 && i >= COUNT - 10;
        assert_int_equal(view->entries[i].guard, listed ? FEED_LISTED : FEED_GUARD_cap);
    }
    feed_view_free(view);
    policy.max_entries = 0;
    view = feed_view_build(&policy, many, COUNT, sample_now);
    assert_int_equal(view->listed, 0);
    feed_view_free(view);
}

static void nothing_seen_is_an_empty_view(void **state)
{
    (void)state;
    struct feed_view *view = sample_view(NULL, 0);
    assert_int_equal(view->count, 0);
    feed_view_free(view);
    feed_view_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_and_name_are_listed),
        cmocka_unit_test(pools_are_read),
        cmocka_unit_test(names_of_any_length_are_taken),
        cmocka_unit_test(sightings_of_one_pool_are_one_entry),
        cmocka_unit_test(old_ones_expire_and_do_not_hold_up_the_verdict),
        cmocka_unit_test(order_does_not_depend_on_how_they_came),
        cmocka_unit_test(the_cap_keeps_the_most_certain),
        cmocka_unit_test(nothing_seen_is_an_empty_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
