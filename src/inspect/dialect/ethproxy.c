// SPDX-License-Identifier: Apache-2.0
/*
 * EthProxy: eth_* JSON-RPC over a bare stream, for Ethash and its relatives.
 * Sources: ethereum-mining/ethminer:libpoolprotocols/stratum/EthStratumClient.cpp,
 * sammy007/open-ethereum-pool.
 */
#include "inspect/dialect/ethash.h"

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

static const struct word words[] = {
    {"eth_submitLogin", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_LOGIN, .points = 10,
     .fits = is_login, .read = read_login},
    {"eth_getWork", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_WORK, .points = 8,
     .fits = ethash_has_no_parameters},
    {"eth_submitWork", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = ethash_is_work, .read = ethash_read_work},
    {"eth_submitHashrate", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 8,
     .fits = ethash_is_hashrate, .read = ethash_read_hashrate},
    {NULL, .answers = ASK_WORK, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 6,
     .fits = ethash_is_job, .read = ethash_read_job},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SUPPORTS, .points = 5,
     .fits = ethash_is_job},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 7,
     .fits = ethash_is_proven_job, .read = ethash_read_proven_job},
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
