// SPDX-License-Identifier: Apache-2.0
#include "verdict/incident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { MINERS = 3000, POOLS = 3 }; /* more miners than there are buckets */

static void on_closed(void *context, struct incident *incident)
{
    (void)incident;
    ++*(unsigned *)context;
}

static struct incidents *make(uint32_t max, unsigned *closed)
{
    static const uint8_t secret[16] = {1};
    struct incidents *incidents = incidents_create(max, secret, on_closed, closed, NULL);
    assert_non_null(incidents);
    return incidents;
}

static struct incident *get(struct incidents *incidents, unsigned miner, unsigned pool)
{
    bool opened;
    char subject[16];
    struct address address = {{[14] = (uint8_t)(miner >> 8), [15] = (uint8_t)miner}};
    snprintf(subject, sizeof subject, "pool %u", pool);
    return incidents_get(incidents, &address, subject, 1000, &opened);
}

static bool is_likely(const struct incident *incident)
{
    return incident->mining.verdict >= VERDICT_LIKELY;
}

/* Whichever of its incidents moved last, and whoever's moved in between. */
static void test_a_miner_counts_once(void **state)
{
    (void)state;
    unsigned closed = 0;
    struct incidents *incidents = make(2000, &closed);
    assert_int_equal(incidents_count_miners(incidents, is_likely), 0);
    for (unsigned pool = 0; pool < POOLS; pool++)
        for (unsigned miner = 0; miner < 5; miner++)
            get(incidents, miner, pool)->mining.verdict = VERDICT_LIKELY;
    assert_int_equal(incidents_count(incidents), 5 * POOLS);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(incidents_count_miners(incidents, is_likely), 5);
        get(incidents, i * 7 % 5, i % POOLS);
    }
    for (unsigned pool = 0; pool < POOLS; pool++) {
        assert_int_equal(incidents_count_miners(incidents, is_likely), 5);
        get(incidents, 2, pool)->mining.verdict = VERDICT_SUSPECTED;
    }
    assert_int_equal(incidents_count_miners(incidents, is_likely), 4);
    incidents_close(incidents, INT64_MAX);
    assert_int_equal(closed, 5 * POOLS);
    assert_int_equal(incidents_count_miners(incidents, is_likely), 0);
    incidents_free(incidents);
}

static void test_many_miners(void **state)
{
    (void)state;
    unsigned closed = 0;
    struct incidents *incidents = make(1000, &closed);
    for (unsigned miner = 0; miner < MINERS; miner++)
        get(incidents, miner, 0)->mining.verdict = VERDICT_CONFIRMED;
    assert_int_equal(closed, MINERS - 1000);
    assert_int_equal(incidents_count_miners(incidents, is_likely), 1000);
    for (unsigned miner = MINERS - 500; miner < MINERS; miner++) /* they take the place of others */
        get(incidents, miner, 1)->mining.verdict = VERDICT_CONFIRMED;
    assert_int_equal(incidents_count_miners(incidents, is_likely), 500);
    incidents_free(incidents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_miner_counts_once),
        cmocka_unit_test(test_many_miners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
