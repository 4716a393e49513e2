// SPDX-License-Identifier: Apache-2.0
/* Mining in HTTP: what frames, compresses, splits and refuses its bodies, and what its heads say. */
#include "inspecting.h"

#include <stdio.h>
#include <zlib.h>

#define H64     "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define GETWORK "{\"method\": \"getwork\", \"params\": [], \"id\":0}"
#define WORK                                                                                                 \
    "{\"id\":0,\"error\":null,\"result\":{\"hash1\":\"00\",\"data\":\"" H64 H64 H64 H64                      \
    "\",\"target\":\"" H64 "\"}}"
#define SHARE   "{\"method\": \"getwork\", \"params\": [\"" H64 H64 H64 H64 "\"], \"id\":1}"
#define REFUSED "{\"id\":1,\"error\":null,\"result\":false}"

/* A message with its length. */
static void say(enum direction direction, const char *start, const char *body)
{
    char text[4096];
    int length = snprintf(text, sizeof text, "%sContent-Length: %zu\r\n\r\n%s", start, strlen(body), body);
    assert_true(length < (int)sizeof text);
    say_bytes(direction, text, (size_t)length);
}

static void ask(const char *body)
{
    say(TO_SERVER, "POST / HTTP/1.1\r\nHost: pool.example:8332\r\n", body);
}

static void answer(const char *fields, const char *body)
{
    char start[512];
    snprintf(start, sizeof start, "HTTP/1.1 200 OK\r\n%s", fields);
    say(TO_CLIENT, start, body);
}

static void open_http(void)
{
    inspecting_open();
    i.server_port = 8332;
    inspecting_handshake();
}

/* In one member of gzip for each part. */
static size_t zipped(const char *const *parts, size_t count, uint8_t *out, size_t size)
{
    size_t made = 0;
    for (size_t p = 0; p < count; p++) {
        z_stream stream = {0};
        assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
        stream.next_in = (Bytef *)(uintptr_t)parts[p];
        stream.avail_in = (uInt)strlen(parts[p]);
        stream.next_out = out + made;
        stream.avail_out = (uInt)(size - made);
        assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
        made = size - stream.avail_out;
        deflateEnd(&stream);
    }
    return made;
}

/* ---- heads ---- */

static void test_redirect_to_stratum(void **state)
{
    (void)state;
    static const struct {
        const char *value, *told;
    } values[] = {
        {"stratum+tcp://stratum.pool.example:3333", "stratum.pool.example:3333"},
        {"stratum+tcp://stratum.pool.example:3333/path", "stratum.pool.example:3333"},
        {"203.0.113.9:3334", "203.0.113.9:3334"},
        {"stratum+tcp://[2001:db8::5]:3333", "[2001:db8::5]:3333"},
        {"pool.example", ""},
        {"pool.example:0", ""},
        {"pool.example:99999", ""},
        {"", ""},
    };
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
        char field[128];
        snprintf(field, sizeof field, "X-Stratum: %s\r\n", values[v].value);
        open_http();
        ask(GETWORK);
        answer(field, WORK);
        inspecting_end();
        assert_string_equal(i.conversation.redirect, values[v].told);
        assert_int_equal(has(FACT_REDIRECTED), values[v].told[0] != '\0');
        assert_true(has(FACT_HTTP_HEADERS)); /* the header is mining's wherever it leads */
        inspecting_close();
    }
}

static void test_reasons_of_refusal(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        uint64_t stale;
    } reasons[] = {{"", 0}, {"X-Reject-Reason: high-hash\r\n", 0}, {"X-Reject-Reason: stale-work\r\n", 1}};
    for (size_t r = 0; r < sizeof reasons / sizeof reasons[0]; r++) {
        open_http();
        ask(GETWORK);
        answer("", WORK);
        ask(SHARE);
        answer(reasons[r].field, REFUSED);
        inspecting_end();
        assert_int_equal(i.conversation.shares_rejected, 1);
        assert_int_equal(i.conversation.shares_stale, reasons[r].stale);
        inspecting_close();
    }
}

/* X-Long-Polling and X-Reject-Reason may be anybody's: they count beside a mining request, and not alone. */
static void test_weak_headers(void **state)
{
    (void)state;
    open_http();
    ask("{\"id\":1,\"method\":\"hello\",\"params\":[]}");
    answer("X-Long-Polling: /lp\r\nX-Reject-Reason: no\r\n", "{\"id\":1,\"result\":1}");
    inspecting_end();
    assert_int_equal(i.conversations, 0);
    inspecting_close();
    open_http();
    ask(GETWORK);
    answer("X-Long-Polling: /lp\r\n", WORK);
    inspecting_end();
    assert_true(has(FACT_HTTP_HEADERS));
    inspecting_close();
}

static void test_strong_headers(void **state)
{
    (void)state;
    static const char *const fields[] = {"X-Mining-Extensions: longpoll midstate\r\n",
                                         "X-Mining-Hashrate: 5000\r\n", "X-Roll-NTime: expire=120\r\n",
                                         "X-Stratum: stratum+tcp://a.example:1\r\n", "X-Is-P2Pool: true\r\n"};
    for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++) {
        open_http();
        char start[256];
        snprintf(start, sizeof start, "GET /lp HTTP/1.1\r\nHost: a.example\r\n%s\r\n", fields[f]);
        miner_says(start);
        inspecting_end();
        assert_true(has(FACT_HTTP_HEADERS));
        assert_int_equal((int)i.conversation.hashrate_claimed_hs, f == 1 ? 5000 : 0);
        inspecting_close();
        open_http(); /* in the body they are text */
        answer("", fields[f]);
        inspecting_end();
        assert_int_equal(i.conversations, 0);
        inspecting_close();
    }
}

/* ---- framing ---- */

/* RFC 9112, section 9.3.2: several requests before their answers, which come in their order. */
static void test_pipelining(void **state)
{
    (void)state;
    for (size_t step = 0; step < 30; step += 7) {
        open_http();
        i.step = step;
        miner_says("HEAD / HTTP/1.1\r\nHost: pool.example:8332\r\n\r\n");
        ask(GETWORK);
        ask(SHARE);
        ask("{\"method\": \"getwork\", \"params\": [\"00000002" H64 H64 H64
            "e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3\"], \"id\":2}");
        pool_says("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"); /* to HEAD: there is no body */
        answer("", WORK);
        answer("", REFUSED);
        answer("", "{\"id\":2,\"error\":null,\"result\":true}");
        inspecting_end();
        assert_int_equal(i.conversation.shares_submitted, 2);
        assert_int_equal(i.conversation.shares_rejected, 1);
        assert_int_equal(i.conversation.shares_accepted, 1);
        assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
        inspecting_close();
    }
}

/* RFC 9110, section 10.1.1 */
static void test_continue(void **state)
{
    (void)state;
    open_http();
    miner_says(
        "POST / HTTP/1.1\r\nHost: pool.example:8332\r\nExpect: 100-continue\r\nContent-Length: 43\r\n\r\n");
    pool_says("HTTP/1.1 100 Continue\r\n\r\n");
    miner_says(GETWORK);
    pool_says("HTTP/1.1 102 Processing\r\n\r\n");
    answer("", WORK);
    inspecting_end();
    assert_true(has(FACT_POOL_ANSWERS));
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
    inspecting_close();
}

/* RFC 9112, section 7.1: extensions, some quoted, and trailers, which are no headers. */
static void test_chunks(void **state)
{
    (void)state;
    for (size_t step = 0; step < 9; step += 4) {
        open_http();
        i.step = step;
        miner_says("POST / HTTP/1.1\r\nHost: pool.example:8332\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "10;name=value\r\n{\"method\": \"getw\r\n"
                   "01b ; name=\"a;b\"\r\nork\", \"params\": [], \"id\":0}\r\n0;last\r\nX-Stratum: "
                   "a.example:1\r\n\r\n");
        ask(SHARE);
        answer("", WORK);
        answer("", REFUSED);
        inspecting_end();
        assert_int_equal(i.conversation.shares_rejected, 1);
        assert_true(has(FACT_POOL_ANSWERS));
        assert_false(has(FACT_REDIRECTED));
        inspecting_close();
    }
}

/* ---- codings ---- */

/* `field` says how the body is coded; what is then known of the session. */
static enum verdict verdict_of_coded(const char *field, bool chunked, const uint8_t *body, size_t length,
                                     size_t step)
{
    open_http();
    i.step = step;
    char text[2048];
    int head = chunked ? snprintf(text, sizeof text, "POST / HTTP/1.1\r\n%s\r\n\r\n%zx\r\n", field, length)
                       : snprintf(text, sizeof text, "POST / HTTP/1.1\r\n%s\r\nContent-Length: %zu\r\n\r\n",
                                  field, length);
    memcpy(text + head, body, length);
    memcpy(text + head + length, "\r\n0\r\n\r\n", 7);
    say_bytes(TO_SERVER, text, (size_t)head + length + (chunked ? 7 : 0));
    answer("", WORK);
    inspecting_end();
    enum verdict verdict = verdict_now();
    inspecting_close();
    return verdict;
}

static void test_codings(void **state)
{
    (void)state;
    static const char *const whole[] = {GETWORK}, *const parts[] = {"{\"method\": \"get", "",
                                                                    "work\", \"params\"", ": [], \"id\":0}"};
    uint8_t one[512], several[512];
    size_t one_length = zipped(whole, 1, one, sizeof one),
           several_length = zipped(parts, 4, several, sizeof several);
    for (size_t step = 0; step < 40; step += 3) {
        assert_int_equal(verdict_of_coded("Content-Encoding: gzip", false, one, one_length, step),
                         VERDICT_CONFIRMED);
        assert_int_equal(verdict_of_coded("Content-Encoding: gzip", false, several, several_length, step),
                         VERDICT_CONFIRMED);
        assert_int_equal(
            verdict_of_coded("Transfer-Encoding: gzip, chunked", true, several, several_length, step),
            VERDICT_CONFIRMED);
    }
    /* what is not undone is not read, whatever it looks like */
    static const char *const unread[] = {"Content-Encoding: br", "Content-Encoding: zstd",
                                         "Content-Encoding: gzip, br",
                                         "Content-Encoding: gzip\r\nContent-Encoding: gzip"};
    for (size_t u = 0; u < sizeof unread / sizeof unread[0]; u++) {
        assert_int_equal(verdict_of_coded(unread[u], false, one, one_length, 0), VERDICT_NONE);
        assert_int_equal(verdict_of_coded(unread[u], false, (const uint8_t *)GETWORK, strlen(GETWORK), 0),
                         VERDICT_NONE);
    }
    assert_int_equal(
        verdict_of_coded("Content-Encoding: identity", false, (const uint8_t *)GETWORK, strlen(GETWORK), 0),
        VERDICT_CONFIRMED);
}

/* ---- HTTP/2 ---- */

/* RFC 9113, section 3.4: the preface is no HTTP/1, and of its frames nothing is read. */
static void test_http_2(void **state)
{
    (void)state;
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
                      data[] = "\0\0\x2b\0\1\0\0\0\1" GETWORK;
    inspecting_open();
    inspecting_handshake();
    say_bytes(TO_SERVER, preface, sizeof preface - 1);
    say_bytes(TO_CLIENT, "\0\0\0\4\0\0\0\0\0", 9);
    say_bytes(TO_SERVER, data, sizeof data - 1);
    inspecting_end();
    assert_int_equal(i.conversations, 0);
    inspecting_close();
    inspecting_open(); /* a false one does not hide a miner */
    inspecting_handshake();
    say_bytes(TO_SERVER, preface, sizeof preface - 1);
    miner_says("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}\n");
    pool_says("{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"08000002\",4],\"error\":null}\n");
    inspecting_end();
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
    inspecting_close();
}

/* ---- gaps ---- */

/* A body that goes on for as long as the connection, a line a message: behind a gap it is read on at the next
 * line. */
static void test_body_behind_a_gap(void **state)
{
    (void)state;
    static const char login[] =
        "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}\n";
    static const char share[] = "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"u\",\"j%d\",\"00\","
                                "\"695b8ba0\",\"695b8ba0\"]}\n";
    for (size_t step = 0; step < 20; step += 6) {
        char line[256];
        inspecting_open();
        i.step = step;
        inspecting_handshake();
        miner_says("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 100000\r\n\r\n");
        miner_says(login);
        pool_says("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        pool_says(
            "{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"08000002\",4],\"error\":null}\n");
        snprintf(line, sizeof line, share, 2, 2);
        miner_says(line);
        assert_int_equal(i.conversation.shares_submitted, 1);
        say_bytes(TO_SERVER, line, 20); /* the beginning of a message, then nothing of the rest */
        lost(TO_SERVER, (uint32_t)strlen(line) - 40);
        miner_says("\"00\",\"{\"]}\n");
        snprintf(line, sizeof line, share, 4, 4);
        miner_says(line);
        lost(TO_SERVER, 10);
        miner_says("{\"method\":\"no line begins here\n"); /* as the gap may end in the middle of a line */
        snprintf(line, sizeof line, share, 5, 5);
        miner_says(line);
        inspecting_end();
        assert_int_equal(i.conversation.shares_submitted, 3);
        assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
        inspecting_close();
    }
}

/* A compressed body is not read on; the next one is. */
static void test_compressed_body_behind_a_gap(void **state)
{
    (void)state;
    static const char *const whole[] = {SHARE};
    uint8_t body[1024];
    char head[128];
    size_t length = zipped(whole, 1, body, sizeof body);
    int head_length =
        snprintf(head, sizeof head,
                 "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", length);
    open_http();
    ask(GETWORK);
    answer("", WORK);
    say_bytes(TO_SERVER, head, (size_t)head_length);
    say_bytes(TO_SERVER, body, 20);
    lost(TO_SERVER, 10);
    say_bytes(TO_SERVER, body + 30, length - 30);
    assert_int_equal(i.conversation.shares_submitted, 0);
    say_bytes(TO_SERVER, head, (size_t)head_length);
    say_bytes(TO_SERVER, body, length);
    inspecting_end();
    assert_int_equal(i.conversation.shares_submitted, 1);
    inspecting_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redirect_to_stratum),
        cmocka_unit_test(test_reasons_of_refusal),
        cmocka_unit_test(test_weak_headers),
        cmocka_unit_test(test_strong_headers),
        cmocka_unit_test(test_pipelining),
        cmocka_unit_test(test_continue),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_codings),
        cmocka_unit_test(test_http_2),
        cmocka_unit_test(test_body_behind_a_gap),
        cmocka_unit_test(test_compressed_body_behind_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
