// SPDX-License-Identifier: Apache-2.0
/*
 * EthProxy: eth_* JSON-RPC over a bare stream, for Ethash and its relatives.
 * Sources: ethereum-mining/ethminer:libpoolprotocols/stratum/EthStratumClient.cpp, sammy007/open-ethereum-pool.
 */
#include "inspect/dialect/dialect.h"

#include <stdlib.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static bool is_login(const struct rpc *rpc)
{
    return json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING);
}

static void read_login(struct session *session, struct rpc *rpc)
{
    dialect_read_authorize(session, rpc);
    /* Claymore and its followers name the rig in a member of its own and send no agent: "worker":"eth1.0" */
    SET(session->conversation.worker, json_text(rpc->json, json_member(rpc->json, rpc->message, "worker")));
}

static bool has_no_parameters(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 0;
}

/* [nonce, header hash, mix hash] */
static bool is_work(const struct rpc *rpc)
{
    return json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 0), 16, 16) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 1), 64, 64) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 2), 64, 64);
}

static void read_work(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, dialect_parameter_text(rpc, 1));
}

static bool is_hashrate(const struct rpc *rpc)
{
    return json_is_hex(rpc->json, dialect_parameter(rpc, 0), 1, 64) &&
           json_is_hex(rpc->json, dialect_parameter(rpc, 1), 1, 64);
}

static void read_hashrate(struct session *session, struct rpc *rpc)
{
    const char *text = dialect_parameter_text(rpc, 0);
    session->conversation.hashrate_claimed_hs = (double)strtoull(text, NULL, 16);
}

/* [header hash, seed hash, boundary(, height or nonce prefix)]: also pushed unasked, with id 0 */
static bool is_job(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->result);
    if (!json_is(rpc->json, rpc->result, JSON_ARRAY) || count < 3 || count > 4)
        return false;
    for (uint16_t i = 0; i < 3; i++)
        if (!json_is_prefixed_hex(rpc->json, json_element(rpc->json, rpc->result, i), 64, 64))
            return false;
    return true;
}

static void read_job(struct session *session, struct rpc *rpc)
{
    session_add_job(session, json_text(rpc->json, json_element(rpc->json, rpc->result, 0)));
    session->conversation.jobs++;
    double difficulty = dialect_difficulty_of_target(json_text(rpc->json, json_element(rpc->json, rpc->result, 2)));
    if (difficulty > 0)
        session->conversation.difficulty = difficulty;
    session_state(session, FACT_POOL_ANSWERS);
}

static const struct word words[] = {
    {"eth_submitLogin", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_LOGIN, .points = 10,
     .fits = is_login, .read = read_login},
    {"eth_getWork", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_WORK, .points = 8,
     .fits = has_no_parameters},
    {"eth_submitWork", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_work, .read = read_work},
    {"eth_submitHashrate", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 8,
     .fits = is_hashrate, .read = read_hashrate},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 6, .fits = is_job,
     .read = read_job},
};

const struct dialect dialect_ethproxy = {
    .name = "ethproxy",
    .kind = "stratum",
    .summary = "eth_submitLogin and eth_getWork on a bare stream (Ethash, Etchash)",
    .algorithm = "ethash",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};

/* ---- the same requests as HTTP bodies ---- */

/* POST /?miner=30@0x<wallet>@<rig>, /0x<wallet>/<worker>, /<wallet>.<worker>/<rate>: the login is in the target. */
static void read_target(struct session *session, struct rpc *rpc)
{
    const char *target = rpc->http_target;
    const char *named = strstr(target, "miner=");
    if (named != NULL)
        target = named + 6;
    else if (target[0] == '/')
        target++;
    char user[CONVERSATION_MAX_USER];
    size_t length = strcspn(target, "& ");
    if (length >= sizeof user)
        length = sizeof user - 1;
    memcpy(user, target, length);
    user[length] = '\0';
    if (strstr(user, "0x") != NULL || named != NULL)
        SET(session->conversation.user, user);
}

static void read_http_hashrate(struct session *session, struct rpc *rpc)
{
    read_target(session, rpc);
    read_hashrate(session, rpc);
}

static void read_http_work(struct session *session, struct rpc *rpc)
{
    read_target(session, rpc);
    read_work(session, rpc);
}

static const struct word http_words[] = {
    /* one lone eth_getWork may be a wallet or a monitor: it needs a login in its target or a second fact */
    {"eth_getWork", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_HINTS, .asks = ASK_WORK,
     .points = 10, .fits = has_no_parameters, .read = read_target},
    {"eth_submitWork", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT,
     .points = 10, .fits = is_work, .read = read_http_work},
    {"eth_submitHashrate", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_OTHER, .points = 10, .fits = is_hashrate, .read = read_http_hashrate},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_HINTS,
     .points = 8, .fits = is_job, .read = read_job},
};

const struct dialect dialect_eth_getwork_http = {
    .name = "eth-getwork-http",
    .kind = "getwork",
    .summary = "eth_getWork over HTTP (Ethash)",
    .algorithm = "ethash",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(http_words),
};
