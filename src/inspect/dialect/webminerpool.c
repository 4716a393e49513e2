// SPDX-License-Identifier: Apache-2.0
/*
 * webminerpool and what became of it (crypto-webminer): browsers that mine for any CryptoNote pool behind a
 * server. Source: notgiven688/webminerpool:server, SDK/miner_raw.
 */
#include "inspect/dialect/cryptonote.h"
#include "inspect/dialect/work.h"

#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static uint8_t member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->message, name);
}

/* The values stand in the message itself. */
static struct rpc flat(const struct rpc *rpc)
{
    struct rpc other = *rpc;
    other.parameters = rpc->message;
    return other;
}

/* A login at a pool that is named: the server serves all. */
static bool is_handshake(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "login"), JSON_STRING) &&
           json_length(rpc->json, member(rpc, "login")) > 0 &&
           json_is(rpc->json, member(rpc, "pool"), JSON_STRING) &&
           json_length(rpc->json, member(rpc, "pool")) > 0 &&
           json_is(rpc->json, member(rpc, "password"), JSON_STRING) &&
           json_is(rpc->json, member(rpc, "version"), JSON_NUMBER);
}

static void read_handshake(struct session *session, struct rpc *rpc)
{
    struct conversation *conversation = &session->conversation;
    SET(conversation->user, json_text(rpc->json, member(rpc, "login")));
    SET(conversation->password, json_text(rpc->json, member(rpc, "password")));
    SET(conversation->worker, json_text(rpc->json, member(rpc, "userid")));
    SET(conversation->pool_name, json_text(rpc->json, member(rpc, "pool")));
    conversation->logins++;
}

static bool is_job(const struct rpc *rpc)
{
    return cryptonote_is_job(rpc->json, rpc->message);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    cryptonote_read_job(session, rpc, rpc->message);
}

static bool is_solved(const struct rpc *rpc)
{
    struct rpc other = flat(rpc);
    return cryptonote_is_share(&other);
}

static void read_solved(struct session *session, struct rpc *rpc)
{
    struct rpc other = flat(rpc);
    cryptonote_read_share(session, &other);
    rpc->hashes = other.hashes;
}

static void read_accepted(struct session *session, struct rpc *rpc)
{
    work_answered(session, rpc, JSON_NONE, true);
}

static const struct word words[] = {
    {"handshake", TAG_IDENTIFIER, .from = SIDE_MINER, .strength = WORD_SPEAKS, .points = 10,
     .fits = is_handshake, .read = read_handshake},
    {"job", TAG_IDENTIFIER, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"solved", TAG_IDENTIFIER, .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_solved, .read = read_solved},
    {"hashsolved", TAG_IDENTIFIER, .from = SIDE_POOL, .strength = WORD_HINTS, .points = 8,
     .read = read_accepted},
};

const struct dialect dialect_webminerpool = {
    .name = "webminerpool",
    .kind = "websocket",
    .summary = "webminerpool and crypto-webminer, in browsers (CryptoNote)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
