// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Aleo: a target that is a whole number.
 * Source: HarukaMa/aleo-pool-server:stratum/spec.md.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

static bool is_subscribe(const struct rpc *rpc)
{
    return shape_begins(rpc->json, dialect_parameter(rpc, 1), "AleoStratum/");
}

/* [session or null, server's nonce or null or protocol(, address)] */
static bool is_welcome(const struct rpc *rpc)
{
    return shape_begins(rpc->json, json_element(rpc->json, rpc->result, 1), "AleoStratum/");
}

static void read_welcome(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_wallet(rpc, 0, "aleo1", "ALEO");
}

/* [number]: other dialects have hexadecimal text there */
static bool is_target(const struct rpc *rpc)
{
    double number;
    return shape_is(rpc, "n") && json_number(rpc->json, dialect_parameter(rpc, 0), &number) && number >= 1;
}

static void read_target(struct session *session, struct rpc *rpc)
{
    double number;
    if (json_number(rpc->json, dialect_parameter(rpc, 0), &number))
        work_set(session, number); /* one proof in so many meets it */
}

/* [job, header root, four leaves, clean] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "ssssssb");
}

/* [user, job, nonce, proof] */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "ssss") && json_length(rpc->json, dialect_parameter(rpc, 3)) >= 96;
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 10,
     .fits = is_subscribe, .read = dialect_read_subscribe},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10,
     .fits = is_welcome, .read = read_welcome},
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    {"mining.set_target", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 9, .fits = is_target,
     .read = read_target},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_job,
     .read = dialect_read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_aleo = {
    .name = "aleo",
    .kind = "stratum",
    .summary = "Stratum of Aleo",
    .algorithm = "aleo",
    .coin = "ALEO",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
