// SPDX-License-Identifier: Apache-2.0
#include "base/universal_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct universal_secret secret_of(uint8_t first)
{
    uint8_t seed[16] = {first};
    struct universal_secret secret;
    universal_expand(&secret, seed);
    return secret;
}

static uint32_t hash(const struct universal_secret *secret, uint64_t a, uint64_t b)
{
    return (uint32_t)universal_fold(secret,
                                    universal_pair(secret, 0, a, b) + universal_pair(secret, 1, b, a));
}

/* By the definition of NH, with numbers that are small enough for a pocket calculator. */
static void test_sums_of_products(void **state)
{
    (void)state;
    struct universal_secret secret = {.words = {2, 3, 5, 7, 11, 13}, .fold = {1, UINT64_C(1) << 32}};
    universal_sum sum = universal_pair(&secret, 0, 1, 1) + universal_pair(&secret, 2, 9, 7);
    assert_true(sum == 3 * 4 + 20 * 20);
    assert_int_equal((uint32_t)universal_fold(&secret, sum), 412);
}

static void test_the_secret_decides(void **state)
{
    (void)state;
    struct universal_secret one = secret_of(1), same = secret_of(1), other = secret_of(2);
    assert_memory_equal(&one, &same, sizeof one);
    assert_int_equal(hash(&one, 4, 5), hash(&same, 4, 5));
    assert_int_not_equal(hash(&one, 4, 5), hash(&other, 4, 5));
    for (unsigned i = 0; i < 2 * UNIVERSAL_HASH_PAIRS; i++)
        for (unsigned j = 0; j < i; j++)
            assert_true(one.words[i] != one.words[j]);
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Words that differ in a few bits anywhere: as many of the lower 16 bits are met as of random numbers, of
 * which 1 - 1/e fill 65536 places once each: 41427. */
static void test_near_words_are_spread(void **state)
{
    (void)state;
    enum { COUNT = 65536 };
    uint32_t *low = malloc(COUNT * sizeof *low);
    assert_non_null(low);
    for (unsigned round = 0; round < 42; round++) {
        struct universal_secret secret = secret_of((uint8_t)round);
        unsigned distinct = 1, shift = round % 7 * 8;
        for (uint32_t i = 0; i < COUNT; i++)
            low[i] = hash(&secret, (uint64_t)i << shift, 0) & 0xffff;
        qsort(low, COUNT, sizeof *low, ascending);
        for (uint32_t i = 1; i < COUNT; i++)
            distinct += low[i] != low[i - 1];
        assert_in_range(distinct, 40500, 42500);
    }
    free(low);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_of_products),
        cmocka_unit_test(test_the_secret_decides),
        cmocka_unit_test(test_near_words_are_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
