// SPDX-License-Identifier: Apache-2.0
#include "verdict/rate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const int64_t second = 1000000, start = INT64_C(1700000000) * 1000000;

static void assert_close(double value, double expected)
{
    if (!(fabs(value - expected) <= fabs(expected) * 1e-4))
        fail_msg("%g instead of %g", value, expected);
}

static void steady_rate_is_the_same_over_all_windows(void **state)
{
    (void)state;
    struct rate rate = {0};
    int64_t now = start;
    for (int share = 0; share < 720; share++) { /* two hours, one share of 10,000 hashes each ten seconds */
        now += 10 * second;
        rate_add(&rate, RATE_ACCEPTED, now, 10000, 1);
    }
    assert_close(rate_of(rate.all[RATE_ACCEPTED].hashes, start, now), 1000);
    assert_true(fabs(rate_over(&rate, RATE_ACCEPTED, 10, start, now) - 1000) < 30);
    assert_true(fabs(rate_over(&rate, RATE_ACCEPTED, 60, start, now) - 1000) < 10);
    assert_true(rate_over(&rate, RATE_SUBMITTED, 10, start, now) == 0);
    assert_close(rate_error(rate.all[RATE_ACCEPTED].shares), 1 / sqrt(720));
    uint64_t shares =
        rate_shares(&rate, RATE_ACCEPTED, 10, now); /* six a minute, the present one just begins */
    assert_true(shares >= 54 && shares <= 60);
    shares = rate_shares(&rate, RATE_ACCEPTED, 60, now);
    assert_true(shares >= 354 && shares <= 360);
    assert_true(rate_shares(&rate, RATE_SUBMITTED, 60, now) == 0);
}

static void windows_forget(void **state)
{
    (void)state;
    struct rate rate = {0};
    rate_add(&rate, RATE_SUBMITTED, start, 6e6, 3);
    int64_t now = start + 30 * 60 * second;
    assert_true(rate_over(&rate, RATE_SUBMITTED, 10, start, now) == 0);
    assert_true(rate_over(&rate, RATE_SUBMITTED, 60, start, now) > 0);
    assert_true(rate_shares(&rate, RATE_SUBMITTED, 10, now) == 0);
    assert_true(rate_shares(&rate, RATE_SUBMITTED, 60, now) == 3);
    now = start + 3 * 3600 * second;
    assert_true(rate_over(&rate, RATE_SUBMITTED, 60, start, now) == 0);
    rate_add(&rate, RATE_SUBMITTED, now, 600, 1); /* its bucket is that of an hour long gone */
    assert_true(rate_over(&rate, RATE_SUBMITTED, 60, now - 60 * second, now) <= 10.1);
    assert_true(rate.all[RATE_SUBMITTED].shares == 4);
}

static void window_begins_with_the_miner(void **state)
{
    (void)state;
    struct rate rate = {0};
    rate_add(&rate, RATE_SUBMITTED, start + 50 * second, 5000, 1);
    assert_close(rate_over(&rate, RATE_SUBMITTED, 10, start, start + 50 * second), 100);
    assert_true(rate_over(&rate, RATE_SUBMITTED, 10, start + 50 * second, start + 50 * second) == 0);
}

static void late_and_senseless_work(void **state)
{
    (void)state;
    struct rate rate = {0};
    rate_add(&rate, RATE_SUBMITTED, start, 100, 1);
    rate_add(&rate, RATE_SUBMITTED, start - 7200 * second, 100, 1); /* too old for a bucket */
    rate_add(&rate, RATE_SUBMITTED, start - 120 * second, 100, 1);  /* late, but within the hour */
    rate_add(&rate, RATE_SUBMITTED, start, NAN, 1);
    rate_add(&rate, RATE_SUBMITTED, start, -1, 1);
    rate_add(&rate, RATE_SUBMITTED, -1, 1, 1);
    assert_true(rate.all[RATE_SUBMITTED].hashes == 300);
    assert_close(rate_over(&rate, RATE_SUBMITTED, 60, start - 200 * second, start), 1);
    rate_add(&rate, RATE_SUBMITTED, start, 1e300, UINT64_MAX / 2);
    assert_true(isfinite(rate_over(&rate, RATE_SUBMITTED, 60, start - 200 * second, start)));
}

static void work_is_corrected(void **state)
{
    (void)state;
    struct rate rate = {0};
    rate_correct(&rate, RATE_ACCEPTED, 100); /* of nothing */
    assert_true(rate.all[RATE_ACCEPTED].hashes == 0);
    rate_add(&rate, RATE_ACCEPTED, start, 65536000, 2);
    rate_add(&rate, RATE_ACCEPTED, start + 100 * second, 65536000, 2);
    rate_correct(&rate, RATE_ACCEPTED, 131072000 * (1 / 65536.0 - 1)); /* it was scrypt */
    assert_close(rate.all[RATE_ACCEPTED].hashes, 2000);
    assert_close(rate_over(&rate, RATE_ACCEPTED, 10, start, start + 100 * second), 20);
    rate_correct(&rate, RATE_ACCEPTED, -3000);
    assert_close(rate.all[RATE_ACCEPTED].hashes, 2000);
}

/* nanopool's miner without a share: difficulty 90,001 in 137 s is at most 1,971 H/s at 95 % */
static void upper_bound_of_silence(void **state)
{
    (void)state;
    assert_close(rate_upper(90001, start, start + 137 * second), 3 * 90001 / 137.0);
    assert_true(rate_upper(90001, start, start + second) == 0);
    assert_true(rate_upper(0, start, start + 137 * second) == 0);
    assert_true(rate_error(0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_rate_is_the_same_over_all_windows),
        cmocka_unit_test(windows_forget),
        cmocka_unit_test(window_begins_with_the_miner),
        cmocka_unit_test(late_and_senseless_work),
        cmocka_unit_test(work_is_corrected),
        cmocka_unit_test(upper_bound_of_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
