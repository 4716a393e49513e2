// SPDX-License-Identifier: Apache-2.0
/*
 * EthereumStratum/2.0.0: objects in the handshake, everything hexadecimal without 0x, compression on request.
 * Source: ethereum/EIPs:EIPS/eip-1571.md.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static const char marker[] = "EthereumStratum/2.0.0";

static bool is_hello(const struct rpc *rpc)
{
    return json_equals(rpc->json, shape_member(rpc, "proto"), marker);
}

/* {"agent","host","port" in hexadecimal,"proto"} */
static void read_hello(struct session *session, struct rpc *rpc)
{
    const char *host = json_text(rpc->json, shape_member(rpc, "host"));
    char name[CONVERSATION_MAX_NAME];
    SET(session->conversation.agent, json_text(rpc->json, shape_member(rpc, "agent")));
    snprintf(name, sizeof name, "%s:%lu", host,
             strtoul(json_text(rpc->json, shape_member(rpc, "port")), NULL, 16));
    if (host[0] != '\0')
        SET(session->conversation.pool_name, name);
}

static bool answers_hello(const struct rpc *rpc)
{
    return json_equals(rpc->json, json_member(rpc->json, rpc->result, "proto"), marker);
}

/* From here on the stream may be compressed. */
static void read_hello_answer(struct session *session, struct rpc *rpc)
{
    session_state(session, FACT_POOL_ANSWERS);
    session->compressed = json_equals(rpc->json, json_member(rpc->json, rpc->result, "encoding"), "gzip");
}

/* A session to go on with, or nothing: said by others too where there is no list. */
static bool is_resumption(const struct rpc *rpc)
{
    return (rpc->parameters == JSON_NONE && rpc->result == JSON_NONE) ||
           json_is(rpc->json, rpc->parameters, JSON_STRING);
}

/* {"epoch","target","algo","extranonce"}, each where it changed */
static bool is_set(const struct rpc *rpc)
{
    return json_is_bare_hex(rpc->json, shape_member(rpc, "target"), 32, 64) ||
           json_is_bare_hex(rpc->json, shape_member(rpc, "epoch"), 1, 8) ||
           json_is_bare_hex(rpc->json, shape_member(rpc, "extranonce"), 1, 16);
}

static void read_set(struct session *session, struct rpc *rpc)
{
    uint8_t target = shape_member(rpc, "target");
    SET(session->conversation.algorithm, json_text(rpc->json, shape_member(rpc, "algo")));
    if (json_is_bare_hex(rpc->json, target, 32, 64))
        work_set_target(session, json_text(rpc->json, target));
}

/* [job, height, header hash, "0" or "1"] */
static bool is_job(const struct rpc *rpc)
{
    uint8_t clean = dialect_parameter(rpc, 3);
    return shape_is(rpc, "sahs") && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 1), 1, 12) &&
           (json_equals(rpc->json, clean, "0") || json_equals(rpc->json, clean, "1"));
}

static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    dialect_read_hexadecimal_height(session, rpc, dialect_parameter(rpc, 1));
}

/* [job, nonce, worker's token], where version 1 has [user, job, nonce]: a token is no hexadecimal number */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sas") && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 1), 4, 16) &&
           !json_is_hex(rpc->json, dialect_parameter(rpc, 2), 1, UINT32_MAX);
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, dialect_parameter_text(rpc, 0));
}

static bool is_hashrate(const struct rpc *rpc)
{
    return json_is_hex(rpc->json, dialect_parameter(rpc, 0), 1, 16);
}

static void read_hashrate(struct session *session, struct rpc *rpc)
{
    session->conversation.hashrate_claimed_hs =
        (double)strtoull(dialect_parameter_text(rpc, 0), NULL, 16); /* at most 16 digits */
}

static bool is_reconnect(const struct rpc *rpc)
{
    return json_is(rpc->json, shape_member(rpc, "host"), JSON_STRING) &&
           json_is_bare_hex(rpc->json, shape_member(rpc, "port"), 1, 4);
}

static const struct word words[] = {
    {"mining.hello", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 10,
     .fits = is_hello, .read = read_hello},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10,
     .fits = answers_hello, .read = read_hello_answer},
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_SUBSCRIBE, .points = 1,
     .fits = is_resumption},
    {"mining.set", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_set,
     .read = read_set},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 9,
     .fits = is_submit, .read = read_submit},
    {"mining.hashrate", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 3,
     .fits = is_hashrate, .read = read_hashrate},
    {"mining.noop", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_OTHER, .points = 1,
     .fits = shape_is_bare},
    {"mining.bye", .from = SIDE_MINER, .strength = WORD_HINTS, .points = 2, .fits = shape_is_bare},
    {"mining.reconnect", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 6, .fits = is_reconnect},
};

const struct dialect dialect_ethereumstratum_2 = {
    .name = "ethereumstratum-2.0.0",
    .kind = "stratum",
    .summary = "EthereumStratum/2.0.0, EIP-1571 (Ethash)",
    .algorithm = "ethash",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
