// SPDX-License-Identifier: Apache-2.0
/*
 * Costs in the summary: amounts in words, and the bill by account and region.
 */
#include "sink/summary_report.h"

#include "base/humanise.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum { MAX_PLACES = 12, AMOUNT_SIZE = 32 };

/* As exact as an estimate is: three digits, in full above that. */
static const char *amount(double value, char text[static AMOUNT_SIZE])
{
    if (!isfinite(value) || value < 0 || value > 1e15)
        value = 0;
    if (value < 1e-6)
        return "0";
    int decimals = value >= 100 ? 0 : value >= 0.1 ? 2 : value >= 0.001 ? 4 : 6;
    snprintf(text, AMOUNT_SIZE, "%.*f", decimals, value);
    return text;
}

const char *summary_cost(const struct cost *cost, char text[static SUMMARY_COST_SIZE])
{
    char hour[AMOUNT_SIZE], low[AMOUNT_SIZE], high[AMOUNT_SIZE], total[AMOUNT_SIZE];
    snprintf(text, SUMMARY_COST_SIZE, "about %s %.3s an hour (%s to %s), %s %.3s so far, an estimate",
             amount(cost->hour, hour), cost->currency, amount(cost->hour_low, low),
             amount(cost->hour_high, high), amount(cost->total, total), cost->currency);
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

struct place {
    const struct cloud_place *at;
    struct cost cost;
};

static struct place *place_of(struct place *places, size_t *count, const struct cloud_place *at)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(places[i].at->account, at->account) == 0 &&
            strcmp(places[i].at->region, at->region) == 0 &&
            strcmp(places[i].at->provider, at->provider) == 0)
            return &places[i];
    if (*count == MAX_PLACES)
        return NULL;
    places[*count].at = at;
    return &places[(*count)++];
}

static void write_place(const struct page *page, const struct place *place)
{
    char raw[200], safe[200], cost[SUMMARY_COST_SIZE], text[400];
    const char *between = place->at->account[0] != '\0' && place->at->region[0] != '\0' ? ", " : "";
    snprintf(raw, sizeof raw, "%s %s%s%s", place->at->provider, place->at->account, between,
             place->at->region);
    humanise_text(raw, sizeof raw, page->unicode, safe, sizeof safe);
    snprintf(text, sizeof text, "%s: %s", safe, summary_cost(&place->cost, cost));
    page_row(page, "", text);
}

void summary_bill(const struct page *page, const struct mining *const *incidents, size_t count)
{
    struct place places[MAX_PLACES] = {{0}}, *place;
    struct cost sum = {0};
    char cost[SUMMARY_COST_SIZE], text[SUMMARY_COST_SIZE + 20];
    const struct mining *first = NULL; /* of the same miner: they are sorted by it */
    size_t found = 0, miners = 0, left = 0;
    for (size_t i = 0; i < count; i++) {
        const struct cloud_place *at = &incidents[i]->cloud;
        if (incidents[i]->cost.hour <= 0)
            continue;
        if (first == NULL || !address_equal(&first->miner, &incidents[i]->miner)) {
            first = incidents[i];
            miners++;
        }
        summary_cost_add(&sum, first, incidents[i]);
        if (at->account[0] == '\0' && at->region[0] == '\0')
            continue;
        place = place_of(places, &found, at);
        left += place == NULL;
        if (place != NULL)
            summary_cost_add(&place->cost, first, incidents[i]);
    }
    if (miners < 2 && found == 0)
        return; /* it stands with the one miner */
    snprintf(text, sizeof text, "The bill: %s", summary_cost(&sum, cost));
    page_paragraph(page, text);
    for (size_t i = 0; i < found; i++)
        write_place(page, &places[i]);
    if (left > 0) {
        snprintf(text, sizeof text, "and %zu more incidents elsewhere", left);
        page_row(page, "", text);
    }
    fputc('\n', page->stream);
}
