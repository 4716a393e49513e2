// SPDX-License-Identifier: Apache-2.0
#include "base/slab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_blocks_are_apart_and_aligned(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 8, 15, 16, 17, 100, 8000, 65536, 100000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct slab slab;
        slab_init(&slab, sizes[s], 50);
        unsigned char *blocks[50];
        for (unsigned i = 0; i < 50; i++) {
            blocks[i] = slab_take(&slab);
            assert_non_null(blocks[i]);
            assert_int_equal((uintptr_t)blocks[i] % 16, 0);
            memset(blocks[i], (int)i, sizes[s]);
        }
        for (unsigned i = 0; i < 50; i++)
            assert_true(blocks[i][0] == i && blocks[i][sizes[s] - 1] == i);
        assert_int_equal(slab.used, 50);
        slab_done(&slab);
    }
}

static void test_bound(void **state)
{
    (void)state;
    struct slab slab;
    slab_init(&slab, 64, 3);
    void *blocks[] = {slab_take(&slab), slab_take(&slab), slab_take(&slab)};
    assert_null(slab_take(&slab));
    slab_give(&slab, blocks[1]);
    assert_ptr_equal(slab_take(&slab), blocks[1]);
    assert_null(slab_take(&slab));
    slab_done(&slab);
    slab_init(&slab, 64, 0);
    assert_null(slab_take(&slab));
    assert_int_equal(slab_memory(&slab), 0);
    slab_done(&slab);
}

/* What is given back is used again: memory grows with the most that was in use, not with what was taken. */
static void test_memory_is_kept(void **state)
{
    (void)state;
    struct slab slab;
    slab_init(&slab, 1000, 10000);
    assert_int_equal(slab_memory(&slab), 0);
    void *first = slab_take(&slab);
    size_t memory = slab_memory(&slab);
    assert_in_range(memory, 1000, 128 * 1024);
    for (int i = 0; i < 10000; i++) {
        slab_give(&slab, first);
        first = slab_take(&slab);
    }
    assert_int_equal(slab_memory(&slab), memory);
    assert_int_equal(slab.used, 1);
    slab_give(&slab, NULL);
    assert_int_equal(slab.used, 1);
    slab_done(&slab);
    assert_int_equal(slab_memory(&slab), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_are_apart_and_aligned),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_memory_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
