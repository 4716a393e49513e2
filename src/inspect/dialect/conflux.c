// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Conflux (Octopus): the login stands in mining.subscribe, the boundary in the job.
 * Sources: Conflux-Chain/conflux-doc:docs/stratum.md, nicehash/Specifications:Octopus_NiceHash_v1.0.txt.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

static bool is_subscribe(const struct rpc *rpc)
{
    return shape_is_wallet(rpc, 0, "cfx:", "CFX");
}

static bool is_boundary(const struct rpc *rpc, uint16_t position)
{
    return json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, position), 32,
                                64); /* leading zeros are left out */
}

/* [job, height as text, hash, boundary] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "sdHa") && is_boundary(rpc, 3);
}

/* [job, which is the hash, hash, boundary]: the node's own form */
static bool is_node_job(const struct rpc *rpc)
{
    return shape_is(rpc, "HHa") && is_boundary(rpc, 2);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    uint16_t boundary = (uint16_t)(json_length(rpc->json, rpc->parameters) - 1);
    dialect_read_job(session, rpc);
    work_set_target(session, dialect_parameter_text(rpc, boundary));
    if (boundary == 3)
        dialect_read_height(session, rpc, dialect_parameter(rpc, 1));
}

/* [user, job, nonce, hash] */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "ssaH") && json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 2), 1, 64);
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 10,
     .fits = is_subscribe, .read = dialect_read_authorize},
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_subscribe, .read = dialect_read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_node_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_conflux = {
    .name = "conflux",
    .kind = "stratum",
    .summary = "Stratum of Conflux (Octopus)",
    .algorithm = "octopus",
    .coin = "CFX",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
