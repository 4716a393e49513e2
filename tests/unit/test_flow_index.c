// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 5000 };

static struct flow_index found;
static struct flow *flows;

static int set_up(void **state)
{
    (void)state;
    flows = aligned_alloc(64, (MOST + 1) * sizeof *flows);
    return flows != NULL && flow_index_init(&found, MOST) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    flow_index_done(&found);
    free(flows);
    return 0;
}

static void add(uint32_t number, uint32_t hash)
{
    flows[number] = (struct flow){.hash = hash};
    flow_index_add(&found, flows, number);
}

/* How often the flow stands where its hash says: in the slots before the first empty one, or in the chain. */
static unsigned times_found(uint32_t number)
{
    const struct flow_bucket *bucket = flow_index_bucket(&found, (uint32_t)flows[number].hash);
    unsigned times = 0;
    for (unsigned i = 0; i < FLOW_BUCKET_SLOTS && bucket->flows[i] != 0; i++)
        times += bucket->flows[i] == number && bucket->hashes[i] == flows[number].hash;
    for (uint32_t in_chain = bucket->chain; in_chain != 0; in_chain = flows[in_chain].chain_next)
        times += in_chain == number;
    return times;
}

static void assert_found(uint32_t first, uint32_t last, unsigned times)
{
    for (uint32_t number = first; number <= last; number++)
        assert_int_equal(times_found(number), times);
}

static void test_one_hash_fills_a_bucket_and_its_chain(void **state)
{
    (void)state;
    enum { SAME = 3 * FLOW_BUCKET_SLOTS };
    for (uint32_t number = 1; number <= SAME; number++)
        add(number, 77);
    assert_found(1, SAME, 1);
    for (uint32_t number = 2; number <= SAME; number += 2) /* of slots, and out of the middle of the chain */
        flow_index_remove(&found, flows, number);
    for (uint32_t number = 1; number <= SAME; number++)
        assert_int_equal(times_found(number), number % 2);
    for (uint32_t number = 1; number <= SAME; number += 2)
        flow_index_remove(&found, flows, number);
    assert_found(1, SAME, 0);
    assert_int_equal(found.count, 0);
}

static void test_it_grows_and_loses_nothing(void **state)
{
    (void)state;
    uint32_t before = found.mask;
    for (uint32_t number = 1; number <= MOST; number++) /* few buckets at first, so that many have chains */
        add(number, number % 3 == 0 ? number * 512 : number * UINT32_C(2654435761));
    assert_true(found.mask > before);
    assert_true(flow_index_bytes(&found) <= found.size);
    assert_found(1, MOST, 1);
    for (uint32_t number = 1; number <= MOST; number++)
        flow_index_remove(&found, flows, number);
    assert_found(1, MOST, 0);
}

static void test_cleared_it_is_empty(void **state)
{
    (void)state;
    for (uint32_t number = 1; number <= 20; number++)
        add(number, number / 10);
    flow_index_clear(&found);
    assert_found(1, 20, 0);
    assert_int_equal(found.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_hash_fills_a_bucket_and_its_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_grows_and_loses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cleared_it_is_empty, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
