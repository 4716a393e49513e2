// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Handshake: five roots in the job instead of a coinbase.
 * Source: HandshakeAlliance/hstratum:docs/spec.md and pools that send the roots alone.
 */
#include "inspect/dialect/shape.h"

#include <stdlib.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* "hs1q..." (bech32): its prefix is enough in a place where only a login can stand */
static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_address(rpc, 0, "hs1", 39, 59);
}

/* [job, previous block, merkle root, witness root, tree root, reserved root, version, bits, time] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jhhhhh444");
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    if (!dialect_time_is_near(rpc, strtoul(dialect_parameter_text(rpc, 8), NULL, 16)))
        return;
    session_state(session, FACT_JOB_PROVEN);
    SET(session->conversation.job_proof, "block time in the job is that of the packet");
}

/* [user, job, extranonce2, time, nonce(, version)]: Bitcoin's but for the user */
static bool is_submit(const struct rpc *rpc)
{
    return (shape_is(rpc, "sja44") || shape_is(rpc, "sja444")) && is_wallet(rpc);
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_handshake = {
    .name = "handshake",
    .kind = "stratum",
    .summary = "Stratum of Handshake",
    .algorithm = "handshake",
    .coin = "HNS",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0, /* as SHA-256d */
    WORDS(words),
};
