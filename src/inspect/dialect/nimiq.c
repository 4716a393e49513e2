// SPDX-License-Identifier: Apache-2.0
/*
 * Nimiq's mining pools (its first chain, on which blocks were mined): {"message":...} over WebSocket.
 * Source: nimiq/core-js:src/main/generic/miner/BasePoolMiner.js, NanoPoolMiner.js, SmartPoolMiner.js.
 */
#include "inspect/dialect/dialect.h"

#include "intel/wallet.h"

#include <math.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* Attempts at difficulty 1: its target is 2^240 (core-js: Policy.BLOCK_TARGET_MAX). */
#define ATTEMPTS 65536.0

static uint8_t member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->message, name);
}

static bool is_address(const struct rpc *rpc, uint8_t value)
{
    struct wallet wallet;
    wallet_read(json_text(rpc->json, value), &wallet);
    return wallet.proof == WALLET_CHECKSUM && strcmp(wallet.coin, "NIM") == 0;
}

static bool is_register(const struct rpc *rpc)
{
    return is_address(rpc, member(rpc, "address")) &&
           json_is(rpc->json, member(rpc, "deviceId"), JSON_NUMBER) &&
           json_is(rpc->json, member(rpc, "mode"), JSON_STRING);
}

static void read_register(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user, json_text(rpc->json, member(rpc, "address")));
    SET(session->conversation.worker, json_text(rpc->json, member(rpc, "deviceId")));
    SET(session->conversation.agent,
        json_text(rpc->json, json_member(rpc->json, member(rpc, "deviceData"), "userAgent")));
    session->conversation.logins++;
}

static bool is_settings(const struct rpc *rpc)
{
    double number;
    return is_address(rpc, member(rpc, "address")) &&
           json_is(rpc->json, member(rpc, "extraData"), JSON_STRING) &&
           json_number(rpc->json, member(rpc, "targetCompact"), &number) && number > 0;
}

/* core-js: BlockUtils.compactToTarget: three bytes, and in front of them how many bytes the target has */
static void read_settings(struct session *session, struct rpc *rpc)
{
    double number = 0;
    if (!json_number(rpc->json, member(rpc, "targetCompact"), &number) || number < 1 || number > UINT32_MAX)
        return;
    uint32_t compact = (uint32_t)number;
    double target = ldexp(compact & 0xffffff, 8 * ((int)(compact >> 24) - 3));
    if (target > 0)
        dialect_set_difficulty(session, 0x1p240 / target);
    session->conversation.jobs++;
    session_state(session, FACT_POOL_ANSWERS); /* to who registered: shares are not answered */
}

/* A block, or its header with proofs, in base64: the header alone has 146 bytes. */
static bool is_share(const struct rpc *rpc)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    uint8_t block = member(rpc, "block");
    if (block == JSON_NONE)
        block = member(rpc, "blockHeader");
    const char *text = json_text(rpc->json, block);
    return json_is(rpc->json, block, JSON_STRING) && json_length(rpc->json, block) >= 192 &&
           text[strspn(text, base64)] == '\0';
}

static void read_share(struct session *session, struct rpc *rpc)
{
    rpc->parameters = rpc->message;
    dialect_share(session, rpc, "");
}

static bool has_balance(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "balance"), JSON_NUMBER);
}

static const struct word words[] = {
    {"register", TAG_MESSAGE, .from = SIDE_MINER, .strength = WORD_SPEAKS, .points = 10, .fits = is_register,
     .read = read_register},
    {"registered", TAG_MESSAGE, .from = SIDE_POOL, .strength = WORD_SUPPORTS, .points = 4},
    {"settings", TAG_MESSAGE, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_settings,
     .read = read_settings},
    {"share", TAG_MESSAGE, .from = SIDE_MINER, .strength = WORD_HINTS, .points = 8, .fits = is_share,
     .read = read_share},
    {"balance", TAG_MESSAGE, .from = SIDE_POOL, .strength = WORD_SUPPORTS, .points = 4, .fits = has_balance},
};

const struct dialect dialect_nimiq = {
    .name = "nimiq",
    .kind = "websocket",
    .summary = "pools of Nimiq over WebSocket",
    .algorithm = "argon2d",
    .coin = "NIM",
    .share_unit = "H",
    .hashes_per_difficulty = ATTEMPTS,
    WORDS(words),
};
