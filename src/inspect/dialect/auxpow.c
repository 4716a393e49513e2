// SPDX-License-Identifier: Apache-2.0
/*
 * Merge mining of Bitcoin's family (Namecoin, Dogecoin, Syscoin, Elastos, ...): a pool's software gets a
 * block of the other chain from its node, and brings back a block of its own chain that stands for it.
 * Sources: namecoin/namecoin-core:src/rpc/auxpow_miner.cpp, dogecoin/dogecoin:src/rpc/mining.cpp
 * (createauxblock, getauxblock, submitauxblock).
 */
#include "inspect/dialect/dialect.h"
#include "intel/wallet.h"

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* At least a coinbase transaction (60 bytes), the hash of its block (32) and a header (80). */
enum { MIN_PROOF_DIGITS = 2 * (60 + 32 + 80), HASH_DIGITS = 64 };

static bool asks_block(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && json_length(rpc->json, rpc->parameters) == 0;
}

/* [address] */
static bool creates_block(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING);
}

static bool creates_paid_block(const struct rpc *rpc)
{
    if (!creates_block(rpc))
        return false;
    struct wallet wallet;
    wallet_read(dialect_parameter_text(rpc, 0), &wallet);
    return wallet.proof == WALLET_CHECKSUM;
}

static void read_create(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user, dialect_parameter_text(rpc, 0));
}

/* [hash of the other chain's block, the proof] */
static bool is_solution(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 2 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), HASH_DIGITS, HASH_DIGITS) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 1), MIN_PROOF_DIGITS, UINT32_MAX);
}

static void read_solution(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, dialect_parameter_text(rpc, 0));
}

/* {hash, chainid, previousblockhash, coinbasevalue, bits, height, target or _target} */
static bool is_block(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    return json_is(json, json_member(json, rpc->result, "chainid"), JSON_NUMBER) &&
           json_is_bare_hex(json, json_member(json, rpc->result, "hash"), HASH_DIGITS, HASH_DIGITS) &&
           json_is_bare_hex(json, json_member(json, rpc->result, "bits"), 8, 8);
}

static void read_block(struct session *session, struct rpc *rpc)
{
    dialect_note_job(session, json_text(rpc->json, json_member(rpc->json, rpc->result, "hash")));
    dialect_read_height(session, rpc, json_member(rpc->json, rpc->result, "height"));
    session_state(session, FACT_POOL_ANSWERS);
}

static const struct word words[] = {
    {"getauxblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_HINTS,
     .asks = ASK_WORK, .points = 10, .fits = asks_block},
    {"getauxblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_SPEAKS,
     .asks = ASK_SUBMIT, .points = 10, .fits = is_solution, .read = read_solution},
    {"createauxblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_HINTS,
     .asks = ASK_WORK, .points = 8, .fits = creates_block, .read = read_create},
    {"createauxblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_SPEAKS,
     .asks = ASK_WORK, .points = 10, .fits = creates_paid_block, .read = read_create},
    {"submitauxblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_SPEAKS,
     .asks = ASK_SUBMIT, .points = 10, .fits = is_solution, .read = read_solution},
    {NULL, .answers = ASK_WORK, .from = SIDE_POOL, .carriers = CARRIER_HTTP | CARRIER_LINE,
     .strength = WORD_SPEAKS, .points = 10, .fits = is_block, .read = read_block},
};

const struct dialect dialect_auxpow = {
    .name = "auxpow",
    .kind = "getblocktemplate",
    .summary = "merge mining with a node over HTTP: getauxblock, createauxblock (Bitcoin family)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0,
    WORDS(words),
};
