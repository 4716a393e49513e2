// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum for Equihash: Zcash, Horizen, Flux, Bitcoin Gold, Verus.
 * Source: zcash/zips:zips/zip-0301.rst.
 */
#include "inspect/dialect/dialect.h"
#include "inspect/dialect/equihash_variant.h"
#include "inspect/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* [agent, session or null, host, port]: the miner tells the pool's own name */
static bool is_subscribe(const struct rpc *rpc)
{
    uint8_t port = dialect_parameter(rpc, 3);
    double number;
    return json_length(rpc->json, rpc->parameters) == 4 &&
           json_is(rpc->json, dialect_parameter(rpc, 2), JSON_STRING) &&
           json_number(rpc->json, port, &number) && number >= 1 && number <= 65535;
}

static void read_subscribe(struct session *session, struct rpc *rpc)
{
    dialect_read_subscribe(session, rpc);
    char name[CONVERSATION_MAX_NAME];
    snprintf(name, sizeof name, "%s:%s", dialect_parameter_text(rpc, 2), dialect_parameter_text(rpc, 3));
    SET(session->conversation.pool_name, name);
}

/* [session or null, nonce1]: two elements, where Bitcoin's answer has three; sessions are numbers, words or
 * UUIDs */
static bool is_nonce(const struct rpc *rpc)
{
    uint8_t first = json_element(rpc->json, rpc->result, 0);
    return json_length(rpc->json, rpc->result) == 2 &&
           (json_is(rpc->json, first, JSON_NULL) || json_is(rpc->json, first, JSON_STRING)) &&
           first != JSON_NONE && json_is_bare_hex(rpc->json, json_element(rpc->json, rpc->result, 1), 2, 64);
}

static void read_nonce(struct session *session, struct rpc *rpc)
{
    uint8_t nonce = json_element(rpc->json, rpc->result, 1);
    session_state(session, FACT_POOL_ANSWERS);
    proof_set_nonce(session, json_text(rpc->json, nonce), json_length(rpc->json, nonce));
}

/* [job, version, previous hash, merkle root, reserved, time, bits, clean(, ...)] */
static bool is_job(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    uint32_t count = json_length(json, rpc->parameters);
    return count >= 8 && count <= 10 && json_is_bare_hex(json, dialect_parameter(rpc, 1), 8, 8) &&
           json_is_bare_hex(json, dialect_parameter(rpc, 2), 64, 64) &&
           json_is_bare_hex(json, dialect_parameter(rpc, 3), 64, 64) &&
           json_is_bare_hex(json, dialect_parameter(rpc, 4), 64, 64) &&
           json_is_bare_hex(json, dialect_parameter(rpc, 5), 8, 8) &&
           json_is_bare_hex(json, dialect_parameter(rpc, 6), 8, 8);
}

/* Header as far as the nonce: version, previous hash, merkle root, reserved, time, bits, as they stand in the
 * job. */
enum { HEADER_SIZE = 4 + 32 + 32 + 32 + 4 + 4, TIME_AT = 100, NONCE_SIZE = 32 };

static size_t bytes_of(const struct rpc *rpc, uint16_t position, uint8_t *bytes, size_t room)
{
    uint8_t value = dialect_parameter(rpc, position);
    if (value == JSON_NONE || rpc->json->values[value].stored != rpc->json->values[value].length)
        return 0;
    return proof_bytes(json_text(rpc->json, value), json_length(rpc->json, value), bytes, room);
}

/* What is kept of a job: the header so far, and the pool's part of the nonce. */
static void note_job(struct session *session, const struct rpc *rpc)
{
    uint8_t job[HEADER_SIZE + PROOF_MAX_NONCE];
    const struct proof_notes *notes = session->notes;
    size_t length = 0;
    if (notes == NULL || !notes->nonce1_known)
        return;
    for (uint16_t i = 1; i <= 6; i++)
        length += bytes_of(rpc, i, job + length, sizeof job - length);
    if (length != HEADER_SIZE)
        return;
    memcpy(job + length, notes->nonce1, notes->nonce1_size);
    proof_add_job(session, PROOF_EQUIHASH, dialect_parameter_text(rpc, 0), job, length + notes->nonce1_size,
                  session->work);
}

/* The solved header: with the share's time and nonce, and the solution behind its length (ZIP 301,
 * mining.submit). */
static size_t assemble(const struct rpc *rpc, const uint8_t *job, size_t job_length, uint8_t *bytes)
{
    uint8_t *nonce2 = bytes + job_length, *solution = bytes + HEADER_SIZE + NONCE_SIZE;
    memcpy(bytes, job, job_length);
    if (bytes_of(rpc, 2, bytes + TIME_AT, 4) != 4)
        return 0;
    size_t left = HEADER_SIZE + NONCE_SIZE - job_length;
    if (left > 0 && bytes_of(rpc, 3, nonce2, left) != left)
        return 0;
    size_t length = bytes_of(rpc, 4, solution, PROOF_SHARE_BYTES - HEADER_SIZE - NONCE_SIZE);
    return length == 0 ? 0 : HEADER_SIZE + NONCE_SIZE + length;
}

static void check_share(struct session *session, const struct rpc *rpc)
{
    const uint8_t *bytes;
    const struct proof_job *job =
        proof_find_job(session, PROOF_EQUIHASH, dialect_parameter_text(rpc, 1), &bytes);
    struct proof_share *share = job == NULL ? NULL : proof_reserve(session, job, session->work);
    if (share == NULL)
        return;
    size_t length = assemble(rpc, bytes, job->length, share->bytes);
    if (length == 0)
        return; /* what was reserved and not committed is reserved again next time */
    share->kind = PROOF_EQUIHASH;
    share->exact = true;
    share->coinbase = 0;
    share->length = (uint16_t)length;
    proof_commit(session, share);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    SET(session->conversation.algorithm, equihash_variant_named(dialect_parameter_text(rpc, 8)));
    note_job(session, rpc);
    uint32_t swapped =
        (uint32_t)strtoul(dialect_parameter_text(rpc, 5), NULL, 16); /* header bytes: little endian */
    if (dialect_time_is_near(rpc, __builtin_bswap32(swapped))) {
        session_state(session, FACT_JOB_PROVEN);
        SET(session->conversation.job_proof, "block time in the job is that of the packet");
    }
}

/* [user, job, time, nonce2, solution]: the solution begins with its CompactSize length */
static bool is_submit(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    return json_length(json, rpc->parameters) >= 5 &&
           json_is_bare_hex(json, dialect_parameter(rpc, 2), 8, 8) &&
           json_is_bare_hex(json, dialect_parameter(rpc, 3), 2, 64) &&
           json_is_bare_hex(json, dialect_parameter(rpc, 4), 106, UINT32_MAX);
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.algorithm, equihash_variant(json_length(rpc->json, dialect_parameter(rpc, 4))));
    if (dialect_read_share(session, rpc))
        check_share(session, rpc);
}

static bool is_target(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 58, 64);
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 3,
     .fits = is_subscribe, .read = read_subscribe},
    {NULL, .answers = ASK_SUBSCRIBE, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 6,
     .fits = is_nonce, .read = read_nonce},
    {"mining.set_target", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 2, .fits = is_target,
     .read = dialect_read_target},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = read_submit},
};

const struct dialect dialect_equihash = {
    .name = "equihash",
    .kind = "stratum",
    .summary = "Stratum for Equihash, ZIP 301 (Zcash, Horizen, Flux, ...)",
    .algorithm = "equihash",
    .coin = "",
    .share_unit = "Sol",
    .hashes_per_difficulty = 1, /* one solution is tried against the target; difficulty = 2^256 / target */
    WORDS(words),
};
