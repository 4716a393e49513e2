// SPDX-License-Identifier: Apache-2.0
/*
 * getwork: Bitcoin-family mining over HTTP, the oldest form.
 * Sources: bitcoin/bips:bip-0022.mediawiki, bip-0023.mediawiki, luke-jr/bfgminer:miner.c,
 * pooler/cpuminer:cpu-miner.c.
 */
#include "inspect/dialect/dialect.h"
#include "inspect/dialect/work.h"

enum { TARGET_DIGITS = 64 };

/* [] asks for work, [data] of 128 bytes or more delivers it */
static bool asks_work(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && json_length(rpc->json, rpc->parameters) == 0;
}

static bool delivers_work(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 160, 2048);
}

static void read_share(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, "");
}

/* {data, target, midstate, hash1} */
static bool is_work(const struct rpc *rpc)
{
    return json_is_bare_hex(rpc->json, json_member(rpc->json, rpc->result, "data"), 160, 2048) &&
           json_is_bare_hex(rpc->json, json_member(rpc->json, rpc->result, "target"), 64, 64);
}

/* The target is little endian, as the hash is compared (bitcoin wiki: getwork). */
static void read_answer(struct session *session, struct rpc *rpc)
{
    char target[TARGET_DIGITS + 1] = "";
    const char *text = json_text(rpc->json, json_member(rpc->json, rpc->result, "target"));
    for (size_t i = 0; i < TARGET_DIGITS; i += 2) {
        target[i] = text[TARGET_DIGITS - 2 - i];
        target[i + 1] = text[TARGET_DIGITS - 1 - i];
    }
    session->conversation.jobs++;
    work_set_target(session, target);
    session_state(session, FACT_POOL_ANSWERS);
}

static const struct word words[] = {
    {"getwork", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS, .asks = ASK_WORK,
     .points = 10, .fits = asks_work},
    /* any queue of jobs may be asked so on a line; mining software asks over HTTP */
    {"getwork", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_WORK, .points = 10,
     .fits = asks_work},
    {"getwork", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_SPEAKS,
     .asks = ASK_SUBMIT, .points = 10, .fits = delivers_work, .read = read_share},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .points = 10, .fits = is_work, .read = read_answer},
};

const struct dialect dialect_getwork = {
    .name = "getwork",
    .kind = "getwork",
    .summary = "getwork over HTTP (Bitcoin family)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0,
    WORDS(words),
};
