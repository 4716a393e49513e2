// SPDX-License-Identifier: Apache-2.0
/*
 * One incident: when, for whom, how much, why, where else, and what an analyst copies.
 */
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "decode/packet.h"
#include "sink/eve/eve_parts.h"
#include "sink/report/report_html.h"

#include <string.h>

static void heading(struct html_report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    char pool[SUMMARY_POOL_SIZE];
    fprintf(stream, "<article id=\"incident-%s\">\n<h3>", mining->incident);
    html_format(stream, "Incident %s at %s", mining->incident, summary_pool(&report->words, mining, pool));
    fprintf(stream, " <span class=\"badge %s\">%s, %.0f&nbsp;%%</span></h3>\n", verdict_name(mining->verdict),
            verdict_name(mining->verdict), mining->confidence * 100);
}

static void pool_facts(FILE *stream, const struct mining *mining)
{
    char text[320], address[ADDRESS_TEXT_SIZE];
    if (eve_address_known(&mining->pool))
        html_fact_code(stream, "Pool address", address_format(&mining->pool, address));
    html_fact(stream, "Pool operator", mining->pool_operator);
    snprintf(text, sizeof text, "%s%s", mining->geo.country,
             mining->geo.country[0] != '\0' && mining->geo.as_number != 0 ? ", " : "");
    if (mining->geo.as_number != 0)
        snprintf(text + strlen(text), sizeof text - strlen(text), "AS%u %s", mining->geo.as_number,
                 mining->geo.as_organization);
    html_fact(stream, "Pool's place", text);
    html_fact(stream, "Sent on to", mining->redirect);
    html_fact(stream, "Asked for", mining->destination);
    html_fact(stream, "Client behind it", mining->origin);
}

static void identity_facts(FILE *stream, const struct mining *mining)
{
    char coin[64];
    bool both = mining->coin[0] != '\0' && mining->algorithm[0] != '\0';
    snprintf(coin, sizeof coin, "%s%s%s%s", mining->coin, both ? " (" : "", mining->algorithm,
             both ? ")" : "");
    html_fact(stream, "Coin", coin);
    html_fact_code(stream, "Wallet", mining->wallet);
    if (strcmp(mining->user, mining->wallet) != 0)
        html_fact_code(stream, "Login", mining->user);
    html_fact_code(stream, "Worker", mining->worker);
    html_fact(stream, "Rig", mining->rig);
    html_fact(stream, "Password", mining->password);
    for (size_t i = 0; mining->login_count > 1 && i < mining->login_count && i < MINING_MAX_LOGINS; i++)
        html_fact_code(stream, i == 0 ? "All logins" : "", mining->logins[i]);
    html_fact(stream, "Software", mining->agent);
}

static void protocol_fact(FILE *stream, const struct mining *mining)
{
    char text[256];
    const char *kind = mining->kind != NULL ? mining->kind : "unknown";
    const char *dialect =
        mining->dialect != NULL && strcmp(mining->dialect, kind) != 0 ? mining->dialect : "";
    snprintf(text, sizeof text, "%s%s%s%s%s", kind, mining->carrier[0] != '\0' ? " in " : "", mining->carrier,
             dialect[0] != '\0' ? ", dialect " : "", dialect);
    html_fact(stream, "Protocol", text);
}

static void work_facts(struct html_report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    char text[320], sent[HUMANISE_SIZE], accepted[HUMANISE_SIZE], rejected[HUMANISE_SIZE];
    char speed[SUMMARY_SPEED_SIZE], cost[SUMMARY_COST_SIZE], proof[SUMMARY_PROOF_SIZE];
    char lately[SUMMARY_LATELY_SIZE];
    if (mining->shares_submitted + mining->shares_accepted + mining->shares_rejected > 0) {
        snprintf(text, sizeof text, "%s shares sent, %s accepted, %s rejected",
                 humanise_count(mining->shares_submitted, sent),
                 humanise_count(mining->shares_accepted, accepted),
                 humanise_count(mining->shares_rejected, rejected));
        html_fact(stream, "Work", text);
    }
    html_fact(stream, "Proof", summary_proof(mining->shares_proven, mining->shares_invalid, proof));
    html_fact(stream, "Hash rate", summary_speed(&report->words, mining, speed));
    html_fact(stream, "Lately", summary_lately(&report->words, mining, lately));
    if (mining->hashrate_claimed_hs > 0) {
        snprintf(text, sizeof text, "%s by the miner's own word",
                 humanise_hashrate(mining->hashrate_claimed_hs, mining->algorithm, sent));
        html_fact(stream, "Claims", text);
    }
    if (mining->cost.hour > 0) {
        snprintf(text, sizeof text, "%s: ", summary_cost(&mining->cost, cost));
        snprintf(text + strlen(text), sizeof text - strlen(text), "%.150s", mining->cost.basis);
        html_fact(stream, "Cost", text);
    }
}

/* A sanction that does not hold here. */
static void sanction_fact(FILE *stream, const struct sanction *sanction)
{
    char text[320];
    if (sanction->state == SANCTION_EXPIRED)
        snprintf(text, sizeof text, "ended, was until %s: %s (%s)", sanction->until, sanction->reason,
                 sanction->rule);
    else if (sanction->state == SANCTION_OTHER)
        snprintf(text, sizeof text, "not for this %s: %s (%s)", sanction->lacks, sanction->reason,
                 sanction->rule);
    else
        return;
    html_fact(stream, "Sanction", text);
}

static void evidence(FILE *stream, const struct mining *mining)
{
    const struct evidence_item *items[MINING_MAX_EVIDENCE];
    size_t count = summary_evidence(mining, items);
    if (count == 0)
        return;
    html_raw(stream,
             "<h4>Why we say so</h4>\n<table><thead><tr><th scope=\"col\">Evidence</th><th "
             "scope=\"col\">Detail</th><th class=\"n\" scope=\"col\">Points</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count; i++) {
        html_raw(stream, "<tr><td>");
        html_text(stream, items[i]->what);
        html_raw(stream, "</td><td>");
        html_text(stream, items[i]->detail);
        fprintf(stream, "</td><td class=\"n\">%+d</td></tr>\n", items[i]->weight);
    }
    html_raw(stream, "</tbody></table>\n");
}

static const char *end_text(const struct address *address, uint16_t port, char *text, size_t size)
{
    char name[ADDRESS_TEXT_SIZE];
    snprintf(text, size, address_is_ipv4(address) ? "%s:%u" : "[%s]:%u", address_format(address, name), port);
    return text;
}

static void flow_identifiers(FILE *stream, const struct summary_incident *incident)
{
    const struct flow_record *flow = &incident->flow;
    char number[24], client[ADDRESS_TEXT_SIZE + 10], server[ADDRESS_TEXT_SIZE + 10];
    char both[sizeof client + sizeof server + 16];
    html_copyable(stream, "Community ID", incident->community_id);
    if (flow->id == 0)
        return;
    snprintf(number, sizeof number, "%llu", (unsigned long long)flow->id);
    html_copyable(stream, "Flow ID", number);
    snprintf(both, sizeof both, "%s to %s", end_text(&flow->client, flow->client_port, client, sizeof client),
             end_text(&flow->server, flow->server_port, server, sizeof server));
    html_copyable(stream, "Latest flow", both);
}

static void identifiers(FILE *stream, const struct summary_incident *incident)
{
    const struct mining *mining = &incident->mining;
    char address[ADDRESS_TEXT_SIZE], pool[ADDRESS_TEXT_SIZE + 10];
    html_raw(stream, "<h4>To copy</h4>\n<div class=\"copy\">\n");
    html_copyable(stream, "Incident", mining->incident);
    flow_identifiers(stream, incident);
    html_copyable(stream, "Miner", address_format(&mining->miner, address));
    if (eve_address_known(&mining->pool))
        html_copyable(stream, "Pool", end_text(&mining->pool, mining->pool_port, pool, sizeof pool));
    html_copyable(stream, "Pool's name", mining->pool_domain);
    html_copyable(stream, "Wallet", mining->wallet);
    html_copyable(stream, "Login", mining->user);
    html_copyable(stream, "JA3", mining->tls.ja3);
    html_copyable(stream, "JA4", mining->tls.ja4);
    html_copyable(stream, "TLS name", mining->tls.sni);
    html_raw(stream, "</div>\n");
}

void report_incident(struct html_report *report, const struct mining *mining)
{
    FILE *stream = report->stream;
    const struct summary_incident *incident = summary_findings_incident(mining);
    heading(report, mining);
    report_timeline(report, incident);
    html_raw(stream, "<dl>\n");
    identity_facts(stream, mining);
    pool_facts(stream, mining);
    protocol_fact(stream, mining);
    html_fact(stream, "Tunnel", incident->tunnel);
    html_fact(stream, incident->source_is_live ? "Interface" : "File", incident->source_name);
    work_facts(report, mining);
    sanction_fact(stream, &mining->sanction);
    html_raw(stream, "</dl>\n");
    evidence(stream, mining);
    report_related(report, mining);
    identifiers(stream, incident);
    html_raw(stream, "</article>\n");
}
