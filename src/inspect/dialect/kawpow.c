// SPDX-License-Identifier: Apache-2.0
/*
 * KawPow and its relatives of the ProgPoW family: Ravencoin, Neoxa, Clore, Evrmore, Meowcoin, Firo.
 * Sources: RavenCommunity/kawpowminer:libpoolprotocols/stratum/EthStratumClient.cpp,
 * xmrig/xmrig:src/base/net/stratum/EthStratumClient.cpp, nicehash/Specifications:KawPow_NiceHash_v1.0.txt,
 * blackmennewstyle/miningcore:src/Miningcore/Blockchain/Progpow.
 */
#include "inspect/dialect/ethash.h"
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#include "intel/wallet.h"

#include <stdio.h>

enum { EPOCH_BLOCKS = 7500 }; /* of KawPow; the relatives have other lengths */

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* Miners that speak Stratum for this algorithm, or for few others: kawpowminer, and XMRig, which logs in
 * otherwise for all but this one and GhostRider. */
static bool is_own_subscribe(const struct rpc *rpc)
{
    return shape_begins(rpc->json, dialect_parameter(rpc, 0), "kawpowminer");
}

static bool is_xmrig_subscribe(const struct rpc *rpc)
{
    return shape_begins(rpc->json, dialect_parameter(rpc, 0), "XMRig/");
}

/* [null, extranonce, extranonce] */
static bool is_nonce(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    return json_length(json, rpc->result) == 3 &&
           json_is(json, json_element(json, rpc->result, 0), JSON_NULL) &&
           json_is_bare_hex(json, json_element(json, rpc->result, 1), 4, 8) &&
           json_is_bare_hex(json, json_element(json, rpc->result, 2), 4, 8);
}

static void read_nonce(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

/* [job, header hash, seed hash, target, clean, height, bits] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jxxxbna") && json_is_hex(rpc->json, dialect_parameter(rpc, 6), 8, 8);
}

/* The seed is one of the chain that Ethash has too; KawPow takes a new one every 7,500 blocks. */
static void read_job(struct session *session, struct rpc *rpc)
{
    int epoch = ethash_epoch_of_seed(dialect_parameter_text(rpc, 2));
    double height = 0;
    json_number(rpc->json, dialect_parameter(rpc, 5), &height);
    dialect_read_job(session, rpc);
    work_set_target(session, dialect_parameter_text(rpc, 3));
    dialect_read_height(session, rpc, dialect_parameter(rpc, 5));
    if (epoch <= 0) /* zeros prove nothing */
        return;
    bool kawpow = height >= 0 && height < 1e9 && (int)(height / EPOCH_BLOCKS) == epoch;
    char text[64];
    snprintf(text, sizeof text, "its seed is that of epoch %d%s", epoch,
             kawpow ? ", as its height says" : "");
    session_state(session, FACT_JOB_PROVEN);
    SET(session->conversation.job_proof, text);
    SET(session->conversation.algorithm, kawpow ? "kawpow" : "progpow");
}

/* [user, job, nonce, header hash, mix hash], as Ethash has it; wallets of these coins are not Ethereum's */
static bool is_submit(const struct rpc *rpc)
{
    if (!shape_is(rpc, "sjaHH") || !json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 2), 16, 16) ||
        shape_begins(rpc->json, dialect_parameter(rpc, 0), "0x"))
        return false;
    struct wallet wallet;
    wallet_read(dialect_parameter_text(rpc, 0), &wallet);
    return wallet.proof == WALLET_CHECKSUM;
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 8,
     .fits = is_own_subscribe, .read = dialect_read_subscribe},
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 2,
     .fits = is_xmrig_subscribe, .read = dialect_read_subscribe},
    {NULL, .answers = ASK_SUBSCRIBE, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 6,
     .fits = is_nonce, .read = read_nonce},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_kawpow = {
    .name = "kawpow",
    .kind = "stratum",
    .summary = "Stratum for KawPow and ProgPoW (Ravencoin, Neoxa, Evrmore, Firo, ...)",
    .algorithm = "kawpow",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
