// SPDX-License-Identifier: Apache-2.0
/*
 * What mining costs whoever pays for the machine: an estimate, always with its range. docs/cost-model.md has
 * the method.
 */
#ifndef VERDICT_COST_H
#define VERDICT_COST_H

#include "intel/cloud_place.h"
#include "intel/prices.h"

#include <stdbool.h>

enum { COST_CURRENCY_SIZE = 4 }; /* ISO 4217 */

/* In one currency. All 0 and "" where nothing is known. */
struct cost {
    double hour, hour_low, hour_high;
    double total, total_low, total_high; /* so far */
    char currency[COST_CURRENCY_SIZE];
    char basis[208]; /* "list price of g4dn.xlarge in eu-north-1 (2026-08-26)" */
};

/* Limits of spending, and one that was passed. */
enum budget_scope { BUDGET_INCIDENT, BUDGET_ACCOUNT, BUDGET_DAY, BUDGET_SCOPES };

struct budget {
    enum budget_scope scope;
    double limit, spent, spent_low, spent_high;
    char currency[COST_CURRENCY_SIZE];
    char provider[16], account[64]; /* BUDGET_ACCOUNT */
    char day[11];                   /* BUDGET_ACCOUNT, BUDGET_DAY: UTC, "2026-11-22" */
};

/* What the whole machine costs an hour, by the list price of its type. False where that is not known. */
bool cost_of_machine(const struct prices *prices, const struct cloud_place *place, struct cost *cost);

/* What the processors that this work needs cost an hour. `rate_hs` in hashes per second with its relative
 * error of one standard deviation. False where the algorithm has no price. */
bool cost_of_work(const struct prices *prices, const char *algorithm, double rate_hs, double error,
                  struct cost *cost);

/* Adds `hours` of the hourly price to the total. */
void cost_add_hours(struct cost *cost, double hours);
/* All amounts of the hour, divided by the incidents that share it; the basis says so. */
void cost_share(struct cost *cost, unsigned incidents);

/* "budget of an incident passed: about 51 of 50 USD, an estimate" */
const char *cost_describe_budget(const struct budget *budget, char *text, size_t size);
const char *cost_budget_name(enum budget_scope scope); /* "incident", "account", "day" */

#endif
