// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Bytom (Tensority): CryptoNote's login and shares, with a whole header as the job, and no line
 * ends. Source: btccom/btcpool-ABANDONED:docs/bytom/STRATUM-BTM.md, src/bytom.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static bool is_header(const struct json_reader *json, uint8_t job)
{
    return json_is_bare_hex(json, json_member(json, job, "transactions_merkle_root"), 64, 64) &&
           json_is_bare_hex(json, json_member(json, job, "previous_block_hash"), 64, 64) &&
           json_is(json, json_member(json, job, "job_id"), JSON_STRING);
}

static void read_header(struct session *session, struct rpc *rpc, uint8_t job)
{
    const struct json_reader *json = rpc->json;
    uint8_t target = json_member(json, job, "target"), time = json_member(json, job, "timestamp");
    session_add_job(session, json_text(json, json_member(json, job, "job_id")));
    session->conversation.jobs++;
    uint8_t height = json_member(json, job, "height"); /* eight bytes, little endian */
    if (json_is_bare_hex(json, height, 16, 16))
        dialect_set_height(session, (double)shape_number(json_text(json, height), 16, true));
    uint64_t limit =
        json_is_bare_hex(json, target, 8, 8) ? shape_number(json_text(json, target), 8, true) : 0;
    if (limit > 0)
        work_set(session, 0x1p32 / (double)limit); /* four bytes, little endian, as CryptoNote has it */
    if (!json_is_bare_hex(json, time, 16, 16) ||
        !dialect_time_is_near(rpc, shape_number(json_text(json, time), 16, true)))
        return;
    session_state(session, FACT_JOB_PROVEN);
    SET(session->conversation.job_proof, "block time in the job is that of the packet");
}

static bool is_job(const struct rpc *rpc)
{
    return is_header(rpc->json, rpc->parameters);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    read_header(session, rpc, rpc->parameters);
}

static bool is_first_job(const struct rpc *rpc)
{
    return is_header(rpc->json, json_member(rpc->json, rpc->result, "job"));
}

static void read_first_job(struct session *session, struct rpc *rpc)
{
    session_state(session, FACT_POOL_ANSWERS);
    read_header(session, rpc, json_member(rpc->json, rpc->result, "job"));
}

/* {"id","job_id","nonce"}: anyone may say that, so it counts only to whom a pool has given a job */
static bool is_submit(const struct rpc *rpc)
{
    return json_is(rpc->json, shape_member(rpc, "id"), JSON_STRING) &&
           json_is(rpc->json, shape_member(rpc, "job_id"), JSON_STRING) &&
           json_is_bare_hex(rpc->json, shape_member(rpc, "nonce"), 8, 16);
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    struct conversation *conversation = &session->conversation;
    if ((conversation->facts & fact_bit(FACT_POOL_SPEAKS)) == 0)
        return;
    dialect_share(session, rpc, json_text(rpc->json, shape_member(rpc, "job_id")));
    session_ask(session, dialect_identifier(rpc->json, shape_outer_member(rpc, "id")), ASK_SUBMIT,
                conversation->miner_sends, rpc->hashes);
}

static const struct word words[] = {
    {"job", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job, .read = read_job},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10,
     .fits = is_first_job, .read = read_first_job},
    /* what it asks depends: read_submit() says it */
    {"submit", .from = SIDE_MINER, .strength = WORD_HINTS, .points = 5, .fits = is_submit,
     .read = read_submit},
};

const struct dialect dialect_bytom = {
    .name = "bytom",
    .kind = "stratum",
    .summary = "Stratum of Bytom (Tensority)",
    .algorithm = "tensority",
    .coin = "BTM",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
