// SPDX-License-Identifier: Apache-2.0
/*
 * How far the page can be trusted: the quality of the capture, and how it was made.
 */
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "sink/report/report_html.h"
#include "verdict/quality.h"

static void fault_row(FILE *stream, const struct quality *fault)
{
    char number[HUMANISE_SIZE], share[SUMMARY_SHARE_SIZE];
    html_raw(stream, "<tr><td>");
    html_text(stream, fault->words);
    fprintf(stream, "</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td>%s</td><td>",
            humanise_count(fault->count, number), summary_share(fault->share, share),
            quality_level_name(fault->level));
    html_text(stream, fault->level == QUALITY_GOOD ? "" : fault->advice);
    html_raw(stream, "</td></tr>\n");
}

static void quality(struct html_report *report)
{
    FILE *stream = report->stream;
    struct quality faults[QUALITY_FAULTS];
    char losses[SUMMARY_LOSSES_SIZE];
    html_raw(stream,
             "<section aria-labelledby=\"quality\">\n<h2 id=\"quality\">Quality of the capture</h2>\n");
    if (summary_losses(report->findings, losses)[0] != '\0') {
        html_raw(stream, "<p><strong>");
        html_text(stream, losses);
        html_raw(stream, "</strong></p>\n");
    }
    if (report->findings->has_statistics) {
        quality_assess(&report->findings->statistics, faults);
        html_raw(stream,
                 "<div class=\"wide\"><table><thead><tr><th scope=\"col\">What</th><th "
                 "scope=\"col\">Count</th><th scope=\"col\">Share</th><th scope=\"col\">Level</th><th "
                 "scope=\"col\">Advice</th></tr></thead><tbody>\n");
        for (int i = 0; i < QUALITY_FAULTS; i++)
            fault_row(stream, &faults[i]);
        html_raw(stream, "</tbody></table></div>\n");
    }
    html_raw(stream, "</section>\n");
}

static void capture_facts(struct html_report *report)
{
    FILE *stream = report->stream;
    const struct summary_findings *findings = report->findings;
    char text[160], first[HUMANISE_SIZE], last[HUMANISE_SIZE];
    if (findings->first_us != 0) {
        snprintf(text, sizeof text, "%s to %s UTC", humanise_time(findings->first_us, first),
                 humanise_time(findings->last_us, last));
        html_fact(stream, "Flows", text);
    }
    if (!findings->has_statistics)
        return;
    snprintf(text, sizeof text, "%s packets, %s", humanise_count(findings->statistics.capture.frames, first),
             humanise_bytes(findings->statistics.capture.bytes, last));
    html_fact(stream, "Packets", text);
    html_fact(stream, "Flow count", humanise_count(findings->statistics.flow.created, first));
}

void report_tail(struct html_report *report)
{
    FILE *stream = report->stream;
    const struct sink_environment *environment = report->environment;
    char started[HUMANISE_SIZE], finished[HUMANISE_SIZE], text[160];
    quality(report);
    html_raw(stream,
             "<section aria-labelledby=\"made\">\n<h2 id=\"made\">How this page was made</h2>\n<dl>\n");
    snprintf(text, sizeof text, "geophone %s", environment->version);
    html_fact(stream, "Program", text);
    html_fact_code(stream, "Command", environment->command);
    html_fact(stream, environment->is_live ? "Source" : "Files", environment->inputs);
    html_fact(stream, "Sensor", environment->config->sensor.name);
    capture_facts(report);
    snprintf(text, sizeof text, "%s to %s UTC", humanise_time(environment->started_us, started),
             humanise_time(report->finished_us, finished));
    html_fact(stream, "Ran", text);
    html_raw(
        stream,
        "</dl>\n<p>The incidents stand in this file as JSON too, in the element "
        "<code>script#incidents</code>. "
        "All events as JSON Lines: the same command with <code>--json=events.json</code>. One incident of "
        "them: <code>jq 'select(.mining.incident == \"INCIDENT\")' events.json</code></p>\n"
        "<p class=\"dim\">Costs are estimates. Texts from the network are shown with \"?\" for what cannot "
        "be "
        "shown safely, and long ones are cut; the JSON has them as they were.</p>\n</section>\n");
}
