// SPDX-License-Identifier: Apache-2.0
/*
 * The bill: keeps the cost of incidents, adds it up by account and day, and tells when a budget is passed.
 */
#include "verdict/judge_private.h"

#include "base/log.h"
#include "base/siphash.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_US (INT64_C(86400) * 1000000)

/* ---- one incident ---- */

static int64_t silence_of(const struct judge *judge)
{
    return (int64_t)judge->config->incident.close_after_s * 1000000;
}

/* The instance, where it is known: it may have several addresses. Else the address, in its network. */
static struct cost_meter *join(struct judge *judge, const struct incident *incident)
{
    const struct mining *mining = &incident->mining;
    const struct cloud_place *place = &mining->cloud;
    char machine[sizeof *place], address[ADDRESS_TEXT_SIZE];
    int length = place->instance_id[0] != '\0'
                     ? snprintf(machine, sizeof machine, "%s\n%s\n%s", place->provider, place->account,
                                place->instance_id)
                     : snprintf(machine, sizeof machine, "%s\n%s\n%s\n%s", place->provider, place->account,
                                place->vpc, address_format(&mining->miner, address));
    return cost_meter_join(judge->meters, machine, (size_t)length, incident->mining_first_us,
                           silence_of(judge));
}

static void leave(struct judge *judge, struct incident *incident)
{
    cost_meter_leave(judge->meters, incident->meter);
    incident->meter = NULL;
}

/* The machine's price by the hours that fell to this incident. */
static bool meter_machine(struct judge *judge, struct incident *incident, struct cost *machine)
{
    int64_t silence_us = silence_of(judge);
    if (incident->meter == NULL) {
        incident->meter = join(judge, incident);
        if (incident->meter == NULL)
            return false;
        incident->meter_hours = incident->meter->hours;
        machine->total = machine->total_low = machine->total_high = 0;
        silence_us = INT64_MAX; /* one flow may say little for long before it is known for what it is */
    }
    cost_meter_run(incident->meter, incident->mining_last_us, silence_us);
    cost_add_hours(machine, incident->meter->hours - incident->meter_hours);
    incident->meter_hours = incident->meter->hours;
    return true;
}

/* What the miners behind a proxy need is counted with them. */
static bool counts_elsewhere(const struct mining *mining)
{
    return strcmp(mining->kind, "proxy") == 0 || mining->miners_behind > 0;
}

/* ---- budgets ---- */

static void add_spending(struct cost *sum, const struct cost *now, const struct cost *then)
{
    sum->total += now->total - then->total; /* less than nothing where an estimate went down */
    sum->total_low += now->total_low - then->total_low;
    sum->total_high += now->total_high - then->total_high;
}

/* Tells it where the sum has passed the limit: once for each limit, so that a raised one is told again. */
static void mind(struct judge *judge, struct incident *incident, const struct cost *sum, uint64_t limit,
                 uint64_t *told, struct budget *budget)
{
    if (limit == 0 || sum->total < (double)limit || *told == limit)
        return;
    *told = limit;
    budget->limit = (double)limit;
    budget->spent = sum->total;
    budget->spent_low = sum->total_low > 0 ? sum->total_low : 0;
    budget->spent_high = sum->total_high;
    text_copy(budget->currency, sizeof budget->currency, incident->mining.cost.currency);
    judge_emit_budget(judge, incident, budget);
}

/* The account of the incident's machine; NULL where it has none, or there are too many. */
static struct account_spending *account_of(struct judge *judge, const struct cloud_place *place)
{
    char name[sizeof place->provider + sizeof place->account + 2];
    if (place->account[0] == '\0')
        return NULL;
    int length = snprintf(name, sizeof name, "%s\n%s", place->provider, place->account);
    uint64_t key = siphash(judge->account_secret, name, (size_t)length);
    for (size_t step = 0; step < JUDGE_ACCOUNTS; step++) {
        struct account_spending *account = &judge->accounts[(key + step) % JUDGE_ACCOUNTS];
        if (account->key == key)
            return account;
        if (account->key == 0) {
            account->key = key;
            return account;
        }
    }
    if (!judge->accounts_are_full)
        log_warning("cost",
                    "more than %d accounts have mining today: cost.budget-account does not watch the others",
                    JUDGE_ACCOUNTS);
    judge->accounts_are_full = true;
    return NULL;
}

static void begin_day(struct judge *judge, int64_t day)
{
    if (judge->spending_day == day)
        return;
    judge->spending_day = day;
    judge->spending = (struct account_spending){0};
    memset(judge->accounts, 0, sizeof judge->accounts);
    judge->accounts_are_full = false;
}

static void name_day(int64_t day, char text[static 11])
{
    time_t seconds = (time_t)(day * 86400);
    struct tm date;
    if (gmtime_r(&seconds, &date) == NULL || strftime(text, 11, "%Y-%m-%d", &date) == 0)
        text[0] = '\0';
}

/* Adds what the incident has cost since it was last looked at. What is sanctioned is spent knowingly. */
static void spend(struct judge *judge, struct incident *incident)
{
    const struct cost then = incident->booked, *now = &incident->mining.cost;
    const struct cloud_place *place = &incident->mining.cloud;
    incident->booked = *now;
    if (incident->mining.sanction.state == SANCTION_APPLIES || incident->mining.verdict < VERDICT_LIKELY)
        return;
    begin_day(judge, incident->mining_last_us / DAY_US > judge->spending_day
                         ? incident->mining_last_us / DAY_US
                         : judge->spending_day);
    struct budget budget = {.scope = BUDGET_INCIDENT};
    mind(judge, incident, now, judge->config->cost.budget_incident, &incident->told_budget, &budget);
    struct account_spending *account = account_of(judge, place);
    name_day(judge->spending_day, budget.day);
    if (account != NULL) {
        add_spending(&account->sum, now, &then);
        budget.scope = BUDGET_ACCOUNT;
        text_copy(budget.provider, sizeof budget.provider, place->provider);
        text_copy(budget.account, sizeof budget.account, place->account);
        mind(judge, incident, &account->sum, judge->config->cost.budget_account, &account->told, &budget);
    }
    add_spending(&judge->spending.sum, now, &then);
    budget.scope = BUDGET_DAY;
    budget.provider[0] = budget.account[0] = '\0';
    mind(judge, incident, &judge->spending.sum, judge->config->cost.budget_day, &judge->spending.told,
         &budget);
}

/* ---- what an incident costs ---- */

void judge_cost(struct judge *judge, struct incident *incident)
{
    struct mining *mining = &incident->mining;
    struct cost cost = {.total = mining->cost.total,
                        .total_low = mining->cost.total_low,
                        .total_high = mining->cost.total_high};
    double hours = (double)(incident->mining_last_us - incident->mining_first_us) / 3.6e9;
    if (cost_of_machine(judge->prices, &mining->cloud, &cost) && meter_machine(judge, incident, &cost)) {
        incident->machine = cost;
        mining->cost = cost;
        judge_cost_now(incident);
    } else {
        leave(judge, incident);
        cost = (struct cost){0};
        if (!counts_elsewhere(mining) && cost_of_work(judge->prices, mining->algorithm, mining->hashrate_hs,
                                                      mining->hashrate_error, &cost))
            cost_add_hours(&cost, hours);
        mining->cost = cost;
    }
    spend(judge, incident);
}

void judge_cost_now(struct incident *incident)
{
    struct cost *cost = &incident->mining.cost;
    if (incident->meter == NULL)
        return;
    *cost = incident->machine;
    cost_share(cost, incident->meter->incidents);
}

void judge_cost_end(struct judge *judge, struct incident *incident)
{
    leave(judge, incident); /* its cost stays as it was while it shared the machine */
}

/* ---- sums ---- */

void judge_cost_add(struct sensor_statistics *statistics, struct incident *incident)
{
    const struct cost *cost = &incident->mining.cost;
    judge_cost_now(incident);
    if (cost->hour <= 0)
        return;
    statistics->cost_hour += cost->hour;
    statistics->cost_hour_low += cost->hour_low;
    statistics->cost_hour_high += cost->hour_high;
}

void judge_cost_day(const struct judge *judge, struct sensor_statistics *statistics)
{
    bool is_today = judge->now_us / DAY_US == judge->spending_day;
    statistics->cost_day = is_today ? judge->spending.sum.total : 0;
    text_copy(statistics->cost_currency, sizeof statistics->cost_currency, prices_currency(judge->prices));
}
