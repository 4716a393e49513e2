// SPDX-License-Identifier: Apache-2.0
#include "dashboard/metrics/metrics_sums.h"
#include "dashboard/metrics/metrics_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t length;

static FILE *begin(void)
{
    FILE *to = open_memstream(&text, &length);
    assert_non_null(to);
    return to;
}

static void check(FILE *to, const char *expected)
{
    assert_int_equal(fclose(to), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void families_and_samples(void **state)
{
    (void)state;
    FILE *to = begin();
    metrics_family(to, "geophone_packets_total", METRIC_COUNTER, "Packets.");
    const struct metric_label labels[] = {{"sensor", "edge1"}, {"coin", "XMR"}};
    metrics_sample(to, "geophone_packets_total", labels, 2, 9007199254740991);
    metrics_sample(to, "geophone_packets_total", labels, 1, 0.25);
    metrics_sample(to, "geophone_packets_total", NULL, 0, 1);
    metrics_sample(to, "geophone_packets_total", NULL, 0, NAN);
    metrics_sample(to, "geophone_packets_total", NULL, 0, INFINITY);
    check(to, "# HELP geophone_packets_total Packets.\n# TYPE geophone_packets_total counter\n"
              "geophone_packets_total{sensor=\"edge1\",coin=\"XMR\"} 9007199254740991\n"
              "geophone_packets_total{sensor=\"edge1\"} 0.25\ngeophone_packets_total 1\n");
}

/* Whatever a sensor is called: one line, quotes and backslashes escaped, valid UTF-8, of a bounded length. */
static void hostile_labels(void **state)
{
    (void)state;
    static const struct {
        const char *value, *written;
    } cases[] = {
        {"a\"} 1\nup 0 #", "a\\\"} 1?up 0 #"},
        {"\\", "\\\\"},
        {"a\\\"b", "a\\\\\\\"b"},
        {"\xff\xc3(\xed\xa0\x80", "?\?(?\?\?"},
        {"\xc3\xbc\r\x1b[31m\t", "\xc3\xbc??[31m?"},
        {"\xe2\x80\xae"
         "abc",
         "?abc"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[200];
        FILE *to = begin();
        metrics_sample(to, "up", &(struct metric_label){"sensor", cases[i].value}, 1, 1);
        snprintf(expected, sizeof expected, "up{sensor=\"%s\"} 1\n", cases[i].written);
        check(to, expected);
    }
    char value[5000];
    memset(value, '"', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    FILE *to = begin();
    metrics_sample(to, "up", &(struct metric_label){"sensor", value}, 1, 1);
    fclose(to);
    assert_true(length < 300);
    free(text);
}

static void sums_are_by_sensor_value_and_unit(void **state)
{
    (void)state;
    struct metrics_sums sums = {0};
    const struct metrics_sum rows[] = {{"b", "XMR", "H/s", 1}, {"a", "ZEC", "Sol/s", 2},
                                       {"a", "XMR", "H/s", 3}, {"b", "XMR", "H/s", 4},
                                       {"a", "XMR", NULL, 5},  {"a", "XMR", "H/s", 6}};
    metrics_sums_finish(&sums);
    assert_int_equal(sums.count, 0);
    for (size_t i = 0; i < 6; i++)
        metrics_sums_add(&sums, &rows[i]);
    metrics_sums_finish(&sums);
    assert_int_equal(sums.count, 4);
    assert_true(sums.rows[0].unit == NULL && sums.rows[0].sum == 5);
    assert_true(strcmp(sums.rows[1].value, "XMR") == 0 && sums.rows[1].sum == 9);
    assert_true(strcmp(sums.rows[2].value, "ZEC") == 0 && sums.rows[2].sum == 2);
    assert_true(strcmp(sums.rows[3].sensor, "b") == 0 && sums.rows[3].sum == 5);
    metrics_sums_done(&sums);
}

static void values_are_bounded(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    struct metrics_sums sums = {0};
    char names[COUNT][8];
    for (size_t i = 0; i < 2 * COUNT; i++) {
        snprintf(names[i % COUNT], sizeof names[0], "%03zu", i % COUNT);
        metrics_sums_add(&sums, &(struct metrics_sum){i < COUNT ? "a" : "b", names[i % COUNT], "H/s", 1});
    }
    metrics_sums_finish(&sums);
    assert_int_equal(sums.count, 2 * (METRICS_MAX_VALUES + 1));
    assert_string_equal(sums.rows[METRICS_MAX_VALUES].value, "other");
    assert_true(sums.rows[METRICS_MAX_VALUES].sum == COUNT - METRICS_MAX_VALUES);
    assert_true(sums.rows[2 * METRICS_MAX_VALUES + 1].sum == COUNT - METRICS_MAX_VALUES);
    metrics_sums_done(&sums);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_and_samples),
        cmocka_unit_test(hostile_labels),
        cmocka_unit_test(sums_are_by_sensor_value_and_unit),
        cmocka_unit_test(values_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
