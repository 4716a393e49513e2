// SPDX-License-Identifier: Apache-2.0
/*
 * The bill as the judge keeps it: incidents of one machine, budgets, sums.
 */
#include "verdict/judge_private.h"

#include "event_samples.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MINUTE_US INT64_C(60000000)
#define NOON_US   (INT64_C(20000) * 86400 * 1000000 + 720 * MINUTE_US) /* 2024-10-04 */

enum { MAX_TOLD = 16 };

static struct config config;
static struct judge *judge;
static struct capture *capture;
static struct {
    size_t count;
    struct budget budgets[MAX_TOLD];
    char incidents[MAX_TOLD][24];
    uint32_t signatures[MAX_TOLD];
} told;

static void hear(void *context, struct event *event)
{
    (void)context;
    assert_int_equal(event->type, EVENT_ALERT);
    assert_non_null(event->budget);
    assert_int_equal(event->severity, 1);
    assert_true(event->alert_id[0] != '\0' && !event->is_repeated);
    assert_true(told.count < MAX_TOLD);
    told.budgets[told.count] = *event->budget;
    told.signatures[told.count] = event->signature_id;
    memcpy(told.incidents[told.count++], event->mining->incident, sizeof told.incidents[0]);
}

static void write_file(const char *directory, const char *name, const void *bytes, size_t length,
                       char path[96])
{
    snprintf(path, 96, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* A judge with what costs need, and a capture without packets. */
static int begin(void **state)
{
    (void)state;
    static const char prices[] = "aws\tc7i.24xlarge\teu-north-1\t6\tUSD\t96\t0\t2026-06-17\tMIT\tlist\n";
    static const char rates[] = "rx/0\tx86-64\tvCPU\t100\t400\t0.04\t0.04\tUSD\t2026\tMIT\tlist\n";
    static const uint8_t empty[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff, [20] = 1};
    char directory[] = "/tmp/test_judge_cost.XXXXXX", paths[3][96];
    struct error error = {.text = ""};
    static char name[] = "sensor-1";
    told.count = 0;
    if (mkdtemp(directory) == NULL)
        return 1;
    write_file(directory, "instance-prices.tsv", prices, sizeof prices - 1, paths[0]);
    write_file(directory, "hash-rates.tsv", rates, sizeof rates - 1, paths[1]);
    write_file(directory, "empty.pcap", empty, sizeof empty, paths[2]);
    config = (struct config){.sensor.name = name, .incident.close_after_s = 900};
    judge = calloc(1, sizeof *judge);
    judge->config = &config;
    judge->outlet.emit = hear;
    judge->prices = prices_load(directory, "USD", &error);
    judge->meters = cost_meters_create(judge->account_secret);
    const char *path = paths[2];
    judge->capture = capture = capture_open_files(&path, 1, &(struct capture_options){0}, &error);
    for (int i = 0; i < 3; i++)
        unlink(paths[i]);
    rmdir(directory);
    return judge->prices == NULL || judge->meters == NULL || judge->capture == NULL;
}

static int end(void **state)
{
    (void)state;
    prices_free(judge->prices);
    cost_meters_free(judge->meters);
    capture_close(capture);
    free(judge);
    return 0;
}

static void assert_near(double got, double wanted)
{
    if (fabs(got - wanted) > 1e-6 * (fabs(wanted) + 1e-3))
        fail_msg("%.12g is not %.12g", got, wanted);
}

/* On a machine whose type the inventory knows. */
static struct incident on_instance(const char *name, const char *instance, const char *account)
{
    struct incident incident = {.mining = sample_mining(), .flow = sample_flow()};
    struct cloud_place *place = &incident.mining.cloud;
    incident.mining.cost = (struct cost){0};
    snprintf(incident.mining.incident, sizeof incident.mining.incident, "%s", name);
    snprintf(place->provider, sizeof place->provider, "aws");
    snprintf(place->account, sizeof place->account, "%s", account);
    snprintf(place->region, sizeof place->region, "eu-north-1");
    snprintf(place->instance_type, sizeof place->instance_type, "c7i.24xlarge");
    snprintf(place->instance_id, sizeof place->instance_id, "%s", instance);
    incident.mining_first_us = incident.mining_last_us = NOON_US;
    return incident;
}

static void move(struct incident *incident, int64_t time_us)
{
    incident->mining_last_us = time_us;
    judge_cost(judge, incident);
}

/* Each of them moves each minute, up to this one after noon. */
static void mine(struct incident *const incidents[], size_t count, int from, int to)
{
    for (int minute = from; minute <= to; minute++)
        for (size_t i = 0; i < count; i++)
            move(incidents[i], NOON_US + minute * MINUTE_US);
}

static void one_machine_costs_its_price_by_the_hour(void **state)
{
    (void)state;
    struct incident incident = on_instance("a", "i-1", "1");
    mine((struct incident *[]){&incident}, 1, 0, 90);
    assert_near(incident.mining.cost.hour, 6);
    assert_near(incident.mining.cost.total, 9);
    assert_string_equal(incident.mining.cost.basis, "list price of c7i.24xlarge in eu-north-1 (2026-06-17)");
    move(&incident, NOON_US + 300 * MINUTE_US); /* silent for hours */
    assert_near(incident.mining.cost.total, 9);
    judge_cost_end(judge, &incident);
    assert_near(incident.mining.cost.total, 9);
    assert_null(incident.meter);
}

static void two_pools_do_not_double_the_price(void **state)
{
    (void)state;
    struct incident a = on_instance("a", "i-1", "1"), b = on_instance("b", "i-1", "1");
    struct sensor_statistics sums = {0};
    b.mining.miner = sample_address("192.0.2.99"); /* another interface of the instance */
    mine((struct incident *[]){&a}, 1, 0, 60);
    b.mining_first_us = NOON_US + 60 * MINUTE_US;
    mine((struct incident *[]){&a, &b}, 2, 60, 120);
    judge_cost_now(&a);
    assert_near(a.mining.cost.hour, 3);
    assert_near(b.mining.cost.hour, 3);
    assert_near(a.mining.cost.total, 9);
    assert_near(b.mining.cost.total, 3);
    assert_non_null(strstr(b.mining.cost.basis, ", shared by 2 incidents"));
    judge_cost_add(&sums, &a);
    judge_cost_add(&sums, &b);
    judge_add_place(&sums, &a.mining);
    judge_add_place(&sums, &b.mining);
    assert_near(sums.cost_hour, 6);
    assert_int_equal(sums.place_count, 1);
    assert_int_equal(sums.places[0].incidents, 2);
    assert_near(sums.places[0].cost_hour, 6);
    assert_near(sums.places[0].cost_hour_high, 6);
    judge_cost_end(judge, &b);
    assert_near(b.mining.cost.hour, 3); /* as it was while it mined */
    mine((struct incident *[]){&a}, 1, 120, 180);
    assert_near(a.mining.cost.hour, 6);
    assert_near(a.mining.cost.total + b.mining.cost.total, 18); /* three hours of one machine */
    judge_cost_end(judge, &a);
}

static void without_a_type_the_work_counts(void **state)
{
    (void)state;
    struct incident incident = on_instance("a", "", "1");
    incident.mining.cloud = (struct cloud_place){.provider = ""};
    incident.mining.hashrate_hs = 2000;
    mine((struct incident *[]){&incident}, 1, 0, 30);
    assert_near(incident.mining.cost.hour, 0.4);
    assert_near(incident.mining.cost.hour_low, 0.2);
    assert_near(incident.mining.cost.hour_high, 0.8);
    assert_near(incident.mining.cost.total, 0.2);
    /* the estimate gets better, and what was spent with it */
    incident.mining.hashrate_hs = 1000;
    move(&incident, NOON_US + 60 * MINUTE_US);
    assert_near(incident.mining.cost.total, 0.2);
    assert_near(judge->spending.sum.total, 0.2);
    /* its miners are seen, too */
    incident.mining.miners_behind = 3;
    move(&incident, NOON_US + 61 * MINUTE_US);
    assert_near(incident.mining.cost.hour, 0);
    incident.mining.miners_behind = 0;
    snprintf(incident.mining.algorithm, sizeof incident.mining.algorithm, "sha256d");
    move(&incident, NOON_US + 62 * MINUTE_US);
    assert_near(incident.mining.cost.hour, 0);
    assert_string_equal(incident.mining.cost.basis, "");
    /* an inventory was loaded that knows it */
    incident.mining.cloud = on_instance("a", "i-1", "1").mining.cloud;
    move(&incident, NOON_US + 63 * MINUTE_US);
    assert_near(incident.mining.cost.total, 6.3);
    judge_cost_end(judge, &incident);
}

static void each_budget_is_told_once(void **state)
{
    (void)state;
    struct incident a = on_instance("a", "i-1", "1"), b = on_instance("b", "i-2", "2");
    config.cost.budget_incident = 6;
    config.cost.budget_account = 9;
    config.cost.budget_day = 15;
    mine((struct incident *[]){&a, &b}, 2, 0, 59);
    assert_int_equal(told.count, 0);
    mine((struct incident *[]){&a, &b}, 2, 60, 120);
    assert_int_equal(told.count, 5);
    size_t counts[BUDGET_SCOPES] = {0};
    for (size_t i = 0; i < told.count; i++) {
        const struct budget *budget = &told.budgets[i];
        counts[budget->scope]++;
        assert_true(budget->spent >= budget->limit && budget->spent < budget->limit + 0.3);
        assert_int_equal(told.signatures[i], 9100901 + budget->scope);
        assert_string_equal(budget->currency, "USD");
        assert_string_equal(budget->day, budget->scope == BUDGET_INCIDENT ? "" : "2024-10-04");
        assert_string_equal(budget->account, budget->scope != BUDGET_ACCOUNT       ? ""
                                             : strcmp(told.incidents[i], "a") == 0 ? "1"
                                                                                   : "2");
    }
    assert_int_equal(counts[BUDGET_INCIDENT], 2);
    assert_int_equal(counts[BUDGET_ACCOUNT], 2);
    assert_int_equal(counts[BUDGET_DAY], 1);
    /* a limit that was raised is told again, the old one is not */
    config.cost.budget_incident = 14;
    mine((struct incident *[]){&a}, 1, 120, 180);
    assert_int_equal(told.count, 6);
    assert_near(told.budgets[5].limit, 14);
    judge_cost_end(judge, &a);
    judge_cost_end(judge, &b);
}

static void a_day_begins_with_nothing_spent(void **state)
{
    (void)state;
    struct incident incident = on_instance("a", "i-1", "1");
    struct sensor_statistics sums = {0};
    config.cost.budget_day = 60;
    mine((struct incident *[]){&incident}, 1, 0, 719);
    assert_int_equal(told.count, 1);
    judge->now_us = incident.mining_last_us;
    judge_cost_day(judge, &sums);
    assert_near(sums.cost_day, 71.9);
    assert_string_equal(sums.cost_currency, "USD");
    mine((struct incident *[]){&incident}, 1, 720, 720 + 599);
    assert_int_equal(told.count, 1);
    mine((struct incident *[]){&incident}, 1, 720 + 600, 720 + 601);
    assert_int_equal(told.count, 2);
    assert_string_equal(told.budgets[1].day, "2024-10-05");
    judge->now_us = incident.mining_last_us + 2 * 1440 * MINUTE_US;
    judge_cost_day(judge, &sums);
    assert_near(sums.cost_day, 0);
    judge_cost_end(judge, &incident);
}

static void what_is_sanctioned_or_suspected_is_not_counted(void **state)
{
    (void)state;
    struct incident a = on_instance("a", "i-1", "1"), b = on_instance("b", "i-2", "1");
    config.cost.budget_incident = config.cost.budget_account = config.cost.budget_day = 1;
    a.mining.sanction.state = SANCTION_APPLIES;
    b.mining.verdict = VERDICT_SUSPECTED;
    mine((struct incident *[]){&a, &b}, 2, 0, 60);
    assert_near(a.mining.cost.total, 6);
    assert_int_equal(told.count, 0);
    assert_near(judge->spending.sum.total, 0);
    a.mining.sanction.state =
        SANCTION_EXPIRED; /* what was spent before stays sanctioned by day and account */
    move(&a, NOON_US + 61 * MINUTE_US);
    assert_near(judge->spending.sum.total, 0.1);
    judge_cost_end(judge, &a);
    judge_cost_end(judge, &b);
}

static void accounts_beyond_the_table_are_not_watched(void **state)
{
    (void)state;
    config.cost.budget_account = 1;
    for (int i = 0; i < JUDGE_ACCOUNTS + 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        struct incident incident = on_instance(name, name, name);
        move(&incident, NOON_US);
        judge_cost_end(judge, &incident);
    }
    assert_true(judge->accounts_are_full);
    assert_int_equal(told.count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(one_machine_costs_its_price_by_the_hour),
        CASE(two_pools_do_not_double_the_price),
        CASE(without_a_type_the_work_counts),
        CASE(each_budget_is_told_once),
        CASE(a_day_begins_with_nothing_spent),
        CASE(what_is_sanctioned_or_suspected_is_not_counted),
        CASE(accounts_beyond_the_table_are_not_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
