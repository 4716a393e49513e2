// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Alephium (BLAKE3): one job for each of its chains in a list, shares as objects.
 * Sources: alephium/docs:docs/mining/alephium-stratum.md, nicehash/Specifications:Alephium_NiceHash_v1.0.txt,
 * blackmennewstyle/miningcore:src/Miningcore/Blockchain/Alephium.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#include <stdlib.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static const char marker[] = "AlephiumStratum/";

/* [agent, "AlephiumStratum/1.0.0"] */
static bool is_hello(const struct rpc *rpc)
{
    return shape_begins(rpc->json, dialect_parameter(rpc, 1), marker);
}

/* ["AlephiumStratum/1.0.0", resume, timeout, errors, node] */
static bool is_welcome(const struct rpc *rpc)
{
    return shape_begins(rpc->json, json_element(rpc->json, rpc->result, 0), marker);
}

static void read_welcome(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

/* "1..." without a checksum */
static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_address(rpc, 0, "1", 43, 44);
}

/* From here on the stream may be compressed. */
static void read_gzip(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session->compressed = true;
}

/* The value is the parameter itself. */
static bool is_bare_target(const struct rpc *rpc)
{
    return json_is_bare_hex(rpc->json, rpc->parameters, 32, 64);
}

static void read_bare_target(struct session *session, struct rpc *rpc)
{
    work_set_target(session, json_text(rpc->json, rpc->parameters));
}

static bool is_bare_extranonce(const struct rpc *rpc)
{
    return json_is_bare_hex(rpc->json, rpc->parameters, 1, 48);
}

static bool is_switch(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_TRUE) || json_is(rpc->json, rpc->parameters, JSON_FALSE);
}

static uint8_t member_of(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, dialect_parameter(rpc, 0), name);
}

/* [{"jobId","fromGroup","toGroup","headerBlob","txsBlob","targetBlob"}, ...] */
static bool is_job(const struct rpc *rpc)
{
    return json_is(rpc->json, member_of(rpc, "jobId"), JSON_STRING) &&
           json_is(rpc->json, member_of(rpc, "fromGroup"), JSON_NUMBER) &&
           json_is(rpc->json, member_of(rpc, "toGroup"), JSON_NUMBER) &&
           json_is_bare_hex(rpc->json, member_of(rpc, "headerBlob"), 128, UINT32_MAX);
}

/* The header's last bytes are milliseconds (8) and the target (4): alephium/alephium:protocol/src/main/scala.
 */
static void read_job(struct session *session, struct rpc *rpc)
{
    uint8_t header = member_of(rpc, "headerBlob");
    shape_prove_time(session, rpc,
                     shape_number_at(rpc, header, json_length(rpc->json, header) / 2 - 12, false));
    for (uint16_t i = 0; i < json_length(rpc->json, rpc->parameters) && i < SESSION_MAX_JOBS; i++)
        session_add_job(session,
                        json_text(rpc->json, json_member(rpc->json, dialect_parameter(rpc, i), "jobId")));
    session->conversation.jobs++;
    work_set_target(session, json_text(rpc->json, member_of(rpc, "targetBlob")));
}

/* [job, chain index, header]: the form of the specification */
static bool is_short_job(const struct rpc *rpc)
{
    return shape_is(rpc, "saa") && json_is_hex(rpc->json, dialect_parameter(rpc, 1), 1, 4) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 2), 200, UINT32_MAX);
}

static uint8_t share_object(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_OBJECT) ? rpc->parameters : dialect_parameter(rpc, 0);
}

/* {"jobId","fromGroup","toGroup","nonce","worker"}, also as the only value of a list */
static bool is_submit(const struct rpc *rpc)
{
    uint8_t share = share_object(rpc);
    return json_is(rpc->json, json_member(rpc->json, share, "jobId"), JSON_STRING) &&
           json_is(rpc->json, json_member(rpc->json, share, "fromGroup"), JSON_NUMBER) &&
           json_is_hex(rpc->json, json_member(rpc->json, share, "nonce"), 8, 48);
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    rpc->parameters = share_object(rpc); /* what tells a share from the next stands in there */
    if (session->conversation.user[0] == '\0')
        SET(session->conversation.user, json_text(rpc->json, shape_member(rpc, "worker")));
    dialect_share(session, rpc, json_text(rpc->json, shape_member(rpc, "jobId")));
}

/* [job, nonce(, worker)]: 24 bytes without the pool's part */
static bool is_short_submit(const struct rpc *rpc)
{
    return (shape_is(rpc, "sa") || shape_is(rpc, "sas")) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 1), 36, 48);
}

static void read_short_submit(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, dialect_parameter_text(rpc, 0));
}

static bool is_hashrate(const struct rpc *rpc)
{
    return json_is_hex(rpc->json, dialect_parameter(rpc, 0), 1, 15);
}

static void read_hashrate(struct session *session, struct rpc *rpc)
{
    session->conversation.hashrate_claimed_hs = (double)strtoull(dialect_parameter_text(rpc, 0), NULL, 16);
}

static const struct word words[] = {
    {"mining.hello", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 10,
     .fits = is_hello, .read = dialect_read_subscribe},
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 10,
     .fits = is_hello, .read = dialect_read_subscribe},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10,
     .fits = is_welcome, .read = read_welcome},
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    {"connection.set_gzip", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_OTHER, .points = 6,
     .fits = shape_is_bare, .read = read_gzip},
    {"mining.set_target", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_bare_target,
     .read = read_bare_target},
    {"mining.set_extranonce", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 6,
     .fits = is_bare_extranonce},
    {"mining.set_cleanjobs", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 6, .fits = is_switch},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 9, .fits = is_short_job,
     .read = dialect_read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = read_submit},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_short_submit, .read = read_short_submit},
    {"alph_submitHashrate", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 10,
     .fits = is_hashrate, .read = read_hashrate},
};

const struct dialect dialect_alephium = {
    .name = "alephium",
    .kind = "stratum",
    .summary = "Stratum of Alephium (BLAKE3)",
    .algorithm = "blake3",
    .coin = "ALPH",
    .share_unit = "H",
    .hashes_per_difficulty = 0x1p30, /* pools count difficulty from a target of 2^226 */
    WORDS(words),
};
