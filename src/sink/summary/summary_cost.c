// SPDX-License-Identifier: Apache-2.0
/*
 * Costs in the summary: amounts in words, and the bill by account and region.
 */
#include "sink/summary/summary_report.h"

#include "base/humanise.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

const char *summary_amount(double value, char text[static SUMMARY_AMOUNT_SIZE])
{
    if (!isfinite(value) || value < 0 || value > 1e15)
        value = 0;
    if (value < 1e-6)
        return "0";
    int decimals = value >= 100 ? 0 : value >= 0.1 ? 2 : value >= 0.001 ? 4 : 6;
    snprintf(text, SUMMARY_AMOUNT_SIZE, "%.*f", decimals, value);
    return text;
}

const char *summary_cost(const struct cost *cost, char text[static SUMMARY_COST_SIZE])
{
    char hour[SUMMARY_AMOUNT_SIZE], low[SUMMARY_AMOUNT_SIZE], high[SUMMARY_AMOUNT_SIZE],
        total[SUMMARY_AMOUNT_SIZE];
    snprintf(text, SUMMARY_COST_SIZE, "about %s %.3s an hour (%s to %s), %s %.3s so far, an estimate",
             summary_amount(cost->hour, hour), cost->currency, summary_amount(cost->hour_low, low),
             summary_amount(cost->hour_high, high), summary_amount(cost->total, total), cost->currency);
    return text;
}

void summary_cost_add(struct cost *sum, const struct mining *first, const struct mining *mining)
{
    const struct cost *cost = &mining->cost;
    bool together =
        mining->first_seen_us <= first->last_seen_us && first->first_seen_us <= mining->last_seen_us;
    sum->hour += together ? cost->hour : 0;
    sum->hour_low += together ? cost->hour_low : 0;
    sum->hour_high += together ? cost->hour_high : 0;
    sum->total += cost->total;
    sum->total_low += cost->total_low;
    sum->total_high += cost->total_high;
    text_copy(sum->currency, sizeof sum->currency, cost->currency);
}

const struct mining *summary_cost_of_miner(const struct mining *const *incidents, size_t count,
                                           struct cost *sum)
{
    const struct mining *first = NULL;
    *sum = (struct cost){0};
    for (size_t i = 0; i < count; i++) {
        if (incidents[i]->cost.hour <= 0)
            continue;
        first = first == NULL ? incidents[i] : first;
        summary_cost_add(sum, first, incidents[i]);
    }
    return first;
}

/* ---- by account and region ---- */

static struct summary_bill_place *place_of(struct summary_bill *bill, const struct cloud_place *at)
{
    for (size_t i = 0; i < bill->count; i++)
        if (strcmp(bill->places[i].at->account, at->account) == 0 &&
            strcmp(bill->places[i].at->region, at->region) == 0 &&
            strcmp(bill->places[i].at->provider, at->provider) == 0)
            return &bill->places[i];
    if (bill->count == SUMMARY_BILL_PLACES)
        return NULL;
    bill->places[bill->count] = (struct summary_bill_place){.at = at};
    return &bill->places[bill->count++];
}

void summary_bill_of(const struct mining *const *incidents, size_t count, struct summary_bill *bill)
{
    const struct mining *first = NULL; /* of the same miner: they are sorted by it */
    *bill = (struct summary_bill){.count = 0};
    for (size_t i = 0; i < count; i++) {
        const struct cloud_place *at = &incidents[i]->cloud;
        struct summary_bill_place *place;
        if (incidents[i]->cost.hour <= 0)
            continue;
        if (first == NULL || !address_equal(&first->miner, &incidents[i]->miner)) {
            first = incidents[i];
            bill->miners++;
        }
        summary_cost_add(&bill->sum, first, incidents[i]);
        if (at->account[0] == '\0' && at->region[0] == '\0')
            continue;
        place = place_of(bill, at);
        bill->incidents_left += place == NULL;
        if (place != NULL)
            summary_cost_add(&place->cost, first, incidents[i]);
    }
}

const char *summary_bill_place_name(const struct cloud_place *at, char text[static SUMMARY_BILL_NAME_SIZE])
{
    bool both = at->account[0] != '\0' && at->region[0] != '\0';
    snprintf(text, SUMMARY_BILL_NAME_SIZE, "%s %s%s%s", at->provider, at->account, both ? ", " : "",
             at->region);
    return text;
}

static void write_place(const struct page *page, const struct summary_bill_place *place)
{
    char raw[SUMMARY_BILL_NAME_SIZE], safe[200], cost[SUMMARY_COST_SIZE], text[400];
    summary_bill_place_name(place->at, raw);
    humanise_text(raw, sizeof raw, page->unicode, safe, sizeof safe);
    snprintf(text, sizeof text, "%s: %s", safe, summary_cost(&place->cost, cost));
    page_row(page, "", text);
}

void summary_bill(const struct page *page, const struct mining *const *incidents, size_t count)
{
    struct summary_bill bill;
    char cost[SUMMARY_COST_SIZE], text[SUMMARY_COST_SIZE + 20];
    summary_bill_of(incidents, count, &bill);
    if (bill.miners < 2 && bill.count == 0)
        return; /* it stands with the one miner */
    snprintf(text, sizeof text, "The bill: %s", summary_cost(&bill.sum, cost));
    page_paragraph(page, text);
    for (size_t i = 0; i < bill.count; i++)
        write_place(page, &bill.places[i]);
    if (bill.incidents_left > 0) {
        snprintf(text, sizeof text, "and %zu more incidents elsewhere", bill.incidents_left);
        page_row(page, "", text);
    }
    fputc('\n', page->stream);
}
