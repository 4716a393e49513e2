// SPDX-License-Identifier: Apache-2.0
/*
 * What a manager reads: who mines, since when, with what, for whom and where, how fast, for how much, and why
 * we say so.
 */
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "sink/report/report_html.h"
#include "sink/summary/summary_place.h"

enum { MAX_SENTENCES = 3, MAX_REASONS = 2 };

static const char *does_mine(enum verdict verdict)
{
    return verdict == VERDICT_CONFIRMED ? "mines"
           : verdict == VERDICT_LIKELY  ? "most likely mines"
                                        : "may mine";
}

static void say_what(FILE *stream, const struct mining *mining)
{
    html_format(stream, " %s %s", does_mine(mining->verdict),
                mining->coin[0] != '\0'        ? mining->coin
                : mining->algorithm[0] != '\0' ? mining->algorithm
                                               : "a cryptocurrency");
    if (mining->software[0] != '\0')
        html_format(stream, " with %s %s", mining->software, mining->software_version);
    else if (mining->agent[0] != '\0')
        html_format(stream, " with %s", mining->agent);
}

static void say_for_whom(struct html_report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    char pool[SUMMARY_POOL_SIZE];
    if (summary_login(mining)[0] != '\0') {
        html_format(stream, " for the %s ", mining->wallet[0] != '\0' ? "wallet" : "login");
        html_identifier(stream, summary_login(mining));
    }
    html_format(stream, " at %s", summary_pool(&report->words, mining, pool));
    if (mining->pool_operator[0] != '\0')
        html_format(stream, " (%s)", mining->pool_operator);
}

static void say_why(FILE *stream, const struct mining *mining)
{
    const struct evidence_item *items[MINING_MAX_EVIDENCE];
    size_t count = summary_evidence(mining, items);
    for (size_t i = 0; i < count && i < MAX_REASONS; i++) {
        bool has_detail = items[i]->detail[0] != '\0';
        html_format(stream, "%s%s%s%s%s", i == 0 ? "Why we say so: " : "; ",
                    items[i]->what != NULL ? items[i]->what : "", has_detail ? " (" : "", items[i]->detail,
                    has_detail ? ")" : "");
    }
    html_raw(stream, count > 0 ? "." : "");
}

static void sentence(struct html_report *report, const struct summary_group *miner)
{
    FILE *stream = report->stream;
    const struct mining *mining = miner->incidents[0];
    char address[ADDRESS_TEXT_SIZE], place[SUMMARY_PLACE_SIZE], speed[SUMMARY_SPEED_SIZE];
    char when[HUMANISE_SIZE], lasted[HUMANISE_SIZE], words[SUMMARY_COST_SIZE];
    struct cost cost;
    int64_t first_us, last_us;
    summary_span(miner->incidents, miner->count, &first_us, &last_us);
    fprintf(stream, "<div class=\"lead %s\"><p><strong>", verdict_name(mining->verdict));
    html_format(stream, "%s%s", address_format(&mining->miner, address),
                summary_place_short(&mining->cloud, place));
    html_raw(stream, "</strong>");
    say_what(stream, mining);
    say_for_whom(report, mining);
    html_format(stream, ", since %s UTC", humanise_time(first_us, when));
    if (last_us - first_us >= 1000000)
        html_format(stream, " (seen for %s)", humanise_duration(last_us - first_us, lasted));
    if (summary_speed(&report->words, mining, speed)[0] != '\0')
        html_format(stream, ", at a speed of %s", speed);
    html_raw(stream, ".");
    if (summary_cost_of_miner(miner->incidents, miner->count, &cost) != NULL)
        html_format(stream, " It costs %s.", summary_cost(&cost, words));
    html_raw(stream, "</p>\n<p class=\"dim\">");
    say_why(stream, mining);
    html_raw(stream, "</p></div>\n");
}

static void kicker(struct html_report *report)
{
    FILE *stream = report->stream;
    char when[HUMANISE_SIZE];
    html_raw(stream, "<p class=\"kicker\">");
    html_format(stream, "Report on mining in %s \xc2\xb7 sensor %s \xc2\xb7 made %s UTC",
                report->environment->inputs, report->environment->config->sensor.name,
                humanise_time(report->finished_us, when));
    html_raw(stream, "</p>\n");
}

void report_lead(struct html_report *report)
{
    const struct summary_groups *groups = report->groups;
    char text[SUMMARY_HEADLINE_SIZE];
    html_raw(report->stream, "<header>\n");
    kicker(report);
    html_raw(report->stream, "<h1>");
    if (groups->miner_count > 0)
        html_text(report->stream, summary_groups_headline(groups, text));
    else
        html_text(report->stream, groups->sanctioned_count == 0 ? "No mining found."
                                                                : "No mining found but what is sanctioned.");
    html_raw(report->stream, "</h1>\n");
    report_glance(report);
    for (size_t i = 0; i < groups->miner_count && i < MAX_SENTENCES; i++)
        sentence(report, &groups->miners[i]);
    if (groups->miner_count > MAX_SENTENCES)
        fprintf(report->stream, "<p><a href=\"#all\">And %zu more</a>.</p>\n",
                groups->miner_count - MAX_SENTENCES);
    html_raw(report->stream, "</header>\n");
    report_advice(report);
    report_overview(report);
}
