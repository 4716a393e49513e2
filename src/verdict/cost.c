// SPDX-License-Identifier: Apache-2.0
#include "verdict/cost.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool cost_of_machine(const struct prices *prices, const struct cloud_place *place, struct cost *cost)
{
    struct instance_price price;
    if (place->provider[0] == '\0' || place->instance_type[0] == '\0' ||
        !prices_of_instance(prices, place->provider, place->instance_type, place->region, &price))
        return false;
    cost->hour = price.hour;
    cost->hour_low = price.low;
    cost->hour_high = price.high;
    text_copy(cost->currency, sizeof cost->currency, prices_currency(prices));
    const char *where = price.region[0] == '\0'          ? "other regions"
                        : strcmp(price.region, "*") == 0 ? "any region"
                                                         : price.region;
    snprintf(cost->basis, sizeof cost->basis, "list price of %.60s in %.40s (%.10s)%s", place->instance_type,
             where, price.date,
             strcmp(place->lifecycle, "spot") == 0 ? ", though it is a spot instance" : "");
    return true;
}

bool cost_of_work(const struct prices *prices, const char *algorithm, double rate_hs, double error,
                  struct cost *cost)
{
    struct work_price price;
    if (!isfinite(rate_hs) || rate_hs <= 0 || algorithm[0] == '\0' ||
        !prices_of_work(prices, algorithm, &price))
        return false;
    error = isfinite(error) && error > 0 ? error : 0;
    cost->hour_low = rate_hs * (error < 1 ? 1 - error : 0) * price.low;
    cost->hour_high = rate_hs * (1 + error) * price.high;
    cost->hour = rate_hs * sqrt(price.low * price.high); /* the middle of what may differ by factors */
    text_copy(cost->currency, sizeof cost->currency, prices_currency(prices));
    snprintf(cost->basis, sizeof cost->basis, "%.10s share for %.31s (%.10s)", price.unit, algorithm,
             price.date);
    return true;
}

void cost_add_hours(struct cost *cost, double hours)
{
    cost->total += cost->hour * hours;
    cost->total_low += cost->hour_low * hours;
    cost->total_high += cost->hour_high * hours;
}

void cost_share(struct cost *cost, unsigned incidents)
{
    if (incidents < 2)
        return;
    cost->hour /= incidents;
    cost->hour_low /= incidents;
    cost->hour_high /= incidents;
    size_t length = strlen(cost->basis);
    snprintf(cost->basis + length, sizeof cost->basis - length, ", shared by %u incidents", incidents);
}

const char *cost_budget_name(enum budget_scope scope)
{
    static const char *const names[BUDGET_SCOPES] = {"incident", "account", "day"};
    return scope < BUDGET_SCOPES ? names[scope] : "unknown";
}

const char *cost_describe_budget(const struct budget *budget, char *text, size_t size)
{
    bool is_account = budget->scope == BUDGET_ACCOUNT, has_day = budget->scope != BUDGET_INCIDENT;
    snprintf(text, size, "Mining: the budget of %s%s%s%s%s is passed: about %.4g of %.10g %s, an estimate",
             budget->scope == BUDGET_INCIDENT ? "an incident"
             : is_account                     ? "account "
                                              : "a day",
             is_account ? budget->account : "", has_day ? " (" : "", budget->day, has_day ? ")" : "",
             budget->spent, budget->limit, budget->currency);
    return text;
}
