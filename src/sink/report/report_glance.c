// SPDX-License-Identifier: Apache-2.0
/*
 * At a glance: since when, how much money, how fast, how much work, and how far the capture can be trusted.
 */
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "sink/report/report_html.h"
#include "verdict/quality.h"

#include <string.h>

enum { MAX_KINDS = 3, SECOND_US = 1000000 };

static void begin_tile(FILE *stream, const char *label)
{
    fprintf(stream, "<div><dt>%s</dt><dd>", label);
}

/* What stands large, and what stands small below it. */
static void tile(FILE *stream, const char *label, const char *value, const char *below)
{
    begin_tile(stream, label);
    html_text(stream, value);
    html_raw(stream, "</dd><dd class=\"dim\">");
    html_text(stream, below);
    html_raw(stream, "</dd></div>\n");
}

static void since(struct html_report *report)
{
    const struct summary_groups *groups = report->groups;
    int64_t first_us = INT64_MAX, last_us = 0, from_us, to_us;
    char first[HUMANISE_SIZE], last[HUMANISE_SIZE], lasted[HUMANISE_SIZE], below[120];
    for (size_t i = 0; i < groups->miner_count; i++) {
        summary_span(groups->miners[i].incidents, groups->miners[i].count, &from_us, &to_us);
        first_us = from_us < first_us ? from_us : first_us;
        last_us = to_us > last_us ? to_us : last_us;
    }
    if (last_us - first_us >= SECOND_US)
        snprintf(below, sizeof below, "UTC; until %s, over %s", humanise_time(last_us, last),
                 humanise_duration(last_us - first_us, lasted));
    else
        snprintf(below, sizeof below, "UTC; for a moment");
    tile(report->stream, "Mining since", humanise_time(first_us, first), below);
}

static void costs(struct html_report *report)
{
    struct summary_bill bill;
    char hour[SUMMARY_AMOUNT_SIZE], low[SUMMARY_AMOUNT_SIZE], high[SUMMARY_AMOUNT_SIZE];
    char value[80], below[160];
    summary_bill_of(report->groups->sorted, report->groups->sorted_count, &bill);
    if (bill.miners == 0) {
        tile(report->stream, "Costs", "not known",
             "neither the machine's price nor what the work needs is known");
        return;
    }
    snprintf(value, sizeof value, "%s %.3s an hour", summary_amount(bill.sum.hour, hour), bill.sum.currency);
    snprintf(below, sizeof below, "%s to %s; an estimate", summary_amount(bill.sum.hour_low, low),
             summary_amount(bill.sum.hour_high, high));
    tile(report->stream, "Costs", value, below);
    snprintf(value, sizeof value, "%s %.3s", summary_amount(bill.sum.total, hour), bill.sum.currency);
    snprintf(below, sizeof below, "%s to %s, while it was watched", summary_amount(bill.sum.total_low, low),
             summary_amount(bill.sum.total_high, high));
    tile(report->stream, "Spent so far", value, below);
}

/* Hash rates of different algorithms cannot be added. */
struct kind {
    const struct mining *first;
    double rate_hs;
};

static size_t kinds_of(const struct summary_groups *groups, struct kind kinds[static MAX_KINDS])
{
    size_t count = 0;
    for (size_t i = 0; i < groups->miner_count; i++) {
        const struct mining *mining = groups->miners[i].incidents[0];
        size_t at = 0;
        while (at < count && (strcmp(kinds[at].first->coin, mining->coin) != 0 ||
                              strcmp(kinds[at].first->algorithm, mining->algorithm) != 0))
            at++;
        if (mining->hashrate_hs <= 0 || at == MAX_KINDS)
            continue;
        if (at == count)
            kinds[count++] = (struct kind){.first = mining};
        kinds[at].rate_hs += mining->hashrate_hs;
    }
    return count;
}

static void speed(struct html_report *report)
{
    struct kind kinds[MAX_KINDS];
    char rate[HUMANISE_SIZE];
    size_t count = kinds_of(report->groups, kinds);
    if (count == 0)
        return;
    begin_tile(report->stream, "Speed");
    for (size_t i = 0; i < count; i++) {
        const struct mining *first = kinds[i].first;
        html_format(report->stream, "%s %s", humanise_hashrate(kinds[i].rate_hs, first->algorithm, rate),
                    first->coin[0] != '\0' ? first->coin : first->algorithm);
        html_raw(report->stream, i + 1 < count ? "<br>" : "");
    }
    html_raw(report->stream, "</dd><dd class=\"dim\">by the shares that were sent</dd></div>\n");
}

static void work(struct html_report *report)
{
    const struct summary_groups *groups = report->groups;
    uint64_t sent = 0, proven = 0, missed = 0;
    char value[80], number[HUMANISE_SIZE], proof[SUMMARY_PROOF_SIZE];
    for (size_t i = 0; i < groups->sorted_count; i++) {
        sent += groups->sorted[i]->shares_submitted;
        proven += groups->sorted[i]->shares_proven;
        missed += groups->sorted[i]->shares_invalid;
    }
    if (sent == 0)
        return;
    snprintf(value, sizeof value, "%s share%s sent", humanise_count(sent, number), sent == 1 ? "" : "s");
    tile(report->stream, "Work", value, summary_proof(proven, missed, proof));
}

static void capture(struct html_report *report)
{
    const struct summary_findings *findings = report->findings;
    struct quality faults[QUALITY_FAULTS];
    char below[200], packets[HUMANISE_SIZE], flows[HUMANISE_SIZE];
    int worst = 0;
    if (!findings->has_statistics)
        return;
    quality_assess(&findings->statistics, faults);
    for (int i = 1; i < QUALITY_FAULTS; i++)
        worst = faults[i].level > faults[worst].level ? i : worst;
    snprintf(below, sizeof below, "%s%s%s packets, %s flows",
             faults[worst].level != QUALITY_GOOD ? faults[worst].words : "",
             faults[worst].level != QUALITY_GOOD ? "; " : "",
             humanise_count(findings->statistics.capture.frames, packets),
             humanise_count(findings->statistics.flow.created, flows));
    tile(report->stream, "Quality of the capture", quality_level_name(faults[worst].level), below);
}

void report_glance(struct html_report *report)
{
    html_raw(report->stream, "<dl class=\"tiles\">\n");
    if (report->groups->miner_count > 0) {
        since(report);
        costs(report);
        speed(report);
        work(report);
    }
    capture(report);
    html_raw(report->stream, "</dl>\n");
}
