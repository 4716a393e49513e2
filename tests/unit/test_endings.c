// SPDX-License-Identifier: Apache-2.0
#include "verdict/endings.h"

#include "event_samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct flow_record plain = {.first_us = 100, .last_us = 200, .client_port = 5, .server_port = 6};

enum { KINDS = 13 };

/* One for each thing that tells flows apart, and the plain one: from the first to the last. */
static struct ending ending_at(unsigned place)
{
    struct ending ending = {.flow = plain, .told = 7};
    struct flow_record *flow = &ending.flow;
    flow->client = flow->server = sample_address("192.0.2.10");
    switch (place) {
    case 0:
        flow->first_us--;
        ending.told = 9;
        break;
    case 1:
        ending.told--;
        flow->client_port++;
        break;
    case 2:
        flow->client = sample_address("192.0.2.9");
        break;
    case 3:
        flow->client_port--;
        break;
    case 4:
        flow->server = sample_address("192.0.2.9");
        break;
    case 5:
        flow->server_port--;
        break;
    case 7:
        flow->last_us++;
        break;
    case 8:
        flow->cookie++;
        break;
    case 9:
        flow->source++;
        break;
    case 10:
        flow->vlans[1]++;
        break;
    case 11:
        flow->vlans[0]++;
        break;
    case 12:
        flow->protocol++;
        break;
    default:
        break;
    }
    return ending;
}

static void test_their_order_is_not_that_of_who_came_first(void **state)
{
    (void)state;
    struct endings endings;
    assert_true(endings_init(&endings));
    for (unsigned step = 1; step < KINDS; step++) { /* a prime: each step leads to all of them */
        endings.count = 0;
        for (unsigned i = 0; i < KINDS; i++) {
            struct ending wanted = ending_at(i * step % KINDS);
            wanted.flow.id = step * 100 - i; /* of no meaning: a worker's */
            struct ending *ending = endings_get(&endings, &wanted.flow);
            ending->told = wanted.told;
        }
        endings_sort(&endings);
        assert_int_equal(endings.count, KINDS);
        for (unsigned i = 0; i < KINDS; i++) {
            struct ending wanted = ending_at(i);
            wanted.flow.id = endings.list[i].flow.id;
            assert_memory_equal(&endings.list[i].flow, &wanted.flow, sizeof wanted.flow);
        }
    }
    endings_done(&endings);
}

static void test_a_flow_is_added_once(void **state)
{
    (void)state;
    struct endings endings;
    struct flow_record flow = plain;
    assert_true(endings_init(&endings));
    flow.id = 1;
    struct ending *first = endings_get(&endings, &flow);
    first->judged = true;
    assert_ptr_equal(endings_get(&endings, &flow), first);
    assert_true(first->judged);
    flow.id = 2;
    assert_ptr_not_equal(endings_get(&endings, &flow), first);
    assert_int_equal(endings.count, 2);
    endings_done(&endings);
}

static void test_there_is_a_bound(void **state)
{
    (void)state;
    struct endings endings;
    struct flow_record flow = plain;
    assert_true(endings_init(&endings));
    for (flow.id = 1; flow.id <= ENDINGS_MAX; flow.id++)
        assert_non_null(endings_get(&endings, &flow));
    assert_null(endings_get(&endings, &flow));
    flow.id--;
    assert_non_null(endings_get(&endings, &flow));
    endings_done(&endings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_their_order_is_not_that_of_who_came_first),
        cmocka_unit_test(test_a_flow_is_added_once),
        cmocka_unit_test(test_there_is_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
