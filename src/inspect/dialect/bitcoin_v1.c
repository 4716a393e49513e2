// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum V1 of the Bitcoin family: SHA-256d, scrypt, X11 and many more over JSON lines.
 * Sources: slushpool/stratumprotocol, bitcoin/bips:bip-0310.mediawiki, ckolivas/cgminer:util.c,
 * ctubio/ckpool.
 */
#include "inspect/dialect/bitcoin_share.h"
#include "inspect/dialect/dialect.h"
#include "inspect/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* The shared words carry one point: other Stratum dialects say them too and say something of their own
 * besides. */

static bool is_submit(const struct rpc *rpc)
{
    /* [user, job, extranonce2, ntime, nonce(, version bits)]; hexadecimal from the third on */
    const struct json_reader *json = rpc->json;
    uint32_t count = json_length(json, rpc->parameters);
    if (json_is(json, rpc->parameters, JSON_OBJECT))
        return json_member(json, rpc->parameters, "job_id") != JSON_NONE;
    if (!json_is(json, rpc->parameters, JSON_ARRAY) || count < 2 || count > 8)
        return false;
    return json_is_hex(json, dialect_parameter(rpc, (uint16_t)(count - 1)), 1, 4096) ||
           json_is_hex(json, dialect_parameter(rpc, 2), 1, 4096);
}

static bool is_bitcoin_submit(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    return (count == 5 || count == 6) && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 2), 2, 32) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 3), 8, 8) &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 4), 8, 8);
}

static bool is_one_number(const struct rpc *rpc)
{
    double number;
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_number(rpc->json, dialect_parameter(rpc, 0), &number) && number > 0;
}

static bool is_one_target(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_is_hex(rpc->json, dialect_parameter(rpc, 0), 58, 64);
}

static bool is_subscribe(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    if (json_is(rpc->json, rpc->parameters, JSON_OBJECT))
        return json_is(rpc->json, json_member(rpc->json, rpc->parameters, "agent"), JSON_STRING);
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && count <= 8;
}

static bool is_authorize(const struct rpc *rpc)
{
    static const char *const login[] = {"wallet", "user", "username", "login", "address", NULL};
    uint32_t count = json_length(rpc->json, rpc->parameters);
    if (json_is(rpc->json, rpc->parameters, JSON_OBJECT))
        return dialect_member_text(rpc, login)[0] != '\0';
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && count >= 1 && count <= 4 &&
           json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING);
}

/* Nine positions: job, previous hash, coinbase halves, merkle branch, version, bits, time, clean. */
static bool is_job(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    uint32_t count = json_length(json, rpc->parameters);
    uint16_t shift = count == 10 && json_is(json, dialect_parameter(rpc, 5), JSON_ARRAY) ? 1 : 0;
    return (count == 9 || count == 10) && json_is_bare_hex(json, dialect_parameter(rpc, 1), 64, 64) &&
           json_is(json, dialect_parameter(rpc, (uint16_t)(4 + shift)), JSON_ARRAY) &&
           json_is_bare_hex(json, dialect_parameter(rpc, (uint16_t)(2 + shift)), 16, UINT32_MAX) &&
           json_is_bare_hex(json, dialect_parameter(rpc, (uint16_t)(7 + shift)), 8, 8);
}

static bool is_any_job(const struct rpc *rpc)
{
    static const char *const job[] = {"job_id", "jobId", NULL};
    uint32_t count = json_length(rpc->json, rpc->parameters);
    if (json_is(rpc->json, rpc->parameters, JSON_OBJECT))
        return dialect_member_text(rpc, job)[0] != '\0';
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && count >= 1 && count <= 12;
}

/*
 * The coinbase transaction's first half begins with its version, a time in proof-of-stake coins, one input,
 * the null previous output and ffffffff; then come the length of the input script and, since BIP 34, the
 * block height.
 */
static bool is_coinbase(struct session *session, const char *coinbase, uint32_t length)
{
    static const char null_input[] = "01"
                                     "0000000000000000000000000000000000000000000000000000000000000000"
                                     "ffffffff";
    size_t at = 0;
    for (size_t version = 8; version <= 16 && at == 0; version += 8) /* 4 bytes, or 8 with a time */
        if (length > version + sizeof null_input + 10 &&
            strncasecmp(coinbase + version, null_input, sizeof null_input - 1) == 0)
            at = version + sizeof null_input - 1;
    if (at == 0 || strncmp(coinbase + 2, "000000", 6) != 0)
        return false;
    const char *push = coinbase + at + 2; /* behind the script's length */
    unsigned long height = 0;
    if (strncmp(push, "03", 2) == 0) /* three bytes, little endian */
        for (int byte = 2; byte >= 0; byte--) {
            char digits[3] = {push[2 + 2 * byte], push[3 + 2 * byte], '\0'};
            height = height << 8 | strtoul(digits, NULL, 16);
        }
    if (height > 0)
        session->conversation.block_height = height;
    return true;
}

/* The block's time is that of the packet, big endian. */
static bool time_is_near(const struct rpc *rpc, uint16_t position)
{
    return dialect_time_is_near(rpc, strtoul(dialect_parameter_text(rpc, position), NULL, 16));
}

/* The target that a block has to meet, in its short form: an exponent that chains have, and a mantissa that
 * is positive and not 0 (Bitcoin's developer reference, "Target nBits"). */
static bool bits_are_sane(const struct rpc *rpc, uint16_t position)
{
    unsigned long bits = strtoul(dialect_parameter_text(rpc, position), NULL, 16);
    unsigned long exponent = bits >> 24, mantissa = bits & 0xffffff;
    return exponent >= 0x15 && exponent <= 0x20 && mantissa != 0 && mantissa < 0x800000;
}

/* A coinbase can be copied from anywhere; with the present time it is a job of now. */
static void prove_job(struct session *session, const struct rpc *rpc, uint16_t shift)
{
    uint8_t coinbase = dialect_parameter(rpc, (uint16_t)(2 + shift));
    if (!is_coinbase(session, json_text(rpc->json, coinbase), rpc->json->values[coinbase].stored) ||
        !time_is_near(rpc, (uint16_t)(7 + shift)))
        return;
    session_state(session, FACT_JOB_PROVEN);
    SET(session->conversation.job_proof, bits_are_sane(rpc, (uint16_t)(6 + shift))
                                             ? "coinbase transaction, block time, bits"
                                             : "coinbase transaction, block time");
}

static void read_job(struct session *session, struct rpc *rpc)
{
    uint16_t shift = json_length(rpc->json, rpc->parameters) == 10 &&
                     json_is(rpc->json, dialect_parameter(rpc, 5), JSON_ARRAY);
    prove_job(session, rpc, shift);
    dialect_read_job(session, rpc);
    if (shift == 0) /* with ten positions the header is another one too */
        bitcoin_note_job(session, rpc);
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    if (dialect_read_share(session, rpc))
        bitcoin_check_share(session, rpc);
}

/* [[subscriptions...], extranonce1, size of extranonce2]: what a pool answers when a miner subscribes. */
static bool is_extranonce(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    uint8_t size = json_element(json, rpc->result, 2), extranonce = json_element(json, rpc->result, 1);
    double number;
    bool hexadecimal = json_is_bare_hex(json, extranonce, 2, 32) ||
                       (json_is(json, extranonce, JSON_STRING) && json_length(json, extranonce) == 0);
    return json_length(json, rpc->result) == 3 && hexadecimal && json_is(json, size, JSON_NUMBER) &&
           json_number(json, size, &number) && number >= 1 && number <= 32;
}

/* Where the request was not seen, the subscriptions must be a pool's, nested once or not at all:
 * ["mining.notify", id] */
static bool is_named_extranonce(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    uint8_t first = json_element(json, json_element(json, rpc->result, 0), 0);
    if (json_is(json, first, JSON_ARRAY))
        first = json_element(json, first, 0);
    return is_extranonce(rpc) && strncmp(json_text(json, first), "mining.", 7) == 0;
}

static void read_extranonce(struct session *session, struct rpc *rpc)
{
    uint8_t nonce = json_element(rpc->json, rpc->result, 1);
    session_state(session, FACT_POOL_ANSWERS);
    proof_set_nonce(session, json_text(rpc->json, nonce), json_length(rpc->json, nonce));
}

/* [extranonce1, size of extranonce2]: for the jobs that follow. Equihash pools send it too, without the size.
 */
static void read_new_extranonce(struct session *session, struct rpc *rpc)
{
    if (session->notes != NULL && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 2, 64))
        proof_set_nonce(session, dialect_parameter_text(rpc, 0),
                        json_length(rpc->json, dialect_parameter(rpc, 0)));
}

static void read_version_mask(struct session *session, struct rpc *rpc)
{
    if (json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 8, 8))
        proof_set_version_mask(session, dialect_parameter_text(rpc, 0));
}

/* {"version-rolling": true, "version-rolling.mask": "1fffe000"}: the answer to mining.configure (BIP 310) */
static uint8_t configured_mask(const struct rpc *rpc)
{
    return json_member(rpc->json, rpc->result, "version-rolling.mask");
}

/* Each extension is granted or not; "info" alone would be anyone's. */
static bool is_configured(const struct rpc *rpc)
{
    static const char *const extensions[] = {"version-rolling", "minimum-difficulty", "subscribe-extranonce"};
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        uint8_t granted = json_member(rpc->json, rpc->result, extensions[i]);
        if (json_is(rpc->json, granted, JSON_TRUE) || json_is(rpc->json, granted, JSON_FALSE))
            return true;
    }
    return json_is_bare_hex(rpc->json, configured_mask(rpc), 8, 8);
}

static void read_configured(struct session *session, struct rpc *rpc)
{
    if (json_is_bare_hex(rpc->json, configured_mask(rpc), 8, 8))
        proof_set_version_mask(session, json_text(rpc->json, configured_mask(rpc)));
}

static bool is_configure(const struct rpc *rpc)
{
    return json_is(rpc->json, dialect_parameter(rpc, 0), JSON_ARRAY);
}

/* What the extension "info" tells: the device's number, and the address by which it knows its pool. */
static void read_configure(struct session *session, struct rpc *rpc)
{
    uint8_t options = dialect_parameter(rpc, 1);
    const char *url = json_text(rpc->json, json_member(rpc->json, options, "info.connection-url"));
    SET(session->conversation.rig, json_text(rpc->json, json_member(rpc->json, options, "info.hw-id")));
    dialect_read_url(session, url);
}

/* [name, what to mine] of bfgminer's goals */
static bool is_goal(const struct rpc *rpc)
{
    return json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING) &&
           json_length(rpc->json, rpc->parameters) <= 2;
}

/* The miner says how fast it is: [number of hashes a second]. */
static void read_rate(struct session *session, struct rpc *rpc)
{
    double rate;
    if (json_number(rpc->json, dialect_parameter(rpc, 0), &rate) && rate > 0)
        session->conversation.hashrate_claimed_hs = rate;
}

/* ckpool's servers among each other: the one behind is a proxy for its miners. */
static void read_link(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    session_state(session, FACT_PROXY_AGENT);
}

static bool is_reconnect(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->parameters);
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && (count == 0 || count == 2 || count == 3);
}

static bool is_one_string(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING);
}

static bool is_empty(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 0;
}

static const struct word words[] = {
    {"mining.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBSCRIBE, .points = 1,
     .fits = is_subscribe, .read = dialect_read_subscribe},
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 1,
     .fits = is_authorize, .read = dialect_read_authorize},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 1,
     .fits = is_submit, .read = dialect_read_submit},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 6,
     .fits = is_bitcoin_submit, .read = read_submit},
    {"mining.configure", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 4,
     .fits = is_configure, .read = read_configure},
    {"mining.extranonce.subscribe", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER,
     .points = 1},
    {"mining.suggest_difficulty", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER,
     .points = 2},
    {"mining.suggest_target", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 1},
    {"mining.get_transactions", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 4},
    {"mining.capabilities", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 2},
    {"mining.multi_version", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 4},
    {"mining.passthrough", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 4,
     .read = read_link},
    {"mining.remote", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 4,
     .read = read_link},
    {"mining.node", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 4,
     .read = read_link},
    {"mining.hashrate", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 1,
     .read = read_rate},
    {"agent.get_capabilities", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_OTHER, .points = 2,
     .fits = is_configure}, /* BTCAgent: a list of names in a list, as there */
    {"mining.get_version", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_OTHER, .points = 1,
     .fits = is_empty},
    {"mining.pong", .from = SIDE_MINER, .strength = WORD_HINTS, .points = 1, .fits = is_empty},
    {"mining.ping", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 1, .fits = is_empty},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 1, .fits = is_any_job,
     .read = dialect_read_job},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.set_difficulty", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 2, .fits = is_one_number,
     .read = dialect_read_difficulty},
    {"mining.set_target", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 1, .fits = is_one_target,
     .read = dialect_read_target},
    {"mining.set_extranonce", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 1,
     .fits = dialect_any_array, .read = read_new_extranonce},
    {"mining.set_version_mask", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 4,
     .fits = dialect_any_array, .read = read_version_mask},
    {"mining.set_goal", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 4, .fits = is_goal},
    {"mining.term", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 1, .fits = is_empty},
    {"client.get_algo", .from = SIDE_POOL, .strength = WORD_HINTS, .asks = ASK_OTHER, .points = 1,
     .fits = is_empty},
    {"client.get_stats", .from = SIDE_POOL, .strength = WORD_HINTS, .asks = ASK_OTHER, .points = 1,
     .fits = is_empty},
    {"client.reconnect", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 1, .fits = is_reconnect},
    {"client.show_message", .from = SIDE_POOL, .strength = WORD_HINTS, .points = 1, .fits = is_one_string},
    {"client.get_version", .from = SIDE_POOL, .strength = WORD_HINTS, .asks = ASK_VERSION, .points = 1,
     .fits = is_empty},
    {NULL, .answers = ASK_SUBSCRIBE, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 4,
     .fits = is_extranonce, .read = read_extranonce},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 4,
     .fits = is_named_extranonce, .read = read_extranonce},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_HINTS, .points = 4,
     .fits = is_configured, .read = read_configured},
};

const struct dialect dialect_bitcoin_v1 = {
    .name = "bitcoin-v1",
    .kind = "stratum",
    .summary = "Stratum V1 of the Bitcoin family (SHA-256d, scrypt, X11, ...)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    /* target = 65535 * 2^208 / difficulty, so that difficulty 1 takes 2^48 / 65535 hashes (SHA-256d) */
    .hashes_per_difficulty = 281474976710656.0 / 65535.0,
    WORDS(words),
};
