// SPDX-License-Identifier: Apache-2.0
/*
 * What to do next. A table: when a piece of advice applies, and its words.
 */
#include "sink/report_page.h"

#include "sink/eve_parts.h"
#include "sink/report_html.h"

#include <string.h>

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
    const char *words;
} advice[] = {
    {is_unsure,
     "Look before you act: find out on the host what made these connections. The evidence does not "
     "suffice to call it mining."},
    {sanction_fails, "A sanction was meant for this host and does not cover this; ask whoever asked for it "
                     "before anything else."},
    {is_sure, "Keep the evidence first: this capture and this page, then memory and disk (a snapshot) of the "
              "host. A miner is rarely all that an intruder left."},
    {is_sure, "Find the process while it runs: it holds the connection to the pool given below. Note its "
              "file, its user, its parent and its start time."},
    {is_sure,
     "Isolate the host, and block the pool's address and name at the firewall. Expect the miner to try "
     "other pools: watch for the wallet, not for the address alone."},
    {in_cloud, "Ask the owner given below whether it is theirs. Revoke keys and roles that the machine "
               "can use, and look in the account's audit log for who started it."},
    {in_new_place,
     "Nobody mined there before, or the machine is not in the inventory: look in that account and "
     "region for other new machines."},
    {is_proxy, "This host passes on the work of others: find the miners behind it, which connect to it."},
    {is_carried, "It goes through a proxy or another protocol: its operator's logs tell where it leads."},
    {is_sure, "Find the way in and what starts the miner again: scheduled jobs, services, containers, "
              "keys of SSH, web applications, container and cluster interfaces open to the world."},
    {always,
     "If this mining is wanted, enter it in local-allowed.tsv, with a reason and a last day; it is then "
     "no longer alerted."},
};

void report_advice(struct report *report, const struct summary_group *miner)
{
    FILE *stream = report->stream;
    const struct mining *mining = miner->incidents[0];
    char address[ADDRESS_TEXT_SIZE];
    html_raw(stream, "<h3>What to do next</h3>\n<ol>\n");
    for (size_t i = 0; i < sizeof advice / sizeof advice[0]; i++)
        if (advice[i].applies(mining))
            fprintf(stream, "<li>%s</li>\n", advice[i].words);
    html_raw(stream, "</ol>\n");
    if (!eve_address_known(&mining->pool))
        return;
    html_raw(stream, "<p>On Linux, this shows the process: <code>");
    html_format(stream, "ss -tunp dst %s", address_format(&mining->pool, address));
    html_raw(stream, "</code></p>\n");
}
