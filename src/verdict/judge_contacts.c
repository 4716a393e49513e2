// SPDX-License-Identifier: Apache-2.0
/*
 * Contacts with known pools: by a name that was asked for or named in a connection, or by an address. A
 * contact alone is no mining: it is told at a severity that fits its rule's confidence, once per client and
 * pool and interval.
 */
#include "verdict/judge_private.h"

#include <stdio.h>
#include <string.h>

static enum pool_confidence lowest_confidence(const struct config *config, bool *never)
{
    const char *setting = config->alert.pool_contact;
    *never = strcmp(setting, "never") == 0;
    return strcmp(setting, "high") == 0 ? POOL_HIGH : strcmp(setting, "low") == 0 ? POOL_LOW : POOL_MEDIUM;
}

bool judge_alerts_on(const struct judge *judge, const struct pool_rule *rule)
{
    bool never;
    if (rule == NULL) /* of nearly all names and addresses */
        return false;
    enum pool_confidence lowest = lowest_confidence(judge->config, &never);
    return !never && rule->confidence >= lowest;
}

/* Names are as on the wire: "pool.example:3333", "[2001:db8::1]:443"; an address is no name. */
static void host_of(const char *name, char *host, size_t size)
{
    struct address address;
    size_t length = name[0] == '[' ? 0 : strcspn(name, ":/");
    if (length >= size)
        length = 0;
    memcpy(host, name, length);
    host[length] = '\0';
    /* without a colon in it only one of IPv4 is left, which ends in a digit */
    bool may_be_address = length > 0 && host[length - 1] >= '0' && host[length - 1] <= '9';
    if (may_be_address && address_parse(host, &address))
        host[0] = '\0';
}

/* ---- names that led to pools ---- */

static void mark_pool(void *context, const struct address *address, const char *name)
{
    struct judge *judge = context;
    if (pools_find_name(judge->pools, name) != NULL)
        names_mark(judge->names, address);
}

void judge_learn_name(struct judge *judge, const struct address *client, const struct address *address,
                      const char *name, int64_t time_us)
{
    const char *learned = names_learn(judge->names, client, address, name, time_us);
    if (learned != NULL)
        mark_pool(judge, address, learned);
}

void judge_mark_pools(struct judge *judge)
{
    names_each(judge->names, mark_pool, judge);
}

/* ---- what is told ---- */

static const char *const how_words[SIGHTING_COUNT] = {
    [SIGHTING_DNS] = "its name was asked for in DNS",
    [SIGHTING_HTTP] = "its name stands in an HTTP request (Host)",
    [SIGHTING_CONNECT] = "a tunnel to its name was asked for (CONNECT)",
    [SIGHTING_SOCKS] = "a tunnel to its name was asked for (SOCKS)",
};

void judge_describe_contact(struct judge *judge, const struct flow_record *flow, const struct pool_rule *rule,
                            const char *how, const char *name, bool is_server_the_pool, struct mining *mining)
{
    *mining = (struct mining){
        .kind = "pool-contact",
        .dialect = "",
        .verdict = VERDICT_SUSPECTED,
        .confidence = rule->confidence == POOL_HIGH     ? 0.6
                      : rule->confidence == POOL_MEDIUM ? 0.3
                                                        : 0.1,
        .miner = flow->client,
        .first_seen_us = flow->first_us,
        .last_seen_us = flow->last_us,
        .flows = 1,
        .bytes = flow->bytes[0] + flow->bytes[1],
    };
    if (is_server_the_pool) {
        mining->pool = flow->server;
        mining->pool_port = flow->server_port;
        geo_find(judge->geo, &flow->server, &mining->geo);
    }
    snprintf(mining->pool_domain, sizeof mining->pool_domain, "%s", name);
    mining->pool_name_from = name[0] != '\0' ? "list" : NULL;
    snprintf(mining->pool_operator, sizeof mining->pool_operator, "%s", rule->operator_);
    if (strchr(rule->coins, ',') == NULL)
        snprintf(mining->coin, sizeof mining->coin, "%.15s", rule->coins);
    static const char *const confidences[] = {"low", "medium", "high"};
    describe_add_evidence(mining, how, 30, "%.60s (%s, %s confidence, seen %u)", rule->pattern, rule->kind,
                          confidences[rule->confidence], rule->last_seen);
}

void judge_tell_contact(struct judge *judge, struct mining *mining, const struct flow_record *flow,
                        const char *subject)
{
    bool opened;
    char placed[INCIDENT_MAX_SUBJECT];
    judge_place(judge, flow, mining);
    judge_place_subject(mining, subject, placed, sizeof placed);
    struct incident *incident =
        incidents_get(judge->incidents, &mining->miner, placed, flow->last_us, &opened);
    if (incident == NULL)
        return;
    if (!opened && (incident->flow.id == flow->id || flow->later)) { /* told before: it goes on, or ended */
        if (incident->flow.id == flow->id)
            incident->mining.bytes += mining->bytes - (incident->flow.bytes[0] + incident->flow.bytes[1]);
        incident->mining.last_seen_us = flow->last_us;
        incident->flow = *flow;
        incident->dirty = true;
        return;
    }
    struct allowed_row *row = judge_sanction(judge, mining, true, flow->last_us);
    int64_t interval_us = (int64_t)judge->config->alert.contact_interval_s * 1000000;
    const struct mining before = incident->mining;
    incident->mining = *mining;
    memcpy(incident->mining.incident, before.incident, sizeof before.incident);
    incident->mining.first_seen_us = before.first_seen_us;
    incident->mining.flows = before.flows + 1;
    incident->mining.bytes = before.bytes + mining->bytes;
    incident->flow = *flow;
    incident->dirty = true;
    bool no_longer = incident->alert_silenced && row == NULL;
    if (!opened && !no_longer && flow->last_us - incident->mining_first_us < interval_us)
        return;
    incident->mining_first_us = flow->last_us; /* of a contact: time of its latest alert */
    incident->alert_silenced = row != NULL;
    struct mining told = incident->mining;
    if (row != NULL)
        judge_count_silence(judge, row, incident);
    else
        judge_emit_alert(judge, NULL, &told, flow, flow->last_us);
    judge_emit_incident(judge, incident, opened ? INCIDENT_OPENED : INCIDENT_UPDATED, flow->last_us);
}

void judge_contact_due(struct judge *judge, const struct waiting_contact *contact)
{
    const struct dossier *dossier = dossiers_find(judge->dossiers, contact->flow.id);
    if (dossier != NULL && dossier->verdict >= VERDICT_LIKELY)
        return; /* more than a contact: the flow itself was told */
    char host[256];
    host_of(contact->name, host, sizeof host);
    const struct pool_rule *rule = pools_find_name(judge->pools, host);
    if (!judge_alerts_on(judge, rule))
        return;
    struct mining mining;
    judge_describe_contact(judge, &contact->flow, rule, how_words[contact->how], host,
                           contact->how == SIGHTING_HTTP, &mining);
    char subject[280];
    snprintf(subject, sizeof subject, "contact %.255s", rule->pattern);
    judge_tell_contact(judge, &mining, &contact->flow, subject);
}

void judge_sighting(struct judge *judge, const struct report_sighting *report)
{
    char host[256];
    host_of(report->name, host, sizeof host);
    /* the server that a tunnel was asked of is not the one whose name was given */
    if (report->how == SIGHTING_HTTP && host[0] != '\0')
        judge_learn_name(judge, &report->flow.client, &report->flow.server, host, report->report.time_us);
    if (host[0] == '\0' || !judge_alerts_on(judge, pools_find_name(judge->pools, host)))
        return;
    struct waiting_contact contact = {.flow = report->flow, .how = report->how};
    snprintf(contact.name, sizeof contact.name, "%s", report->name);
    int64_t due_us = report->report.time_us + (int64_t)judge->config->alert.settle_ms * 1000;
    if (report->how == SIGHTING_DNS || !waiting_add(&judge->waiting, due_us, report->flow.id, &contact))
        judge_contact_due(judge, &contact); /* a query is a flow of its own: nothing more will come of it */
}

/* Other protocols than TCP share addresses without saying which name they mean. */
static bool is_found_by_name(const struct flow_record *flow)
{
    return flow->protocol == PROTOCOL_TCP;
}

bool judge_may_be_contact(const struct judge *judge, const struct flow_record *flow)
{
    if (flow->packets[TO_CLIENT] == 0 || flow->midstream)
        return false; /* nobody answered, or it is not known who opened it */
    return (is_found_by_name(flow) && names_is_marked(judge->names, &flow->server)) ||
           pools_find_address(judge->pools, &flow->server, flow->server_port) != NULL;
}

bool judge_find_address(struct judge *judge, const struct flow_record *flow, struct mining *mining,
                        char *subject, size_t size)
{
    if (!judge_may_be_contact(judge, flow))
        return false;
    struct pool_knowledge knowledge;
    judge_know_pool(judge, &flow->client, &flow->server, flow->server_port, "", &knowledge);
    if (!is_found_by_name(flow) && !knowledge.by_address)
        knowledge.rule = NULL;
    if (!judge_alerts_on(judge, knowledge.rule))
        return false;
    char address[ADDRESS_TEXT_SIZE];
    address_format(&flow->server, address);
    if (knowledge.by_address)
        snprintf(subject, size, "contact %s %u", address, flow->server_port);
    else
        snprintf(subject, size, "contact %.255s", knowledge.rule->pattern);
    judge_describe_contact(judge, flow, knowledge.rule,
                           knowledge.by_address ? "its address and port were connected to"
                                                : "an address was connected to that DNS gave for its name",
                           knowledge.by_address ? "" : knowledge.name, true, mining);
    return true;
}

/* A pool over TLS without SNI shows nothing else of itself. */
void judge_flow_contact(struct judge *judge, const struct flow_record *flow)
{
    struct mining mining;
    char subject[280];
    if (flow->mining || (flow->noted && judge_tls_flow(judge, flow))) /* told already */
        return;
    if (judge_find_address(judge, flow, &mining, subject, sizeof subject))
        judge_tell_contact(judge, &mining, flow, subject);
}
