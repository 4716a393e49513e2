// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Kaspa and its forks: jobs of four 64-bit numbers, or of one block of hexadecimal digits, with
 * the time of day in both. Sources: onemorebsmith/kaspa-stratum-bridge:src/{kaspastratum,gostratum},
 * blackmennewstyle/miningcore:src/Miningcore/Blockchain/Kaspa,
 * nicehash/Specifications:KHeavyHash_NiceHash_v1.0.txt.
 */
#include "inspect/dialect/ethash.h"
#include "inspect/dialect/shape.h"

#include <stdlib.h>
#include <string.h>

/* Kaspa's addresses and those of its forks: a prefix, a colon, 61 or 63 characters in base 32. Bitcoin Cash
 * and Nexa have others of that form, which are shorter; Xelis' prefix is no fork's. */
static bool is_kaspa_wallet(const struct rpc *rpc, uint16_t position)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz", base32[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const char *user = dialect_parameter_text(rpc, position);
    size_t prefix = strspn(user, letters);
    if (prefix < 3 || prefix > 16 || user[prefix] != ':' || strncmp(user, "xe", 2) == 0)
        return false;
    size_t length = strspn(user + prefix + 1, base32);
    return length == 61 || length == 63;
}

static bool is_subscribe(const struct rpc *rpc)
{
    return shape_begins(rpc->json, dialect_parameter(rpc, 1), "KaspaStratum/");
}

/* [true, "EthereumStratum/1.0.0"] */
static bool is_welcome(const struct rpc *rpc)
{
    uint8_t protocol = json_element(rpc->json, rpc->result, 1);
    return json_length(rpc->json, rpc->result) == 2 &&
           json_is(rpc->json, json_element(rpc->json, rpc->result, 0), JSON_TRUE) &&
           (shape_begins(rpc->json, protocol, "EthereumStratum/") ||
            shape_begins(rpc->json, protocol, "KaspaStratum/"));
}

static void read_welcome(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_POOL_ANSWERS);
}

static bool is_authorize(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && count >= 1 && count <= 3 &&
           is_kaspa_wallet(rpc, 0);
}

/* ["ab12"] or ["ab12", 6], without "mining." before the name */
static bool is_extranonce(const struct rpc *rpc)
{
    return (shape_is(rpc, "a") || shape_is(rpc, "an")) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 2, 16);
}

/* A whole number of up to 64 bits, which a double does not hold: looked at as text. */
static bool is_whole_number(const struct json_reader *json, uint8_t value)
{
    uint32_t length = json_length(json, value);
    return json_is(json, value, JSON_NUMBER) && length >= 1 && length <= 20 &&
           strspn(json_text(json, value), "0123456789") == length;
}

/* [job, [four numbers], milliseconds]: the pre-work hash as little-endian words */
static bool is_number_job(const struct rpc *rpc)
{
    uint8_t words = dialect_parameter(rpc, 1);
    if (!shape_is(rpc, "jln") || json_length(rpc->json, words) != 4 ||
        !is_whole_number(rpc->json, dialect_parameter(rpc, 2)))
        return false;
    for (uint16_t i = 0; i < 4; i++)
        if (!is_whole_number(rpc->json, json_element(rpc->json, words, i)))
            return false;
    return true;
}

/* [job, the hash in 64 digits and the milliseconds in 16, little endian] */
static bool is_block_job(const struct rpc *rpc)
{
    return shape_is(rpc, "ja") && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 1), 80, 80);
}

static void read_job_of_time(struct session *session, struct rpc *rpc, uint64_t milliseconds)
{
    dialect_read_job(session, rpc);
    shape_prove_time(session, rpc, milliseconds);
}

static void read_number_job(struct session *session, struct rpc *rpc)
{
    read_job_of_time(session, rpc, strtoull(dialect_parameter_text(rpc, 2), NULL, 10));
}

static void read_block_job(struct session *session, struct rpc *rpc)
{
    read_job_of_time(session, rpc, shape_number_at(rpc, dialect_parameter(rpc, 1), 32, true));
}

/* [user, job, nonce]: others have that too, without 0x, or with another kind of user */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sja") && json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 2), 16, 24);
}

static bool is_own_submit(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && (count == 3 || count == 4) &&
           json_is_hex(rpc->json, dialect_parameter(rpc, 2), 1, 24) && is_kaspa_wallet(rpc, 0);
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 10,
     .fits = is_subscribe, .read = dialect_read_subscribe},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10,
     .fits = is_welcome, .read = read_welcome},
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_authorize, .read = dialect_read_authorize},
    {"set_extranonce", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 8, .fits = is_extranonce},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_number_job,
     .read = read_number_job},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_block_job,
     .read = read_block_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_submit, .read = dialect_read_submit},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_own_submit, .read = dialect_read_submit},
    {"mining.submit_hashrate", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 4,
     .fits = ethash_is_hashrate, .read = ethash_read_hashrate},
};

const struct dialect dialect_kaspa = {
    .name = "kaspa",
    .kind = "stratum",
    .summary = "Stratum of Kaspa and its forks",
    .algorithm = "kheavyhash", /* of most: some forks have changed it */
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 0x1p32, /* target = (2^224 - 1) / difficulty */
    WORDS(words),
};
