// SPDX-License-Identifier: Apache-2.0
#include "inspect/application_ration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FLOWS = 3200, BEHIND = 1 << 20 };

static unsigned allowed(const struct application_ration *ration, uint64_t frame)
{
    unsigned count = 0;
    for (uint16_t port = 1; port <= FLOWS; port++) {
        struct flow_key key = {.low_port = port, .high_port = 443, .protocol = 6, .ip_version = 4};
        count += application_ration_allows(ration, &key, frame);
    }
    return count;
}

static void test_without_a_ration(void **state)
{
    (void)state;
    struct application_ration ration;
    for (int live = 0; live < 2; live++) {
        application_ration_init(&ration, false, live != 0);
        assert_int_equal(allowed(&ration, BEHIND), FLOWS);
    }
}

/* All of a small file; of a large one a part, and of two equal rations the same part. */
static void test_files(void **state)
{
    (void)state;
    struct application_ration one, other;
    application_ration_init(&one, true, false);
    application_ration_init(&other, true, false);
    assert_int_equal(allowed(&one, 0), FLOWS);
    unsigned some = allowed(&one, BEHIND);
    assert_in_range(some, FLOWS / 64, FLOWS / 16);
    for (uint16_t port = 1; port <= FLOWS; port++) {
        struct flow_key key = {.low_port = port, .protocol = 17, .ip_version = 4};
        assert_int_equal(application_ration_allows(&one, &key, BEHIND),
                         application_ration_allows(&other, &key, BEHIND));
    }
}

/* A second in which the thread did nothing, or nothing but work, as the ration sees it. */
static void pass_second(struct application_ration *ration, bool busy)
{
    application_ration_adapt(ration);
    ration->wall_ns -= INT64_C(1500000000);
    ration->busy_ns = application_thread_ns() - (busy ? INT64_C(1400000000) : 0);
    application_ration_adapt(ration);
}

static void test_live_sheds_when_busy(void **state)
{
    (void)state;
    struct application_ration ration;
    application_ration_init(&ration, true, true);
    assert_int_equal(allowed(&ration, BEHIND), FLOWS);
    pass_second(&ration, true);
    assert_int_equal(ration.one_in, 2);
    assert_in_range(allowed(&ration, BEHIND), FLOWS / 3, FLOWS * 2 / 3);
    for (int i = 0; i < 20; i++)
        pass_second(&ration, true);
    assert_int_equal(ration.one_in, 0);
    assert_int_equal(allowed(&ration, 0), 0);
    for (int i = 0; i < 20; i++)
        pass_second(&ration, false);
    assert_int_equal(ration.one_in, 1);
}

/* A call of nDPI that takes so long. */
static void call(struct application_ration *ration, int64_t takes_ns)
{
    application_ration_begin(ration);
    int64_t begun = application_thread_ns();
    while (takes_ns > 0 && application_thread_ns() - begun < takes_ns)
        continue;
    application_ration_end(ration);
}

/* One call of 16 counts for the others, and looking at the clock is nobody's. */
static void test_what_it_spends_is_measured(void **state)
{
    (void)state;
    enum { MILLISECOND = 1000000 };
    struct application_ration ration;
    application_ration_init(&ration, true, false);
    for (int i = 1; i < 16; i++)
        call(&ration, 0);
    assert_int_equal(ration.spent_ns, 0);
    call(&ration, MILLISECOND);
    assert_true(ration.spent_ns >= 16 * MILLISECOND);
    uint64_t before = ration.spent_ns;
    for (int i = 1; i < 16; i++)
        call(&ration, 0);
    assert_int_equal(ration.spent_ns, before);
    ration.clock_ns += INT64_C(1000) * MILLISECOND; /* more than it took: nothing, not less than nothing */
    call(&ration, 0);
    assert_int_equal(ration.spent_ns, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_ration),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_live_sheds_when_busy),
        cmocka_unit_test(test_what_it_spends_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
