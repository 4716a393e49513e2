// SPDX-License-Identifier: Apache-2.0
/*
 * The "login" dialect of CryptoNote coins: Monero and its relatives, XMRig, xmr-stak, cpuminer-multi.
 * Sources: xmrig/xmrig:src/base/net/stratum/{Client,Job}.cpp, xmrig/xmrig-proxy:doc/STRATUM.md,
 * jtgrassie/monero-pool:src/pool.c.
 */
#include "inspect/dialect/cryptonote.h"

#include "inspect/proof.h"
#include "intel/wallet.h"

#include <stdlib.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static uint8_t member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->parameters, name);
}

/* `login` is an ordinary English word: it needs an object with login, and pass or agent, as strings. */
static bool is_login(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "login"), JSON_STRING) &&
           (json_is(rpc->json, member(rpc, "pass"), JSON_STRING) ||
            json_is(rpc->json, member(rpc, "agent"), JSON_STRING));
}

static bool names_algorithms(const struct rpc *rpc)
{
    static const char *const families[] = {"rx/",      "cn",         "cryptonight", "randomx",  "argon2/",
                                           "panthera", "ghostrider", "kawpow",      "astrobwt", "sha3x"};
    static const char *const benchmarked[] = {"rx/0", "cn/r", "cn/half", "rx/wow", "kawpow", "ghostrider"};
    /* {"rx/0": hashes a second, ...}: MoneroOcean/xmrig */
    for (size_t i = 0; i < sizeof benchmarked / sizeof benchmarked[0]; i++)
        if (json_is(rpc->json, json_member(rpc->json, member(rpc, "algo-perf"), benchmarked[i]), JSON_NUMBER))
            return true;
    const char *first = json_text(rpc->json, json_element(rpc->json, member(rpc, "algo"), 0));
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (strncmp(first, families[i], strlen(families[i])) == 0)
            return true;
    return false;
}

/* Agents of software that speaks this dialect: "XMRig/6.26.0 (Linux...)", "xmr-stak-cpu/1.3.0",
 * "cpuminer-multi/0.1". Not every "...miner": data and processes are mined as well, and `login` is said by
 * anyone. */
static bool names_miner(const char *agent)
{
    static const char *const names[] = {"xmr",      "cpuminer",  "ccminer",      "cgminer",      "sgminer",
                                        "srbminer", "nanominer", "lolminer",     "teamredminer", "gminer",
                                        "bminer",   "minerd",    "cryptodredge", "minergate",    "claymore",
                                        "wildrig",  "jce_cn",    "randomx",      "t-rex",        "rhminer",
                                        "kryptex",  "cast_xmr",  "xtlrig",       "wolf"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasestr(agent, names[i]) != NULL)
            return true;
    return false;
}

/* Stands alone with a wallet, with the algorithms the miner offers, or with a miner's agent. */
static bool is_miner_login(const struct rpc *rpc)
{
    if (!is_login(rpc))
        return false;
    struct wallet wallet;
    wallet_read(json_text(rpc->json, member(rpc, "login")), &wallet);
    return wallet.proof == WALLET_CHECKSUM || names_algorithms(rpc) ||
           json_equals(rpc->json, member(rpc, "mode"), "self-select") ||
           names_miner(json_text(rpc->json, member(rpc, "agent")));
}

/* ["rx/0","cn/r",...]: what the miner can do, in its order; beyond the field's size the rest is left out. */
static void read_algorithms(struct session *session, const struct rpc *rpc, uint8_t list)
{
    char text[CONVERSATION_MAX_ALGORITHMS];
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < json_length(rpc->json, list); i++) {
        const char *name = json_text(rpc->json, json_element(rpc->json, list, (uint16_t)i));
        size_t length = strlen(name);
        if (length == 0 || used + length + 2 > sizeof text)
            break;
        if (used > 0)
            text[used++] = ',';
        memcpy(text + used, name, length + 1);
        used += length;
    }
    SET(session->conversation.algorithms, text);
}

static void read_login(struct session *session, struct rpc *rpc)
{
    struct conversation *conversation = &session->conversation;
    SET(conversation->user, json_text(rpc->json, member(rpc, "login")));
    SET(conversation->password, json_text(rpc->json, member(rpc, "pass")));
    SET(conversation->agent, json_text(rpc->json, member(rpc, "agent")));
    SET(conversation->rig, json_text(rpc->json, member(rpc, "rigid")));
    dialect_read_url(session,
                     json_text(rpc->json, member(rpc, "url"))); /* XMRig where it mines for its author */
    uint8_t algorithms = member(rpc, "algo");
    read_algorithms(session, rpc, algorithms);
    if (json_length(rpc->json, algorithms) == 1)
        SET(conversation->algorithm, json_text(rpc->json, json_element(rpc->json, algorithms, 0)));
    conversation->logins++;
}

static uint64_t byte_at(const char *hexadecimal, size_t index)
{
    char digits[3] = {hexadecimal[2 * index], hexadecimal[2 * index + 1], '\0'};
    return strtoul(digits, NULL, 16);
}

/* The last bytes of a hexadecimal text as a number, little endian. */
static uint64_t tail_of(const char *hexadecimal, size_t bytes)
{
    uint64_t value = 0;
    size_t count = strlen(hexadecimal) / 2;
    for (size_t i = 0; i < bytes && i < count; i++)
        value = value << 8 | byte_at(hexadecimal, count - 1 - i);
    return value;
}

/* Little-endian target of 4 bytes (difficulty 2^32 / target) or 8 (2^64 / target); 0 where it is 0. */
static double difficulty_of(const char *target)
{
    size_t bytes = strlen(target) / 2;
    uint64_t value = tail_of(target, bytes);
    return value == 0 ? 0 : (bytes == 4 ? 0x1p32 : 0x1p64) / (double)value;
}

/*
 * What the last eight bytes of a result may be at most. A target of four bytes leaves the rest open, and
 * miners round the difficulty that it stands for (xmrig/xmrig:src/base/net/stratum/Job.cpp, setTarget): the
 * more generous counts.
 */
static uint64_t limit_of(const char *target)
{
    size_t bytes = strlen(target) / 2;
    uint64_t value = tail_of(target, bytes);
    if (bytes != 4 || value == 0)
        return value;
    uint64_t plain = value << 32 | UINT32_MAX, rounded = UINT64_MAX / (UINT32_MAX / value);
    return plain > rounded ? plain : rounded;
}

static bool is_submit(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "job_id"), JSON_STRING) &&
           json_is_bare_hex(rpc->json, member(rpc, "nonce"), 8, 16) &&
           json_is_bare_hex(rpc->json, member(rpc, "result"), 64, 64);
}

/* The result is a hash that must not be above the target: its last bytes, being little endian, say so. */
static void check_result(struct session *session, const struct rpc *rpc, const char *job)
{
    struct conversation *conversation = &session->conversation;
    uint64_t limit = session_target(session, job);
    if (limit == 0 || strcmp(conversation->algorithm, "rx/yada") == 0) /* Yada's target is a plain number */
        return;
    bool met = tail_of(json_text(rpc->json, member(rpc, "result")), 8) <= limit;
    *(met ? &conversation->shares_proven : &conversation->shares_below) += 1;
    conversation->share_bits += proof_gain(met, 0x1p64 / (double)limit);
}

static void read_submit(struct session *session, struct rpc *rpc)
{
    const char *job = json_text(rpc->json, member(rpc, "job_id"));
    if (dialect_share(session, rpc, job))
        check_result(session, rpc, job);
}

static bool has_session_id(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "id"), JSON_STRING);
}

/* A job: blob of at least 43 bytes (what a miner demands), job identifier, target of 4 or 8 bytes. */
static bool is_job_object(const struct json_reader *json, uint8_t job)
{
    uint8_t target = json_member(json, job, "target");
    return json_is_bare_hex(json, json_member(json, job, "blob"), 86, 1024) &&
           json_is(json, json_member(json, job, "job_id"), JSON_STRING) &&
           (json_is_bare_hex(json, target, 8, 8) || json_is_bare_hex(json, target, 16, 16));
}

static bool is_job(const struct rpc *rpc)
{
    return is_job_object(rpc->json, rpc->parameters);
}

static bool answers_with_job(const struct rpc *rpc)
{
    return is_job_object(rpc->json, json_member(rpc->json, rpc->result, "job"));
}

/*
 * The block header in the blob begins with two version numbers and the time stamp, all varints (CryptoNote
 * standard 003); the time is that of the packet where the job is real.
 */
static bool blob_time_is_near(const struct rpc *rpc, const char *blob)
{
    uint64_t time = 0;
    for (unsigned i = 0; i < 5; i++) { /* seconds since 1970 take five varint bytes until 2106 */
        uint64_t byte = byte_at(blob, 2 + i);
        time |= (byte & 0x7f) << (7 * i);
        if ((byte & 0x80) == 0)
            return i == 4 && dialect_time_is_near(rpc, time);
    }
    return false;
}

static void read_job_object(struct session *session, struct rpc *rpc, uint8_t job)
{
    struct conversation *conversation = &session->conversation;
    const struct json_reader *json = rpc->json;
    dialect_set_difficulty(session, difficulty_of(json_text(json, json_member(json, job, "target"))));
    SET(conversation->algorithm, json_text(json, json_member(json, job, "algo")));
    if (json_is_hex(json, json_member(json, job, "seed_hash"), 64, 64) && conversation->algorithm[0] == '\0')
        SET(conversation->algorithm, "rx/0"); /* only RandomX has a seed, and Monero's needs no name */
    const char *name = json_text(json, json_member(json, job, "job_id"));
    session_add_job(session, name);
    if (name[0] != '\0')
        session_set_target(session, limit_of(json_text(json, json_member(json, job, "target"))));
    conversation->jobs++;
    if (blob_time_is_near(rpc, json_text(json, json_member(json, job, "blob")))) {
        session_state(session, FACT_JOB_PROVEN);
        SET(conversation->job_proof, "block time in the job is that of the packet");
    }
    dialect_read_height(session, rpc, json_member(json, job, "height"));
}

static void read_job(struct session *session, struct rpc *rpc)
{
    read_job_object(session, rpc, rpc->parameters);
}

static void read_first_job(struct session *session, struct rpc *rpc)
{
    session_state(session, FACT_POOL_ANSWERS);
    read_job_object(session, rpc, json_member(rpc->json, rpc->result, "job"));
}

static bool answers_keepalive(const struct rpc *rpc)
{
    return json_equals(rpc->json, json_member(rpc->json, rpc->result, "status"), "KEEPALIVED");
}

/* ---- jobs without a blob ---- */

/* A proxy gets the whole template, to give each of its miners a place of its own
 * (MoneroOcean/xmr-node-proxy). */
static bool is_template_object(const struct json_reader *json, uint8_t job)
{
    double number;
    return json_is_bare_hex(json, json_member(json, job, "blocktemplate_blob"), 100, UINT32_MAX) &&
           json_is(json, json_member(json, job, "job_id"), JSON_STRING) &&
           json_number(json, json_member(json, job, "target_diff"), &number) && number > 0;
}

static bool is_template_job(const struct rpc *rpc)
{
    return is_template_object(rpc->json, rpc->parameters);
}

static bool answers_with_template(const struct rpc *rpc)
{
    return is_template_object(rpc->json, json_member(rpc->json, rpc->result, "job"));
}

static void read_template_object(struct session *session, struct rpc *rpc, uint8_t job)
{
    double number = 0;
    const struct json_reader *json = rpc->json;
    if (json_number(json, json_member(json, job, "target_diff"), &number))
        dialect_set_difficulty(session, number);
    dialect_read_height(session, rpc, json_member(json, job, "height"));
    SET(session->conversation.algorithm, json_text(json, json_member(json, job, "algo")));
    session_add_job(session, json_text(json, json_member(json, job, "job_id")));
    session->conversation.jobs++;
    if (blob_time_is_near(rpc, json_text(json, json_member(json, job, "blocktemplate_blob")))) {
        session_state(session, FACT_JOB_PROVEN);
        SET(session->conversation.job_proof, "block time in the template is that of the packet");
    }
}

static void read_template_job(struct session *session, struct rpc *rpc)
{
    read_template_object(session, rpc, rpc->parameters);
}

static void read_first_template(struct session *session, struct rpc *rpc)
{
    session_state(session, FACT_POOL_ANSWERS);
    read_template_object(session, rpc, json_member(rpc->json, rpc->result, "job"));
}

/* The miner takes its block from a node of its own and shows it to the pool (XMRig with --self-select). */
static bool is_chosen_block(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "job_id"), JSON_STRING) &&
           json_is_bare_hex(rpc->json, member(rpc, "blob"), 100, UINT32_MAX) &&
           json_is_bare_hex(rpc->json, member(rpc, "prev_hash"), 64, 64);
}

/* ---- what others share, see cryptonote.h ---- */

bool cryptonote_is_job(const struct json_reader *json, uint8_t job)
{
    return is_job_object(json, job);
}

void cryptonote_read_job(struct session *session, struct rpc *rpc, uint8_t job)
{
    read_job_object(session, rpc, job);
}

bool cryptonote_is_share(const struct rpc *rpc)
{
    return is_submit(rpc);
}

void cryptonote_read_share(struct session *session, struct rpc *rpc)
{
    read_submit(session, rpc);
}

bool cryptonote_time_is_near(const struct rpc *rpc, const char *blob)
{
    return blob_time_is_near(rpc, blob);
}

static const struct word words[] = {
    {"login", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_LOGIN, .points = 2, .fits = is_login,
     .read = read_login},
    {"login", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_LOGIN, .points = 8,
     .fits = is_miner_login, .read = read_login},
    {"submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_submit, .read = read_submit},
    {"keepalived", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 6,
     .fits = has_session_id},
    {"getjob", .from = SIDE_MINER, .strength = WORD_HINTS, .asks = ASK_LOGIN, .points = 4,
     .fits = has_session_id},
    {"job", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_job, .read = read_job},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8,
     .fits = answers_with_job, .read = read_first_job},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_HINTS, .points = 4,
     .fits = answers_keepalive},
    {"job", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8, .fits = is_template_job,
     .read = read_template_job},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 8,
     .fits = answers_with_template, .read = read_first_template},
    {"block_template", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_OTHER, .points = 9,
     .fits = is_chosen_block},
};

const struct dialect dialect_cryptonote_login = {
    .name = "cryptonote-login",
    .kind = "stratum",
    .summary = "JSON-RPC login of CryptoNote coins (Monero: XMRig, xmr-stak)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
