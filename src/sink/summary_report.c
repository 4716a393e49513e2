// SPDX-License-Identifier: Apache-2.0
#include "sink/summary_report.h"

#include "verdict/quality.h"

#include "base/humanise.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BLOCKS = 10, MAX_LINES = 40, MAX_CONTACT_LINES = 20, MAX_CONTACT_POOLS = 3, MAX_SANCTIONED = 20 };

/* All incidents of one address: pointers into a sorted array. */
struct group {
    const struct mining *const *incidents;
    size_t count;
};

struct groups {
    const struct mining
        *sorted[SUMMARY_MAX_INCIDENTS]; /* mining first, then contacts; then by miner and strength */
    size_t sorted_count;
    struct group miners[SUMMARY_MAX_INCIDENTS], contacts[SUMMARY_MAX_INCIDENTS];
    size_t miner_count, contact_count;
    const struct mining *sanctioned[SUMMARY_MAX_INCIDENTS]; /* they stand apart */
    size_t sanctioned_count;
};

static bool is_contact(const struct mining *mining)
{
    return mining->kind != NULL && strcmp(mining->kind, "pool-contact") == 0;
}

static int compare_incidents(const void *left, const void *right)
{
    const struct mining *a = *(const struct mining *const *)left, *b = *(const struct mining *const *)right;
    if (is_contact(a) != is_contact(b))
        return is_contact(a) ? 1 : -1;
    int order = address_compare(&a->miner, &b->miner);
    if (order != 0)
        return order;
    if (summary_rank(a) != summary_rank(b))
        return summary_rank(a) > summary_rank(b) ? -1 : 1;
    if (a->first_seen_us != b->first_seen_us)
        return a->first_seen_us < b->first_seen_us ? -1 : 1;
    return strcmp(a->incident, b->incident);
}

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    double rank_a = summary_rank(a->incidents[0]), rank_b = summary_rank(b->incidents[0]);
    if (rank_a != rank_b)
        return rank_a > rank_b ? -1 : 1;
    return address_compare(&a->incidents[0]->miner, &b->incidents[0]->miner);
}

static void group_incidents(struct groups *groups, const struct summary_findings *findings)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const struct mining *mining = &findings->incidents[i]->mining;
        if (mining->sanction.state == SANCTION_APPLIES)
            groups->sanctioned[groups->sanctioned_count++] = mining;
        else
            groups->sorted[count++] = mining;
    }
    qsort(groups->sanctioned, groups->sanctioned_count, sizeof groups->sanctioned[0], compare_incidents);
    groups->sorted_count = count;
    qsort(groups->sorted, count, sizeof groups->sorted[0], compare_incidents);
    for (size_t i = 0, end; i < count; i = end) {
        const struct mining *first = groups->sorted[i];
        for (end = i + 1; end < count; end++)
            if (is_contact(groups->sorted[end]) != is_contact(first) ||
                !address_equal(&groups->sorted[end]->miner, &first->miner))
                break;
        struct group group = {&groups->sorted[i], end - i};
        if (is_contact(first))
            groups->contacts[groups->contact_count++] = group;
        else
            groups->miners[groups->miner_count++] = group;
    }
    qsort(groups->miners, groups->miner_count, sizeof groups->miners[0], compare_groups);
    qsort(groups->contacts, groups->contact_count, sizeof groups->contacts[0], compare_groups);
}

/* Takes the contacts of an address that mines out of the list of contacts: they stand with the miner. */
static struct group take_contacts(struct groups *groups, const struct address *miner)
{
    for (size_t i = 0; i < groups->contact_count; i++) {
        struct group found = groups->contacts[i];
        if (!address_equal(&found.incidents[0]->miner, miner))
            continue;
        memmove(&groups->contacts[i], &groups->contacts[i + 1],
                (groups->contact_count - i - 1) * sizeof groups->contacts[0]);
        groups->contact_count--;
        return found;
    }
    return (struct group){0};
}

static void headline(const struct page *page, const struct groups *groups)
{
    char text[200], *at = text;
    size_t by_verdict[VERDICT_CONFIRMED + 1] = {0};
    const char *between = ": ";
    for (size_t i = 0; i < groups->miner_count; i++)
        by_verdict[groups->miners[i].incidents[0]->verdict]++;
    at += snprintf(at, 60, "%zu miner%s found", groups->miner_count, groups->miner_count == 1 ? "" : "s");
    for (int verdict = VERDICT_CONFIRMED; verdict > VERDICT_NONE; verdict--) {
        if (by_verdict[verdict] == 0)
            continue;
        at += snprintf(at, 40, "%s%zu %s", between, by_verdict[verdict], verdict_name((enum verdict)verdict));
        between = ", ";
    }
    page_paint(page, PAINT_BOLD, text);
    fputs("\n\n", page->stream);
}

static void write_miners(const struct page *page, struct groups *groups)
{
    for (size_t i = 0; i < groups->miner_count; i++) {
        const struct group *group = &groups->miners[i];
        struct group contacts = take_contacts(groups, &group->incidents[0]->miner);
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

static void write_contact_line(const struct page *page, const struct group *group)
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

static void write_contacts(const struct page *page, const struct groups *groups)
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

static void write_sanctioned(const struct page *page, const struct groups *groups)
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

/* What was not seen, and why: only where there is something. */
static void write_losses(const struct page *page, const struct summary_findings *findings)
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
    char text[700], number[HUMANISE_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++)
        if (losses[i].count > 0)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s %s",
                                       length > 0 ? "; " : "Mind: ", humanise_count(losses[i].count, number),
                                       losses[i].what);
    if (length > 0)
        page_paragraph(page, text);
}

static void write_nothing(const struct page *page, const struct groups *groups)
{
    page_paint(page, groups->contact_count == 0 ? PAINT_GREEN : PAINT_BOLD,
               groups->sanctioned_count == 0 ? "No mining found."
                                             : "No mining found but what is sanctioned.");
    fputs("\n\n", page->stream);
}

/* Only what is worth knowing: a mirror without fault needs no words. */
static void write_quality(const struct page *page, const struct summary_findings *findings)
{
    struct quality faults[QUALITY_FAULTS];
    char text[600], share[32];
    quality_assess(&findings->statistics, faults);
    for (int i = 0; i < QUALITY_FAULTS; i++) {
        if (faults[i].level == QUALITY_GOOD)
            continue;
        double percent = faults[i].share * 100;
        snprintf(share, sizeof share, percent >= 0.1 ? "%.1f %%" : "%.2g %%", percent);
        snprintf(text, sizeof text, "Quality of the capture: %llu %s (%s). %s",
                 (unsigned long long)faults[i].count, faults[i].words, share, faults[i].advice);
        page_paragraph(page, text);
    }
}

void summary_report(const struct page *page, const struct summary_findings *findings, const char *inputs)
{
    struct groups *groups = calloc(1, sizeof *groups);
    if (groups == NULL) {
        page_paragraph(page, "No memory is left for the summary; --json writes what was found.");
        return;
    }
    group_incidents(groups, findings);
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
    free(groups);
}
