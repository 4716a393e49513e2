// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Pearl: objects where others have lists, and a proof in base 64 as the share.
 * Source: what SRBMiner-MULTI and pools of the coin say to each other.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

enum { MIN_PROOF = 64 }; /* characters; real ones have thousands */

static bool is_authorize(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_OBJECT) &&
           shape_begins(rpc->json, shape_member(rpc, "wallet"), "prl1");
}

static void read_authorize(struct session *session, struct rpc *rpc)
{
    dialect_read_authorize(session, rpc);
    SET(session->conversation.worker, json_text(rpc->json, shape_member(rpc, "worker")));
    SET(session->conversation.agent, json_text(rpc->json, shape_member(rpc, "agent")));
}

/* {"job_id","target", and more} */
static bool is_job(const struct rpc *rpc)
{
    return json_is(rpc->json, shape_member(rpc, "job_id"), JSON_STRING) &&
           json_is_hex(rpc->json, shape_member(rpc, "target"), 32, 64);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    work_set_target(session, json_text(rpc->json, shape_member(rpc, "target")));
}

/* {"job_id","plain_proof"} */
static bool is_submit(const struct rpc *rpc)
{
    uint8_t proof = shape_member(rpc, "plain_proof");
    return json_is(rpc->json, shape_member(rpc, "job_id"), JSON_STRING) &&
           json_is(rpc->json, proof, JSON_STRING) && json_length(rpc->json, proof) >= MIN_PROOF;
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, json_text(rpc->json, shape_member(rpc, "job_id")));
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_authorize, .read = read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = read_submit},
};

const struct dialect dialect_pearl = {
    .name = "pearl",
    .kind = "stratum",
    .summary = "Stratum of Pearl",
    .algorithm = "pearlhash",
    .coin = "PRL",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
