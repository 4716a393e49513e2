// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Ergo (Autolykos): the target stands in the job as a decimal number.
 * Sources: leifjacky/erg-gominer-demo:README.md, blackmennewstyle/miningcore:src/Miningcore/Blockchain/Ergo.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#include <math.h>

static bool is_authorize(const struct rpc *rpc)
{
    return shape_is_wallet(rpc, 0, "9", "ERG");
}

/* An answer to mining.subscribe whose identifier is the method: [anything, extranonce, size] */
static bool is_named_answer(const struct rpc *rpc)
{
    return json_equals(rpc->json, shape_outer_member(rpc, "id"), "mining.subscribe") &&
           json_length(rpc->json, rpc->result) == 3 &&
           json_is_bare_hex(rpc->json, json_element(rpc->json, rpc->result, 1), 2, 16) &&
           json_is(rpc->json, json_element(rpc->json, rpc->result, 2), JSON_NUMBER);
}

static void read_answer(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

/* [job, height, message, "", "", version, target, "", clean] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jnhee*deb");
}

/* [job, message, height, clean]: the older form */
static bool is_old_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jhnb");
}

static void read_old_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    dialect_read_height(session, rpc, dialect_parameter(rpc, 2));
}

static void read_job(struct session *session, struct rpc *rpc)
{
    double target = 0;
    const char *digits = dialect_parameter_text(rpc, 6); /* up to 78 */
    dialect_read_job(session, rpc);
    dialect_read_height(session, rpc, dialect_parameter(rpc, 1));
    for (size_t i = 0; digits[i] != '\0' && i < 80; i++)
        target = target * 10 + (digits[i] - '0');
    if (target >= 1)
        work_set(session, ldexp(1.0 / target, 256));
}

/* [user, job, extranonce2, time, nonce] with a nonce of 8 bytes, where Bitcoin's has 4 */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sja*a") && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 2), 2, 16) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 4), 16, 16);
}

static bool is_own_submit(const struct rpc *rpc)
{
    return (shape_is(rpc, "sja") || shape_is(rpc, "sja**")) && shape_is_wallet(rpc, 0, "9", "ERG");
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_authorize, .read = dialect_read_authorize},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8,
     .fits = is_named_answer, .read = read_answer},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_old_job,
     .read = read_old_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_submit, .read = dialect_read_submit},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_own_submit, .read = dialect_read_submit},
};

const struct dialect dialect_ergo = {
    .name = "ergo",
    .kind = "stratum",
    .summary = "Stratum of Ergo (Autolykos)",
    .algorithm = "autolykos2",
    .coin = "ERG",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
