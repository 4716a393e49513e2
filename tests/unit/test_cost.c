// SPDX-License-Identifier: Apache-2.0
#include "verdict/cost.h"

#include "verdict/cost_meter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR_US    INT64_C(3600000000)
#define SILENCE_US (HOUR_US / 4)

static struct prices *prices;

static int load(void **state)
{
    (void)state;
    char directory[] = "/tmp/test_cost.XXXXXX", path[64];
    struct error error = {.text = ""};
    if (mkdtemp(directory) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/instance-prices.tsv", directory);
    FILE *file = fopen(path, "w");
    fputs("aws\tc7i.24xlarge\teu-north-1\t4.5\tUSD\t96\t0\t2026-06-17\tMIT\tlist\n"
          "aws\tc7i.24xlarge\tus-east-1\t4\tUSD\t96\t0\t2026-06-17\tMIT\tlist\n",
          file);
    fclose(file);
    snprintf(path, sizeof path, "%s/hash-rates.tsv", directory);
    file = fopen(path, "w");
    fputs("rx/0\tx86-64\tvCPU\t100\t400\t0.04\t0.04\tUSD\t2026\tMIT\tlist\n", file);
    fclose(file);
    prices = prices_load(directory, "USD", &error);
    unlink(path);
    snprintf(path, sizeof path, "%s/instance-prices.tsv", directory);
    unlink(path);
    return rmdir(directory) != 0 || prices == NULL;
}

static int unload(void **state)
{
    (void)state;
    prices_free(prices);
    return 0;
}

static void assert_near(double got, double wanted)
{
    if (fabs(got - wanted) > 1e-9 * (fabs(wanted) + 1e-3))
        fail_msg("%.12g is not %.12g", got, wanted);
}

/* ---- prices ---- */

static void a_machine_costs_its_list_price(void **state)
{
    (void)state;
    struct cost cost = {0};
    struct cloud_place place = {.provider = "aws", .region = "eu-north-1", .instance_type = "c7i.24xlarge"};
    assert_true(cost_of_machine(prices, &place, &cost));
    assert_near(cost.hour, 4.5);
    assert_near(cost.hour_low, 4.5);
    assert_near(cost.hour_high, 4.5);
    assert_string_equal(cost.currency, "USD");
    assert_string_equal(cost.basis, "list price of c7i.24xlarge in eu-north-1 (2026-06-17)");
    strcpy(place.lifecycle, "spot");
    strcpy(place.region, "eu-west-1");
    assert_true(cost_of_machine(prices, &place, &cost));
    assert_near(cost.hour_low, 4);
    assert_near(cost.hour_high, 4.5);
    assert_string_equal(
        cost.basis, "list price of c7i.24xlarge in other regions (2026-06-17), though it is a spot instance");
    place.instance_type[0] = '\0';
    assert_false(cost_of_machine(prices, &place, &cost));
}

static void work_costs_the_processors_it_needs(void **state)
{
    (void)state;
    struct cost cost = {0};
    assert_true(cost_of_work(prices, "rx/0", 2000, 0, &cost));
    assert_near(cost.hour_low, 2000.0 / 400 * 0.04);
    assert_near(cost.hour_high, 2000.0 / 100 * 0.04);
    assert_near(cost.hour, 2000.0 / 200 * 0.04);
    assert_string_equal(cost.basis, "vCPU share for rx/0 (2026)");
    /* the hash rate's own error widens the range */
    assert_true(cost_of_work(prices, "rx/0", 2000, 0.5, &cost));
    assert_near(cost.hour_low, 1000.0 / 400 * 0.04);
    assert_near(cost.hour_high, 3000.0 / 100 * 0.04);
    assert_true(cost_of_work(prices, "rx/0", 2000, 3, &cost));
    assert_near(cost.hour_low, 0);
}

static void what_is_not_known_costs_nothing(void **state)
{
    (void)state;
    struct cost cost = {0};
    assert_false(cost_of_work(prices, "sha256d", 1e12, 0.1, &cost));
    assert_false(cost_of_work(prices, "", 1000, 0.1, &cost));
    assert_false(cost_of_work(prices, "rx/0", 0, 0, &cost));
    assert_false(cost_of_work(prices, "rx/0", -1, 0, &cost));
    assert_false(cost_of_work(prices, "rx/0", NAN, 0, &cost));
    assert_false(cost_of_work(prices, "rx/0", INFINITY, 0, &cost));
    assert_near(cost.hour, 0);
    assert_string_equal(cost.basis, "");
}

static void totals_and_shares(void **state)
{
    (void)state;
    struct cost cost = {.hour = 4, .hour_low = 3, .hour_high = 6, .basis = "list price"};
    cost_add_hours(&cost, 0.5);
    cost_add_hours(&cost, 1);
    assert_near(cost.total, 6);
    assert_near(cost.total_low, 4.5);
    assert_near(cost.total_high, 9);
    cost_share(&cost, 1);
    assert_near(cost.hour, 4);
    assert_string_equal(cost.basis, "list price");
    cost_share(&cost, 2);
    assert_near(cost.hour, 2);
    assert_near(cost.hour_low, 1.5);
    assert_near(cost.hour_high, 3);
    assert_near(cost.total, 6); /* was shared out as it grew */
    assert_string_equal(cost.basis, "list price, shared by 2 incidents");
}

static void budgets_in_words(void **state)
{
    (void)state;
    char text[320];
    struct budget budget = {.scope = BUDGET_INCIDENT, .limit = 50, .spent = 51.234, .currency = "USD"};
    assert_string_equal(cost_describe_budget(&budget, text, sizeof text),
                        "Mining: the budget of an incident is passed: about 51.23 of 50 USD, an estimate");
    budget.scope = BUDGET_ACCOUNT;
    strcpy(budget.account, "123456789012");
    strcpy(budget.day, "2026-11-22");
    assert_string_equal(
        cost_describe_budget(&budget, text, sizeof text),
        "Mining: the budget of account 123456789012 (2026-11-22) is passed: about 51.23 of 50 USD, "
        "an estimate");
    budget.scope = BUDGET_DAY;
    assert_string_equal(
        cost_describe_budget(&budget, text, sizeof text),
        "Mining: the budget of a day (2026-11-22) is passed: about 51.23 of 50 USD, an estimate");
}

/* ---- meters ---- */

static const uint8_t secret[16] = {1, 2, 3};

static struct cost_meter *join(struct cost_meters *meters, const char *machine, int64_t begin_us)
{
    struct cost_meter *meter = cost_meter_join(meters, machine, strlen(machine), begin_us, SILENCE_US);
    assert_non_null(meter);
    return meter;
}

/* Moves every minute from one time to another. */
static void run(struct cost_meter *meter, int64_t from_us, int64_t to_us)
{
    for (int64_t now_us = from_us; now_us <= to_us; now_us += HOUR_US / 60)
        cost_meter_run(meter, now_us, SILENCE_US);
}

static void one_incident_has_the_machine_for_itself(void **state)
{
    (void)state;
    struct cost_meters *meters = cost_meters_create(secret);
    struct cost_meter *meter = join(meters, "i-1", HOUR_US);
    run(meter, HOUR_US, 3 * HOUR_US);
    assert_near(meter->hours, 2);
    cost_meter_run(meter, 2 * HOUR_US, SILENCE_US); /* a message of another flow, seen late */
    assert_near(meter->hours, 2);
    cost_meter_leave(meters, meter);
    cost_meter_leave(meters, NULL);
    cost_meters_free(meters);
}

static void two_incidents_do_not_double_it(void **state)
{
    (void)state;
    struct cost_meters *meters = cost_meters_create(secret);
    struct cost_meter *first = join(meters, "i-1", 0);
    run(first, 0, HOUR_US);
    double began = first->hours;
    assert_near(began, 1);
    struct cost_meter *second = join(meters, "i-1", HOUR_US);
    assert_ptr_equal(first, second);
    assert_int_equal(first->incidents, 2);
    run(first, HOUR_US, 2 * HOUR_US);
    assert_near(first->hours, 1.5);
    assert_near(first->hours - began, 0.5);
    /* 1.5 hours of the first and 0.5 of the second are the two hours of the machine */
    cost_meter_leave(meters, second);
    run(first, 2 * HOUR_US, 3 * HOUR_US);
    assert_near(first->hours, 2.5);
    assert_ptr_not_equal(join(meters, "i-2", 0), first);
    cost_meters_free(meters);
}

static void time_before_the_second_is_the_first_ones(void **state)
{
    (void)state;
    struct cost_meters *meters = cost_meters_create(secret);
    struct cost_meter *meter = join(meters, "i-1", 0);
    join(meters, "i-1", HOUR_US / 10); /* though nothing had moved since 0 */
    assert_near(meter->hours, 0.1);
    cost_meter_run(meter, HOUR_US / 5, SILENCE_US);
    assert_near(meter->hours, 0.15);
    cost_meters_free(meters);
}

static void silence_is_not_counted(void **state)
{
    (void)state;
    struct cost_meters *meters = cost_meters_create(secret);
    struct cost_meter *meter = join(meters, "i-1", 0);
    cost_meter_run(meter, HOUR_US / 10, SILENCE_US);
    cost_meter_run(meter, 20 * HOUR_US, SILENCE_US);
    cost_meter_run(meter, 20 * HOUR_US + HOUR_US / 10, SILENCE_US);
    assert_near(meter->hours, 0.2);
    cost_meters_free(meters);
}

static void meters_go_with_their_last_incident(void **state)
{
    (void)state;
    struct cost_meters *meters = cost_meters_create(secret);
    struct cost_meter *meter = join(meters, "i-1", 0);
    run(meter, 0, HOUR_US);
    cost_meter_leave(meters, meter);
    meter = join(meters, "i-1", 5 * HOUR_US);
    assert_int_equal(meter->incidents, 1);
    assert_near(meter->hours, 0);
    for (int i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "m-%d", i);
        cost_meter_leave(meters, join(meters, name, 0));
    }
    cost_meters_free(meters);
    cost_meters_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_costs_its_list_price),
        cmocka_unit_test(work_costs_the_processors_it_needs),
        cmocka_unit_test(what_is_not_known_costs_nothing),
        cmocka_unit_test(totals_and_shares),
        cmocka_unit_test(budgets_in_words),
        cmocka_unit_test(one_incident_has_the_machine_for_itself),
        cmocka_unit_test(two_incidents_do_not_double_it),
        cmocka_unit_test(time_before_the_second_is_the_first_ones),
        cmocka_unit_test(silence_is_not_counted),
        cmocka_unit_test(meters_go_with_their_last_incident),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
