// SPDX-License-Identifier: Apache-2.0
#include "decode/tunnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct tunnel_level level(uint32_t identifier)
{
    return (struct tunnel_level){.type = "vxlan", .identifier_kind = TUNNEL_VNI, .identifier = identifier};
}

static void test_a_way_is_kept_once(void **state)
{
    (void)state;
    struct tunnel_table *table = tunnel_table_create();
    struct tunnel_level levels[2] = {level(1), level(2)};
    const struct tunnel *both = tunnel_table_take(table, levels, 2, 100);
    const struct tunnel *outer = tunnel_table_take(table, levels, 1, 50);
    assert_non_null(both);
    assert_ptr_not_equal(both, outer);
    assert_ptr_equal(tunnel_table_take(table, levels, 2, 11), both);
    assert_int_equal(both->packets, 2);
    assert_int_equal(both->bytes, 111);
    assert_int_equal(tunnel_innermost(both)->identifier, 2);
    assert_int_equal(tunnel_table_count(table), 2);
    assert_ptr_equal(tunnel_table_at(table, 0), both);
    assert_ptr_equal(tunnel_table_at(table, 1), outer);
    tunnel_table_free(table);
}

static void test_ways_are_bounded(void **state)
{
    (void)state;
    struct tunnel_table *table = tunnel_table_create();
    for (uint32_t i = 0; i < TUNNEL_MAX_WAYS; i++) {
        struct tunnel_level one = level(i);
        assert_non_null(tunnel_table_take(table, &one, 1, 1));
    }
    struct tunnel_level one_more = level(TUNNEL_MAX_WAYS), known = level(5);
    assert_null(tunnel_table_take(table, &one_more, 1, 1));
    assert_non_null(tunnel_table_take(table, &known, 1, 1));
    assert_int_equal(tunnel_table_count(table), TUNNEL_MAX_WAYS);
    assert_int_equal(tunnel_table_refused(table), 1);
    tunnel_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_way_is_kept_once),
        cmocka_unit_test(test_ways_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
