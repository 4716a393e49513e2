// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Iron Fish (FishHash): what others call params is called body, and outcomes come as messages.
 * Sources: iron-fish/ironfish:ironfish/src/mining/stratum, nicehash/Specifications:FishHash_v1.0.txt.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static bool is_body(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_OBJECT) &&
           rpc->parameters == shape_outer_member(rpc, "body");
}

static bool is_subscribe(const struct rpc *rpc)
{
    return is_body(rpc) && json_is(rpc->json, shape_member(rpc, "version"), JSON_NUMBER) &&
           (json_is(rpc->json, shape_member(rpc, "publicAddress"), JSON_STRING) ||
            json_is(rpc->json, shape_member(rpc, "agent"), JSON_STRING));
}

static void read_subscribe(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user, json_text(rpc->json, shape_member(rpc, "publicAddress")));
    SET(session->conversation.agent, json_text(rpc->json, shape_member(rpc, "agent")));
    SET(session->conversation.worker, json_text(rpc->json, shape_member(rpc, "name")));
    session->conversation.logins++;
}

/* {"clientId", and "xn" or "graffiti"} */
static bool is_welcome(const struct rpc *rpc)
{
    return is_body(rpc) && shape_member(rpc, "clientId") != JSON_NONE;
}

static void read_welcome(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

static bool is_target(const struct rpc *rpc)
{
    return is_body(rpc) && json_is_hex(rpc->json, shape_member(rpc, "target"), 32, 64);
}

static void read_target(struct session *session, struct rpc *rpc)
{
    work_set_target(session, json_text(rpc->json, shape_member(rpc, "target")));
}

/* {"miningRequestId", "header"}: 180 bytes, or fewer in older versions */
static bool is_job(const struct rpc *rpc)
{
    return is_body(rpc) && shape_member(rpc, "miningRequestId") != JSON_NONE &&
           json_is_bare_hex(rpc->json, shape_member(rpc, "header"), 128, 1024);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    session_add_job(session, json_text(rpc->json, shape_member(rpc, "miningRequestId")));
    session->conversation.jobs++;
}

/* {"miningRequestId", "randomness"} */
static bool is_submit(const struct rpc *rpc)
{
    uint8_t randomness = shape_member(rpc, "randomness");
    return is_body(rpc) && shape_member(rpc, "miningRequestId") != JSON_NONE &&
           (json_is_hex(rpc->json, randomness, 1, 16) || json_is(rpc->json, randomness, JSON_NUMBER));
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, json_text(rpc->json, shape_member(rpc, "miningRequestId")));
}

/* {"id" of the submit, "result", "message"} */
static bool is_submitted(const struct rpc *rpc)
{
    return is_body(rpc) && shape_member(rpc, "id") != JSON_NONE && shape_member(rpc, "result") != JSON_NONE;
}

static void read_submitted(struct session *session, struct rpc *rpc)
{
    work_answered(session, rpc, shape_member(rpc, "id"),
                  json_is(rpc->json, shape_member(rpc, "result"), JSON_TRUE));
}

static bool is_status(const struct rpc *rpc)
{
    return shape_is_bare(rpc) || (is_body(rpc) && shape_member(rpc, "publicAddress") != JSON_NONE);
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 10,
     .fits = is_subscribe, .read = read_subscribe},
    {"mining.subscribed", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_welcome,
     .read = read_welcome},
    {"mining.set_target", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_target,
     .read = read_target},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = read_submit},
    {"mining.submitted", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_submitted,
     .read = read_submitted},
    /* the sources differ in who says the first: no side is drawn from a hint */
    {"mining.wait_for_work", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 6, .fits = shape_is_bare},
    {"mining.get_status", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_OTHER, .points = 6,
     .fits = is_status},
};

const struct dialect dialect_iron_fish = {
    .name = "iron-fish",
    .kind = "stratum",
    .summary = "Stratum of Iron Fish (FishHash)",
    .algorithm = "fishhash",
    .coin = "IRON",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
