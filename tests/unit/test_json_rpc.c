// SPDX-License-Identifier: Apache-2.0
/* Whole conversations of each dialect: what is read out of them, from both sides, one side and the middle. */
#include "inspecting.h"

#include <stdio.h>

#define H64 "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define COINBASE                                                                                             \
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d03e42908"           \
    "094269744d696e746572"
#define WALLET                                                                                               \
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
#define TARGET16000 "0004189374bc6a7ef9db22d0e5604189374bc6a7ef9db22d0e5604189374bc6a"
#define HASH40      "41f3161ce643ebcf25d34dde1ac0d3e695edcbf136eed96680bac4cf1a82e417"

struct line {
    enum direction direction;
    const char *text;
};

static const struct line bitcoin[] = {
    {TO_SERVER,
     "{\"id\":0,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],{\"version-rolling.mask\":"
     "\"ffffffff\"}]}\n"},
    {TO_CLIENT, "{\"error\":null,\"id\":0,\"result\":{\"version-rolling\":true,\"version-rolling.mask\":"
                "\"1fffe000\"}}\n"},
    {TO_SERVER, "{\"id\": 1, \"method\": \"mining.subscribe\", \"params\": [\"bitaxe/BM1370/v2.13.1\"]}\n"},
    {TO_CLIENT,
     "{\"id\":1,\"result\":[[[\"mining.set_difficulty\",\"b4b6693b\"],[\"mining.notify\",\"ae6812eb\"]],"
     "\"08000002\",4],\"error\":null}\n"},
    {TO_SERVER,
     "{\"id\": 2, \"method\": \"mining.authorize\", \"params\": [\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2.rig\","
     "\"x\"]}\n"},
    {TO_CLIENT, "{\"id\":2,\"result\":true,\"error\":null}\n{\"id\":null,\"method\":\"mining.set_"
                "difficulty\",\"params\":"
                "[4096]}\n"},
    {TO_CLIENT,
     "{\"params\":[\"job1\",\"" H64 "\",\"" COINBASE "\",\"2f00000000\",[\"" H64 "\"],\"20000000\","
     "\"172f4f7b\",\"695b8ae0\",true],\"id\":null,\"method\":\"mining.notify\"}\n"},
    {TO_SERVER,
     "{\"params\": "
     "[\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2.rig\",\"job1\",\"00000001\",\"504e86ed\",\"b2957c02\"],"
     "\"id\":4,\"method\":\"mining.submit\"}\n"},
    {TO_CLIENT, "{\"id\":4,\"result\":true,\"error\":null}\n"},
    {TO_SERVER,
     "{\"params\": "
     "[\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2.rig\",\"job1\",\"00000002\",\"504e86ed\",\"b2957c03\"],"
     "\"id\":4,\"method\":\"mining.submit\"}\n"},
    {TO_CLIENT, "{\"id\":4,\"result\":null,\"error\":[21,\"Job not found\",null]}\n"},
    {0, NULL},
};

static const struct line cryptonote[] = {
    {TO_SERVER,
     "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\",\"params\":{\"login\":\"" WALLET "\",\"pass\":\"x\","
     "\"agent\":\"XMRig/6.26.0 (Linux x86_64)\",\"rigid\":\"rig01\",\"algo\":[\"rx/0\",\"rx/wow\"]}}\n"},
    {TO_CLIENT,
     "{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"id\":\"983336281753145\",\"job\":{\"blob\":"
     "\"0405a097eeca06f576c84bc68cb1c4848ac857dc19a44dc357bed1e71b27479f6c2671fc64d973000000005b128838deec22c"
     "4c"
     "1c7e2"
     "cb866ad2988605ffc733cea693a021aa4baac4562d05\",\"job_id\":\"397367854346521\",\"target\":\"b88d0600\","
     "\"algo\":\"rx/0\",\"height\":3300000,\"seed_hash\":\"" H64 "\"},\"status\":\"OK\"}}\n"},
    {TO_SERVER,
     "{\"id\":2,\"jsonrpc\":\"2.0\",\"method\":\"submit\",\"params\":{\"id\":\"983336281753145\",\"job_id\":"
     "\"397367854346521\",\"nonce\":\"220c0000\",\"result\":\"" H64 "\"}}\n"},
    {TO_CLIENT, "{\"id\":2,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"status\":\"OK\"}}\n"},
    {TO_SERVER,
     "{\"id\":3,\"jsonrpc\":\"2.0\",\"method\":\"submit\",\"params\":{\"id\":\"983336281753145\",\"job_id\":"
     "\"397367854346521\",\"nonce\":\"330c0000\",\"result\":\"" H64 "\"}}\n"},
    {TO_CLIENT,
     "{\"id\":3,\"jsonrpc\":\"2.0\",\"error\":{\"code\":-1,\"message\":\"Low difficulty share\"}}\n"},
    {TO_SERVER,
     "{\"id\":4,\"jsonrpc\":\"2.0\",\"method\":\"keepalived\",\"params\":{\"id\":\"983336281753145\"}}\n"},
    {TO_CLIENT, "{\"id\":4,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"status\":\"KEEPALIVED\"}}\n"},
    {TO_CLIENT,
     "{\"jsonrpc\":\"2.0\",\"method\":\"job\",\"params\":{\"blob\":"
     "\"0405a097eeca06f576c84bc68cb1c4848ac857dc19a44dc357bed1e71b27479f6c2671fc64d973000000005b128838deec22"
     "c4c1c7e2cb866ad2988605ffc733cea693a021aa4baac4562d05\",\"job_id\":\"j2\",\"target\":\"7b5e0400\"}}\n"},
    {0, NULL},
};

static const struct line ethproxy[] = {
    {TO_SERVER, "{\"worker\": \"eth1.0\", \"jsonrpc\": \"2.0\", \"params\": "
                "[\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed/"
                "rig/mail\", \"x\"], \"id\": 2, \"method\": \"eth_submitLogin\"}\n"},
    {TO_CLIENT, "{\"id\":2,\"jsonrpc\":\"2.0\",\"result\":true}\n\n"},
    {TO_SERVER, "{\"id\":3,\"method\":\"eth_getWork\",\"params\":[]}\n"},
    {TO_CLIENT, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":[\"0x" HASH40 "\","
                "\"0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563\","
                "\"0x00000000dbe6fecebdedd5beb573440e5a884d1b2fbf06fcce912adcb8d8422e\"]}\n\n"},
    {TO_SERVER, "{\"id\":4,\"method\":\"eth_submitWork\",\"params\":[\"0x07a05fa4133e5126\",\"0x" HASH40
                "\",\"0x" H64 "\"]}\n"},
    {TO_CLIENT, "{\"id\":4,\"jsonrpc\":\"2.0\",\"result\":true}\n\n"},
    {TO_SERVER, "{\"id\":6,\"jsonrpc\":\"2.0\",\"method\":\"eth_submitHashrate\",\"params\":[\"0x1d08a61\", "
                "\"0x0000000000000000000000000000000000000000000000000000000002df91be\"]}\n"},
    {0, NULL},
};

static const struct line nicehash[] = {
    {TO_SERVER,
     "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"ethminer/0.19\",\"EthereumStratum/1.0.0\"]}\n"},
    {TO_CLIENT, "{\"id\":1,\"result\":[[\"mining.notify\",\"ae6812eb4cd7735a302a8a9dd95cf71f\","
                "\"EthereumStratum/1.0.0\"],"
                "\"080c\"],\"error\":null}\n"},
    {TO_SERVER, "{\"id\":2,\"method\":\"mining.extranonce.subscribe\",\"params\":[]}\n"
                "{\"id\":3,\"method\":\"mining.authorize\",\"params\":[\"account.worker\",\"x\"]}\n"},
    {TO_CLIENT, "{\"id\":3,\"result\":true,\"error\":null}\n{\"id\":null,\"method\":\"mining.set_"
                "difficulty\",\"params\":"
                "[0.5]}\n{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"bf0488aa\",\"" H64
                "\",\"" HASH40 "\",true]}\n"},
    {TO_SERVER, "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"account.worker\",\"bf0488aa\","
                "\"6a909d9bbc0f\"]}\n"},
    {TO_CLIENT, "{\"id\":4,\"result\":true,\"error\":null}\n"},
    {0, NULL},
};

static const struct line coinotron[] = {
    {TO_SERVER, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"lolMiner 1.88\"]}\n"},
    {TO_CLIENT, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}\n"},
    {TO_SERVER, "{\"id\":2,\"method\":\"mining.authorize\",\"params\":["
                "\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed.gpu4\","
                "\"x\"]}\n"},
    {TO_CLIENT,
     "{\"params\":[\"4f1a\",\"0x" HASH40
     "\",\"0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563\","
     "\"0x0000000112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba\",true],\"id\":null,\"method\":"
     "\"mining.notify\"}\n"},
    {TO_SERVER, "{\"id\":10,\"method\":\"mining.submit\",\"params\":["
                "\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed.gpu4\","
                "\"4f1a\",\"0x07a05fa4133e5120\",\"0x" HASH40 "\",\"0x" H64 "\"]}\n"},
    {TO_CLIENT, "{\"jsonrpc\":\"2.0\",\"id\":10,\"result\":true}\n"},
    {0, NULL},
};

static char solution[3200]; /* of a submit: 1347 bytes in hexadecimal */

static const struct line equihash[] = {
    {TO_SERVER,
     "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"EWBF 0.3.4b\",null,\"eu1-zcash.flypool.org\","
     "\"3333\"]}\n"},
    {TO_CLIENT, "{\"id\":1,\"result\":[null,\"e66c0000bbb0a52bb340bc35\"],\"error\":null}\n"},
    {TO_SERVER, "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"t1KJkEGkUrmBRQdeQeNchfqgvDFD7Pk1kKQ."
                "rig2\",\"x\"]}\n"},
    {TO_CLIENT, "{\"id\":null,\"method\":\"mining.set_target\",\"params\":[\"" TARGET16000 "\"]}\n"
                "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"7c\",\"04000000\",\"" H64 "\",\"" H64
                "\",\"" H64 "\",\"e08a5b69\",\"7b4f2f1c\",true]}\n"},
    {TO_SERVER, solution},
    {TO_CLIENT, "{\"id\":4,\"result\":true}\n"},
    {0, NULL},
};

static const struct session_case {
    const struct line *lines;
    const char *dialect, *user, *password, *agent;
    double difficulty, hashes; /* of the accepted shares */
    unsigned submitted, accepted, rejected, jobs;
    bool proven;
} cases[] = {
    {bitcoin, "bitcoin-v1", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2.rig", "x", "bitaxe/BM1370/v2.13.1", 4096,
     4096 * (0x1p48 / 65535), 2, 1, 1, 1, true},
    {cryptonote, "cryptonote-login", WALLET, "x", "XMRig/6.26.0 (Linux x86_64)", 15000, 10000, 2, 1, 1, 2,
     true},
    {ethproxy, "ethproxy", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed/rig/mail", "x", "", 5e9, 5e9, 1, 1, 0,
     1, true},
    {nicehash, "ethereumstratum-1.0.0", "account.worker", "x", "ethminer/0.19", 0.5, 0.5 * (0x1p48 / 65535),
     1, 1, 0, 1, false},
    {coinotron, "eth-stratum-notify", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed.gpu4", "x", "lolMiner 1.88",
     4e9, 4e9, 1, 1, 0, 1, true},
    {equihash, "equihash", "t1KJkEGkUrmBRQdeQeNchfqgvDFD7Pk1kKQ.rig2", "x", "EWBF 0.3.4b", 16000, 16000, 1, 1,
     0, 1, true},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static bool near(double a, double b)
{
    return a >= b * 0.999 && a <= b * 1.001;
}

static int make_solution(void **state)
{
    (void)state;
    int at = snprintf(solution, sizeof solution,
                      "{\"id\":4,\"method\":\"mining.submit\",\"params\":["
                      "\"t1KJkEGkUrmBRQdeQeNchfqgvDFD7Pk1kKQ.rig2\",\"7c\","
                      "\"e08a5b69\",\"%040d\",\"fd4005",
                      7);
    memset(solution + at, 'a', 2688);
    strcpy(solution + at + 2688, "\"]}\n");
    return 0;
}

static void play(const struct line *lines)
{
    for (; lines->text != NULL; lines++)
        say_bytes(lines->direction, lines->text, strlen(lines->text));
}

static void check_whole(const struct session_case *one)
{
    const struct conversation *read = &i.conversation;
    assert_string_equal(dialect_now(), one->dialect);
    assert_string_equal(read->user, one->user);
    assert_string_equal(read->password, one->password);
    assert_string_equal(read->agent, one->agent);
    assert_true(near(read->difficulty, one->difficulty));
    assert_int_equal(read->shares_submitted, one->submitted);
    assert_int_equal(read->shares_accepted, one->accepted);
    assert_int_equal(read->shares_rejected, one->rejected);
    assert_true(near(read->hashes_accepted, one->hashes));
    assert_int_equal(read->jobs, one->jobs);
    assert_int_equal(read->logins, 1);
    assert_true(read->roles_known);
    assert_int_equal(read->miner_sends, TO_SERVER);
    assert_true(has(FACT_MINER_SPEAKS) && has(FACT_POOL_SPEAKS) && has(FACT_SHARE_ACCEPTED) &&
                has(FACT_JOB_ECHOED));
    assert_int_equal(has(FACT_JOB_PROVEN), one->proven);
    assert_false(has(FACT_BOTH_ROLES) || has(FACT_FOREIGN_TEXT) || has(FACT_OTHER_PROTOCOL));
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
    assert_int_equal(i.application, APPLICATION_STRATUM);
}

/* Segments of every size that matters: bytes one by one, cut inside lines, several lines in one. */
static void test_whole_sessions(void **state)
{
    (void)state;
    static const size_t steps[] = {0, 1, 2, 3, 7, 64, 100, 536};
    for (size_t c = 0; c < CASES; c++)
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
            inspecting_open();
            i.step = steps[s];
            inspecting_handshake();
            play(cases[c].lines);
            inspecting_end();
            check_whole(&cases[c]);
            assert_true(i.ended);
            inspecting_close();
        }
}

static void test_one_side(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (int hidden = 0; hidden < 2; hidden++) {
            inspecting_open();
            i.hidden = hidden;
            inspecting_handshake();
            play(cases[c].lines);
            inspecting_end();
            assert_string_equal(dialect_now(), cases[c].dialect);
            if (verdict_now() < VERDICT_LIKELY)
                fail_msg("%s, hidden %d: %d", cases[c].dialect, hidden, (int)verdict_now());
            assert_int_equal(has(FACT_MINER_SPEAKS), hidden == TO_CLIENT);
            assert_int_equal(has(FACT_POOL_SPEAKS), hidden == TO_SERVER);
            if (hidden == TO_CLIENT) {
                assert_string_equal(i.conversation.user, cases[c].user);
                assert_int_equal(i.conversation.shares_submitted, cases[c].submitted);
            } else {
                assert_true(near(i.conversation.difficulty, cases[c].difficulty));
            }
            inspecting_close();
        }
}

/* From any line on, with the first one cut in two: what repeats is enough, and the client is the miner again.
 */
static void test_midstream(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (size_t skip = 0; cases[c].lines[skip + 3].text != NULL; skip++) {
            inspecting_open();
            const struct line *first = &cases[c].lines[skip];
            size_t half = strlen(first->text) / 2;
            say_bytes(first->direction, first->text + half, strlen(first->text) - half);
            play(first + 1);
            inspecting_end();
            assert_string_equal(dialect_now(), cases[c].dialect);
            assert_int_equal(i.conversation.miner_sends, TO_SERVER);
            if (verdict_now() < VERDICT_LIKELY)
                fail_msg("%s from line %zu: verdict %d", cases[c].dialect, skip, verdict_now());
            inspecting_close();
        }
}

/* The side that dials is the pool: roles follow what is said, not who called. */
static void test_reversed(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        inspecting_open();
        inspecting_handshake();
        for (const struct line *line = cases[c].lines; line->text != NULL; line++)
            say_bytes(direction_reverse(line->direction), line->text, strlen(line->text));
        inspecting_end();
        assert_string_equal(dialect_now(), cases[c].dialect);
        assert_int_equal(i.conversation.miner_sends, TO_CLIENT);
        assert_int_equal(i.conversation.shares_accepted, cases[c].accepted);
        inspecting_close();
    }
}

/* A gap anywhere loses a line, not the conversation. */
static void test_gaps(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (size_t at = 0; cases[c].lines[at + 3].text != NULL; at++) {
            inspecting_open();
            inspecting_handshake();
            for (size_t l = 0; cases[c].lines[l].text != NULL; l++) {
                const struct line *line = &cases[c].lines[l];
                size_t half = strlen(line->text) / 2;
                if (l == at) {
                    say_bytes(line->direction, line->text, half);
                    lost(line->direction, (uint32_t)(strlen(line->text) - half));
                    say_bytes(line->direction, "\n", 1); /* the rest of that line */
                } else {
                    say_bytes(line->direction, line->text, strlen(line->text));
                }
            }
            inspecting_end();
            assert_string_equal(dialect_now(), cases[c].dialect);
            assert_true(verdict_now() >= VERDICT_LIKELY);
            inspecting_close();
        }
}

static void test_fields_of_their_own(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    play(cryptonote);
    assert_string_equal(i.conversation.rig, "rig01");
    assert_string_equal(i.conversation.algorithm, "rx/0");
    assert_true(has(FACT_WALLET_PROVEN));
    inspecting_end();
    assert_string_equal(i.conversation.methods[SIDE_MINER], "login, submit, keepalived");
    assert_string_equal(i.conversation.methods[SIDE_POOL], "an answer, job");
    inspecting_close();
    inspecting_open();
    inspecting_handshake();
    play(ethproxy);
    inspecting_end();
    assert_string_equal(i.conversation.worker, "eth1.0");
    assert_true(i.conversation.hashrate_claimed_hs == 30444129);
    inspecting_close();
    inspecting_open();
    inspecting_handshake();
    play(equihash);
    assert_string_equal(i.conversation.pool_name, "eu1-zcash.flypool.org:3333");
    inspecting_close();
    inspecting_open();
    inspecting_handshake();
    play(bitcoin);
    assert_int_equal(i.conversation.block_height, 535012);
    assert_non_null(strstr(i.conversation.job_proof, "coinbase transaction"));
    pool_says("{\"id\":9,\"method\":\"client.get_version\",\"params\":[]}\n");
    miner_says("{\"id\":9,\"result\":\"cgminer/4.11.1\",\"error\":null}\n");
    inspecting_end();
    assert_string_equal(i.conversation.agent, "cgminer/4.11.1");
    inspecting_close();
}

static void test_share_sent_twice_counts_once(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    play(bitcoin);
    miner_says(bitcoin[7].text);
    pool_says("{\"id\":4,\"result\":null,\"error\":[22,\"Duplicate\",null]}\n");
    inspecting_end();
    assert_int_equal(i.conversation.shares_submitted, 2);
    assert_int_equal(i.conversation.shares_accepted, 1);
    assert_true(near(i.conversation.hashes_submitted, 2 * 4096 * (0x1p48 / 65535)));
    inspecting_close();
}

/* A pool's word is no share's answer, even where it carries the same id. */
static void test_push_is_no_outcome(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    play(ethproxy);
    miner_says("{\"id\":0,\"method\":\"eth_submitWork\",\"params\":[\"0x07a05fa4133e5127\",\"0x" HASH40
               "\",\"0x" H64 "\"]}\n");
    pool_says(ethproxy[3].text);
    inspecting_end();
    assert_int_equal(i.conversation.shares_submitted, 2);
    assert_int_equal(i.conversation.shares_accepted, 1);
    inspecting_close();
}

/* Many announcements that dialects share do not drown those of its own, however long the session. */
static void test_dialect_of_a_long_session(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    play(nicehash);
    for (int round = 0; round < 300; round++) {
        pool_says("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[0.5]}\n");
        pool_says("{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"bf0488aa\",\"" H64 "\",\"" HASH40
                  "\",true]}\n");
    }
    inspecting_end();
    assert_string_equal(dialect_now(), "ethereumstratum-1.0.0");
    inspecting_close();
}

/* A target means attempts; Bitcoin's difficulty is 2^32 of them. */
static void test_target_in_a_bitcoin_session(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    play((const struct line[]){bitcoin[2], bitcoin[3], bitcoin[4], bitcoin[6], {0, NULL}});
    pool_says("{\"id\":null,\"method\":\"mining.set_target\",\"params\":["
              "\"00000000ffff0000000000000000000000000000000000000000000000000000\"]}\n");
    play((const struct line[]){bitcoin[6], bitcoin[7], bitcoin[8], {0, NULL}});
    inspecting_end();
    assert_string_equal(dialect_now(), "bitcoin-v1");
    assert_true(near(i.conversation.difficulty, 1));
    assert_true(near(i.conversation.hashes_accepted, 0x1p32));
    inspecting_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_sessions),
        cmocka_unit_test(test_one_side),
        cmocka_unit_test(test_midstream),
        cmocka_unit_test(test_reversed),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_fields_of_their_own),
        cmocka_unit_test(test_share_sent_twice_counts_once),
        cmocka_unit_test(test_push_is_no_outcome),
        cmocka_unit_test(test_dialect_of_a_long_session),
        cmocka_unit_test(test_target_in_a_bitcoin_session),
    };
    return cmocka_run_group_tests(tests, make_solution, NULL);
}
