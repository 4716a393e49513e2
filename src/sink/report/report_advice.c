// SPDX-License-Identifier: Apache-2.0
/*
 * What to do next. A table: when a piece of advice applies, and its words.
 */
#include "sink/report/report_page.h"

#include "sink/eve/eve_parts.h"
#include "sink/report/report_html.h"

enum { MAX_HOSTS = 6 };

static bool is_sure(const struct mining *mining)
{
    return mining->verdict >= VERDICT_LIKELY;
}

static bool is_unsure(const struct mining *mining)
{
    return mining->verdict < VERDICT_LIKELY;
}

static bool in_cloud(const struct mining *mining)
{
    return mining->cloud.match != CLOUD_NOWHERE && is_sure(mining);
}

static bool in_new_place(const struct mining *mining)
{
    return mining->cloud.first_in_account || mining->cloud.first_in_region || mining->cloud.is_newer;
}

static bool is_proxy(const struct mining *mining)
{
    return mining->miners_behind > 0;
}

static bool is_carried(const struct mining *mining)
{
    return mining->carrier[0] != '\0';
}

static bool sanction_fails(const struct mining *mining)
{
    return mining->sanction.state == SANCTION_EXPIRED || mining->sanction.state == SANCTION_OTHER;
}

static bool always(const struct mining *mining)
{
    (void)mining;
    return true;
}

static const struct {
    bool (*applies)(const struct mining *mining);
    const char *what, *words;
} advice[] = {
    {is_unsure, "Look before you act.",
     "Find out on the host what made these connections: the evidence does not suffice to call it mining."},
    {sanction_fails, "Ask whoever sanctioned it.",
     "A sanction was meant for this host and does not cover what it does."},
    {is_sure, "Keep the evidence first:",
     "this capture and this page, then memory and disk (a snapshot) of the host. A miner is rarely all that "
     "an intruder left."},
    {is_sure, "Find the process while it runs:",
     "it holds the connection to the pool; the command stands with each miner. Note its file, its user, its "
     "parent and its start time."},
    {is_sure, "Isolate the host, and block the pool",
     "by name and address. Expect the miner to try other pools: watch for the wallet, not for the address "
     "alone."},
    {in_cloud, "Ask the owner",
     "given below whether it is theirs. Revoke keys and roles that the machine can use, and look in the "
     "account's audit log for who started it."},
    {in_new_place, "Look around.",
     "Nobody mined there before, or the machine is not in the inventory: look in that account and region for "
     "other new machines."},
    {is_proxy, "Find the miners behind the proxy:", "they connect to it, and it passes on their work."},
    {is_carried, "Ask the carrier's operator:",
     "it goes through a proxy or another protocol, whose logs tell where it leads."},
    {is_sure, "Find the way in",
     "and what starts the miner again: scheduled jobs, services, containers, keys of SSH, web applications, "
     "container and cluster interfaces open to the world."},
    {always, "Wanted after all?",
     "Enter it in local-allowed.tsv, with a reason and a last day; it is then no longer alerted."},
};

/* " (192.0.2.1, 192.0.2.7 and 3 more)": for whom it is, where it is not for all. */
static void for_whom(struct html_report *report, const bool *applies, size_t count)
{
    const struct summary_groups *groups = report->groups;
    char address[ADDRESS_TEXT_SIZE];
    size_t shown = 0;
    if (count == groups->miner_count)
        return;
    for (size_t i = 0; i < groups->miner_count && shown < MAX_HOSTS; i++)
        if (applies[i])
            html_format(report->stream, "%s%s", shown++ == 0 ? " (" : ", ",
                        address_format(&groups->miners[i].incidents[0]->miner, address));
    if (count > shown)
        fprintf(report->stream, " and %zu more", count - shown);
    html_raw(report->stream, ")");
}

void report_advice(struct html_report *report)
{
    const struct summary_groups *groups = report->groups;
    bool applies[SUMMARY_MAX_INCIDENTS];
    if (groups->miner_count == 0)
        return;
    html_raw(report->stream,
             "<section aria-labelledby=\"next\">\n<h2 id=\"next\">What to do next</h2>\n<ol>\n");
    for (size_t i = 0; i < sizeof advice / sizeof advice[0]; i++) {
        size_t count = 0;
        for (size_t k = 0; k < groups->miner_count; k++)
            count += applies[k] = advice[i].applies(groups->miners[k].incidents[0]);
        if (count == 0)
            continue;
        fprintf(report->stream, "<li><strong>%s</strong> %s", advice[i].what, advice[i].words);
        for_whom(report, applies, count);
        html_raw(report->stream, "</li>\n");
    }
    html_raw(report->stream, "</ol>\n</section>\n");
}

void report_command(struct html_report *report, const struct mining *mining)
{
    char address[ADDRESS_TEXT_SIZE];
    if (!eve_address_known(&mining->pool))
        return;
    html_raw(report->stream, "<p>On Linux, this shows the process: <code>");
    html_format(report->stream, "ss -tunp dst %s", address_format(&mining->pool, address));
    html_raw(report->stream, "</code></p>\n");
}
