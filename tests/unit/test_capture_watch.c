// SPDX-License-Identifier: Apache-2.0
#include "capture_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct config settings(void)
{
    struct config config = {0};
    config.capture.threads = 2;
    config.capture.buffer_size = 64 << 20;
    return config;
}

static const struct capture_pressure calm = {20000, -1};

/* Whether it warns; the warning in `text`. */
static bool judge(struct capture_watch *watch, struct capture_statistics statistics,
                  struct capture_pressure pressure, int64_t now_ms, char text[static 1000])
{
    struct config config = settings();
    text[0] = '\0';
    return capture_watch_judge(watch, &config, &statistics, &pressure, now_ms, text, 1000);
}

static void test_kernel_drops(void **state)
{
    (void)state;
    struct capture_watch watch = {0};
    char text[1000];
    assert_false(judge(&watch, (struct capture_statistics){.frames = 1000}, calm, 5000, text));
    assert_true(
        judge(&watch, (struct capture_statistics){.frames = 2900, .kernel_drops = 100}, calm, 5100, text));
    assert_string_equal(text, "100 of 3,000 packets were lost because geophone was late: mining may be "
                              "missed; raise capture.threads (now 2) or take less (--capture-filter) where "
                              "this goes on, capture.buffer-size (now 64 MiB for each) "
                              "where it comes in bursts");
}

static void test_interface_drops(void **state)
{
    (void)state;
    struct capture_watch watch = {0};
    char text[1000];
    assert_true(
        judge(&watch, (struct capture_statistics){.frames = 90, .interface_drops = 10}, calm, 1, text));
    assert_string_equal(
        text, "10 of 100 packets were lost by the interface: mining may be missed; give the interface "
              "larger rings (ethtool -G); geophone --check-host shows how");
    watch = (struct capture_watch){0};
    assert_true(
        judge(&watch, (struct capture_statistics){.kernel_drops = 2, .interface_drops = 1}, calm, 1, text));
    assert_non_null(strstr(text, "3 of 3 packets were lost, by the interface too: "));
    assert_non_null(strstr(text, "capture.threads"));
    assert_non_null(strstr(text, "ethtool"));
}

/* What is lost within the minute is told at its end, and what was told is not told again. */
static void test_once_a_minute(void **state)
{
    (void)state;
    struct capture_watch watch = {0};
    char text[1000];
    assert_true(judge(&watch, (struct capture_statistics){.frames = 5, .kernel_drops = 5}, calm, 1000, text));
    assert_false(
        judge(&watch, (struct capture_statistics){.frames = 9, .kernel_drops = 9}, calm, 60999, text));
    assert_true(
        judge(&watch, (struct capture_statistics){.frames = 11, .kernel_drops = 9}, calm, 61000, text));
    assert_non_null(strstr(text, "4 of 10 packets"));
    assert_false(
        judge(&watch, (struct capture_statistics){.frames = 99, .kernel_drops = 9}, calm, 200000, text));
}

/* Losses that come of it may be counted a moment later: then the warning is of those. */
static void test_pressure(void **state)
{
    (void)state;
    const struct capture_pressure full = {-1, 900}, late = {2500000, -1};
    struct capture_watch watch = {0};
    struct capture_statistics none = {0};
    char text[1000];
    for (int look = 0; look < 5; look++)
        assert_false(judge(&watch, none, (struct capture_pressure){999999, 899}, 1, text));
    assert_false(judge(&watch, none, full, 1, text));
    assert_true(judge(&watch, none, full, 2, text));
    assert_non_null(
        strstr(text, "the buffer of a socket is full to 90 %: mining may be missed soon; raise "));
    for (int look = 0; look < 5; look++)
        assert_false(judge(&watch, none, full, 3, text));
    assert_true(judge(&watch, (struct capture_statistics){.kernel_drops = 1}, full, 4, text));
    assert_false(judge(&watch, (struct capture_statistics){.kernel_drops = 2}, full, 5, text));
    watch = (struct capture_watch){0};
    assert_false(judge(&watch, none, late, 1, text));
    assert_false(judge(&watch, none, calm, 2, text));
    assert_false(judge(&watch, none, late, 3, text));
    assert_true(judge(&watch, none, late, 4, text));
    assert_non_null(strstr(text, "packets wait for "));
    assert_null(strstr(text, "ethtool"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernel_drops),
        cmocka_unit_test(test_interface_drops),
        cmocka_unit_test(test_once_a_minute),
        cmocka_unit_test(test_pressure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
