// SPDX-License-Identifier: Apache-2.0
#include "sink/summary/summary_tunnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tunnel_table *table;

static int begin(void **state)
{
    (void)state;
    table = tunnel_table_create();
    return table == NULL;
}

static int end(void **state)
{
    (void)state;
    tunnel_table_free(table);
    return 0;
}

static struct tunnel_level level(const char *type, uint8_t kind, uint32_t identifier)
{
    struct tunnel_level made = {
        .type = type, .identifier_kind = kind, .identifier = identifier, .ip_version = 4};
    address_parse("10.0.0.1", &made.source);
    return made;
}

static void assert_text(const struct tunnel_level *levels, uint32_t depth, const char *expected)
{
    char text[SUMMARY_TUNNEL_SIZE];
    struct flow_record flow = {.tunnels = {NULL, tunnel_table_take(table, levels, depth, 100)}};
    assert_non_null(flow.tunnels[1]);
    assert_string_equal(summary_tunnel(&flow, text), expected);
    flow.tunnels[0] = flow.tunnels[1];
    flow.tunnels[1] = NULL;
    assert_string_equal(summary_tunnel(&flow, text), expected);
}

static void test_one(void **state)
{
    (void)state;
    char text[SUMMARY_TUNNEL_SIZE] = "x";
    const struct flow_record bare = {0};
    assert_string_equal(summary_tunnel(&bare, text), "");
    struct tunnel_level one = level("vxlan", TUNNEL_VNI, 4660);
    assert_text(&one, 1, "VXLAN 4660 from 10.0.0.1");
    one = level("erspan-iii", TUNNEL_SESSION, 7);
    assert_text(&one, 1, "ERSPAN-III session 7 from 10.0.0.1");
    one = level("6in4", TUNNEL_NO_IDENTIFIER, 0);
    assert_text(&one, 1, "6in4 from 10.0.0.1");
    one = level("erspan-ii", TUNNEL_SESSION, 9);
    one.ip_version = 0; /* on no IP */
    assert_text(&one, 1, "ERSPAN-II session 9");
}

static void test_in_others(void **state)
{
    (void)state;
    struct tunnel_level levels[TUNNEL_MAX_DEPTH];
    for (int i = 0; i < TUNNEL_MAX_DEPTH; i++)
        levels[i] = level("gre", TUNNEL_KEY, UINT32_MAX);
    levels[0] = level("geneve", TUNNEL_VNI, 0);
    levels[1] = level("vxlan", TUNNEL_VNI, 5);
    assert_text(levels, 2, "VXLAN 5 from 10.0.0.1, in GENEVE");
    assert_text(levels, 4, "GRE key 4294967295 from 10.0.0.1, in GRE in VXLAN in GENEVE");
    assert_text(levels, TUNNEL_MAX_DEPTH,
                "GRE key 4294967295 from 10.0.0.1, in GRE in GRE in GRE in 12 more");
}

static void test_the_longest_fits(void **state)
{
    (void)state;
    char text[SUMMARY_TUNNEL_SIZE];
    struct tunnel_level levels[TUNNEL_MAX_DEPTH];
    for (int i = 0; i < TUNNEL_MAX_DEPTH; i++) {
        levels[i] = level("erspan-iii", TUNNEL_NETWORK, UINT32_MAX);
        levels[i].ip_version = 6;
        memset(levels[i].source.bytes, 0xfe, sizeof levels[i].source.bytes);
    }
    struct flow_record flow = {.tunnels = {tunnel_table_take(table, levels, TUNNEL_MAX_DEPTH, 1)}};
    const char *end = "in ERSPAN-III in 12 more";
    summary_tunnel(&flow, text);
    assert_string_equal(text + strlen(text) - strlen(end), end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one, begin, end),
        cmocka_unit_test_setup_teardown(test_in_others, begin, end),
        cmocka_unit_test_setup_teardown(test_the_longest_fits, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
