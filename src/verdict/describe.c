// SPDX-License-Identifier: Apache-2.0
#include "verdict/describe.h"

#include "base/text.h"
#include "inspect/dialect/dialect.h"
#include "inspect/dialect/share_value.h"
#include "intel/agents.h"
#include "verdict/rate.h"
#include "verdict/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COPY(field, text) text_copy(field, sizeof(field), text)

const struct address *describe_miner(const struct dossier *one)
{
    return one->conversation.miner_sends == TO_SERVER ? &one->flow.client : &one->flow.server;
}

const struct address *describe_pool(const struct dossier *one, uint16_t *port)
{
    bool client_mines = one->conversation.miner_sends == TO_SERVER;
    if (client_mines && one->asked_port != 0) {
        *port = one->asked_port;
        return &one->asked;
    }
    *port = client_mines ? one->flow.server_port : one->flow.client_port;
    return client_mines ? &one->flow.server : &one->flow.client;
}

/* "203.0.113.5:3333", "[2001:db8::5]:3333" */
void describe_destination(struct dossier *one)
{
    char host[ADDRESS_TEXT_SIZE];
    const char *text = one->conversation.destination, *colon = strrchr(text, ':');
    size_t bracket = text[0] == '[', length = colon == NULL ? 0 : (size_t)(colon - text);
    one->asked_port = 0;
    if (length <= 2 * bracket || length - 2 * bracket >= sizeof host)
        return;
    memcpy(host, text + bracket, length - 2 * bracket);
    host[length - 2 * bracket] = '\0';
    unsigned long port = strtoul(colon + 1, NULL, 10);
    if (address_parse(host, &one->asked) && port <= UINT16_MAX)
        one->asked_port = (uint16_t)port;
}

/* ---- shares ---- */

uint64_t describe_proven_shares(const struct dossier *one)
{
    const struct proof_count *known = proof_known(&one->proofs);
    return one->conversation.shares_proven + (known == NULL ? 0 : known->met);
}

uint64_t describe_invalid_shares(const struct dossier *one)
{
    const struct proof_count *known = proof_known(&one->proofs);
    return one->conversation.shares_below + (known == NULL ? 0 : known->missed);
}

double describe_share_unit(const struct dossier *one, const struct mining *mining)
{
    const struct dialect *dialect = one->conversation.dialect;
    if (one->conversation.exact_work)
        return 1;
    return share_value_of(dialect, mining->algorithm, mining->coin).hashes / dialect->hashes_per_difficulty;
}

double describe_share_work(const struct dossier *one, const struct mining *mining)
{
    return one->conversation.difficulty * one->conversation.dialect->hashes_per_difficulty *
           describe_share_unit(one, mining);
}

/* ---- evidence ---- */

void describe_add_evidence(struct mining *mining, const char *what, int weight, const char *format, ...)
{
    if (mining->evidence_count == MINING_MAX_EVIDENCE)
        return;
    struct evidence_item *item = &mining->evidence[mining->evidence_count++];
    item->what = what;
    item->weight = weight;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(item->detail, sizeof item->detail, format, arguments);
    va_end(arguments);
}

static void describe_job(const struct conversation *conversation, char *text, size_t size)
{
    if (conversation->block_height > 0)
        snprintf(text, size, "%s, block %llu", conversation->job_proof,
                 (unsigned long long)conversation->block_height);
    else
        text_copy(text, size, conversation->job_proof);
}

/* Facts about who stands behind the ends, and those of protocols without words. */
static void describe_role(const struct dossier *one, enum fact fact, char *text, size_t size)
{
    const struct conversation *conversation = &one->conversation;
    if (fact == FACT_SEVERAL_LOGINS)
        snprintf(text, size, "%u different ones%s", conversation->login_count,
                 conversation->login_count == CONVERSATION_MAX_LOGINS ? " or more" : "");
    else if (fact == FACT_REDIRECTED)
        snprintf(text, size, "%.100s", conversation->redirect);
    else if (fact == FACT_PROXY_AGENT)
        snprintf(text, size, "%.110s", conversation->agent);
    else if (fact == FACT_PROXY_HOST || fact == FACT_PROXY_POOL)
        snprintf(text, size, "%u miners behind it",
                 fact == FACT_PROXY_HOST ? one->miners_behind : one->miners_beside);
    else if (fact == FACT_AGENT_FRAMES && conversation->workers > 0)
        snprintf(text, size, "%u workers registered", conversation->workers);
    else if (fact == FACT_NOISE_RHYTHM)
        text_copy(text, size, conversation->methods[SIDE_MINER]);
}

static void describe_fact(const struct dossier *one, enum fact fact, const struct pool_knowledge *pool,
                          char *text, size_t size)
{
    const struct conversation *conversation = &one->conversation;
    text[0] = '\0';
    if (fact == FACT_MINER_SPEAKS || fact == FACT_MINER_HINTS)
        text_copy(text, size, conversation->methods[SIDE_MINER]);
    else if (fact == FACT_POOL_SPEAKS || fact == FACT_POOL_HINTS)
        text_copy(text, size, conversation->methods[SIDE_POOL]);
    else if (fact == FACT_JOB_PROVEN)
        describe_job(conversation, text, size);
    else if (fact == FACT_SHARE_ACCEPTED || fact == FACT_SHARE_SUBMITTED)
        snprintf(text, size, "%llu submitted, %llu accepted",
                 (unsigned long long)conversation->shares_submitted,
                 (unsigned long long)conversation->shares_accepted);
    else if (fact == FACT_SHARE_PROVEN)
        snprintf(text, size, "%llu of %llu checked shares meet their target",
                 (unsigned long long)describe_proven_shares(one),
                 (unsigned long long)(describe_proven_shares(one) + describe_invalid_shares(one)));
    else if (fact == FACT_SHARE_BELOW_TARGET)
        snprintf(text, size, "%llu of %llu checked shares", (unsigned long long)describe_invalid_shares(one),
                 (unsigned long long)(describe_proven_shares(one) + describe_invalid_shares(one)));
    else if (fact == FACT_SHARE_REJECTED)
        snprintf(text, size, "%llu rejected", (unsigned long long)conversation->shares_rejected);
    else if (fact == FACT_WALLET_PROVEN && one->wallet.kind != NULL)
        text_copy(text, size, one->wallet.kind);
    else if (fact == FACT_AGENT_KNOWN || fact == FACT_MINER_USER_AGENT)
        snprintf(text, size, "%.110s", conversation->agent);
    else if ((fact == FACT_POOL_NAME || fact == FACT_POOL_ADDRESS) && pool->rule != NULL)
        snprintf(text, size, "%s (%s, seen %u by %s)", pool->rule->pattern, pool->rule->kind,
                 pool->rule->last_seen, pool->rule->sources);
    else
        describe_role(one, fact, text, size);
}

/* The weightiest first. */
static void describe_evidence(const struct dossier *one, const struct pool_knowledge *pool,
                              struct mining *mining)
{
    uint64_t left = verdict_counted(one->facts);
    mining->evidence_count = 0;
    while (left != 0 && mining->evidence_count < MINING_MAX_EVIDENCE) {
        int best = -1;
        for (int fact = 0; fact < FACT_COUNT; fact++)
            if ((left & fact_bit(fact)) != 0 && (best < 0 || fact_rows[fact].points > fact_rows[best].points))
                best = fact;
        left &= ~fact_bit(best);
        struct evidence_item *item = &mining->evidence[mining->evidence_count++];
        item->what = fact_rows[best].words;
        item->weight = fact_rows[best].points;
        describe_fact(one, best, pool, item->detail, sizeof item->detail);
    }
}

/* How the conversation was carried explains why the pool is not the server; it speaks neither way. */
static void describe_carrier(const struct conversation *conversation, struct mining *mining)
{
    if (conversation->carrier[0] == '\0')
        return;
    bool named = conversation->destination[0] != '\0';
    describe_add_evidence(mining, "it is carried inside another protocol", 0, "%s%s%.80s%s%s",
                          conversation->carrier, named ? ", to " : "", conversation->destination,
                          conversation->origin[0] != '\0' ? ", from " : "", conversation->origin);
}

/* ---- the mining object ---- */

/* Placeholders and options stand as they are; what may be a secret shows its first two characters only. */
static void mask_password(const char *password, char *masked, size_t size)
{
    static const char *const plain[] = {"x",     "X",      "xx",       "123",  "1234",
                                        "12345", "123456", "password", "pass", "hybrid"};
    bool show = strchr(password, '=') != NULL || strlen(password) <= 1;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        show |= strcmp(password, plain[i]) == 0;
    if (show)
        text_copy(masked, size, password);
    else
        snprintf(masked, size, "%.2s***", password);
}

static const char *coin_of(const struct wallet *wallet, const struct dialect *dialect,
                           const struct pool_rule *rule)
{
    if (wallet->coin[0] != '\0')
        return wallet->coin;
    if (dialect->coin[0] != '\0')
        return dialect->coin;
    /* a pool that serves one coin only */
    return rule != NULL && rule->coins[0] != '\0' && strchr(rule->coins, ',') == NULL ? rule->coins : "";
}

/* On the wire, by the dialect's nature, or because shares meet their targets by this function and no other.
 */
static const char *algorithm_of(const struct dossier *one)
{
    const struct dialect *dialect = one->conversation.dialect;
    if (one->conversation.algorithm[0] != '\0')
        return one->conversation.algorithm;
    return dialect->algorithm[0] == '\0' ? proof_algorithm(&one->proofs) : dialect->algorithm;
}

static void describe_work(const struct dossier *one, struct mining *mining)
{
    const struct conversation *conversation = &one->conversation;
    bool answered = conversation->shares_accepted + conversation->shares_rejected > 0;
    mining->difficulty = conversation->difficulty;
    mining->shares_submitted = conversation->shares_submitted;
    mining->shares_accepted = conversation->shares_accepted;
    mining->shares_rejected = conversation->shares_rejected;
    mining->shares_stale = conversation->shares_stale;
    mining->block_height = conversation->block_height;
    mining->shares_proven = describe_proven_shares(one);
    mining->shares_invalid = describe_invalid_shares(one);
    if (!conversation->exact_work)
        mining->hashrate_assumes =
            share_value_of(conversation->dialect, mining->algorithm, mining->coin).assumed;
    mining->hashes = (answered ? conversation->hashes_accepted : conversation->hashes_submitted) *
                     describe_share_unit(one, mining);
    mining->hashrate_claimed_hs = conversation->hashrate_claimed_hs;
    mining->hashrate_hs = rate_of(mining->hashes, conversation->first_us, conversation->last_us);
    if (mining->hashrate_hs > 0)
        mining->hashrate_error =
            rate_error(answered ? conversation->shares_accepted : conversation->shares_submitted);
    if (conversation->shares_submitted == 0)
        mining->hashrate_upper_hs =
            rate_upper(describe_share_work(one, mining), conversation->first_us, conversation->last_us);
}

static void describe_roles(const struct dossier *one, struct mining *mining)
{
    const struct conversation *conversation = &one->conversation;
    const uint64_t proxy = fact_bit(FACT_PROXY_HOST) | fact_bit(FACT_PROXY_AGENT);
    COPY(mining->redirect, conversation->redirect);
    if ((one->facts & proxy) != 0 || conversation->workers > 0)
        mining->kind = "proxy";
    mining->miners_behind = one->miners_behind > 0 ? one->miners_behind : conversation->workers;
    if (conversation->login_count < 2)
        return;
    mining->login_count = conversation->login_count;
    for (size_t i = 0; i < mining->login_count; i++)
        COPY(mining->logins[i], conversation->login_list[i]);
}

void describe_dossier(const struct dossier *one, const struct pool_knowledge *pool, struct mining *mining)
{
    const struct conversation *conversation = &one->conversation;
    *mining = (struct mining){
        .kind = conversation->dialect->kind,
        .dialect = conversation->dialect->name,
        .verdict = one->verdict,
        .confidence = one->confidence,
        .miner = *describe_miner(one),
        .geo = pool->place,
        .first_seen_us = conversation->first_us,
        .last_seen_us = conversation->last_us,
    };
    mining->pool = *describe_pool(one, &mining->pool_port);
    COPY(mining->pool_domain, pool->name);
    COPY(mining->pool_other_name, pool->other_name);
    mining->pool_name_from = pool->name_from;
    COPY(mining->pool_operator, pool->rule != NULL ? pool->rule->operator_ : "");
    COPY(mining->coin, coin_of(&one->wallet, conversation->dialect, pool->rule));
    COPY(mining->algorithm, algorithm_of(one));
    COPY(mining->algorithms, conversation->algorithms);
    COPY(mining->rig, conversation->rig);
    COPY(mining->agent, conversation->agent);
    struct software software;
    agent_split(conversation->agent, &software);
    COPY(mining->software, software.name);
    COPY(mining->software_version, software.version);
    COPY(mining->user, conversation->user);
    COPY(mining->wallet, one->wallet.address);
    COPY(mining->worker, one->wallet.worker[0] != '\0' ? one->wallet.worker : conversation->worker);
    mask_password(conversation->password, mining->password, sizeof mining->password);
    describe_work(one, mining);
    describe_roles(one, mining);
    COPY(mining->carrier, conversation->carrier);
    COPY(mining->destination, conversation->destination);
    COPY(mining->origin, conversation->origin);
    describe_evidence(one, pool, mining);
    describe_carrier(conversation, mining);
}

/* ---- signatures ---- */

static const double CONTACT_IS_SURE = 0.5; /* of judge_contacts.c: a rule of high confidence gives more */

/* Numbers never change their meaning: filters of SIEMs are written with them. 9100000 + kind * 10 + verdict.
 */
static const struct {
    const char *kind;
    const char *words;
    uint32_t number;
} kinds[] = {
    {"stratum", "Mining: Stratum", 9100010},
    {"getwork", "Mining: getwork", 9100020},
    {"getblocktemplate", "Mining: getblocktemplate", 9100030},
    {"pool-contact", "Contact with a known mining pool", 9100040},
    {"stratum-v2", "Mining: Stratum V2", 9100050},
    {"p2pool", "Mining: P2Pool node", 9100060},
    {"proxy", "Mining proxy", 9100070},
    {"websocket", "Mining: WebSocket, as browsers do it", 9100080},
    {"node-rpc", "Mining: with a node's interface", 9100090},
    {"encrypted", "Mining: encrypted", 9100100},
};

const char *describe_signature(const struct mining *mining, char *text, size_t size, uint32_t *signature_id,
                               uint8_t *severity)
{
    size_t row = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].kind, mining->kind) == 0)
            row = i;
    *signature_id = kinds[row].number + (uint32_t)mining->verdict;
    *severity = mining->verdict == VERDICT_CONFIRMED ? 1 : mining->verdict == VERDICT_LIKELY ? 2 : 3;
    if (strcmp(mining->kind, "pool-contact") == 0 && mining->confidence >= CONTACT_IS_SURE)
        *severity = 2; /* the name of a stratum host, which nobody looks up to read a web page */
    if (mining->dialect[0] == '\0' && mining->pool_domain[0] != '\0')
        snprintf(text, size, "%s (%s)", kinds[row].words, mining->pool_domain);
    else if (mining->dialect[0] == '\0')
        snprintf(text, size, "%s, %s", kinds[row].words, verdict_name(mining->verdict));
    else
        snprintf(text, size, "%s (%s), %s", kinds[row].words, mining->dialect, verdict_name(mining->verdict));
    return text;
}
