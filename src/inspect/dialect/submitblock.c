// SPDX-License-Identifier: Apache-2.0
/*
 * submitblock: a getblocktemplate miner, or a pool's software, delivers a block, often on a connection of its
 * own. Sources: bitcoin/bips:bip-0022.mediawiki, bip-0023.mediawiki, luke-jr/bfgminer:miner.c,
 * pooler/cpuminer:cpu-miner.c.
 */
#include "inspect/dialect/dialect.h"

/* [block(, {workid})]: at least a header of 80 bytes and a transaction */
static bool is_block(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    return count >= 1 && count <= 2 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 280, UINT32_MAX);
}

static void read_share(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, "");
}

/* []: pool software asks the node at its start whether it takes blocks */
static bool is_probe(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && json_length(rpc->json, rpc->parameters) == 0;
}

static void read_probe(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_NODE_PROBED);
}

static const struct word words[] = {
    {"submitblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_HINTS, .asks = ASK_OTHER,
     .points = 8, .fits = is_probe, .read = read_probe},
    {"submitblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_SPEAKS,
     .asks = ASK_SUBMIT, .points = 10, .fits = is_block, .read = read_share},
};

const struct dialect dialect_submitblock = {
    .name = "submitblock",
    .kind = "getblocktemplate",
    .summary = "submitblock over HTTP: a getblocktemplate miner delivers a block",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0,
    WORDS(words),
};
