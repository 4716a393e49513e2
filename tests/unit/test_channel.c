// SPDX-License-Identifier: Apache-2.0
/* What is mining whatever stands around it, and what is not though it looks like it. */
#include "inspecting.h"

#include "inspect/recogniser.h"

#include <stdio.h>
#include <string.h>

#define H64       "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define SUBSCRIBE "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}\n"
#define AUTHORIZE "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"user.rig\",\"x\"]}\n"
#define ANSWER                                                                                               \
    "{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"08000002\",4],"                              \
    "\"error\":null}\n"
#define DIFFICULTY "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[4096]}\n"

static int open(void **state)
{
    (void)state;
    inspecting_open();
    return 0;
}

static int done(void **state)
{
    (void)state;
    inspecting_close();
    return 0;
}

/* One side says `text` in a flow of its own; what is then known of it. */
static enum verdict verdict_of(const char *text, enum direction direction, size_t step)
{
    inspecting_open();
    i.step = step;
    inspecting_handshake();
    say_bytes(direction, text, strlen(text));
    inspecting_end();
    enum verdict verdict = verdict_now();
    inspecting_close();
    return verdict;
}

/* ---- evasions ---- */

static void test_evasions(void **state)
{
    (void)state;
    static const char *const tricks[] = {
        SUBSCRIBE,
        "\xef\xbb\xbf" SUBSCRIBE,
        "\xef\xbb\xbf\r\n \t" SUBSCRIBE,
        "\n\n\r\n   \t\n" SUBSCRIBE,
        "                                                                                      " SUBSCRIBE,
        "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" SUBSCRIBE,
        "{\"\\u006dethod\":\"mining\\u002esubscribe\",\"params\":[]}\n",
        "{\"method\":\"mining.subscribe\",\"params\":[]}", /* no line end */
        "{\"id\":0}{\"method\":\"mining.subscribe\",\"params\":[]}",
        "{\"method\":\"server.version\",\"method\":\"mining.subscribe\",\"params\":[]}\n",
        "{\"method\":\"mining.subscribe\",\"method\":\"server.version\",\"params\":[]}\n",
        "{\"params\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n",
        "{\"params\":[],\"method\":\"mining.subscribe\",\"params\":1}\n",
        "{\"method\":\"mining.subscribe\",\"params\":{\"agent\":\"a/1\"}}\n",
        "{\"method\":\"mining.authorize\",\"params\":{\"wallet\":\"w\",\"worker\":\"r\"}}\n",
        "{\"method\":\"mining.subscribe\",\"body\":{\"agent\":\"a/1\"}}\n",
        "{\"jsonrpc\":\"2.0\",\"method\":\"server.version\",\"params\":[\"electrum/"
        "4.5.4\",\"1.4\"],\"id\":0}\n" SUBSCRIBE,
        "{not json at all\n" SUBSCRIBE,
        "{\"cut\":\n" SUBSCRIBE,
        "{\"a\":\"\x01\x02\",\"method\":\"mining.subscribe\",\"params\":[]}\n",
        "{\"id\":1}\nwhat is this\nand this\n" SUBSCRIBE AUTHORIZE
        "{\"method\":\"mining.submit\",\"params\":[\"u\",\"j\",\"00\","
        "\"695b8ba0\",\"695b8ba0\"]}\n" /* text around it weighs less than what a miner says */,
        "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n" SUBSCRIBE AUTHORIZE,
        "HEAD / HTTP/1.0\r\n\r\n\r\n" SUBSCRIBE,
        "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}" SUBSCRIBE,
        "GET \r\n" SUBSCRIBE,
    };
    static const size_t steps[] = {0, 1, 3, 20};
    for (size_t t = 0; t < sizeof tricks / sizeof tricks[0]; t++)
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++)
            if (verdict_of(tricks[t], TO_SERVER, steps[s]) < VERDICT_SUSPECTED) /* as the bare message */
                fail_msg("step %zu hides: %s", steps[s], tricks[t]);
}

/* A long list in front of the method does not hide it. */
static void test_method_behind_a_flood(void **state)
{
    (void)state;
    static char text[70000];
    size_t at = (size_t)snprintf(text, sizeof text, "{\"junk\":[\"0\"");
    while (at < 60000)
        at += (size_t)snprintf(text + at, sizeof text - at, ",\"%zu\"", at);
    snprintf(text + at, sizeof text - at,
             "],\"params\":[\"cgminer/4.11.1\"],\"method\":\"mining.subscribe\"}\n");
    assert_int_equal(verdict_of(text, TO_SERVER, 1460), VERDICT_SUSPECTED); /* as without the list */
}

/* So do other methods, of which readers take the first one or the last. */
static void test_method_behind_methods(void **state)
{
    (void)state;
    static char text[70000];
    size_t at = (size_t)snprintf(text, sizeof text, "{\"id\":1");
    for (size_t n = 0; at < 60000; n++)
        at += (size_t)snprintf(text + at, sizeof text - at, ",\"method\":\"m%zu\",\"id\":%zu", n, n);
    snprintf(text + at, sizeof text - at,
             ",\"params\":[\"cgminer/4.11.1\"],\"method\":\"mining.subscribe\"}\n");
    assert_int_equal(verdict_of(text, TO_SERVER, 1460), VERDICT_SUSPECTED);
}

/* The pool's answers are HTTP first, or from the beginning no HTTP at all. */
static void test_http_decoy_on_both_sides(void **state)
{
    (void)state;
    static const char *const answers[] = {"", "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno\n",
                                          "{\"error\":\"Invalid JSON request\"}\n"};
    for (size_t a = 0; a < 3; a++) {
        inspecting_open();
        inspecting_handshake();
        miner_says("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
        pool_says(answers[a]);
        miner_says(SUBSCRIBE);
        pool_says(ANSWER);
        miner_says(AUTHORIZE);
        pool_says(DIFFICULTY);
        inspecting_end();
        assert_true(has(FACT_MINER_SPEAKS) && has(FACT_POOL_SPEAKS));
        assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
        assert_string_equal(i.conversation.user, "user.rig");
        inspecting_close();
    }
}

static void test_out_of_order_and_twice(void **state)
{
    (void)state;
    inspecting_handshake();
    size_t half = strlen(SUBSCRIBE) / 2;
    uint32_t start = i.sequence[TO_SERVER];
    i.sequence[TO_SERVER] += (uint32_t)half;
    say_bytes(TO_SERVER, &(SUBSCRIBE AUTHORIZE)[half], strlen(SUBSCRIBE AUTHORIZE) - half);
    uint32_t end = i.sequence[TO_SERVER];
    i.sequence[TO_SERVER] = start;
    say_bytes(TO_SERVER, SUBSCRIBE, half);
    i.sequence[TO_SERVER] = start;
    say_bytes(TO_SERVER, SUBSCRIBE AUTHORIZE, strlen(SUBSCRIBE AUTHORIZE)); /* once more */
    i.sequence[TO_SERVER] = end - 1;
    say_bytes(TO_SERVER, "\0", 1); /* a keep-alive probe */
    assert_int_equal(verdict_now(), VERDICT_LIKELY);
    assert_int_equal(i.conversation.logins, 1);
    assert_string_equal(i.conversation.agent, "cgminer/4.11.1");
}

/* ---- look-alikes ---- */

static const struct {
    enum direction direction;
    const char *text;
} others[] = {
    {TO_SERVER,
     "{\"jsonrpc\": \"2.0\", \"method\": \"echo\", \"params\": [\"Testing!\"], \"id\": \"ca08159b-af1a\"}\n"},
    {TO_SERVER,
     "{\"jsonrpc\":\"2.0\",\"method\":\"server.version\",\"params\":[\"electrum/4.5.4\",\"1.4\"],\"id\":0}\n"
     "{\"method\":\"blockchain.scripthash.subscribe\",\"params\":[\"" H64 "\"],\"id\":1}\n"},
    {TO_CLIENT,
     "{\"jsonrpc\":\"2.0\",\"result\":[\"ElectrumX 1.16.0\",\"1.4\"],\"id\":0}\n"
     "{\"method\":\"blockchain.headers.subscribe\",\"params\":[{\"hex\":\"" H64 H64 "\",\"height\":1}]}\n"},
    {TO_SERVER, "{\"method\":\"login\",\"params\":{\"user\":\"bob\",\"password\":\"x\"},\"id\":1}\n"},
    {TO_SERVER, "{\"method\":\"login\",\"params\":{\"login\":\"bob\",\"pass\":\"secret\"},\"id\":1}\n"},
    {TO_SERVER, "{\"method\":\"login\",\"params\":{\"login\":\"bob\",\"pass\":\"x\",\"agent\":\"ProcessMiner/"
                "3\"},\"id\":1}\n"},
    {TO_SERVER, "{\"text\":\"send {\\\"method\\\":\\\"mining.subscribe\\\"} to the pool\"}\n"},
    {TO_SERVER, "{\"message\":{\"method\":\"mining.subscribe\",\"params\":[]}}\n"},
    {TO_CLIENT, "{\"job\":{\"blob\":\"deadbeef\",\"target\":\"x86_64\"},\"status\":\"OK\"}\n"},
    {TO_SERVER,
     "{\"method\":\"submit\",\"params\":{\"job_id\":\"17\",\"nonce\":\"abc\",\"result\":\"passed\"}}\n"},
    {TO_CLIENT, "{\"method\":\"job\",\"params\":{\"job_id\":\"17\",\"target\":\"all\"}}\n"},
    {TO_SERVER, "{\"method\":\"getwork\",\"params\":[],\"id\":1}\n"},
    {TO_CLIENT, "{\"id\":1,\"result\":[[],\"00ff\",4],\"error\":null}\n"},
    {TO_CLIENT, "{\"id\":1,\"result\":true,\"error\":null}\n{\"id\":2,\"result\":{\"status\":\"OK\"}}\n"},
    {TO_CLIENT,
     "{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}\n"},
    {TO_CLIENT, "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":[\"0x" H64 "\",\"0x" H64 "\",\"0x" H64 "\"]}\n"},
    {TO_SERVER, "{\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",false]}\n"},
    {TO_SERVER,
     "{\"id\":1,\"method\":\"list_dbs\",\"params\":[]}\n{\"id\":2,\"method\":\"echo\",\"params\":[]}\n"},
    {TO_SERVER, "{\"version\":\"1.1\",\"host\":\"a\",\"short_message\":\"mining.notify\",\"level\":6}\0"},
    {TO_SERVER,
     "Content-Length: 60\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}"},
    {TO_SERVER, "PRIVMSG #help :{\"method\":\"mining.subscribe\",\"params\":[]}\r\n"},
    {TO_SERVER, "GET /log HTTP/1.1\r\nHost: a\r\n\r\n"},
    {TO_CLIENT, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" SUBSCRIBE ANSWER DIFFICULTY},
    {TO_CLIENT, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nalert tcp any any -> any any (content:"
                "\"mining.subscribe\"; sid:1;)\n"},
    {TO_SERVER, "POST /paste HTTP/1.1\r\nContent-Length: 70\r\n\r\nlog: " SUBSCRIBE},
    {TO_SERVER, "POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 47\r\n\r\n"
                "{\"method\":\"getblockcount\",\"params\":[],\"id\":1}\r\n"},
};

static void test_look_alikes(void **state)
{
    (void)state;
    static const size_t steps[] = {0, 1, 9};
    for (size_t o = 0; o < sizeof others / sizeof others[0]; o++)
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++)
            if (verdict_of(others[o].text, others[o].direction, steps[s]) >= VERDICT_SUSPECTED)
                fail_msg("taken for mining: %s", others[o].text);
}

/* A log that is downloaded, joined in its middle or behind a gap, is no pool. */
static void test_download_in_pieces(void **state)
{
    (void)state;
    for (int gap = 0; gap < 2; gap++) {
        inspecting_open();
        if (gap)
            inspecting_handshake();
        miner_says("GET /stratum.log HTTP/1.1\r\nHost: a\r\n\r\n");
        lost(TO_CLIENT, 1000);
        pool_says("\n" ANSWER DIFFICULTY);
        pool_says(DIFFICULTY);
        inspecting_end();
        assert_int_equal(verdict_now(), VERDICT_NONE);
        inspecting_close();
    }
}

#define RECORDING                                                                                            \
    SUBSCRIBE ANSWER AUTHORIZE DIFFICULTY "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"j\"]}\n"  \
                                          "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"u\",\"j\","  \
                                          "\"00\",\"695b8ba0\",\"695b8ba0\"]}\n"

/* Both roles in one direction, lines of a mail: a quotation. */
static void test_quotations(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(RECORDING, TO_CLIENT, 0), VERDICT_NONE);
    assert_int_equal(verdict_of(RECORDING, TO_SERVER, 5), VERDICT_NONE);
    assert_true(verdict_of("{\"id\":7}\n" SUBSCRIBE "what does\nthis mean\n?\n", TO_SERVER, 0) <
                VERDICT_SUSPECTED);
}

/* A miner that says a pool's words as well is one, while the pool speaks. */
static void test_decoy_role(void **state)
{
    (void)state;
    inspecting_handshake();
    miner_says(SUBSCRIBE DIFFICULTY);
    pool_says(ANSWER);
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
    miner_says(AUTHORIZE DIFFICULTY);
    inspecting_end();
    assert_false(has(FACT_BOTH_ROLES));
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
}

/* Noise from both sides in front: held until the pool answers, and a dismissed flow comes back so often only.
 */
static void test_noise_in_front(void **state)
{
    (void)state;
    static uint8_t noise[20000];
    for (size_t n = 0; n < sizeof noise; n++)
        noise[n] = (uint8_t)(n * 7 % 13 + 14);
    static const size_t lengths[] = {10, 1000, sizeof noise};
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++)
        for (int answers = 0; answers < 2; answers++) {
            inspecting_open();
            inspecting_handshake();
            say_bytes(TO_SERVER, noise, lengths[l]);
            say_bytes(TO_CLIENT, noise, lengths[l]);
            miner_says(SUBSCRIBE);
            assert_int_equal(i.conversations, 0);
            if (answers)
                pool_says(ANSWER);
            miner_says(AUTHORIZE);
            inspecting_end();
            assert_int_equal(verdict_now(), answers ? VERDICT_CONFIRMED : VERDICT_NONE);
            inspecting_close();
        }
}

static void test_comes_back_so_often_only(void **state)
{
    (void)state;
    static uint8_t noise[40000];
    memset(noise, 0xa5, sizeof noise);
    inspecting_handshake();
    for (int times = 0; times < 12; times++) {
        say_bytes(TO_SERVER, noise, sizeof noise);
        say_bytes(TO_CLIENT, noise, sizeof noise);
        miner_says("{\"a\":1}");
    }
    struct worker_statistics statistics = {0};
    inspector_get_statistics(i.inspector, &statistics);
    assert_int_equal(statistics.flows_revived, 4);
    assert_int_equal(statistics.sessions, 0);
    assert_int_equal(statistics.inspected_flows, 1);
}

/* ---- first bytes ---- */

/* Who is asked only about the first bytes of its row must say no to all others, whatever comes behind them.
 */
static void only_begins_with(const struct recogniser *recogniser, const char *first, size_t count)
{
    static const char tails[][15] = {"",
                                     "\3\1\0\xc8\1\0\0\xc4\3\3",
                                     "ET / HTTP/1.1\r\n",
                                     "\"id\":1,\"method",
                                     "\xbb\xbf{\"id\":1",
                                     "\4user\4pass",
                                     "ROXY TCP4 192."};
    uint8_t bytes[16];
    for (unsigned byte = 0; byte <= UINT8_MAX; byte++)
        for (size_t tail = 0; tail < sizeof tails / sizeof tails[0]; tail++)
            for (size_t length = 1; length <= sizeof bytes && memchr(first, (int)byte, count) == NULL;
                 length++) {
                bytes[0] = (uint8_t)byte;
                memcpy(bytes + 1, tails[tail], sizeof bytes - 1);
                assert_int_equal(recogniser->begins(bytes, length), BEGINS_NO);
            }
}

static void test_first_bytes(void **state)
{
    (void)state;
#define RECOGNISER(name, first) only_begins_with(&recogniser_##name, first, sizeof(first) - 1);
#include "inspect/recognisers.def"
#undef RECOGNISER
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_bytes),
        cmocka_unit_test(test_evasions),
        cmocka_unit_test(test_method_behind_a_flood),
        cmocka_unit_test(test_method_behind_methods),
        cmocka_unit_test(test_http_decoy_on_both_sides),
        TEST(test_out_of_order_and_twice),
        cmocka_unit_test(test_look_alikes),
        cmocka_unit_test(test_download_in_pieces),
        cmocka_unit_test(test_quotations),
        TEST(test_decoy_role),
        cmocka_unit_test(test_noise_in_front),
        TEST(test_comes_back_so_often_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
