// SPDX-License-Identifier: Apache-2.0
/*
 * What Coinhive's script spoke in web pages, and CryptoLoot, CoinIMP, deepMiner and others after it:
 * CryptoNote jobs and shares in messages {"type":...,"params":{...}}. Sources: cazala/coin-hive-stratum:src,
 * x25/coinhive-stratum-mining-proxy, deepwn/deepMiner:server.js.
 */
#include "inspect/dialect/cryptonote.h"
#include "inspect/dialect/work.h"
#include "intel/wallet.h"

#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static uint8_t member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->parameters, name);
}

/* The site's key is letters and digits, or a wallet; who it is that mines is anonymous, a user or a token. */
static bool is_auth(const struct rpc *rpc)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint8_t key = member(rpc, "site_key"), type = member(rpc, "type");
    const char *text = json_text(rpc->json, key);
    size_t run = strspn(text, digits);
    return json_is(rpc->json, key, JSON_STRING) && run >= 16 && (text[run] == '\0' || text[run] == '.') &&
           (json_equals(rpc->json, type, "anonymous") || json_equals(rpc->json, type, "user") ||
            json_equals(rpc->json, type, "token"));
}

static void read_auth(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user, json_text(rpc->json, member(rpc, "site_key")));
    uint8_t user = member(rpc, "user");
    if (json_is(rpc->json, user, JSON_STRING))
        SET(session->conversation.worker, json_text(rpc->json, user));
    session->conversation.logins++;
}

static bool is_authed(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "hashes"), JSON_NUMBER) &&
           json_is(rpc->json, member(rpc, "token"), JSON_STRING);
}

static bool is_job(const struct rpc *rpc)
{
    return cryptonote_is_job(rpc->json, rpc->parameters);
}

static void read_job(struct session *session, struct rpc *rpc)
{
    cryptonote_read_job(session, rpc, rpc->parameters);
}

static bool has_hashes(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "hashes"), JSON_NUMBER);
}

/* Shares are answered in their order; the number of hashes counts from the beginning. */
static void read_accepted(struct session *session, struct rpc *rpc)
{
    work_answered(session, rpc, JSON_NONE, true);
}

static const struct word words[] = {
    {"auth", TAG_TYPE, .from = SIDE_MINER, .strength = WORD_SPEAKS, .points = 10, .fits = is_auth,
     .read = read_auth},
    {"authed", TAG_TYPE, .from = SIDE_POOL, .strength = WORD_HINTS, .points = 8, .fits = is_authed},
    {"job", TAG_TYPE, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"submit", TAG_TYPE, .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = cryptonote_is_share, .read = cryptonote_read_share},
    {"hash_accepted", TAG_TYPE, .from = SIDE_POOL, .strength = WORD_HINTS, .points = 8, .fits = has_hashes,
     .read = read_accepted},
};

const struct dialect dialect_coinhive = {
    .name = "coinhive",
    .kind = "websocket",
    .summary = "Coinhive and its clones, in browsers (CryptoNote)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
