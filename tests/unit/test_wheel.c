// SPDX-License-Identifier: Apache-2.0
#include "flow/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FLOWS = 64 };

struct fixture {
    struct wheel wheel;
    struct flow flows[FLOWS];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    wheel_turn_to(&fixture->wheel, 1000000);
    while (wheel_due(&fixture->wheel, 1000000) != 0) {
    }
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static uint32_t take(struct fixture *fixture, int64_t now)
{
    uint32_t index = wheel_due(&fixture->wheel, now);
    if (index != 0)
        wheel_unlink(&fixture->wheel, fixture->flows, index);
    return index;
}

static void test_due_in_order(void **state)
{
    struct fixture *fixture = *state;
    wheel_link(&fixture->wheel, fixture->flows, 1, 1000030);
    wheel_link(&fixture->wheel, fixture->flows, 2, 1000010);
    wheel_link(&fixture->wheel, fixture->flows, 3, 1000020);
    assert_int_equal(take(fixture, 1000009), 0);
    assert_int_equal(wheel_soonest(&fixture->wheel), 2);
    assert_int_equal(take(fixture, 1000010), 2);
    assert_int_equal(take(fixture, 1000010), 0);
    assert_int_equal(take(fixture, 1000040), 3);
    assert_int_equal(take(fixture, 1000040), 1);
    assert_int_equal(take(fixture, 1000040), 0);
    assert_int_equal(wheel_soonest(&fixture->wheel), 0);
    assert_int_equal(fixture->wheel.count, 0);
}

static void test_past_is_due_at_once(void **state)
{
    struct fixture *fixture = *state;
    wheel_link(&fixture->wheel, fixture->flows, 1, 5);
    assert_int_equal(take(fixture, 1000000), 1);
}

static void test_beyond_a_turn_waits_in_the_furthest_slot(void **state)
{
    struct fixture *fixture = *state;
    wheel_link(&fixture->wheel, fixture->flows, 1, 1000000 + 100000);
    assert_int_equal(take(fixture, 1000000 + WHEEL_SLOTS - 2), 0);
    assert_int_equal(take(fixture, 1000000 + WHEEL_SLOTS - 1), 1);
}

static void test_unlink_from_each_place_of_a_list(void **state)
{
    struct fixture *fixture = *state;
    static const uint32_t orders[][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        for (uint32_t index = 1; index <= 3; index++)
            wheel_link(&fixture->wheel, fixture->flows, index, 1000005);
        for (uint32_t j = 0; j < 3; j++) {
            assert_int_not_equal(wheel_soonest(&fixture->wheel), 0);
            wheel_unlink(&fixture->wheel, fixture->flows, orders[i][j]);
        }
        assert_int_equal(wheel_soonest(&fixture->wheel), 0);
        for (unsigned word = 0; word < WHEEL_SLOTS / 64; word++)
            assert_true(fixture->wheel.occupied[word] == 0);
    }
}

/* Each slot, from each position of the cursor within a word: the search wraps around where it should. */
static void test_every_distance(void **state)
{
    struct fixture *fixture = *state;
    int64_t now = 1000000;
    for (int64_t after = 0; after < WHEEL_SLOTS; after++) {
        wheel_link(&fixture->wheel, fixture->flows, 7, now + after);
        assert_int_equal(wheel_soonest(&fixture->wheel), 7);
        if (after > 0)
            assert_int_equal(wheel_due(&fixture->wheel, now + after - 1), 0);
        assert_int_equal(take(fixture, now + after), 7);
        now += after;
    }
}

static void test_jumps_visit_every_flow_once(void **state)
{
    struct fixture *fixture = *state;
    static const int64_t jumps[] = {1, 900, 1023, 1024, 1025, 5000, 31536000, -1, -1024, -5000, -31536000};
    int64_t now = 1000000;
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        for (uint32_t index = 1; index < FLOWS; index++)
            wheel_link(&fixture->wheel, fixture->flows, index, now + index * 16);
        now += jumps[i];
        if (jumps[i] < 0)
            wheel_turn_to(&fixture->wheel, now);
        unsigned visited = 0;
        while (take(fixture, now) != 0)
            visited++;
        if (jumps[i] < 0 || jumps[i] >= WHEEL_SLOTS)
            assert_int_equal(visited, FLOWS - 1);
        else
            assert_int_equal(visited, jumps[i] / 16 < FLOWS - 1 ? jumps[i] / 16 : FLOWS - 1);
        wheel_turn_to(&fixture->wheel, now);
        while (take(fixture, now) != 0) {
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_due_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_past_is_due_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_beyond_a_turn_waits_in_the_furthest_slot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unlink_from_each_place_of_a_list, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_distance, setup, teardown),
        cmocka_unit_test_setup_teardown(test_jumps_visit_every_flow_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
