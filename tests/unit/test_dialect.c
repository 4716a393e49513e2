// SPDX-License-Identifier: Apache-2.0
/* The words of the dialects one by one: what each demands of its values, and the arithmetic of targets. */
#include "inspect/dialect/dialect_set.h"

#include "inspect/dialect/ethash.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define H8   "695b8ba0"
#define H64  "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define X64  "0x" H64
#define SEED "0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563"
#define BLOB                                                                                                 \
    "0405c481f8c305f576c84bc68cb1c4848ac857dc19a44dc357bed1e71b27479f6c2671fc64d973000000005b128838deec22c4" \
    "c1c7e2cb866ad2988605ffc733cea693a021aa4baac4562d05"
#define JOB "{\"blob\":\"" BLOB "\",\"job_id\":\"1\",\"target\":\"b88d0600\"}"
#define WALLET                                                                                               \
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
#define H16  "0123456789abcdef"
#define H106 H64 "0123456789abcdef0123456789abcdef0123456789"
#define H160 H64 H64 H16 H16
#define H280 H160 H64 H16 H16 H16 "01234567"
#define X16  "0x" H16
#define LINE CARRIER_LINE
#define HTTP CARRIER_HTTP

static struct json_reader json;

static struct rpc rpc_of(const char *method, const char *text, enum carrier carrier)
{
    size_t used;
    json_reader_reset(&json);
    assert_int_equal(json_read(&json, (const uint8_t *)text, strlen(text), &used), JSON_COMPLETE);
    return (struct rpc){
        .json = &json,
        .message = 0,
        .parameters = json_member(&json, 0, "params"),
        .result = json_member(&json, 0, "result"),
        .method = method,
        .carrier = carrier,
        .http_target = "",
        .time_us = INT64_C(1767607200) * 1000000,
    };
}

/* The strongest word of `dialect` that fits, NULL where none does. `method` NULL: answers to `answered`. */
static const struct word *word_for(const char *dialect, const char *method, const struct rpc *rpc,
                                   enum ask answered)
{
    size_t count;
    const struct dialect_word *words = method == NULL
                                           ? dialect_find_answers(dialect_set_builtin(), &count)
                                           : dialect_find_words(dialect_set_builtin(), method, &count);
    const struct word *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct word *word = words[i].word;
        enum carrier carriers = word->carriers == 0 ? CARRIER_LINE : word->carriers;
        if (strcmp(words[i].dialect->name, dialect) != 0 || (carriers & rpc->carrier) == 0 ||
            (word->answers != ASK_NOTHING && word->answers != answered) ||
            (word->fits != NULL && !word->fits(rpc)))
            continue;
        if (best == NULL || word->strength > best->strength)
            best = word;
    }
    return best;
}

enum { NO = -1, SUPPORTS, HINTS, SPEAKS };

static const struct {
    const char *dialect, *method, *value; /* params; the result of an answer */
    enum carrier carrier;
    int strength;
    enum ask answered;
} rows[] = {
    {"bitcoin-v1", "mining.subscribe", "[]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.subscribe", "[\"cgminer/4.11.1\",null,\"host\",3333]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.subscribe", "{\"agent\":\"a/1\"}", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.subscribe", "{}", LINE, NO, 0},
    {"bitcoin-v1", "mining.subscribe", "\"text\"", LINE, NO, 0},
    {"bitcoin-v1", "mining.subscribe", "[1,2,3,4,5,6,7,8,9]", LINE, NO, 0},
    {"bitcoin-v1", "mining.subscribe", "[]", HTTP, NO, 0},
    {"bitcoin-v1", "mining.authorize", "[\"user\"]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.authorize", "{\"wallet\":\"w\"}", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.authorize", "[]", LINE, NO, 0},
    {"bitcoin-v1", "mining.authorize", "[1]", LINE, NO, 0},
    {"bitcoin-v1", "mining.authorize", "{\"other\":\"w\"}", LINE, NO, 0},
    {"bitcoin-v1", "mining.submit", "[\"u\",\"j\",\"00\",\"" H8 "\",\"" H8 "\"]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.submit", "[\"u\",\"" H16 "\"]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.submit", "{\"job_id\":\"1\"}", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.submit", "[\"u\",\"not hexadecimal\"]", LINE, NO, 0},
    {"bitcoin-v1", "mining.submit", "[\"u\"]", LINE, NO, 0},
    {"bitcoin-v1", "mining.submit", "{}", LINE, NO, 0},
    {"bitcoin-v1", "mining.configure", "[[\"version-rolling\"],{}]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.configure", "[\"version-rolling\"]", LINE, NO, 0},
    {"bitcoin-v1", "mining.suggest_difficulty", "[1000]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.notify",
     "[\"j\",\"" H64 "\",\"" H16 "\",\"\",[],\"" H8 "\",\"" H8 "\",\"" H8 "\",true]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.notify", "{\"job_id\":\"1\"}", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.notify", "[]", LINE, NO, 0},
    {"bitcoin-v1", "mining.notify", "\"hello\"", LINE, NO, 0},
    {"bitcoin-v1", "mining.set_difficulty", "[1e-05]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.set_difficulty", "[\"512\"]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.set_difficulty", "[0]", LINE, NO, 0},
    {"bitcoin-v1", "mining.set_difficulty", "[-4]", LINE, NO, 0},
    {"bitcoin-v1", "mining.set_difficulty", "[\"nan\"]", LINE, NO, 0},
    {"bitcoin-v1", "mining.set_difficulty", "[1,2]", LINE, NO, 0},
    {"bitcoin-v1", "mining.set_target", "[\"" H64 "\"]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "mining.set_target", "[\"" H8 "\"]", LINE, NO, 0},
    {"bitcoin-v1", "mining.set_extranonce", "[\"08000002\",4]", LINE, SPEAKS, 0},
    {"bitcoin-v1", "client.reconnect", "[\"host\",3333,10]", LINE, HINTS, 0},
    {"bitcoin-v1", "client.reconnect", "[\"host\"]", LINE, NO, 0},
    {"bitcoin-v1", "client.show_message", "[\"text\"]", LINE, HINTS, 0},
    {"bitcoin-v1", "client.show_message", "[1]", LINE, NO, 0},
    {"bitcoin-v1", "client.get_version", "[]", LINE, HINTS, 0},
    {"bitcoin-v1", NULL, "[[[\"mining.notify\",\"a\"]],\"08000002\",4]", LINE, SPEAKS, 0},
    {"bitcoin-v1", NULL, "[[\"mining.notify\",\"a\"],\"\",8]", LINE, SPEAKS, 0},
    {"bitcoin-v1", NULL, "[[],\"08000002\",4]", LINE, NO, 0}, /* of anything */
    {"bitcoin-v1", NULL, "[[],\"08000002\",4]", LINE, SPEAKS, ASK_SUBSCRIBE},
    {"bitcoin-v1", NULL, "[\"a\",\"08000002\",4]", LINE, NO, ASK_AUTHORIZE},
    {"bitcoin-v1", NULL, "[[],\"nothex\",4]", LINE, NO, ASK_SUBSCRIBE},
    {"bitcoin-v1", NULL, "[[],\"0800\",0]", LINE, NO, ASK_SUBSCRIBE},
    {"cryptonote-login", "login", "{\"login\":\"bob\",\"pass\":\"secret\"}", LINE, HINTS, 0},
    {"cryptonote-login", "login", "{\"login\":\"" WALLET "\",\"pass\":\"x\"}", LINE, SPEAKS, 0},
    {"cryptonote-login", "login", "{\"login\":\"bob\",\"agent\":\"XMRig/6.26.0 (Linux)\"}", LINE, SPEAKS, 0},
    {"cryptonote-login", "login", "{\"login\":\"bob\",\"agent\":\"DataMiner/10\",\"pass\":\"x\"}", LINE,
     HINTS, 0},
    {"cryptonote-login", "login", "{\"login\":\"bob\",\"pass\":\"x\",\"algo\":[\"rx/0\",\"cn/r\"]}", LINE,
     SPEAKS, 0},
    {"cryptonote-login", "login", "{\"login\":\"bob\",\"pass\":\"x\",\"algo\":[\"HS256\"]}", LINE, HINTS, 0},
    {"cryptonote-login", "login", "{\"login\":\"bob\"}", LINE, NO, 0},
    {"cryptonote-login", "login", "{\"user\":\"bob\",\"password\":\"x\"}", LINE, NO, 0},
    {"cryptonote-login", "login", "{\"login\":1,\"pass\":2}", LINE, NO, 0},
    {"cryptonote-login", "login", "[\"bob\",\"x\"]", LINE, NO, 0},
    {"cryptonote-login", "submit", "{\"job_id\":\"1\",\"nonce\":\"220c0000\",\"result\":\"" H64 "\"}", LINE,
     SPEAKS, 0},
    {"cryptonote-login", "submit", "{\"job_id\":\"1\",\"nonce\":\"220c\",\"result\":\"" H64 "\"}", LINE, NO,
     0},
    {"cryptonote-login", "submit", "{\"job_id\":1,\"nonce\":\"220c0000\",\"result\":\"ok\"}", LINE, NO, 0},
    {"cryptonote-login", "submit", "{\"form\":\"1\"}", LINE, NO, 0},
    {"cryptonote-login", "keepalived", "{\"id\":\"1\"}", LINE, SPEAKS, 0},
    {"cryptonote-login", "keepalived", "{}", LINE, NO, 0},
    {"cryptonote-login", "getjob", "{\"id\":\"1\"}", LINE, HINTS, 0},
    {"cryptonote-login", "job", JOB, LINE, SPEAKS, 0},
    {"cryptonote-login", "job", "{\"blob\":\"" H64 "\",\"job_id\":\"1\",\"target\":\"b88d0600\"}", LINE, NO,
     0},
    {"cryptonote-login", "job", "{\"blob\":\"" BLOB "\",\"job_id\":\"1\",\"target\":\"b88d06\"}", LINE, NO,
     0},
    {"cryptonote-login", "job", "{\"job_id\":\"1\",\"target\":\"x86_64\"}", LINE, NO, 0},
    {"cryptonote-login", NULL, "{\"id\":\"1\",\"job\":" JOB ",\"status\":\"OK\"}", LINE, SPEAKS, 0},
    {"cryptonote-login", NULL, "{\"status\":\"OK\"}", LINE, NO, 0},
    {"cryptonote-login", NULL, "{\"status\":\"KEEPALIVED\"}", LINE, HINTS, 0},
    {"ethproxy", "eth_submitLogin", "[\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"]", LINE, SPEAKS, 0},
    {"ethproxy", "eth_submitLogin", "[]", LINE, NO, 0},
    {"ethproxy", "eth_getWork", "[]", LINE, SPEAKS, 0},
    {"ethproxy", "eth_getWork", "[1]", LINE, NO, 0},
    {"ethproxy", "eth_submitWork", "[\"" X16 "\",\"" X64 "\",\"" X64 "\"]", LINE, SPEAKS, 0},
    {"ethproxy", "eth_submitWork", "[\"" X16 "\",\"" H64 "\",\"" X64 "\"]", LINE, NO, 0},
    {"ethproxy", "eth_submitHashrate", "[\"0x1d08a61\",\"" X64 "\"]", LINE, SPEAKS, 0},
    {"ethproxy", "eth_submitHashrate", "[\"fast\",\"" X64 "\"]", LINE, NO, 0},
    {"ethproxy", NULL, "[\"" X64 "\",\"" SEED "\",\"" X64 "\"]", LINE, SPEAKS, 0},
    {"ethproxy", NULL, "[\"" X64 "\",\"" X64 "\",\"" X64 "\",\"0x1\"]", LINE, SPEAKS, ASK_WORK},
    {"ethproxy", NULL, "[\"" X64 "\",\"" X64 "\",\"" X64 "\"]", LINE, SUPPORTS, 0},
    {"ethproxy", NULL, "[\"" X64 "\",\"" X64 "\"]", LINE, NO, ASK_WORK},
    {"eth-getwork-http", "eth_getWork", "[]", HTTP, HINTS, 0},
    {"eth-getwork-http", "eth_submitWork", "[\"" X16 "\",\"" X64 "\",\"" X64 "\"]", HTTP, SPEAKS, 0},
    {"eth-getwork-http", "eth_submitWork", "[]", HTTP, NO, 0},
    {"eth-getwork-http", NULL, "[\"" X64 "\",\"" X64 "\",\"" X64 "\"]", HTTP, SUPPORTS, ASK_WORK},
    {"ethereumstratum-1.0.0", "mining.subscribe", "[\"a\",\"EthereumStratum/1.0.0\"]", LINE, SPEAKS, 0},
    {"ethereumstratum-1.0.0", "mining.subscribe", "[\"a\",\"EthereumStratum/2.0.0\"]", LINE, NO, 0},
    {"ethereumstratum-1.0.0", "mining.notify", "[\"j\",\"" H64 "\",\"" H64 "\",true]", LINE, SPEAKS, 0},
    {"ethereumstratum-1.0.0", "mining.notify", "[\"j\",\"" X64 "\",\"" X64 "\",true]", LINE, NO, 0},
    {"ethereumstratum-1.0.0", "mining.submit", "[\"u\",\"j\",\"6a909d9bbc0f\"]", LINE, SPEAKS, 0},
    {"ethereumstratum-1.0.0", "mining.submit", "[\"u\",\"j\",\"6a90\"]", LINE, NO, 0},
    {"ethereumstratum-1.0.0", "mining.set_extranonce", "[\"af4c\"]", LINE, SPEAKS, 0},
    {"ethereumstratum-1.0.0", "mining.set_extranonce", "[\"af4c\",4]", LINE, NO, 0},
    {"ethereumstratum-1.0.0", NULL, "[[\"mining.notify\",\"a\",\"EthereumStratum/1.0.0\"],\"080c\"]", LINE,
     SPEAKS, 0},
    {"ethereumstratum-1.0.0", NULL, "[[\"mining.notify\",\"a\",\"EthereumStratum/1.0.0\"],\"080c080c\"]",
     LINE, NO, 0},
    {"eth-stratum-notify", "mining.notify", "[\"j\",\"" X64 "\",\"" H64 "\",\"" X64 "\",true]", LINE, SPEAKS,
     0},
    {"eth-stratum-notify", "mining.notify", "[\"j\",\"" X64 "\",\"" X64 "\",\"" X64 "\",1]", LINE, NO, 0},
    {"eth-stratum-notify", "mining.notify", "[\"j\",\"" X64 "\",\"" X64 "\",\"" X16 "\",true]", LINE, NO, 0},
    {"eth-stratum-notify", "mining.submit", "[\"u\",\"j\",\"" X16 "\",\"" X64 "\",\"" X64 "\"]", LINE, SPEAKS,
     0},
    {"eth-stratum-notify", "mining.submit", "[\"u\",\"j\",\"" X16 "\",\"" X64 "\",\"" X16 "\"]", LINE, NO, 0},
    {"equihash", "mining.subscribe", "[\"EWBF 0.3.4b\",null,\"host\",\"3333\"]", LINE, SPEAKS, 0},
    {"equihash", "mining.subscribe", "[\"EWBF 0.3.4b\",null,\"host\",\"0\"]", LINE, NO, 0},
    {"equihash", "mining.subscribe", "[\"EWBF 0.3.4b\"]", LINE, NO, 0},
    {"equihash", "mining.notify",
     "[\"j\",\"04000000\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H8 "\",\"" H8
     "\",true,\"144_5\",\"BgoldPoW\"]",
     LINE, SPEAKS, 0},
    {"equihash", "mining.notify",
     "[\"j\",\"04\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H8 "\",\"" H8 "\",true]", LINE, NO, 0},
    {"equihash", "mining.submit", "[\"u\",\"j\",\"" H8 "\",\"" H16 "\",\"" H106 "\"]", LINE, SPEAKS, 0},
    {"equihash", "mining.submit", "[\"u\",\"j\",\"" H8 "\",\"" H16 "\",\"" H64 "\"]", LINE, NO, 0},
    {"equihash", "mining.set_target", "[\"" H64 "\"]", LINE, SPEAKS, 0},
    {"equihash", NULL, "[null,\"e66c0000\"]", LINE, SPEAKS, ASK_SUBSCRIBE},
    {"equihash", NULL, "[null,\"e66c0000\"]", LINE, NO, 0},
    {"equihash", NULL, "[\"ElectrumX 1.16.0\",\"1.4\"]", LINE, NO, ASK_SUBSCRIBE},
    {"getwork", "getwork", "[]", HTTP, SPEAKS, 0},
    {"getwork", "getwork", "[]", LINE, HINTS, 0},
    {"getwork", "getwork", "{\"queue\":\"a\"}", HTTP, NO, 0},
    {"getwork", "getwork", "[\"" H160 "\"]", HTTP, SPEAKS, 0},
    {"getwork", "getwork", "[\"printer\"]", HTTP, NO, 0},
    {"getwork", NULL, "{\"data\":\"" H160 "\",\"target\":\"" H64 "\"}", HTTP, SPEAKS, 0},
    {"getwork", NULL, "{\"data\":\"text\",\"target\":\"" H64 "\"}", HTTP, NO, 0},
    {"getblocktemplate", "getblocktemplate", "[{\"rules\":[\"segwit\"]}]", HTTP, HINTS, 0},
    {"getblocktemplate", "getblocktemplate", "[{\"capabilities\":[\"coinbasetxn\",\"workid\"]}]", HTTP,
     SPEAKS, 0},
    {"getblocktemplate", "getblocktemplate", "[{\"rules\":[\"segwit\"],\"longpollid\":\"a\"}]", HTTP, SPEAKS,
     0},
    {"getblocktemplate", "getblocktemplate", "\"x\"", HTTP, NO, 0},
    {"getblocktemplate", NULL,
     "{\"previousblockhash\":\"" H64 "\",\"transactions\":[],\"bits\":\"1d00ffff\"}", HTTP, SUPPORTS, 0},
    {"getblocktemplate", NULL, "{\"previousblockhash\":\"" H64 "\",\"bits\":\"1d00ffff\"}", HTTP, NO, 0},
    {"submitblock", "submitblock", "[\"" H280 "\"]", HTTP, SPEAKS, 0},
    {"submitblock", "submitblock", "[]", HTTP, HINTS, 0},
    {"submitblock", "submitblock", "[\"" H160 "\"]", HTTP, NO, 0},
};

static void test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[4096];
        snprintf(text, sizeof text, "{\"id\":1,\"%s\":%s}", rows[i].method == NULL ? "result" : "params",
                 rows[i].value);
        struct rpc rpc = rpc_of(rows[i].method == NULL ? "" : rows[i].method, text, rows[i].carrier);
        const struct word *word = word_for(rows[i].dialect, rows[i].method, &rpc, rows[i].answered);
        int strength = word == NULL ? NO : (int)word->strength;
        if (strength != rows[i].strength)
            fail_msg("%s %s %s: %d, not %d", rows[i].dialect,
                     rows[i].method == NULL ? "answer" : rows[i].method, rows[i].value, strength,
                     rows[i].strength);
    }
}

/* Parameters of any type and none are looked at by every word without harm. */
static void test_any_type(void **state)
{
    (void)state;
    static const char *const values[] = {"null",
                                         "true",
                                         "1",
                                         "\"\"",
                                         "[]",
                                         "{}",
                                         "[null,[],{},1,\"\",true]",
                                         "[[[[]]]]",
                                         "{\"job\":[],\"login\":{},\"algo\":1}"};
    struct session session = {0};
    unsigned looked_at = 0;
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++)
        for (size_t d = 0; d < dialect_count; d++)
            for (size_t w = 0; w < dialects[d]->word_count; w++) {
                const struct word *word = &dialects[d]->words[w];
                char text[256];
                snprintf(text, sizeof text, "{\"result\":%s,\"params\":%s}", values[v], values[v]);
                struct rpc rpc = rpc_of("", text, CARRIER_LINE);
                session.conversation.dialect = dialects[d];
                if ((word->fits == NULL || word->fits(&rpc)) && word->read != NULL)
                    word->read(&session, &rpc);
                rpc.parameters = rpc.result = JSON_NONE;
                if ((word->fits == NULL || word->fits(&rpc)) && word->read != NULL)
                    word->read(&session, &rpc);
                looked_at++;
            }
    assert_true(looked_at > 9 * 40);
    assert_true(session.conversation.difficulty == 0);
}

static void test_index(void **state)
{
    (void)state;
    for (size_t d = 0; d < dialect_count; d++) {
        assert_true(dialects[d]->word_count == 0 || dialects[d]->hashes_per_difficulty > 0);
        for (size_t w = 0; w < dialects[d]->word_count; w++) {
            const struct word *word = &dialects[d]->words[w];
            size_t count, found = 0;
            const struct dialect_word *words =
                word->method == NULL ? dialect_find_answers(dialect_set_builtin(), &count)
                                     : dialect_find_words(dialect_set_builtin(), word->method, &count);
            for (size_t i = 0; i < count; i++)
                found += words[i].word == word && words[i].dialect == dialects[d];
            assert_int_equal(found, 1);
            assert_true(word->points >= 1);
        }
    }
    size_t count;
    static const char *const none[] = {"mining", "mining.subscrib", "mining.subscribes", "zzz", "eth_call"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        dialect_find_words(dialect_set_builtin(), none[i], &count);
        assert_int_equal(count, 0);
    }
}

static void test_difficulty_of_target(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        double difficulty, tolerance;
    } targets[] = {
        {"0004189374bc6a7ef9db22d0e5604189374bc6a7ef9db22d0e5604189374bc6a", 16000, 1e-9},
        {"003c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c", 1088, 1e-9},
        {"0x00000000dbe6fecebdedd5beb573440e5a884d1b2fbf06fcce912adcb8d8422e", 5e9, 1e-9},
        {"0x0000000225c17d04dad2965cc5a02a23e254c0c3f75d9178046aeb27ce1ca574", 2e9, 1e-9},
        {"00000000ffff0000000000000000000000000000000000000000000000000000", 4295032833.0, 1e-9},
        {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 1, 1e-9},
        {"0000000000000000000000000000000000000000000000000000000000000001", 0x1p256, 1e-9},
        {"0x0000000000000000000000000000000000000000000000000000000000000010", 0x1p252, 1e-9},
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        double difficulty = dialect_difficulty_of_target(targets[i].target), wanted = targets[i].difficulty;
        /* the targets of real pools were cut to 256 bits, so that one in 2^64 is lost */
        assert_true(fabs(difficulty - wanted) <= wanted * targets[i].tolerance);
    }
    static const char *const none[] = {
        "",
        "0",
        "0x",
        "zz",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "00000000ffff00000000000000000000000000000000000000000000000000000", /* 65 digits */
    };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_true(dialect_difficulty_of_target(none[i]) == 0);
}

static double job_difficulty(const char *target)
{
    struct session session = {.conversation.dialect = &dialect_cryptonote_login};
    char text[1024];
    snprintf(text, sizeof text, "{\"params\":{\"blob\":\"" BLOB "\",\"job_id\":\"1\",\"target\":\"%s\"}}",
             target);
    struct rpc rpc = rpc_of("job", text, CARRIER_LINE);
    const struct word *word = word_for("cryptonote-login", "job", &rpc, ASK_NOTHING);
    assert_non_null(word);
    word->read(&session, &rpc);
    assert_int_equal(session.conversation.jobs, 1);
    assert_true(session_has_job(&session, "1"));
    return session.conversation.difficulty;
}

static void test_cryptonote_targets(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        double difficulty;
    } targets[] = {
        {"b88d0600", 10000},       {"7b5e0400", 15000},       {"69ba0000", 90001},
        {"dc460300", 20000},       {"711b0d00", 5000},        {"70a50700", 8571},
        {"91fd0600", 9375},        {"ffffffff", 1},           {"000000ff", 1},
        {"ffffffffffffff00", 256}, {"0000000000000001", 256}, {"00000000", 0},
        {"01000000", 0x1p32},      {"0000000000000000", 0},   {"0200000000000000", 0x1p63},
        {"0100000000000000", 0}, /* above 2^63: none */
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        if (fabs(job_difficulty(targets[i].target) - targets[i].difficulty) >=
            1) /* some are cut to whole numbers */
            fail_msg("%s: %f", targets[i].target, job_difficulty(targets[i].target));
}

static void read_set_difficulty(struct session *session, const char *value)
{
    char text[128];
    snprintf(text, sizeof text, "{\"params\":[%s]}", value);
    struct rpc rpc = rpc_of("mining.set_difficulty", text, CARRIER_LINE);
    dialect_read_difficulty(session, &rpc);
}

static void test_set_difficulty(void **state)
{
    (void)state;
    struct session session = {.conversation.dialect = &dialect_bitcoin_v1};
    read_set_difficulty(&session, "0.05");
    assert_true(session.conversation.difficulty == 0.05 && session.changed);
    static const char *const none[] = {"0", "-1", "1e300", "\"nan\"", "null", "9223372036854777856"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        read_set_difficulty(&session, none[i]);
        assert_true(session.conversation.difficulty == 0.05);
    }
    read_set_difficulty(&session, "9223372036854775808");
    assert_true(session.conversation.difficulty == 0x1p63);
}

static void test_ethash_seeds(void **state)
{
    (void)state;
    assert_int_equal(ethash_epoch_of_seed(SEED), 1);
    assert_int_equal(ethash_epoch_of_seed(&SEED[2]), 1);
    assert_int_equal(ethash_epoch_of_seed("510e4e770828ddbf7f7b00ab00a9f6adaf81c0dc9cc85f1f8249c256942d61d9"),
                     2);
    assert_int_equal(ethash_epoch_of_seed(H64), -1);
    assert_int_equal(ethash_epoch_of_seed(""), -1);
    assert_int_equal(ethash_epoch_of_seed("0x290decd9"), -1);
}

static void test_claimed_rate(void **state)
{
    (void)state;
    struct session session = {0};
    struct rpc rpc = rpc_of("", "{\"params\":[\"0x1d08a61\",\"0x1\"]}", CARRIER_LINE);
    ethash_read_hashrate(&session, &rpc);
    assert_true(session.conversation.hashrate_claimed_hs == 30444129);
    rpc = rpc_of("", "{\"params\":[\"" X64 "\",\"0x1\"]}", CARRIER_LINE); /* more than fits is no rate */
    ethash_read_hashrate(&session, &rpc);
    assert_true(session.conversation.hashrate_claimed_hs == 30444129);
}

static void test_time(void **state)
{
    (void)state;
    struct rpc rpc = rpc_of("", "{}", CARRIER_LINE);
    assert_true(dialect_time_is_near(&rpc, 1767607200));
    assert_true(dialect_time_is_near(&rpc, 1767607200 - 7199) &&
                dialect_time_is_near(&rpc, 1767607200 + 7199));
    assert_false(dialect_time_is_near(&rpc, 1767607200 - 7200) ||
                 dialect_time_is_near(&rpc, 1767607200 + 7200));
    assert_false(dialect_time_is_near(&rpc, 0) || dialect_time_is_near(&rpc, UINT64_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_any_type),
        cmocka_unit_test(test_index),
        cmocka_unit_test(test_difficulty_of_target),
        cmocka_unit_test(test_cryptonote_targets),
        cmocka_unit_test(test_set_difficulty),
        cmocka_unit_test(test_ethash_seeds),
        cmocka_unit_test(test_claimed_rate),
        cmocka_unit_test(test_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
