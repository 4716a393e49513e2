// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Beam: no params, the values stand beside the method.
 * Sources: BeamMW/beam:pow/stratum.cpp, core/difficulty.cpp; nicehash/Specifications:Beam_NiceHash_v1.0.txt.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#include <math.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

enum { ACCEPTED = 1 }; /* stratum_results in BeamMW/beam:pow/stratum.h; 0 is the login's */

/* {"method":"login","api_key":...,"id":"login","jsonrpc":"2.0"}: each of these alone says little */
static bool is_login(const struct rpc *rpc)
{
    uint8_t key = shape_outer_member(rpc, "api_key");
    return json_is(rpc->json, key, JSON_STRING) && json_length(rpc->json, key) > 0 &&
           rpc->parameters == JSON_NONE && json_equals(rpc->json, shape_outer_member(rpc, "id"), "login") &&
           json_equals(rpc->json, shape_outer_member(rpc, "jsonrpc"), "2.0");
}

static void read_login(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user, json_text(rpc->json, shape_outer_member(rpc, "api_key")));
    session->conversation.logins++;
}

/* {"input","difficulty","height"} */
static bool is_job(const struct rpc *rpc)
{
    return json_is_bare_hex(rpc->json, shape_outer_member(rpc, "input"), 64, 64) &&
           json_is(rpc->json, shape_outer_member(rpc, "difficulty"), JSON_NUMBER);
}

/* The packed difficulty: the top byte is an exponent, below it stand 24 bits of a mantissa with a hidden one.
 */
static void read_job(struct session *session, struct rpc *rpc)
{
    double packed;
    session_add_job(session, json_text(rpc->json, shape_outer_member(rpc, "id")));
    session->conversation.jobs++;
    dialect_read_height(session, rpc, shape_outer_member(rpc, "height"));
    if (!json_number(rpc->json, shape_outer_member(rpc, "difficulty"), &packed) || packed < 0 ||
        packed > UINT32_MAX)
        return;
    uint32_t bits = (uint32_t)packed;
    session->work = 0;
    dialect_set_difficulty(session, ldexp((bits & 0xffffff) + 0x1p24, (int)(bits >> 24) - 24));
}

/* {"nonce","output"}: 8 and 104 bytes */
static bool is_solution(const struct rpc *rpc)
{
    return json_is_bare_hex(rpc->json, shape_outer_member(rpc, "nonce"), 16, 16) &&
           json_is_bare_hex(rpc->json, shape_outer_member(rpc, "output"), 208, 208);
}

static void read_solution(struct session *session, struct rpc *rpc)
{
    rpc->parameters = rpc->message; /* what tells a share from the next stands in there */
    dialect_share(session, rpc, json_text(rpc->json, shape_outer_member(rpc, "id")));
}

static bool is_result(const struct rpc *rpc)
{
    return json_is(rpc->json, shape_outer_member(rpc, "code"), JSON_NUMBER) &&
           json_is(rpc->json, shape_outer_member(rpc, "description"), JSON_STRING);
}

/* The answer to the login tells the pool's part of the nonce. */
static bool is_welcome(const struct rpc *rpc)
{
    return json_is(rpc->json, shape_outer_member(rpc, "code"), JSON_NUMBER) &&
           json_is_bare_hex(rpc->json, shape_outer_member(rpc, "nonceprefix"), 1, 12);
}

static void read_welcome(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

static void read_result(struct session *session, struct rpc *rpc)
{
    double code = 0;
    json_number(rpc->json, shape_outer_member(rpc, "code"), &code);
    work_answered(session, rpc, shape_outer_member(rpc, "id"), code == ACCEPTED);
}

static const struct word words[] = {
    {"login", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_LOGIN, .points = 9, .fits = is_login,
     .read = read_login},
    {"job", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job, .read = read_job},
    {"solution", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_solution, .read = read_solution},
    {"result", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_welcome,
     .read = read_welcome},
    {"result", .from = SIDE_POOL, .strength = WORD_SUPPORTS, .points = 3, .fits = is_result,
     .read = read_result},
};

const struct dialect dialect_beam = {
    .name = "beam",
    .kind = "stratum",
    .summary = "Stratum of Beam (BeamHash)",
    .algorithm = "beamhash",
    .coin = "BEAM",
    .share_unit = "Sol",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
