// SPDX-License-Identifier: Apache-2.0
#include "sink/summary/summary_report.h"

#include "verdict/quality.h"

#include "base/humanise.h"
#include "sink/summary/summary_groups.h"

#include <string.h>

enum { MAX_BLOCKS = 10, MAX_LINES = 40, MAX_CONTACT_LINES = 20, MAX_CONTACT_POOLS = 3, MAX_SANCTIONED = 20 };

static void headline(const struct page *page, const struct summary_groups *groups)
{
    char text[SUMMARY_HEADLINE_SIZE];
    page_paint(page, PAINT_BOLD, summary_groups_headline(groups, text));
    fputs("\n\n", page->stream);
}

static void write_miners(const struct page *page, struct summary_groups *groups)
{
    for (size_t i = 0; i < groups->miner_count; i++) {
        const struct summary_group *group = &groups->miners[i];
        struct summary_group contacts = summary_groups_take_contacts(groups, &group->incidents[0]->miner);
        if (i < MAX_BLOCKS) {
            summary_miner(page, group->incidents, group->count, contacts.incidents, contacts.count);
            fputc('\n', page->stream);
            continue;
        }
        if (i == MAX_BLOCKS)
            page_paragraph(page, "More miners");
        if (i < MAX_BLOCKS + MAX_LINES)
            summary_miner_line(page, group->incidents, group->count);
    }
    if (groups->miner_count > MAX_BLOCKS + MAX_LINES)
        fprintf(page->stream, "  and %zu more miners; --json lists them all\n",
                groups->miner_count - MAX_BLOCKS - MAX_LINES);
    if (groups->miner_count > MAX_BLOCKS)
        fputc('\n', page->stream);
}

static void write_contact_line(const struct page *page, const struct summary_group *group)
{
    char address[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE], line[1400], fitted[700];
    size_t length =
        (size_t)snprintf(line, sizeof line, "%-15s  ", address_format(&group->incidents[0]->miner, address));
    for (size_t i = 0; i < group->count && i < MAX_CONTACT_POOLS; i++)
        length += (size_t)snprintf(line + length, sizeof line - length, "%s%s", i > 0 ? ", " : "",
                                   summary_pool(page, group->incidents[i], pool));
    if (group->count > MAX_CONTACT_POOLS)
        snprintf(line + length, sizeof line - length, " and %zu more", group->count - MAX_CONTACT_POOLS);
    humanise_text(line, page->width - 2, page->unicode, fitted, sizeof fitted);
    fprintf(page->stream, "  %s\n", fitted);
}

static void write_contacts(const struct page *page, const struct summary_groups *groups)
{
    if (groups->contact_count == 0)
        return;
    page_paint(page, PAINT_BOLD, "Contact with known pools, without mining seen");
    fputc('\n', page->stream);
    for (size_t i = 0; i < groups->contact_count && i < MAX_CONTACT_LINES; i++)
        write_contact_line(page, &groups->contacts[i]);
    if (groups->contact_count > MAX_CONTACT_LINES)
        fprintf(page->stream, "  and %zu more hosts; --json lists them all\n",
                groups->contact_count - MAX_CONTACT_LINES);
    fputc('\n', page->stream);
}

static void write_sanctioned_line(const struct page *page, const struct mining *mining)
{
    char address[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE], line[900], fitted[700];
    const struct sanction *sanction = &mining->sanction;
    const char *number = strrchr(sanction->rule, ':');
    snprintf(line, sizeof line, "%-15s  %-9s  %s  %s (line %s%s%s)", address_format(&mining->miner, address),
             verdict_name(mining->verdict), summary_pool(page, mining, pool), sanction->reason,
             number != NULL ? number + 1 : "", sanction->until[0] != '\0' ? ", until " : "", sanction->until);
    humanise_text(line, page->width - 2, page->unicode, fitted, sizeof fitted);
    fprintf(page->stream, "  %s\n", fitted);
}

static void write_sanctioned(const struct page *page, const struct summary_groups *groups)
{
    char text[80];
    if (groups->sanctioned_count == 0)
        return;
    snprintf(text, sizeof text, "%zu sanctioned incident%s not alerted", groups->sanctioned_count,
             groups->sanctioned_count == 1 ? "" : "s");
    page_paint(page, PAINT_BOLD, text);
    fputc('\n', page->stream);
    for (size_t i = 0; i < groups->sanctioned_count && i < MAX_SANCTIONED; i++)
        write_sanctioned_line(page, groups->sanctioned[i]);
    if (groups->sanctioned_count > MAX_SANCTIONED)
        fprintf(page->stream, "  and %zu more; --json lists them all\n",
                groups->sanctioned_count - MAX_SANCTIONED);
    fputc('\n', page->stream);
}

static size_t write_span(const struct summary_findings *findings, char *text, size_t size)
{
    char first[HUMANISE_SIZE], lasted[HUMANISE_SIZE];
    if (findings->first_us == 0)
        return 0;
    return (size_t)snprintf(text, size, ", from %s UTC over %s", humanise_time(findings->first_us, first),
                            humanise_duration(findings->last_us - findings->first_us, lasted));
}

static void write_facts(const struct page *page, const struct summary_findings *findings, const char *inputs)
{
    char text[900], safe[300], packets[HUMANISE_SIZE], bytes[HUMANISE_SIZE], flows[HUMANISE_SIZE];
    const struct sensor_statistics *statistics = &findings->statistics;
    uint64_t flow_count = findings->has_statistics ? statistics->flow.created : findings->flows;
    size_t length = 0;
    humanise_text(inputs != NULL ? inputs : "", 200, page->unicode, safe, sizeof safe);
    if (findings->has_statistics)
        length = (size_t)snprintf(text, sizeof text, "%s packets, %s, ",
                                  humanise_count(statistics->capture.frames, packets),
                                  humanise_bytes(statistics->capture.bytes, bytes));
    length += (size_t)snprintf(text + length, sizeof text - length, "%s flow%s",
                               humanise_count(flow_count, flows), flow_count == 1 ? "" : "s");
    length += write_span(findings, text + length, sizeof text - length);
    if (safe[0] != '\0')
        snprintf(text + length, sizeof text - length, " (%s)", safe);
    page_paragraph(page, text);
}

const char *summary_losses(const struct summary_findings *findings, char text[static SUMMARY_LOSSES_SIZE])
{
    const struct sensor_statistics *statistics = &findings->statistics;
    const uint64_t *results = statistics->decode.results;
    const struct {
        uint64_t count;
        const char *what;
    } losses[] = {
        {statistics->capture.kernel_drops + statistics->capture.interface_drops,
         "packets dropped before they were read"},
        {results[DECODE_TRUNCATED] + results[DECODE_MALFORMED] + results[DECODE_TOO_DEEP],
         "packets cut or malformed"},
        {statistics->flow.refused, "flows refused: the table was full"},
        {statistics->flow.evicted, "flows ended early to make room"},
        {statistics->reports_dropped, "flow records lost"},
        {statistics->capture.faults, "inputs damaged: read up to the fault"},
        {findings->not_kept, "weaker incidents not listed here"},
    };
    char number[HUMANISE_SIZE];
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++)
        if (losses[i].count > 0)
            length += (size_t)snprintf(text + length, SUMMARY_LOSSES_SIZE - length, "%s%s %s",
                                       length > 0 ? "; " : "Mind: ", humanise_count(losses[i].count, number),
                                       losses[i].what);
    return text;
}

static void write_losses(const struct page *page, const struct summary_findings *findings)
{
    char text[SUMMARY_LOSSES_SIZE];
    if (summary_losses(findings, text)[0] != '\0')
        page_paragraph(page, text);
}

static void write_nothing(const struct page *page, const struct summary_groups *groups)
{
    page_paint(page, groups->contact_count == 0 ? PAINT_GREEN : PAINT_BOLD,
               groups->sanctioned_count == 0 ? "No mining found."
                                             : "No mining found but what is sanctioned.");
    fputs("\n\n", page->stream);
}

const char *summary_share(double share, char text[static SUMMARY_SHARE_SIZE])
{
    double percent = share * 100;
    snprintf(text, SUMMARY_SHARE_SIZE, percent == 0 || percent >= 0.1 ? "%.1f %%" : "%.2g %%", percent);
    return text;
}

/* Only what is worth knowing: a mirror without fault needs no words. */
static void write_quality(const struct page *page, const struct summary_findings *findings)
{
    struct quality faults[QUALITY_FAULTS];
    char text[600], share[SUMMARY_SHARE_SIZE];
    quality_assess(&findings->statistics, faults);
    for (int i = 0; i < QUALITY_FAULTS; i++) {
        if (faults[i].level == QUALITY_GOOD)
            continue;
        snprintf(text, sizeof text, "Quality of the capture: %llu %s (%s). %s",
                 (unsigned long long)faults[i].count, faults[i].words, summary_share(faults[i].share, share),
                 faults[i].advice);
        page_paragraph(page, text);
    }
}

void summary_report(const struct page *page, const struct summary_findings *findings, const char *inputs)
{
    struct summary_groups *groups = summary_groups_create(findings);
    if (groups == NULL) {
        page_paragraph(page, "No memory is left for the summary; --json writes what was found.");
        return;
    }
    if (groups->miner_count > 0) {
        headline(page, groups);
        write_miners(page, groups);
        summary_bill(page, groups->sorted, groups->sorted_count);
    } else {
        write_nothing(page, groups);
    }
    write_contacts(page, groups);
    write_sanctioned(page, groups);
    write_facts(page, findings, inputs);
    write_losses(page, findings);
    write_quality(page, findings);
    summary_groups_free(groups);
}
