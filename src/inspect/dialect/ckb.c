// SPDX-License-Identifier: Apache-2.0
/*
 * Nervos CKB (Eaglesong): Bitcoin's method names with a job of five values, and SparkPool's ckb_* methods.
 * Sources: leifjacky/ckb-gominer-demo:README.md, nervosnetwork/ckb:docs/stratum_v1.md.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#include <stdlib.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static bool is_authorize(const struct rpc *rpc)
{
    return shape_is_wallet(rpc, 0, "ckb1", "CKB");
}

/* [job, header hash, height, parent hash, clean] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jhnhb");
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    dialect_read_height(session, rpc, dialect_parameter(rpc, 2));
}

/* [user, job, nonce without the pool's part], 16 bytes both together: longer than in other dialects of three
 */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sja") && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 2), 22, 32);
}

static bool is_own_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sja") && shape_is_wallet(rpc, 0, "ckb1", "CKB");
}

/* ---- SparkPool ---- */

/* {"login","agent","worker"}, or a list with the login first */
static bool is_login(const struct rpc *rpc)
{
    return json_is(rpc->json, shape_member(rpc, "login"), JSON_STRING) ||
           json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING);
}

static void read_login(struct session *session, struct rpc *rpc)
{
    dialect_read_authorize(session, rpc);
    SET(session->conversation.agent, json_text(rpc->json, shape_member(rpc, "agent")));
    SET(session->conversation.worker, json_text(rpc->json, shape_member(rpc, "worker")));
}

/* {"pow_hash","target"}, pushed with the identifier 0 as well */
static bool is_work(const struct rpc *rpc)
{
    return json_is_prefixed_hex(rpc->json, json_member(rpc->json, rpc->result, "pow_hash"), 64, 64) &&
           json_is_prefixed_hex(rpc->json, json_member(rpc->json, rpc->result, "target"), 64, 64);
}

static void read_work(struct session *session, struct rpc *rpc)
{
    session_add_job(session, json_text(rpc->json, json_member(rpc->json, rpc->result, "pow_hash")));
    session->conversation.jobs++;
    work_set_target(session, json_text(rpc->json, json_member(rpc->json, rpc->result, "target")));
}

static void read_asked_work(struct session *session, struct rpc *rpc)
{
    session_state(session, FACT_POOL_ANSWERS);
    read_work(session, rpc);
}

static bool is_solution(const struct rpc *rpc)
{
    return json_is_prefixed_hex(rpc->json, shape_member(rpc, "pow_hash"), 64, 64) &&
           json_is_hex(rpc->json, shape_member(rpc, "nonce"), 1, 32);
}

static void read_solution(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, json_text(rpc->json, shape_member(rpc, "pow_hash")));
}

/* The rate is the parameter itself, or the first of a list. */
static const char *hashrate_of(const struct rpc *rpc)
{
    bool list = json_is(rpc->json, rpc->parameters, JSON_ARRAY);
    uint8_t rate = list ? dialect_parameter(rpc, 0) : rpc->parameters;
    return json_is_hex(rpc->json, rate, 1, 15) ? json_text(rpc->json, rate) : "";
}

static bool is_hashrate(const struct rpc *rpc)
{
    return hashrate_of(rpc)[0] != '\0';
}

static void read_hashrate(struct session *session, struct rpc *rpc)
{
    session->conversation.hashrate_claimed_hs = (double)strtoull(hashrate_of(rpc), NULL, 16);
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_authorize, .read = dialect_read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 7,
     .fits = is_submit, .read = dialect_read_submit},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_own_submit, .read = dialect_read_submit},
    {"ckb_submitLogin", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_LOGIN, .points = 10,
     .fits = is_login, .read = read_login},
    {"ckb_getWork", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_WORK, .points = 10,
     .fits = shape_is_bare},
    {"ckb_submitWork", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_solution, .read = read_solution},
    {"ckb_submitHashrate", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 10,
     .fits = is_hashrate, .read = read_hashrate},
    {NULL, .answers = ASK_WORK, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_work,
     .read = read_asked_work},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_work,
     .read = read_work},
};

const struct dialect dialect_ckb = {
    .name = "ckb",
    .kind = "stratum",
    .summary = "Stratum of Nervos CKB (Eaglesong), SparkPool's ckb_* methods too",
    .algorithm = "eaglesong",
    .coin = "CKB",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
