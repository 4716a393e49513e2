// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Nexa (NexaPow): the header's commitment in the job.
 * Source: blackmennewstyle/miningcore:src/Miningcore/Blockchain/Nexa.
 */
#include "inspect/dialect/shape.h"

static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_wallet(rpc, 0, "nexa:", "NEXA");
}

/* [job, commitment, height, bits] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jhn4");
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    dialect_read_height(session, rpc, dialect_parameter(rpc, 2));
}

/* [user, job, ..., nonce] */
static bool is_submit(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    return count >= 3 && count <= 6 &&
           json_is_hex(rpc->json, dialect_parameter(rpc, (uint16_t)(count - 1)), 4, 64) && is_wallet(rpc);
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_nexa = {
    .name = "nexa",
    .kind = "stratum",
    .summary = "Stratum of Nexa (NexaPow)",
    .algorithm = "nexapow",
    .coin = "NEXA",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0, /* Bitcoin's, for want of another figure */
    WORDS(words),
};
