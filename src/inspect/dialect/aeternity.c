// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Aeternity (Cuckoo Cycle): shares hold 42 edges.
 * Source: aeternity/protocol:STRATUM.md.
 */
#include "inspect/dialect/shape.h"

enum { CYCLE = 42 };

static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_address(rpc, 0, "ak_", 40, 60);
}

/* [job, (version,) header hash, clean] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jhb") || shape_is(rpc, "jnhb");
}

/* [user, job, nonce, [42 edges]] */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sjal") && json_length(rpc->json, dialect_parameter(rpc, 3)) == CYCLE;
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 9, .fits = is_job,
     .read = dialect_read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_aeternity = {
    .name = "aeternity",
    .kind = "stratum",
    .summary = "Stratum of Aeternity (Cuckoo Cycle)",
    .algorithm = "cuckoocycle",
    .coin = "AE",
    .share_unit = "graph",
    .hashes_per_difficulty = CYCLE, /* one graph in 42 holds a cycle; 2^256 / target cycles make a share */
    WORDS(words),
};
