// SPDX-License-Identifier: Apache-2.0
#include "verdict/quality.h"

#include "verdict/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct quality assess(const struct sensor_statistics *statistics, const char *fault)
{
    struct quality faults[QUALITY_FAULTS];
    quality_assess(statistics, faults);
    for (int i = 0; i < QUALITY_FAULTS; i++)
        if (strcmp(faults[i].fault, fault) == 0)
            return faults[i];
    fail_msg("no fault is called %s", fault);
    return (struct quality){0};
}

static void test_nothing_is_good(void **state)
{
    (void)state;
    const struct sensor_statistics statistics = {0};
    struct quality faults[QUALITY_FAULTS];
    quality_assess(&statistics, faults);
    for (int i = 0; i < QUALITY_FAULTS; i++) {
        assert_int_equal(faults[i].level, QUALITY_GOOD);
        assert_true(faults[i].share == 0);
        assert_non_null(strchr(faults[i].advice, '.'));
    }
}

static void test_drops(void **state)
{
    (void)state;
    struct sensor_statistics statistics = {.capture = {.frames = 99999, .kernel_drops = 1}};
    assert_int_equal(assess(&statistics, "drops").level, QUALITY_FAIR);
    statistics.capture.interface_drops = 1000;
    struct quality drops = assess(&statistics, "drops");
    assert_int_equal(drops.level, QUALITY_POOR);
    assert_int_equal(drops.count, 1001);
    assert_int_equal(drops.whole, 101000);
}

static void test_little_says_nothing(void **state)
{
    (void)state;
    struct sensor_statistics statistics = {.flow = {.tcp_ended = 19, .tcp_one_sided = 19}};
    assert_int_equal(assess(&statistics, "one_sided").level, QUALITY_GOOD);
    statistics.flow.tcp_ended = 20;
    assert_int_equal(assess(&statistics, "one_sided").level, QUALITY_POOR);
    statistics.flow.tcp_ended = 300;
    assert_int_equal(assess(&statistics, "one_sided").level, QUALITY_FAIR);
    statistics.flow.tcp_ended = 3000;
    assert_int_equal(assess(&statistics, "one_sided").level, QUALITY_GOOD);
}

static void test_the_others(void **state)
{
    (void)state;
    struct sensor_statistics statistics = {
        .capture = {.frames = 10000}, .copies = 5000, .cut_frames = 50, .flow = {.clock_steps_back = 3}};
    statistics.reassembly.segments = 10000;
    statistics.reassembly.gaps = 20;
    statistics.reassembly.segments_early = 300;
    statistics.decode.results[DECODE_MALFORMED] = 2000;
    assert_int_equal(assess(&statistics, "duplicates").level, QUALITY_POOR);
    assert_int_equal(assess(&statistics, "truncated").level, QUALITY_FAIR);
    assert_int_equal(assess(&statistics, "gaps").level, QUALITY_FAIR);
    assert_int_equal(assess(&statistics, "reordered").level, QUALITY_FAIR);
    assert_int_equal(assess(&statistics, "unreadable").level, QUALITY_POOR);
    assert_int_equal(assess(&statistics, "clock_steps").level, QUALITY_FAIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_good),
        cmocka_unit_test(test_drops),
        cmocka_unit_test(test_little_says_nothing),
        cmocka_unit_test(test_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
