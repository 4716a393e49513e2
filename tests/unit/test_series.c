// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "dashboard/model/series.h"

static struct series series;
static struct series_window window;

static void add(double time_s, double pps, double drops)
{
    double values[STATISTICS] = {[STATISTIC_PPS] = pps, [STATISTIC_DROPS] = drops};
    assert_true(series_add(&series, time_s, values));
}

static double value(size_t row, enum statistic statistic)
{
    return window.values[row * SERIES_COLUMNS + statistic];
}

static int end(void **state)
{
    (void)state;
    series_window_done(&window);
    series_done(&series);
    return 0;
}

static void gauges_are_averages_and_counts_are_sums(void **state)
{
    (void)state;
    add(1000000, 10, 1);
    add(1000005, 20, 2);
    add(1000010, 40, 4);
    assert_true(series_window_init(&window, false, 1000019, 20));
    series_window_add(&window, &series);
    assert_int_equal(window.count, 2);
    assert_int_equal(window.first, 100000);
    assert_true(value(0, STATISTIC_PPS) == 15 && value(0, STATISTIC_DROPS) == 3);
    assert_true(value(1, STATISTIC_PPS) == 40 && value(1, STATISTIC_DROPS) == 4);
    series_window_add(&window, &series); /* a second sensor that says the same */
    assert_true(value(1, STATISTIC_PPS) == 80 && value(1, STATISTIC_DROPS) == 8);
}

static void a_sensor_that_speaks_seldom_leaves_no_holes(void **state)
{
    (void)state;
    add(1000000, 10, 6);
    add(1000060, 20, 6);
    assert_true(series_window_init(&window, false, 1000179, 180));
    series_window_add(&window, &series);
    assert_true(window.told[3] && value(3, STATISTIC_PPS) == 10 && value(3, STATISTIC_DROPS) == 0);
    assert_true(value(6, STATISTIC_PPS) == 20 && value(6, STATISTIC_DROPS) == 6);
    assert_false(window.told[17]); /* for two minutes nothing: that is no longer how it is */
}

static void a_sensor_out_of_step_leaves_no_holes(void **state)
{
    (void)state;
    add(1000000, 10, 6);
    add(1000029, 20, 6);
    add(1000031, 30, 6); /* the latest two are close: that says nothing of the others */
    assert_true(series_window_init(&window, false, 1000099, 100));
    series_window_add(&window, &series);
    assert_true(window.told[1] && value(1, STATISTIC_PPS) == 10 && value(1, STATISTIC_DROPS) == 0);
    assert_true(window.told[6]);
    assert_false(window.told[7]);
}

static void older_points_may_come_later(void **state)
{
    (void)state;
    add(1010000, 10, 1);
    add(1000000 - SERIES_SHORT_STEP_S * SERIES_SHORT_STEPS, 99,
        99); /* the place of a newer one in the ring */
    add(1009000, 30, 5);
    assert_true(series.newest_s == 1010000);
    assert_true(series_window_init(&window, false, 1010000, 3600));
    series_window_add(&window, &series);
    assert_true(value(window.count - 1, STATISTIC_PPS) == 10);
    assert_true(value(window.count - 101, STATISTIC_PPS) == 30);
    assert_true(series_last_hour(&series, STATISTIC_DROPS) == 6);
}

static void times_that_are_none_do_no_harm(void **state)
{
    static const double times[] = {0, -1, 1e300, 1e18, NAN, INFINITY, -INFINITY};
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        add(times[i], 1, 1);
        assert_true(series.newest_s == 0);
        assert_true(series_window_init(&window, true, times[i], 1e9));
        series_window_add(&window, &series);
        assert_int_equal(window.count, SERIES_LONG_STEPS);
        series_window_done(&window);
    }
    assert_true(series_last_hour(&series, STATISTIC_DROPS) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(gauges_are_averages_and_counts_are_sums, end),
        cmocka_unit_test_teardown(a_sensor_that_speaks_seldom_leaves_no_holes, end),
        cmocka_unit_test_teardown(a_sensor_out_of_step_leaves_no_holes, end),
        cmocka_unit_test_teardown(older_points_may_come_later, end),
        cmocka_unit_test_teardown(times_that_are_none_do_no_harm, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
