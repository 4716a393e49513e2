// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Grin, MWC and Epic: identifiers are texts, shares hold the 42 edges of a cycle.
 * Sources: mimblewimble/grin:doc/stratum.md, core/src/consensus.rs;
 * nicehash/Specifications:Grin_NiceHash_v1.0.txt.
 */
#include "inspect/dialect/shape.h"

#include <stdio.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

enum { CYCLE = 42 };

/* `login` is everybody's word: here the agent must name the coin. */
static bool is_login(const struct rpc *rpc)
{
    const char *agent = json_text(rpc->json, shape_member(rpc, "agent"));
    return json_is(rpc->json, shape_member(rpc, "login"), JSON_STRING) &&
           json_is(rpc->json, shape_member(rpc, "pass"), JSON_STRING) &&
           (strcasestr(agent, "grin") != NULL || strncasecmp(agent, "mwc", 3) == 0 ||
            strncasecmp(agent, "epic-miner", 10) == 0);
}

static void read_login(struct session *session, struct rpc *rpc)
{
    dialect_read_authorize(session, rpc);
    SET(session->conversation.agent, json_text(rpc->json, shape_member(rpc, "agent")));
}

static bool is_template(const struct json_reader *json, uint8_t object)
{
    return json_is_bare_hex(json, json_member(json, object, "pre_pow"), 128, 2048) &&
           json_is(json, json_member(json, object, "difficulty"), JSON_NUMBER) &&
           json_member(json, object, "job_id") != JSON_NONE;
}

static void read_template(struct session *session, struct rpc *rpc, uint8_t object)
{
    double difficulty;
    session_add_job(session, json_text(rpc->json, json_member(rpc->json, object, "job_id")));
    session->conversation.jobs++;
    /* version (2 bytes), height (8), seconds (8) of the header: mimblewimble/grin:core/src/core/block.rs */
    uint8_t header = json_member(rpc->json, object, "pre_pow");
    shape_prove_time(session, rpc, shape_number_at(rpc, header, 2 + 8, false) * 1000);
    dialect_read_height(session, rpc, json_member(rpc->json, object, "height"));
    session->work = 0;
    if (json_number(rpc->json, json_member(rpc->json, object, "difficulty"), &difficulty))
        dialect_set_difficulty(session, difficulty);
}

static bool is_job(const struct rpc *rpc)
{
    return is_template(rpc->json, rpc->parameters);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    read_template(session, rpc, rpc->parameters);
}

static bool is_job_answer(const struct rpc *rpc)
{
    return is_template(rpc->json, rpc->result);
}

static void read_job_answer(struct session *session, struct rpc *rpc)
{
    session_state(session, FACT_POOL_ANSWERS);
    read_template(session, rpc, rpc->result);
}

/* Epic, which was made from Grin, mines in turns by three functions, and says by which:
 * {"height","job_id","nonce","pow":{"RandomX":[32 bytes]}}
 * (EpicCash/epic:servers/src/mining/stratumserver.rs) */
static const struct {
    const char *member, *algorithm;
    uint32_t length; /* 32 bytes; number of edges and the edges */
} epic_proofs[] = {{"RandomX", "randomx", 32}, {"ProgPow", "progpow", 32}, {"Cuckoo", "cuckoo", 2}};

static const char *epic_algorithm(const struct rpc *rpc)
{
    uint8_t proof = shape_member(rpc, "pow");
    for (size_t i = 0; i < sizeof epic_proofs / sizeof epic_proofs[0]; i++) {
        uint8_t list = json_member(rpc->json, proof, epic_proofs[i].member);
        if (json_is(rpc->json, list, JSON_ARRAY) && json_length(rpc->json, list) == epic_proofs[i].length)
            return epic_proofs[i].algorithm;
    }
    return "";
}

static bool is_epic_submit(const struct rpc *rpc)
{
    return json_is(rpc->json, shape_member(rpc, "nonce"), JSON_NUMBER) &&
           json_is(rpc->json, shape_member(rpc, "job_id"), JSON_NUMBER) && epic_algorithm(rpc)[0] != '\0';
}

static void read_epic_submit(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.algorithm, epic_algorithm(rpc));
    if (!dialect_share(session, rpc, json_text(rpc->json, shape_member(rpc, "job_id"))) ||
        strcmp(epic_algorithm(rpc), "cuckoo") == 0)
        return;
    /* difficulty counts hashes here, where it weighs graphs otherwise */
    struct conversation *conversation = &session->conversation;
    conversation->hashes_submitted += conversation->difficulty - rpc->hashes;
    rpc->hashes = conversation->difficulty;
}

/* {"edge_bits","height","job_id","nonce","pow":[42 edges]} */
static bool is_submit(const struct rpc *rpc)
{
    uint8_t edges = shape_member(rpc, "pow");
    return json_is(rpc->json, shape_member(rpc, "edge_bits"), JSON_NUMBER) &&
           json_is(rpc->json, edges, JSON_ARRAY) && json_length(rpc->json, edges) == CYCLE;
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    double bits;
    char algorithm[CONVERSATION_MAX_ALGORITHM];
    if (json_number(rpc->json, shape_member(rpc, "edge_bits"), &bits) && bits >= 10 && bits <= 63) {
        /* Grin's primary proof from 31 bits on, its secondary one below (mimblewimble/grin: consensus.rs) */
        snprintf(algorithm, sizeof algorithm, "%s%.0f", bits >= 31 ? "cuckatoo" : "cuckaroo", bits);
        SET(session->conversation.algorithm, algorithm);
    }
    dialect_share(session, rpc, json_text(rpc->json, shape_member(rpc, "job_id")));
}

static const struct word words[] = {
    {"login", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_LOGIN, .points = 9, .fits = is_login,
     .read = read_login},
    {"getjobtemplate", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_WORK, .points = 4,
     .fits = shape_is_bare},
    {"job", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job, .read = read_job},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10,
     .fits = is_job_answer, .read = read_job_answer},
    {"submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = read_submit},
    {"submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_epic_submit, .read = read_epic_submit},
};

const struct dialect dialect_grin = {
    .name = "grin",
    .kind = "stratum",
    .summary = "Stratum of Grin, MWC and Epic (Cuckatoo, Cuckaroo)",
    .algorithm = "cuckatoo",
    .coin = "",
    .share_unit = "graph",
    /* one graph in 42 holds a cycle, whose difficulty counts 2^9 * 32 for 32 edge bits (graph_weight()) */
    .hashes_per_difficulty = CYCLE / 16384.0,
    WORDS(words),
};
