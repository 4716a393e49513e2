// SPDX-License-Identifier: Apache-2.0
#include "base/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void days(void **state)
{
    (void)state;
    int64_t end_us = 0;
    assert_true(day_read("1970-01-01", &end_us));
    assert_int_equal(end_us, INT64_C(86400000000));
    assert_true(day_read("2028-02-29", &end_us)); /* a leap year */
    assert_int_equal(end_us, INT64_C(1835481600000000));
}

static void what_is_no_day(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",           "2027",       "2027-02-29", "2027-13-01", "2027-1-31", "2027-01-31 ", " 2027-01-31",
        "31.01.2027", "2027-01-32", "-"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t end_us = 7;
        assert_false(day_read(texts[i], &end_us));
        assert_int_equal(end_us, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(days), cmocka_unit_test(what_is_no_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
