// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Xelis: three texts in the login, the time in the job.
 * Sources: vipor-net/xelis-stratum-protocol:README.md, nicehash/Specifications:XelisHashV2_NiceHash_v1.0.txt.
 */
#include "inspect/dialect/shape.h"

#include <stdlib.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* "xel:" (on the test network "xet:") and the key in base 32 */
static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_address(rpc, 0, "xel:", 38, 110) || shape_is_address(rpc, 0, "xet:", 38, 110);
}

/* [agent, [algorithms]] */
static bool is_subscribe(const struct rpc *rpc)
{
    return shape_is(rpc, "sl") &&
           json_is(rpc->json, json_element(rpc->json, dialect_parameter(rpc, 1), 0), JSON_STRING);
}

/* [session, extranonce, its length in bytes, public key] */
static bool is_welcome(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    uint8_t nonce = json_element(json, rpc->result, 1), size = json_element(json, rpc->result, 2);
    double bytes;
    return json_length(json, rpc->result) == 4 && json_is_bare_hex(json, nonce, 2, 64) &&
           json_is(json, size, JSON_NUMBER) && json_number(json, size, &bytes) &&
           bytes * 2 == json_length(json, nonce) &&
           json_is_bare_hex(json, json_element(json, rpc->result, 3), 64, 64);
}

static void read_welcome(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

/* [wallet, worker, password] */
static void read_authorize(struct session *session, struct rpc *rpc)
{
    bool three = json_length(rpc->json, rpc->parameters) >= 3;
    dialect_read_authorize(session, rpc);
    if (!three)
        return;
    SET(session->conversation.worker, dialect_parameter_text(rpc, 1));
    SET(session->conversation.password, dialect_parameter_text(rpc, 2));
}

/* [job, time, work hash, algorithm or public key, clean] */
static bool is_job(const struct rpc *rpc)
{
    uint8_t time = dialect_parameter(rpc, 1);
    return shape_is(rpc, "j*hsb") &&
           (json_is(rpc->json, time, JSON_NUMBER) || json_is_bare_hex(rpc->json, time, 8, 16));
}

static void read_job(struct session *session, struct rpc *rpc)
{
    uint8_t value = dialect_parameter(rpc, 1);
    bool number = json_is(rpc->json, value, JSON_NUMBER);
    uint64_t time = strtoull(json_text(rpc->json, value), NULL, number ? 10 : 16);
    dialect_read_job(session, rpc);
    shape_prove_time(session, rpc, time);
}

/* [user, job, (time,) nonce] */
static bool is_submit(const struct rpc *rpc)
{
    return (shape_is(rpc, "sja") || shape_is(rpc, "sj**")) && is_wallet(rpc);
}

/* [level, text] */
static bool is_print(const struct rpc *rpc)
{
    return shape_is(rpc, "ns");
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 6,
     .fits = is_subscribe, .read = dialect_read_subscribe},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8,
     .fits = is_welcome, .read = read_welcome},
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 9, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = dialect_read_submit},
    {"mining.print", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 6, .fits = is_print},
};

const struct dialect dialect_xelis = {
    .name = "xelis",
    .kind = "stratum",
    .summary = "Stratum of Xelis",
    .algorithm = "xelishash",
    .coin = "XEL",
    .share_unit = "H",
    .hashes_per_difficulty = 1, /* the chain's difficulty counts hashes */
    WORDS(words),
};
