// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Verus: Equihash's messages, where the solution is no solution but a form to be filled in. Its
 * head is given in the job, and the header with it is hashed by VerusHash. Source:
 * monkins1010/ccminer:equi/equi-stratum.cpp.
 */
#include "inspect/dialect/shape.h"

#include <stdlib.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* [job, version, previous hash, merkle root, final sapling root, time, bits, clean, solution] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "j4hhh44ba") &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 8), 128, UINT32_MAX);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    if (!dialect_time_is_near(rpc, shape_number(dialect_parameter_text(rpc, 5), 8, true)))
        return;
    session_state(session, FACT_JOB_PROVEN);
    SET(session->conversation.job_proof, "block time in the job is that of the packet");
}

/* [user, job, time, nonce2, solution]: 1,344 bytes behind their length, as Equihash (200,9) has it, but they
 * begin with a small version number in four bytes, little endian, where a solution has random bits. */
static bool is_submit(const struct rpc *rpc)
{
    uint8_t solution = dialect_parameter(rpc, 4);
    const char *text = json_text(rpc->json, solution);
    return shape_is(rpc, "sj4aa") && json_is_bare_hex(rpc->json, solution, 2694, 2694) &&
           strncmp(text, "fd4005", 6) == 0 && text[6] == '0' && text[7] >= '1' && text[7] <= '9' &&
           strncmp(text + 8, "000", 3) == 0 && strncmp(text + 12, "00", 2) == 0;
}

/* Miners that serve this coin alone (monkins1010/ccminer counts its versions from 3). */
static bool is_subscribe(const struct rpc *rpc)
{
    return shape_begins(rpc->json, dialect_parameter(rpc, 0), "ccminer/3.") ||
           shape_begins(rpc->json, dialect_parameter(rpc, 0), "hellminer");
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 8,
     .fits = is_subscribe, .read = dialect_read_subscribe},
    /* one point more than Equihash's, which fit too */
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 11, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 11,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_verus = {
    .name = "verus",
    .kind = "stratum",
    .summary = "Stratum of Verus (VerusHash)",
    .algorithm = "verushash",
    .coin = "VRSC",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
