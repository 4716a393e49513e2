// SPDX-License-Identifier: Apache-2.0
/*
 * What a manager reads: who mines, since when, with what, for whom and where, how fast, for how much, and why
 * we say so.
 */
#include "sink/report_page.h"

#include "base/humanise.h"
#include "sink/report_html.h"
#include "sink/summary_place.h"

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

static void say_for_whom(struct report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    char pool[SUMMARY_POOL_SIZE];
    if (summary_login(mining)[0] != '\0') {
        html_format(stream, " for the %s ", mining->wallet[0] != '\0' ? "wallet" : "login");
        html_raw(stream, "<code>");
        html_text(stream, summary_login(mining));
        html_raw(stream, "</code>");
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
        html_format(stream, "%s%s%s%s%s", i == 0 ? " Why we say so: " : "; ",
                    items[i]->what != NULL ? items[i]->what : "", has_detail ? " (" : "", items[i]->detail,
                    has_detail ? ")" : "");
    }
    if (count > 0)
        html_raw(stream, ".");
}

static void sentence(struct report *report, const struct summary_group *miner)
{
    FILE *stream = report->stream;
    const struct mining *mining = miner->incidents[0];
    char address[ADDRESS_TEXT_SIZE], place[SUMMARY_PLACE_SIZE], speed[SUMMARY_SPEED_SIZE];
    char when[HUMANISE_SIZE], lasted[HUMANISE_SIZE], words[SUMMARY_COST_SIZE];
    struct cost cost;
    int64_t first_us, last_us;
    summary_span(miner->incidents, miner->count, &first_us, &last_us);
    html_raw(stream, "<p class=\"lead\"><strong>");
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
    say_why(stream, mining);
    html_raw(stream, "</p>\n");
}

static void overview_row(struct report *report, const struct summary_group *miner, size_t number)
{
    FILE *stream = report->stream;
    const struct mining *mining = miner->incidents[0];
    char address[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE], speed[SUMMARY_SPEED_SIZE], when[HUMANISE_SIZE];
    int64_t first_us, last_us;
    summary_span(miner->incidents, miner->count, &first_us, &last_us);
    fprintf(stream, "<tr><td><a href=\"#miner-%zu\">%s</a></td><td class=\"%s\">%s</td><td>%s</td><td>",
            number, address_format(&mining->miner, address), verdict_name(mining->verdict),
            verdict_name(mining->verdict), humanise_time(first_us, when));
    html_text(stream, mining->coin[0] != '\0' ? mining->coin : mining->algorithm);
    html_raw(stream, "</td><td>");
    html_text(stream, summary_speed(&report->words, mining, speed));
    html_raw(stream, "</td><td>");
    html_text(stream, summary_pool(&report->words, mining, pool));
    html_raw(stream, "</td><td>");
    html_text(stream, summary_login(mining));
    html_raw(stream, "</td></tr>\n");
}

static void overview(struct report *report)
{
    const struct summary_groups *groups = report->groups;
    if (groups->miner_count < 2)
        return;
    html_raw(report->stream,
             "<nav aria-label=\"All miners\"><div class=\"wide\"><table><thead><tr><th "
             "scope=\"col\">Miner</th><th scope=\"col\">Verdict</th><th scope=\"col\">Since (UTC)</th><th "
             "scope=\"col\">Coin</th><th scope=\"col\">Speed</th><th scope=\"col\">Pool</th><th "
             "scope=\"col\">Wallet or login</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < groups->miner_count; i++)
        overview_row(report, &groups->miners[i], i + 1);
    html_raw(report->stream, "</tbody></table></div></nav>\n");
}

/* The costs of all of them: those of one miner's incidents are added as summary_cost_add() says. */
static void whole_cost(struct report *report)
{
    const struct summary_groups *groups = report->groups;
    struct cost sum = {.currency = ""}, one;
    char words[SUMMARY_COST_SIZE];
    size_t miners = 0;
    for (size_t i = 0; i < groups->miner_count; i++) {
        if (summary_cost_of_miner(groups->miners[i].incidents, groups->miners[i].count, &one) == NULL)
            continue;
        struct mining whole = {.cost = one};
        summary_cost_add(&sum, &whole, &whole);
        miners++;
    }
    if (miners < 2)
        return; /* it stands with the one miner */
    html_raw(report->stream, "<p><strong>Together they cost</strong> ");
    html_format(report->stream, "%s.", summary_cost(&sum, words));
    html_raw(report->stream, "</p>\n");
}

void report_lead(struct report *report)
{
    const struct summary_groups *groups = report->groups;
    char text[SUMMARY_HEADLINE_SIZE];
    html_raw(report->stream, "<header>\n<h1>");
    if (groups->miner_count > 0)
        html_text(report->stream, summary_groups_headline(groups, text));
    else
        html_text(report->stream, groups->sanctioned_count == 0 ? "No mining found."
                                                                : "No mining found but what is sanctioned.");
    html_raw(report->stream, "</h1>\n");
    for (size_t i = 0; i < groups->miner_count && i < MAX_SENTENCES; i++)
        sentence(report, &groups->miners[i]);
    if (groups->miner_count > MAX_SENTENCES)
        fprintf(report->stream, "<p>And %zu more, in this table.</p>\n", groups->miner_count - MAX_SENTENCES);
    whole_cost(report);
    overview(report);
    html_raw(report->stream, "</header>\n");
}
