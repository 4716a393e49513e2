// SPDX-License-Identifier: Apache-2.0
/*
 * All miners in a table, each with its time in the capture as a bar, and the bill by account and region.
 */
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "sink/report/report_html.h"
#include "sink/summary/summary_place.h"

enum { BAR_WIDTH = 120, BAR_LEAST = 3, SECOND_US = 1000000 };

static void bar(struct html_report *report, int64_t first_us, int64_t last_us)
{
    const struct summary_findings *findings = report->findings;
    double whole = (double)findings->last_us - (double)findings->first_us;
    double from = whole > 0 ? ((double)first_us - (double)findings->first_us) / whole : 0;
    double to = whole > 0 ? ((double)last_us - (double)findings->first_us) / whole : 1;
    double x = from * (BAR_WIDTH - BAR_LEAST), width = (to - from) * (BAR_WIDTH - BAR_LEAST) + BAR_LEAST;
    fprintf(report->stream,
            "<svg class=\"when\" viewBox=\"0 0 %d 10\" aria-hidden=\"true\">"
            "<rect class=\"span\" width=\"%d\" height=\"10\" rx=\"2\"/>"
            "<rect class=\"bar\" x=\"%.1f\" width=\"%.1f\" height=\"10\" rx=\"2\"/></svg>",
            BAR_WIDTH, BAR_WIDTH, x, width);
}

static void when(struct html_report *report, const struct summary_group *miner)
{
    char first[HUMANISE_SIZE], lasted[HUMANISE_SIZE];
    int64_t first_us, last_us;
    summary_span(miner->incidents, miner->count, &first_us, &last_us);
    fprintf(report->stream, "<td class=\"k\">%s", humanise_time(first_us, first));
    if (last_us - first_us >= SECOND_US)
        fprintf(report->stream, "<br><span class=\"dim\">seen for %s</span>",
                humanise_duration(last_us - first_us, lasted));
    bar(report, first_us, last_us);
    html_raw(report->stream, "</td>");
}

static void cost(FILE *stream, const struct summary_group *miner)
{
    struct cost sum;
    char hour[SUMMARY_AMOUNT_SIZE];
    html_raw(stream, "<td class=\"k\">");
    if (summary_cost_of_miner(miner->incidents, miner->count, &sum) != NULL)
        html_format(stream, "%s %.3s", summary_amount(sum.hour, hour), sum.currency);
    html_raw(stream, "</td>");
}

static void row(struct html_report *report, const struct summary_group *miner, size_t number)
{
    FILE *stream = report->stream;
    const struct mining *mining = miner->incidents[0];
    char address[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE], speed[SUMMARY_SPEED_SIZE];
    char place[SUMMARY_PLACE_SIZE];
    fprintf(stream, "<tr><td><a class=\"k\" href=\"#miner-%zu\">%s</a>", number,
            address_format(&mining->miner, address));
    html_text(stream, summary_place_short(&mining->cloud, place));
    fprintf(stream, "</td><td><span class=\"badge %s\">%s</span></td>", verdict_name(mining->verdict),
            verdict_name(mining->verdict));
    when(report, miner);
    html_raw(stream, "<td>");
    html_text(stream, mining->coin[0] != '\0' ? mining->coin : mining->algorithm);
    html_raw(stream, "</td><td>");
    html_text(stream, summary_speed(&report->words, mining, speed));
    html_raw(stream, "</td>");
    cost(stream, miner);
    html_raw(stream, "<td>");
    html_text(stream, summary_pool(&report->words, mining, pool));
    html_raw(stream, "</td><td>");
    html_identifier(stream, summary_login(mining));
    html_raw(stream, "</td></tr>\n");
}

static void miners(struct html_report *report)
{
    const struct summary_groups *groups = report->groups;
    html_raw(report->stream,
             "<nav aria-labelledby=\"all\">\n<h2 id=\"all\">All miners</h2>\n<div class=\"wide\"><table>"
             "<thead><tr><th scope=\"col\">Miner</th><th scope=\"col\">Verdict</th><th scope=\"col\">Since "
             "(UTC)</th><th scope=\"col\">Coin</th><th scope=\"col\">Speed</th><th scope=\"col\">Cost an "
             "hour</th><th scope=\"col\">Pool</th><th scope=\"col\">Wallet or login</th></tr></thead>"
             "<tbody>\n");
    for (size_t i = 0; i < groups->miner_count; i++)
        row(report, &groups->miners[i], i + 1);
    html_raw(report->stream, "</tbody></table></div>\n</nav>\n");
}

static void bill_row(FILE *stream, const char *name, const struct cost *sum)
{
    char hour[SUMMARY_AMOUNT_SIZE], low[SUMMARY_AMOUNT_SIZE], high[SUMMARY_AMOUNT_SIZE];
    char total[SUMMARY_AMOUNT_SIZE];
    html_raw(stream, "<tr><td>");
    html_text(stream, name);
    html_raw(stream, "</td>");
    html_raw(stream, "<td class=\"n\">");
    html_format(stream, "%s %.3s", summary_amount(sum->hour, hour), sum->currency);
    html_raw(stream, "</td><td class=\"n\">");
    html_format(stream, "%s to %s", summary_amount(sum->hour_low, low), summary_amount(sum->hour_high, high));
    html_raw(stream, "</td><td class=\"n\">");
    html_format(stream, "%s %.3s", summary_amount(sum->total, total), sum->currency);
    html_raw(stream, "</td></tr>\n");
}

static void bill_of_places(struct html_report *report)
{
    struct summary_bill bill;
    char name[SUMMARY_BILL_NAME_SIZE];
    summary_bill_of(report->groups->sorted, report->groups->sorted_count, &bill);
    if (bill.count == 0)
        return;
    html_raw(report->stream,
             "<section aria-labelledby=\"bill\">\n<h2 id=\"bill\">The bill</h2>\n<div class=\"wide\"><table>"
             "<thead><tr><th scope=\"col\">Account, region</th><th class=\"n\" scope=\"col\">An hour</th>"
             "<th class=\"n\" scope=\"col\">Range</th><th class=\"n\" scope=\"col\">So far</th></tr></thead>"
             "<tbody>\n");
    for (size_t i = 0; i < bill.count; i++)
        bill_row(report->stream, summary_bill_place_name(bill.places[i].at, name), &bill.places[i].cost);
    bill_row(report->stream, "All, also elsewhere", &bill.sum);
    html_raw(report->stream, "</tbody></table></div>\n<p class=\"dim\">Estimates; docs/cost-model.md has the "
                             "method.</p>\n</section>\n");
}

void report_overview(struct html_report *report)
{
    if (report->groups->miner_count > 1)
        miners(report);
    bill_of_places(report);
}
