// SPDX-License-Identifier: Apache-2.0
/*
 * Mining conversations: weighs their facts, raises alerts, adds them to incidents.
 */
#include "verdict/judge_private.h"

#include "base/text.h"
#include "inspect/dialect/dialect.h"
#include "intel/agents.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_MAX_AGE_S = 86400 }; /* a connection may outlive the answer that led to it */

/* ---- what is known beside the flow ---- */

/* The last two labels: "example.org" of "pool.example.org". */
static const char *site_of(const char *name)
{
    const char *last = strrchr(name, '.');
    while (last != NULL && last > name && last[-1] != '.')
        last--;
    return last == NULL ? name : last;
}

/* What the pool's address is called besides, by the answer that anybody had last: not a pool's, and of
 * another site; where only others asked for the address at all, what they asked for. */
static const char *other_name_of(const struct judge *judge, const struct address *pool,
                                 const struct pool_knowledge *knowledge)
{
    const char *other = names_find_own(judge->names, NULL, pool, judge->now_us, NAMES_MAX_AGE_S);
    if (other == NULL || pools_find_name(judge->pools, other) != NULL)
        return "";
    bool by_others = knowledge->name_from != NULL && strcmp(knowledge->name_from, "dns-of-others") == 0;
    return by_others || strcasecmp(site_of(other), site_of(knowledge->name)) != 0 ? other : "";
}

/* What the miner asked for is worth more than what another machine did, which may have wanted another service
 * of the same address. */
static void learn_name(const struct judge *judge, const struct address *client, const struct address *pool,
                       struct pool_knowledge *knowledge)
{
    const char *own = names_find_own(judge->names, client, pool, judge->now_us, NAMES_MAX_AGE_S);
    const char *name =
        own != NULL ? own : names_find_own(judge->names, NULL, pool, judge->now_us, NAMES_MAX_AGE_S);
    knowledge->name = name != NULL ? name : "";
    knowledge->name_from = own != NULL ? "dns" : name != NULL ? "dns-of-others" : NULL;
}

void judge_know_pool(struct judge *judge, const struct address *client, const struct address *pool,
                     uint16_t port, const char *named, struct pool_knowledge *knowledge)
{
    *knowledge = (struct pool_knowledge){.name = named, .name_from = "conversation"};
    if (named[0] == '\0')
        learn_name(judge, client, pool, knowledge);
    if (knowledge->name[0] != '\0')
        knowledge->rule = pools_find_name(judge->pools, knowledge->name);
    if (knowledge->rule != NULL) {
        knowledge->name_from = "list";
    } else {
        knowledge->rule = pools_find_address(judge->pools, pool, port);
        knowledge->by_address = knowledge->rule != NULL;
    }
    knowledge->other_name = other_name_of(judge, pool, knowledge);
    geo_find(judge->geo, pool, &knowledge->place);
}

/* "pool.example:3333" without its port. */
static void host_of(const char *name, char *host, size_t size)
{
    size_t length = strcspn(name, ":");
    if (strchr(name, ':') != strrchr(name, ':') || length >= size)
        length = 0; /* an IPv6 address, or nothing that is a name */
    memcpy(host, name, length);
    host[length] = '\0';
}

static void know_pool_of(struct judge *judge, const struct dossier *dossier, struct pool_knowledge *knowledge,
                         char *host, size_t size)
{
    uint16_t port;
    const struct address *pool = describe_pool(dossier, &port);
    bool named = dossier->conversation.pool_name[0] != '\0' || dossier->asked_port != 0;
    host_of(named ? dossier->conversation.pool_name : dossier->conversation.destination, host, size);
    judge_know_pool(judge, describe_miner(dossier), pool, port, host, knowledge);
}

static void weigh(struct judge *judge, struct dossier *dossier)
{
    char host[CONVERSATION_MAX_NAME];
    struct pool_knowledge knowledge;
    know_pool_of(judge, dossier, &knowledge, host, sizeof host);
    dossier->facts = dossier->conversation.facts;
    if (agent_is_miner(dossier->conversation.agent))
        dossier->facts |= fact_bit(FACT_AGENT_KNOWN);
    if (knowledge.rule != NULL && knowledge.rule->confidence >= POOL_MEDIUM)
        dossier->facts |= fact_bit(knowledge.by_address ? FACT_POOL_ADDRESS : FACT_POOL_NAME);
    const struct proof_count *hashed = proof_known(&dossier->proofs);
    if (dossier->conversation.share_bits + (hashed == NULL ? 0 : hashed->bits) >= PROOF_BITS)
        dossier->facts |= fact_bit(FACT_SHARE_PROVEN);
    if (describe_invalid_shares(dossier) > 0)
        dossier->facts |= fact_bit(FACT_SHARE_BELOW_TARGET);
    struct weighed weighed = verdict_weigh(dossier->facts);
    dossier->verdict = weighed.verdict;
    dossier->points = weighed.points;
    dossier->confidence = weighed.confidence;
    judge_weigh_proxies(judge, dossier);
}

/* ---- incidents ---- */

/* A wallet is what an incident is about, wherever its shares go; without one it is the pool's endpoint. */
static void choose_subject(struct dossier *dossier, const struct mining *mining)
{
    char subject[300], text[ADDRESS_TEXT_SIZE];
    uint16_t port;
    const struct address *pool = describe_pool(dossier, &port);
    if (dossier->wallet.proof != WALLET_NONE)
        text_copy(subject, sizeof subject, dossier->wallet.address);
    else if (dossier->conversation.destination[0] != '\0') /* one proxy leads to many pools */
        text_copy(subject, sizeof subject, dossier->conversation.destination);
    else
        snprintf(subject, sizeof subject, "%s %u", address_format(pool, text), port);
    judge_place_subject(mining, subject, dossier->subject, sizeof dossier->subject);
}

static void keep_text(char *field, size_t size, const char *before)
{
    if (field[0] == '\0')
        text_copy(field, size, before);
}

#define KEEP(member) keep_text(now->member, sizeof now->member, before->member)

/* Puts a flow's view over the incident's, which keeps what the flow does not know. */
static void merge(struct mining *now, const struct mining *before)
{
    memcpy(now->incident, before->incident, sizeof now->incident);
    KEEP(agent);
    KEEP(software);
    KEEP(software_version);
    KEEP(algorithms);
    KEEP(rig);
    KEEP(user);
    KEEP(wallet);
    KEEP(worker);
    KEEP(carrier);
    KEEP(destination);
    KEEP(origin);
    KEEP(password);
    KEEP(coin);
    KEEP(algorithm);
    if (now->pool_domain[0] == '\0')
        now->pool_name_from = before->pool_name_from;
    KEEP(pool_domain);
    KEEP(pool_other_name);
    KEEP(pool_operator);
    KEEP(redirect);
    if (now->login_count < before->login_count) {
        memcpy(now->logins, before->logins, sizeof now->logins);
        now->login_count = before->login_count;
    }
    now->cloud.first_in_account |= before->cloud.first_in_account;
    now->cloud.first_in_region |= before->cloud.first_in_region;
    if (now->block_height == 0)
        now->block_height = before->block_height;
    if (now->difficulty == 0)
        now->difficulty = before->difficulty;
    if (now->hashrate_claimed_hs == 0)
        now->hashrate_claimed_hs = before->hashrate_claimed_hs;
    if (before->verdict > now->verdict) {
        now->verdict = before->verdict;
        now->confidence = before->confidence;
        memcpy(now->evidence, before->evidence, sizeof now->evidence);
        now->evidence_count = before->evidence_count;
    }
    if (before->flows > 0 && before->first_seen_us < now->first_seen_us)
        now->first_seen_us = before->first_seen_us;
    now->flows = before->flows;
    now->bytes = before->bytes;
    now->cost = before->cost;
}

/* Misses become known as such later, when the function is: both counts only grow. */
static void count_proofs(struct mining *now, struct dossier *dossier, const struct mining *before)
{
    uint64_t proven = describe_proven_shares(dossier), invalid = describe_invalid_shares(dossier);
    now->shares_proven = before->shares_proven + proven - dossier->counted_proven;
    now->shares_invalid = before->shares_invalid + invalid - dossier->counted_invalid;
    dossier->counted_proven = proven;
    dossier->counted_invalid = invalid;
}

static void count_work(struct incident *incident, struct dossier *dossier)
{
    const struct conversation *conversation = &dossier->conversation;
    double unit = describe_share_unit(dossier, &incident->mining), change = unit - dossier->counted_unit;
    if (dossier->counted_unit > 0 && change != 0) { /* the algorithm became known */
        rate_correct(&incident->rate, RATE_SUBMITTED, dossier->counted_hashes_submitted * change);
        rate_correct(&incident->rate, RATE_ACCEPTED, dossier->counted_hashes_accepted * change);
    }
    dossier->counted_unit = unit;
    rate_add(&incident->rate, RATE_SUBMITTED, conversation->last_us,
             (conversation->hashes_submitted - dossier->counted_hashes_submitted) * unit,
             conversation->shares_submitted - dossier->counted_submitted);
    rate_add(&incident->rate, RATE_ACCEPTED, conversation->last_us,
             (conversation->hashes_accepted - dossier->counted_hashes_accepted) * unit,
             conversation->shares_accepted - dossier->counted_accepted);
}

/* What another mirror showed already adds nothing. */
static void take_as_counted(struct dossier *dossier, const struct mining *mining)
{
    const struct conversation *conversation = &dossier->conversation;
    dossier->counted_submitted = conversation->shares_submitted;
    dossier->counted_accepted = conversation->shares_accepted;
    dossier->counted_rejected = conversation->shares_rejected;
    dossier->counted_stale = conversation->shares_stale;
    dossier->counted_proven = describe_proven_shares(dossier);
    dossier->counted_invalid = describe_invalid_shares(dossier);
    dossier->counted_hashes_submitted = conversation->hashes_submitted;
    dossier->counted_hashes_accepted = conversation->hashes_accepted;
    dossier->counted_unit = describe_share_unit(dossier, mining);
    dossier->counted_bytes = dossier->flow.bytes[0] + dossier->flow.bytes[1];
}

/* Adds what the flow did since it was last counted. */
static void count(struct incident *incident, struct dossier *dossier, const struct mining *before)
{
    struct mining *now = &incident->mining;
    const struct conversation *conversation = &dossier->conversation;
    uint64_t bytes = dossier->flow.bytes[0] + dossier->flow.bytes[1];
    now->shares_submitted =
        before->shares_submitted + conversation->shares_submitted - dossier->counted_submitted;
    now->shares_accepted =
        before->shares_accepted + conversation->shares_accepted - dossier->counted_accepted;
    now->shares_rejected =
        before->shares_rejected + conversation->shares_rejected - dossier->counted_rejected;
    count_proofs(now, dossier, before);
    count_work(incident, dossier);
    now->bytes += bytes - dossier->counted_bytes;
    dossier->counted_submitted = conversation->shares_submitted;
    dossier->counted_accepted = conversation->shares_accepted;
    now->shares_stale = before->shares_stale + conversation->shares_stale - dossier->counted_stale;
    dossier->counted_rejected = conversation->shares_rejected;
    dossier->counted_stale = conversation->shares_stale;
    dossier->counted_hashes_submitted = conversation->hashes_submitted;
    dossier->counted_hashes_accepted = conversation->hashes_accepted;
    dossier->counted_bytes = bytes;
}

/* The rate over the latest minutes, with its error. */
static void measure_window(const struct incident *incident, enum rate_kind kind, unsigned minutes,
                           double *rate_hs, double *error)
{
    int64_t now_us = incident->mining_last_us;
    *rate_hs = rate_over(&incident->rate, kind, minutes, incident->mining_first_us, now_us);
    *error = *rate_hs > 0 ? rate_error(rate_shares(&incident->rate, kind, minutes, now_us)) : 0;
}

static void measure(struct incident *incident, const struct dossier *dossier)
{
    const struct conversation *conversation = &dossier->conversation;
    struct mining *now = &incident->mining;
    if (incident->mining_first_us == 0 || conversation->first_us < incident->mining_first_us)
        incident->mining_first_us = conversation->first_us;
    if (conversation->last_us > incident->mining_last_us)
        incident->mining_last_us = conversation->last_us;
    incident->answers_seen |= now->shares_accepted + now->shares_rejected > 0;
    enum rate_kind kind = incident->answers_seen ? RATE_ACCEPTED : RATE_SUBMITTED;
    int64_t first_us = incident->mining_first_us, last_us = incident->mining_last_us;
    now->hashes = incident->rate.all[kind].hashes;
    now->hashrate_hs = rate_of(now->hashes, first_us, last_us);
    now->hashrate_error = now->hashrate_hs > 0 ? rate_error(incident->rate.all[kind].shares) : 0;
    measure_window(incident, kind, 10, &now->hashrate_10m_hs, &now->hashrate_10m_error);
    measure_window(incident, kind, RATE_MINUTES, &now->hashrate_1h_hs, &now->hashrate_1h_error);
    now->hashrate_upper_hs =
        now->shares_submitted > 0 ? 0 : rate_upper(describe_share_work(dossier, now), first_us, last_us);
    now->last_seen_us = last_us;
}

/* Brings the flow's incident up to date; opens it where it is new. */
static struct incident *update_incident(struct judge *judge, struct dossier *dossier,
                                        const struct mining *mining)
{
    bool opened;
    struct incident *incident =
        incidents_get(judge->incidents, &mining->miner, dossier->subject, mining->first_seen_us, &opened);
    if (incident == NULL)
        return NULL;
    const struct mining before = incident->mining;
    incident->mining = *mining;
    merge(&incident->mining, &before);
    if (dossier->incident[0] == '\0' || strcmp(dossier->incident, before.incident) != 0) {
        memcpy(dossier->incident, before.incident, sizeof dossier->incident);
        incident->mining.flows += !dossier->elsewhere;
    }
    if (dossier->elsewhere)
        take_as_counted(dossier, &incident->mining);
    count(incident, dossier, &before);
    measure(incident, dossier);
    judge_join_sanction(judge, incident);
    incident->flow = dossier->flow;
    incident->dirty = true;
    judge_learn_place(judge, &incident->mining);
    judge_cost(judge, incident);
    return incident;
}

/* ---- alerts ---- */

/* The row of the allow list that covers it; NULL where none does. */
static struct allowed_row *describe(struct judge *judge, const struct dossier *dossier, struct mining *mining)
{
    char host[CONVERSATION_MAX_NAME];
    struct pool_knowledge knowledge;
    know_pool_of(judge, dossier, &knowledge, host, sizeof host);
    describe_dossier(dossier, &knowledge, mining);
    judge_place(judge, &dossier->flow, mining);
    struct allowed_row *row = judge_sanction(judge, mining, false, dossier->conversation.last_us);
    if (row == NULL)
        judge_mark_first(judge, dossier->incident, mining);
    return row;
}

/* An alert is about its flow; which incident that belongs to, and what that costs, is told beside it. */
static void show_in_incident(const struct incident *incident, struct mining *mining)
{
    memcpy(mining->incident, incident->mining.incident, sizeof mining->incident);
    mining->cost = incident->mining.cost;
}

/* Protocols that begin alike are told apart by later messages, for certain by a job or a share: once in a
 * flow, that is worth another alert. */
static bool has_news(const struct dossier *dossier)
{
    if (dossier->verdict > dossier->alerted)
        return true;
    return dossier->verdict == dossier->alerted && dossier->alerted != VERDICT_NONE && !dossier->corrected &&
           dossier->conversation.dialect != dossier->alerted_dialect &&
           (dossier->conversation.jobs > 0 || dossier->conversation.shares_submitted > 0);
}

static void alert(struct judge *judge, struct dossier *dossier)
{
    struct mining mining;
    dossier->waiting = false;
    dossier->corrected |= dossier->alerted != VERDICT_NONE && dossier->verdict <= dossier->alerted;
    dossier->alerted = dossier->verdict > dossier->alerted ? dossier->verdict : dossier->alerted;
    dossier->alerted_dialect = dossier->conversation.dialect;
    struct allowed_row *row = describe(judge, dossier, &mining);
    dossier->silenced = row != NULL;
    if (dossier->subject[0] == '\0')
        choose_subject(dossier, &mining);
    dossier->elsewhere |=
        judge_is_seen_elsewhere(judge, &mining, &dossier->flow, dossier->conversation.last_us);
    struct incident *incident = update_incident(judge, dossier, &mining);
    if (incident != NULL)
        show_in_incident(incident, &mining);
    mining.flows = 1;
    mining.bytes = dossier->flow.bytes[0] + dossier->flow.bytes[1];
    if (row != NULL)
        judge_count_silence(judge, row, incident);
    else if (dossier->elsewhere)
        judge->alerts_seen_elsewhere++;
    else
        judge_emit_alert(judge, incident, &mining, &dossier->flow, dossier->conversation.last_us);
    if (incident != NULL)
        judge_emit_incident(judge, incident, incident->updated_us == 0 ? INCIDENT_OPENED : INCIDENT_UPDATED,
                            dossier->conversation.last_us);
}

/* Everything that an alert waits for is there: the login, and for a first one the pool's answer and a job,
 * which tells the dialects apart that begin alike. */
static bool is_complete(const struct dossier *dossier)
{
    return dossier->conversation.user[0] != '\0' &&
           ((dossier->verdict == VERDICT_CONFIRMED && dossier->conversation.jobs > 0) ||
            dossier->alerted != VERDICT_NONE);
}

static void wait_or_alert(struct judge *judge, struct dossier *dossier)
{
    int64_t due_us = dossier->conversation.last_us + (int64_t)judge->config->alert.settle_ms * 1000;
    dossier->waits_with = dossier->verdict;
    dossier->waiting = waiting_add(&judge->waiting, due_us, dossier->flow.id, NULL);
    if (!dossier->waiting)
        alert(judge, dossier);
}

void judge_alert_due(struct judge *judge, uint64_t flow_id)
{
    struct dossier *dossier = dossiers_find(judge->dossiers, flow_id);
    if (dossier == NULL || !dossier->waiting || !has_news(dossier))
        return;
    /* the pool of a distant miner answered meanwhile: the login is on its way */
    if (dossier->verdict > dossier->waits_with && dossier->conversation.user[0] == '\0')
        wait_or_alert(judge, dossier);
    else
        alert(judge, dossier);
}

static void raise_alert(struct judge *judge, struct dossier *dossier, bool ended)
{
    if (!has_news(dossier))
        return;
    if (ended || is_complete(dossier))
        alert(judge, dossier);
    else if (!dossier->waiting)
        wait_or_alert(judge, dossier);
}

/* What was alerted goes on, or would have been: no longer, where it has ceased to be sanctioned. */
static void go_on(struct judge *judge, struct dossier *dossier)
{
    struct mining mining;
    if (dossier->alerted == VERDICT_NONE || dossier->waiting)
        return;
    if (describe(judge, dossier, &mining) == NULL && dossier->silenced) {
        alert(judge, dossier);
        return;
    }
    struct incident *incident = update_incident(judge, dossier, &mining);
    if (incident != NULL && judge_has_incident_news(incident))
        judge_emit_incident(judge, incident, INCIDENT_UPDATED, dossier->conversation.last_us);
}

static void sanction_again(void *context, struct dossier *dossier)
{
    go_on(context, dossier);
}

void judge_sanctions_again(struct judge *judge)
{
    dossiers_each(judge->dossiers, sanction_again, judge);
}

/* Weighs anew what was found, and says it. */
static void judge_again(struct judge *judge, struct dossier *dossier, bool ended)
{
    weigh(judge, dossier);
    raise_alert(judge, dossier, ended);
    go_on(judge, dossier);
}

void judge_conversation(struct judge *judge, const struct report_conversation *report)
{
    struct dossier *dossier = dossiers_get(judge->dossiers, report->flow.id);
    if (dossier == NULL) {
        judge->dossiers_refused++;
        return;
    }
    if (report->conversation.dialect == NULL)
        return;
    if (dossier->conversation.dialect == NULL)
        dossier->told = report->report.order;
    if (dossier->conversation.dialect == NULL ||
        strcmp(dossier->conversation.user, report->conversation.user) != 0)
        wallet_read(report->conversation.user, &dossier->wallet);
    dossier->flow = report->flow;
    dossier->conversation = report->conversation;
    describe_destination(dossier);
    if (!report_is_of_expiry(&report->report))
        judge_again(judge, dossier, report->ended);
    else if (report->ended)
        judge_note_ending(judge, &report->report, dossier);
}

void judge_conversation_ended(struct judge *judge, uint64_t flow_id)
{
    struct dossier *dossier = dossiers_find(judge->dossiers, flow_id);
    if (dossier != NULL)
        judge_again(judge, dossier, true);
}

void judge_proof(struct judge *judge, const struct report_proof *report)
{
    struct dossier *dossier = dossiers_find(judge->dossiers, report->flow_id);
    if (dossier == NULL || dossier->conversation.dialect == NULL)
        return; /* its first report was lost: the ring was full */
    uint64_t facts = dossier->facts;
    proof_check(&dossier->proofs, &report->share);
    if (report_is_of_expiry(&report->report))
        return; /* the flow ends: it is judged then */
    weigh(judge, dossier);
    if (dossier->facts != facts)
        judge_again(judge, dossier, false);
}
