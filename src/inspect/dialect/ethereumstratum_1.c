// SPDX-License-Identifier: Apache-2.0
/*
 * EthereumStratum/1.0.0, NiceHash's Stratum for Ethash.
 * Source: nicehash/Specifications:EthereumStratum_NiceHash_v1.0.0.txt.
 */
#include "inspect/dialect/ethash.h"

#include <string.h>

static const char marker[] = "EthereumStratum/1.0.0";

static bool is_subscribe(const struct rpc *rpc)
{
    return json_equals(rpc->json, dialect_parameter(rpc, 1), marker);
}

/* [["mining.notify", session, marker], extranonce] */
static bool answers_subscribe(const struct rpc *rpc)
{
    uint8_t subscription = json_element(rpc->json, rpc->result, 0);
    return json_equals(rpc->json, json_element(rpc->json, subscription, 2), marker) &&
           json_is_hex(rpc->json, json_element(rpc->json, rpc->result, 1), 0, 6);
}

static void read_answer(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

/* [job, seed hash, header hash, clean]: the seed comes first, no 0x */
static bool is_job(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 4 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 1), 64, 64) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 2), 64, 64);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    ethash_prove_seed(session, dialect_parameter_text(rpc, 1), NULL);
}

/* [user, job, nonce without the extranonce that the pool gave] */
static bool is_submit(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 3 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 2), 10, 16);
}

/* With an empty extranonce the nonce is whole, as it is in dialects that have none. */
static bool is_short_submit(const struct rpc *rpc)
{
    return is_submit(rpc) && json_length(rpc->json, dialect_parameter(rpc, 2)) <= 14;
}

/* ["af4c"]: one element, where other dialects have two */
static bool is_extranonce(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 2, 6);
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 6,
     .fits = is_subscribe, .read = dialect_read_subscribe},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10,
     .fits = answers_subscribe, .read = read_answer},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_job,
     .read = read_job},
    {"mining.set_extranonce", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 4, .fits = is_extranonce},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 3,
     .fits = is_submit, .read = dialect_read_submit},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_short_submit, .read = dialect_read_submit},
};

const struct dialect dialect_ethereumstratum_1 = {
    .name = "ethereumstratum-1.0.0",
    .kind = "stratum",
    .summary = "EthereumStratum/1.0.0 of NiceHash (Ethash)",
    .algorithm = "ethash",
    .coin = "",
    .share_unit = "H",
    /* target = 65535 * 2^208 / difficulty, as in Bitcoin's Stratum */
    .hashes_per_difficulty = 281474976710656.0 / 65535.0,
    WORDS(words),
};
