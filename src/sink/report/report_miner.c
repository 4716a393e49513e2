// SPDX-License-Identifier: Apache-2.0
/*
 * One miner: what its incidents have in common, what to do next, then each incident.
 */
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "sink/report/report_html.h"

#include <string.h>

/* A tool that tries 900 pools: the strongest are told in full, the others a line each. */
enum { MAX_IN_FULL = 10 };

static void heading(struct html_report *report, const struct mining *mining, size_t number)
{
    FILE *stream = report->stream;
    char address[ADDRESS_TEXT_SIZE];
    fprintf(stream,
            "<section id=\"miner-%zu\" aria-labelledby=\"miner-%zu-name\">\n<h2 id=\"miner-%zu-name\">",
            number, number, number);
    html_text(stream, address_format(&mining->miner, address));
    fprintf(stream, " <span class=\"badge %s\">%s</span></h2>\n", verdict_name(mining->verdict),
            verdict_name(mining->verdict));
}

static void costs(struct html_report *report, const struct summary_group *miner)
{
    struct cost sum;
    char words[SUMMARY_COST_SIZE], text[SUMMARY_COST_SIZE + sizeof sum.basis];
    const struct mining *first = summary_cost_of_miner(miner->incidents, miner->count, &sum);
    if (first == NULL)
        return;
    snprintf(text, sizeof text, "%s: %s", summary_cost(&sum, words), first->cost.basis);
    html_fact(report->stream, "Cost", text);
}

static void facts(struct html_report *report, const struct summary_group *miner)
{
    FILE *stream = report->stream;
    const struct mining *strongest = miner->incidents[0];
    char first[HUMANISE_SIZE], last[HUMANISE_SIZE], lasted[HUMANISE_SIZE], text[160];
    int64_t first_us, last_us;
    summary_span(miner->incidents, miner->count, &first_us, &last_us);
    snprintf(text, sizeof text, "%s to %s UTC (%s)", humanise_time(first_us, first),
             humanise_time(last_us, last), humanise_duration(last_us - first_us, lasted));
    html_raw(stream, "<dl>\n");
    html_fact(stream, "Seen", text);
    snprintf(text, sizeof text, "%zu", miner->count);
    html_fact(stream, "Incidents", text);
    if (strongest->miners_behind > 0) {
        snprintf(text, sizeof text, "a proxy: %u miner%s behind it", strongest->miners_behind,
                 strongest->miners_behind == 1 ? "" : "s");
        html_fact(stream, "Role", text);
    }
    costs(report, miner);
    html_raw(stream, "</dl>\n");
    report_place(report, &strongest->cloud);
    report_command(report, strongest);
}

static void short_row(struct html_report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    char pool[SUMMARY_POOL_SIZE], when[HUMANISE_SIZE];
    fprintf(stream, "<tr id=\"incident-%s\"><td>%s</td><td>%s</td><td>", mining->incident, mining->incident,
            summary_is_contact(mining) ? "contact" : verdict_name(mining->verdict));
    html_text(stream, summary_pool(&report->words, mining, pool));
    html_raw(stream, "</td><td>");
    html_text(stream, summary_login(mining));
    fprintf(stream, "</td><td class=\"n\">%llu</td><td>%s</td></tr>\n",
            (unsigned long long)mining->shares_submitted, humanise_time(mining->first_seen_us, when));
}

/* What is told in a line each: `from` on. */
static void short_table(struct html_report *report, const char *title, const struct summary_group *group,
                        size_t from)
{
    if (group->count <= from)
        return;
    fprintf(report->stream,
            "<h3>%s</h3>\n<div class=\"wide\"><table><thead><tr><th scope=\"col\">Incident</th><th "
            "scope=\"col\">Verdict</th><th scope=\"col\">Pool</th><th scope=\"col\">Wallet or login</th><th "
            "scope=\"col\">Shares sent</th><th scope=\"col\">First seen (UTC)</th></tr></thead><tbody>\n",
            title);
    for (size_t i = from; i < group->count; i++)
        short_row(report, group->incidents[i]);
    html_raw(report->stream, "</tbody></table></div>\n");
}

void report_miner(struct html_report *report, const struct summary_group *miner,
                  const struct summary_group *contacts, size_t number)
{
    heading(report, miner->incidents[0], number);
    facts(report, miner);
    for (size_t i = 0; i < miner->count && i < MAX_IN_FULL; i++)
        report_incident(report, miner->incidents[i]);
    short_table(report, "More incidents of this miner", miner, MAX_IN_FULL);
    short_table(report, "Contact with known pools, without mining seen", contacts, 0);
    html_raw(report->stream, "</section>\n");
}
