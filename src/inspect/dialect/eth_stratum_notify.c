// SPDX-License-Identifier: Apache-2.0
/*
 * Ethash over Bitcoin-like Stratum ("stratum" mode of ethminer, Coinotron, nanopool): mining.notify with
 * three hashes. Sources: ethereum-mining/ethminer:libpoolprotocols/stratum/EthStratumClient.cpp, real answers
 * of pools.
 */
#include "inspect/dialect/ethash.h"

static bool three_hashes(const struct rpc *rpc, uint16_t first)
{
    for (uint16_t i = 0; i < 3; i++)
        if (!json_is_hex(rpc->json, dialect_parameter(rpc, (uint16_t)(first + i)), 64, 64))
            return false;
    return true;
}

/* [job, header hash, seed hash, boundary, clean(, height)] */
static bool is_job(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    uint8_t clean = dialect_parameter(rpc, 4);
    return (count == 5 || count == 6) && three_hashes(rpc, 1) &&
           (json_is(rpc->json, clean, JSON_TRUE) || json_is(rpc->json, clean, JSON_FALSE));
}

/* the same without a job in front, and a hash more: seen from pools that serve several coins at one port */
static bool is_four_hashes(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) >= 4 && three_hashes(rpc, 0) &&
           json_is_hex(rpc->json, dialect_parameter(rpc, 3), 64, 64);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    dialect_set_difficulty(session, dialect_difficulty_of_target(dialect_parameter_text(rpc, 3)));
    /* the seed is the second hash, whether a job stands before them or not */
    ethash_prove_seed(session, dialect_parameter_text(rpc, 2), dialect_parameter_text(rpc, 1));
    ethash_read_height(session, rpc, dialect_parameter(rpc, 5), dialect_parameter_text(rpc, 2));
}

/* [user, job, nonce, header hash, mix hash] */
static bool is_submit(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 5 &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 2), 16, 16) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 3), 64, 64) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 4), 64, 64);
}

/* One job alone does not outweigh a handshake that was Bitcoin's: there are pools that send such jobs behind
 * one. */
static const struct word words[] = {
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 5, .fits = is_job,
     .read = read_job},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 5, .fits = is_four_hashes,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 9,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_eth_stratum_notify = {
    .name = "eth-stratum-notify",
    .kind = "stratum",
    .summary = "Ethash over Bitcoin-like Stratum: mining.notify with header, seed and boundary",
    .algorithm = "ethash",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
