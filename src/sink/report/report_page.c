// SPDX-License-Identifier: Apache-2.0
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "sink/report/report_html.h"

#include <string.h>

/* Nothing may be fetched and no script may run, whatever got into the page. */
static void head(struct html_report *report)
{
    FILE *stream = report->stream;
    html_raw(stream, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n"
                     "<meta name=\"robots\" content=\"noindex\">\n<title>Mining report: ");
    html_text(stream, report->environment->inputs);
    html_raw(stream, "</title>\n<style>\n");
    html_raw(stream, report_style);
    html_raw(stream, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#miners\">To the miners</a>\n");
}

static void miners(struct html_report *report)
{
    struct summary_groups *groups = report->groups;
    html_raw(report->stream, "<main id=\"miners\">\n");
    for (size_t i = 0; i < groups->miner_count; i++) {
        struct summary_group contacts =
            summary_groups_take_contacts(groups, &groups->miners[i].incidents[0]->miner);
        report_miner(report, &groups->miners[i], &contacts, i + 1);
    }
}

static void contact_row(struct html_report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    char address[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE], when[HUMANISE_SIZE];
    const struct evidence_item *items[MINING_MAX_EVIDENCE];
    size_t count = summary_evidence(mining, items);
    fprintf(stream, "<tr id=\"incident-%s\"><td>%s</td><td>", mining->incident,
            address_format(&mining->miner, address));
    html_text(stream, summary_pool(&report->words, mining, pool));
    html_raw(stream, "</td><td>");
    html_text(stream, mining->pool_operator);
    fprintf(stream, "</td><td>%s</td><td>", humanise_time(mining->first_seen_us, when));
    if (count > 0)
        html_format(stream, "%s%s%s", items[0]->what != NULL ? items[0]->what : "",
                    items[0]->detail[0] != '\0' ? ": " : "", items[0]->detail);
    html_raw(stream, "</td></tr>\n");
}

static void contacts(struct html_report *report)
{
    const struct summary_groups *groups = report->groups;
    if (groups->contact_count == 0)
        return;
    html_raw(report->stream,
             "<section aria-labelledby=\"contacts\">\n<h2 id=\"contacts\">Contact with known pools, without "
             "mining seen</h2>\n<p class=\"dim\">A look at a pool's page or a name that was asked for is no "
             "mining. Several contacts of a host that has no reason for them are worth a look.</p>\n"
             "<div class=\"wide\"><table><thead><tr><th scope=\"col\">Host</th><th scope=\"col\">Pool</th>"
             "<th scope=\"col\">Operator</th><th scope=\"col\">First seen (UTC)</th><th "
             "scope=\"col\">Because</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < groups->contact_count; i++)
        for (size_t k = 0; k < groups->contacts[i].count; k++)
            contact_row(report, groups->contacts[i].incidents[k]);
    html_raw(report->stream, "</tbody></table></div>\n</section>\n");
}

static void sanctioned_row(struct html_report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    char address[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE];
    fprintf(stream, "<tr id=\"incident-%s\"><td>%s</td><td>%s</td><td>", mining->incident,
            address_format(&mining->miner, address),
            summary_is_contact(mining) ? "contact" : verdict_name(mining->verdict));
    html_text(stream, summary_pool(&report->words, mining, pool));
    html_raw(stream, "</td><td>");
    html_text(stream, mining->sanction.reason);
    html_raw(stream, "</td><td>");
    html_format(stream, "%s%s%s", mining->sanction.rule, mining->sanction.until[0] != '\0' ? ", until " : "",
                mining->sanction.until);
    html_raw(stream, "</td></tr>\n");
}

static void sanctioned(struct html_report *report)
{
    const struct summary_groups *groups = report->groups;
    if (groups->sanctioned_count == 0)
        return;
    fprintf(report->stream,
            "<section aria-labelledby=\"sanctioned\">\n<h2 id=\"sanctioned\">%zu sanctioned incident%s not "
            "alerted</h2>\n<div class=\"wide\"><table><thead><tr><th scope=\"col\">Host</th><th "
            "scope=\"col\">Verdict</th><th scope=\"col\">Pool</th><th scope=\"col\">Reason</th><th "
            "scope=\"col\">Rule</th></tr></thead><tbody>\n",
            groups->sanctioned_count, groups->sanctioned_count == 1 ? "" : "s");
    for (size_t i = 0; i < groups->sanctioned_count; i++)
        sanctioned_row(report, groups->sanctioned[i]);
    html_raw(report->stream, "</tbody></table></div>\n</section>\n");
}

bool report_page(struct html_report *report)
{
    report->words = (struct page){.stream = report->stream, .width = 200, .unicode = true};
    report->groups = summary_groups_create(report->findings);
    if (report->groups == NULL)
        return false;
    head(report);
    report_lead(report);
    miners(report);
    contacts(report);
    sanctioned(report);
    bool written = report_indicators(report);
    report_tail(report);
    html_raw(report->stream, "</main>\n");
    written = report_json(report) && written;
    html_raw(report->stream, "</body>\n</html>\n");
    summary_groups_free(report->groups);
    report->groups = NULL;
    return written;
}
