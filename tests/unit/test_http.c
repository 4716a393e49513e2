// SPDX-License-Identifier: Apache-2.0
#include "protocol/http.h"

#include "guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* What the parser told, written down: "<POST /lp 1>" for a head, "body", "." for the end of a message. */
struct story {
    char text[8192];
    size_t length;
    struct http_head last;
    int heads;
};

static void tell(struct story *story, const void *bytes, size_t length)
{
    assert_true(story->length + length < sizeof story->text);
    memcpy(story->text + story->length, bytes, length);
    story->length += length;
    story->text[story->length] = '\0';
}

static void clear_behind(char *text, size_t size)
{
    size_t length = strlen(text);
    memset(text + length, 0, size - length);
}

/* As the head says; what stands behind the end of a text may be anything. */
static void keep_head(struct http_head *kept, const struct http_head *head)
{
    *kept = *head;
    clear_behind(kept->method, sizeof kept->method);
    clear_behind(kept->target, sizeof kept->target);
    clear_behind(kept->host, sizeof kept->host);
    clear_behind(kept->user_agent, sizeof kept->user_agent);
    clear_behind(kept->authorization_user, sizeof kept->authorization_user);
    clear_behind(kept->content_type, sizeof kept->content_type);
    clear_behind(kept->upgrade, sizeof kept->upgrade);
    clear_behind(kept->x_stratum, sizeof kept->x_stratum);
    clear_behind(kept->x_reject_reason, sizeof kept->x_reject_reason);
}

static void on_head(void *context, const struct http_head *head)
{
    struct story *story = context;
    char line[600];
    int length = head->is_request ? snprintf(line, sizeof line, "<%s %s %u>", head->method, head->target,
                                             (unsigned)head->version_minor)
                                  : snprintf(line, sizeof line, "<%u %u>", head->status, head->version_minor);
    tell(story, line, (size_t)length);
    keep_head(&story->last, head);
    story->heads++;
}

static void on_body(void *context, const uint8_t *bytes, size_t length)
{
    assert_true(length > 0);
    tell(context, bytes, length);
}

static void on_end(void *context)
{
    tell(context, ".", 1);
}

static const struct http_handler handler = {on_head, on_body, on_end};

/* Feeds `text` in two pieces, cut at `cut`, each against a guard page. */
static bool feed_cut(struct http_parser *parser, struct story *story, const char *text, size_t cut)
{
    size_t length = strlen(text);
    struct guarded first = guarded_copy(text, cut), second = guarded_copy(text + cut, length - cut);
    http_feed(parser, &handler, story, first.bytes, cut);
    bool good = http_feed(parser, &handler, story, second.bytes, length - cut);
    guarded_free(&first);
    guarded_free(&second);
    return good;
}

/* However the stream is cut, the story is the same; gives it, with its last state. */
static struct story story_of(struct http_parser settings, const char *text, enum http_state_kind expected)
{
    struct story whole = {.length = 0};
    struct http_parser parser = settings;
    http_feed(&parser, &handler, &whole, (const uint8_t *)text, strlen(text));
    assert_int_equal(parser.state, expected);
    http_parser_done(&parser);

    for (size_t cut = 0; cut <= strlen(text); cut++) {
        struct story story = {.length = 0};
        parser = settings;
        assert_int_equal(feed_cut(&parser, &story, text, cut), expected != HTTP_FAULT);
        assert_string_equal(story.text, whole.text);
        assert_int_equal(parser.state, expected);
        assert_memory_equal(&story.last, &whole.last, sizeof whole.last);
        http_parser_done(&parser);
    }
    struct story story = {.length = 0};
    parser = settings;
    for (size_t i = 0; i < strlen(text); i++)
        http_feed(&parser, &handler, &story, (const uint8_t *)text + i, 1);
    assert_string_equal(story.text, whole.text);
    http_parser_done(&parser);
    return whole;
}

static const struct http_parser request = {.requests = true}, response = {.requests = false};

static void test_begins(void **state)
{
    (void)state;
    bool is_request;
    assert_int_equal(http_begins((const uint8_t *)"POST / H", 8, &is_request), 1);
    assert_true(is_request);
    assert_int_equal(http_begins((const uint8_t *)"HTTP/1.1", 8, &is_request), 1);
    assert_false(is_request);
    assert_int_equal(http_begins((const uint8_t *)"HTTP/2.0", 8, &is_request), 0);
    assert_int_equal(http_begins((const uint8_t *)"HTTP/1.x", 8, &is_request), 0);
    assert_int_equal(http_begins((const uint8_t *)"PO", 2, &is_request), -1);
    assert_int_equal(http_begins((const uint8_t *)"HT", 2, &is_request), -1);
    assert_int_equal(http_begins((const uint8_t *)"P{", 2, &is_request), 0);
    assert_int_equal(http_begins((const uint8_t *)"{\"id\":1}", 8, &is_request), 0);
    assert_int_equal(http_begins((const uint8_t *)"GETWORK ", 8, &is_request), 0);
}

static void test_getwork_request(void **state)
{
    (void)state;
    struct story story = story_of(request,
                                  "POST / HTTP/1.1\r\nHost: pool.example:8332\r\n"
                                  "Authorization: Basic d29ya2VyLjE6cGFzcw==\r\nAccept: */*\r\n"
                                  "User-Agent: bfgminer/5.2.0\r\nX-Mining-Extensions: longpoll midstate\r\n"
                                  "X-Mining-Hashrate: 1234567\r\ncontent-type: application/json\r\n"
                                  "content-length: 5\r\n\r\n[1,2]\r\n"
                                  "POST /lp HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
                                  HTTP_START);
    assert_string_equal(story.text, "<POST / 1>[1,2].<POST /lp 1>.");

    struct story first = {.length = 0};
    struct http_parser parser = request;
    const char *text = "POST /x HTTP/1.0\nhOsT:  pool.example \nAuthorization: basic d29ya2VyLjE6cGFzcw==\n"
                       "USER-AGENT:cgminer\nX-Mining-Hashrate: 1234567\nX-Long-Polling: /lp\n"
                       "X-Stratum: stratum+tcp://p:1\n\n";
    assert_true(feed_cut(&parser, &first, text, 20));
    assert_string_equal(first.text, "<POST /x 0>.");
    assert_string_equal(first.last.host, "pool.example");
    assert_string_equal(first.last.authorization_user, "worker.1");
    assert_string_equal(first.last.user_agent, "cgminer");
    assert_string_equal(first.last.x_stratum, "stratum+tcp://p:1");
    assert_true(first.last.x_mining_hashrate == 1234567.0);
    assert_int_equal(first.last.mining_headers,
                     HTTP_X_MINING_HASHRATE | HTTP_X_LONG_POLLING | HTTP_X_STRATUM);
    assert_null(parser.head);
    http_parser_done(&parser);
}

static void test_expect_continue_and_pipelining(void **state)
{
    (void)state;
    struct story story =
        story_of(response,
                 "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                 "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304\r\nContent-Length: 99\r\n\r\n"
                 "HTTP/1.0 401 Unauthorized\r\n\r\nuntil close",
                 HTTP_BODY_UNTIL_CLOSE);
    assert_string_equal(story.text, "<100 1>.<200 1>ok.<204 1>.<304 1>.<401 0>until close");
}

/* Each method, cut at each byte; "H" alone could be HEAD or HTTP. */
static void test_methods(void **state)
{
    (void)state;
    static const char *const names[] = {"GET",   "POST",  "PUT",      "HEAD",   "DELETE", "OPTIONS",
                                        "PATCH", "TRACE", "PROPFIND", "REPORT", "SEARCH"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[64], expected[64];
        snprintf(text, sizeof text, "%s / HTTP/1.1\r\n\r\n", names[i]);
        snprintf(expected, sizeof expected, "<%s / 1>.", names[i]);
        assert_string_equal(story_of(request, text, HTTP_START).text, expected);
    }
}

static void test_chunked(void **state)
{
    (void)state;
    struct story story = story_of(response,
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n"
                                  "5\r\nhello\r\n00A;name=\"v\"\r\n, the rest\r\n1 \n!\n0\r\n"
                                  "Trailer: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                                  HTTP_START);
    assert_string_equal(story.text, "<200 1>hello, the rest!.<200 1>.");
    story = story_of(request,
                     "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\n{ }\r\n0\r\n\r\n"
                     "GET / HTTP/1.1\r\n\r\n",
                     HTTP_START);
    assert_string_equal(story.text, "<POST / 1>{ }.<GET / 1>.");
}

static void test_hostile_chunks(void **state)
{
    (void)state;
    const char *bad[] = {"g\r\n",   "\r\n",    "ffffffffffffffff1\r\n", "10000000000000000\r\n", "-1\r\n",
                         "1\r\nab", "0x1\r\na"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s", bad[i]);
        story_of(response, text, HTTP_FAULT);
    }
    struct story story =
        story_of(response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffff\r\nxy",
                 HTTP_BODY_CHUNKED);
    assert_string_equal(story.text, "<200 1>xy");
}

static void test_hostile_lengths(void **state)
{
    (void)state;
    const char *bad[] = {
        "18446744073709551616", "99999999999999999999999999", "-1", "+5", "5, 5", "0x10", "", "1 2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\nabc", bad[i]);
        struct story story = story_of(response, text, HTTP_FAULT);
        assert_string_equal(story.text, "<200 1>"); /* what the head says is still known */
    }
    story_of(response, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc", HTTP_FAULT);
    struct story story = story_of(
        response, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", HTTP_START);
    assert_string_equal(story.text, "<200 1>abc.");
    story = story_of(response, "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551600\r\n\r\nabc",
                     HTTP_BODY_LENGTH);
    assert_string_equal(story.text, "<200 1>abc");
}

static void test_no_http(void **state)
{
    (void)state;
    /* pools answer an HTTP request with a line of JSON */
    story_of(response, "{\"id\":1,\"result\":null}\n", HTTP_FAULT);
    story_of(request, "{\"method\":\"login\"}\n", HTTP_FAULT);
    story_of(request, "HTTP/1.1 200 OK\r\n\r\n", HTTP_FAULT);
    story_of(response, "GET / HTTP/1.1\r\n\r\n", HTTP_FAULT);
    story_of(request, "GET /\r\n\r\n", HTTP_FAULT);
    story_of(request, "GET / HTTP/2.0\r\n\r\n", HTTP_FAULT);
    story_of(response, "HTTP/1.1 20 OK\r\n\r\n", HTTP_FAULT);
    story_of(response, "HTTP/1.1 2000 OK\r\n\r\n", HTTP_FAULT);
    story_of(response, "HTTP/1.1 099 OK\r\n\r\n", HTTP_FAULT);
    story_of(response, "HTTP/1.1  \r\n\r\n", HTTP_FAULT);
    struct http_parser parser = response;
    struct story story = {.length = 0};
    assert_false(http_feed(&parser, &handler, &story, (const uint8_t *)"{", 1));
    assert_false(http_feed(&parser, &handler, &story, (const uint8_t *)"HTTP/1.1 200 OK\r\n\r\n", 19));
    assert_int_equal(story.heads, 0);
}

static void test_answers_to_head_and_connect(void **state)
{
    (void)state;
    struct http_parser to_head = {.no_body_expected = true}, to_connect = {.connect_expected = true};
    struct story story = story_of(
        to_head, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
        HTTP_START);
    assert_string_equal(story.text, "<200 1>.<200 1>x.");
    story =
        story_of(to_connect, "HTTP/1.1 200 Established\r\nContent-Length: 5\r\n\r\n{\"id\":1}", HTTP_TUNNEL);
    assert_string_equal(story.text, "<200 1>{\"id\":1}");
    story = story_of(to_connect, "HTTP/1.1 407 Who\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1 200 OK\r\n\r\nrest",
                     HTTP_BODY_UNTIL_CLOSE);
    assert_string_equal(story.text, "<407 1>no.<200 1>rest");
    assert_false(story.last.connected);
    story = story_of(to_connect, "HTTP/1.1 200  connection Established \r\n\r\nx", HTTP_TUNNEL);
    assert_true(story.last.connected);
    story = story_of(to_connect, "HTTP/1.1 200 Connection established, not\r\n\r\nx", HTTP_TUNNEL);
    assert_false(story.last.connected);
}

static void test_tunnels(void **state)
{
    (void)state;
    struct story story =
        story_of(request, "CONNECT pool:3333 HTTP/1.1\r\n\r\n{\"method\":\"login\"}", HTTP_TUNNEL);
    assert_string_equal(story.text, "<CONNECT pool:3333 1>.{\"method\":\"login\"}");
    story = story_of(request, "CONNECT pool:3333 HTTP/1.1\r\n\r\nPOX", HTTP_TUNNEL);
    assert_string_equal(story.text, "<CONNECT pool:3333 1>.POX");
    story = story_of(request, "CONNECT a:1 HTTP/1.1\r\n\r\nCONNECT a:1 HTTP/1.1\r\nX: y\r\n\r\n", HTTP_START);
    assert_string_equal(story.text, "<CONNECT a:1 1>.<CONNECT a:1 1>.");
    story = story_of(request, "GET /s HTTP/1.1\r\nUpgrade: WebSocket\r\n\r\n\x81\x02hi", HTTP_TUNNEL);
    assert_string_equal(story.text, "<GET /s 1>.\x81\x02hi");
    assert_string_equal(story.last.upgrade, "websocket");
    story = story_of(response, "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\x81\x02hi", HTTP_TUNNEL);
    assert_string_equal(story.text, "<101 1>\x81\x02hi");
}

static void test_fields(void **state)
{
    (void)state;
    struct http_parser parser = request;
    struct story story = {.length = 0};
    char text[4096];
    char *longest = malloc(2001);
    memset(longest, 'a', 2000);
    longest[2000] = '\0';
    snprintf(text, sizeof text,
             "GET /%s HTTP/1.1\r\nno colon here\r\n folded: x\r\nHost : h\r\nUser-Agent:\r\n: empty\r\n"
             "Content-Encoding: gzip\r\nAuthorization: Basic !!!\r\nX-Roll-NTimes: no\r\n"
             "X-Is-P2Pool: true\r\nX-Mining-Hashrate: many\r\n\r\n",
             longest);
    assert_true(feed_cut(&parser, &story, text, 7));
    assert_int_equal(strlen(story.last.target), HTTP_MAX_TARGET - 1);
    assert_string_equal(story.last.host, "h");
    assert_string_equal(story.last.user_agent, "");
    assert_string_equal(story.last.authorization_user, "");
    assert_true(story.last.compressed);
    assert_int_equal(story.last.mining_headers, HTTP_X_IS_P2POOL | HTTP_X_MINING_HASHRATE);
    assert_true(story.last.x_mining_hashrate == 0);
    http_parser_done(&parser);
    free(longest);
}

static void test_head_flood(void **state)
{
    (void)state;
    for (size_t piece = 1; piece <= 3 * HTTP_MAX_HEAD; piece = piece * 7 + 1) {
        struct http_parser parser = request;
        struct story story = {.length = 0};
        char *flood = malloc(piece);
        memset(flood, 'a', piece);
        assert_true(http_feed(&parser, &handler, &story, (const uint8_t *)"GET /", 5));
        size_t fed = 5;
        while (http_feed(&parser, &handler, &story, (const uint8_t *)flood, piece)) {
            fed += piece;
            assert_true(fed <= HTTP_MAX_HEAD);
            assert_int_equal(parser.head_length, fed);
        }
        assert_int_equal(parser.state, HTTP_FAULT);
        assert_null(parser.head);
        assert_true(fed + piece > HTTP_MAX_HEAD);
        free(flood);
    }
}

static void test_longest_head(void **state)
{
    (void)state;
    for (size_t extra = 0; extra < 2; extra++) {
        size_t length = HTTP_MAX_HEAD + extra;
        char *text = malloc(length + 1);
        memset(text, 'a', length);
        memcpy(text, "GET / HTTP/1.1\r\nX: ", 19);
        memcpy(text + length - 4, "\r\n\r\n", 5);
        for (size_t cut = 0; cut < 100; cut += 33) {
            struct http_parser parser = request;
            struct story story = {.length = 0};
            assert_int_equal(feed_cut(&parser, &story, text, cut), extra == 0);
            http_parser_done(&parser);
        }
        free(text);
    }
}

static void feed(struct http_parser *parser, struct story *story, const char *text)
{
    assert_true(http_feed(parser, &handler, story, (const uint8_t *)text, strlen(text)));
}

static void test_gap_in_body(void **state)
{
    (void)state;
    struct http_parser parser = response;
    struct story story = {.length = 0};
    feed(&parser, &story, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    http_gap(&parser, 4);
    feed(&parser, &story, "xyzHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    http_gap(&parser, 4);
    feed(&parser, &story, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nab");
    http_gap(&parser, 4);
    feed(&parser, &story, "\r\n0\r\n\r\n");
    assert_string_equal(story.text, "<200 1>abcxyz.<200 1><200 1>ab.");
    http_parser_done(&parser);
}

static void test_gap_waits_for_head(void **state)
{
    (void)state;
    struct http_parser parser = request;
    struct story story = {.length = 0};
    feed(&parser, &story, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
    http_gap(&parser, 400);
    feed(&parser, &story, "rest of a body, GET / no head here\r\nGET is none either");
    feed(&parser, &story, "x\nGET \r\n\r\n{}POST /2 HTTP/1.1\r\nContent-Length: 1\r\n\r\n1");
    assert_string_equal(story.text, "<POST / 1>abc<POST /2 1>1.");
    feed(&parser, &story, "POST /3 HT");
    http_gap(&parser, 0);
    assert_null(parser.head);
    feed(&parser, &story, "TP/1.1\r\n\r\n");
    feed(&parser, &story, "GET /4 HTTP/1.1\r\n\r\n");
    assert_string_equal(story.text, "<POST / 1>abc<POST /2 1>1.<GET /4 1>.");
    http_parser_done(&parser);
}

static void test_gap_in_endless_body(void **state)
{
    (void)state;
    struct http_parser parser = response;
    struct story story = {.length = 0};
    feed(&parser, &story, "HTTP/1.0 200 OK\r\n\r\nabc");
    http_gap(&parser, 0);
    feed(&parser, &story, "def");
    assert_string_equal(story.text, "<200 0>abcdef");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begins),
        cmocka_unit_test(test_getwork_request),
        cmocka_unit_test(test_expect_continue_and_pipelining),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_chunked),
        cmocka_unit_test(test_hostile_chunks),
        cmocka_unit_test(test_hostile_lengths),
        cmocka_unit_test(test_no_http),
        cmocka_unit_test(test_answers_to_head_and_connect),
        cmocka_unit_test(test_tunnels),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_head_flood),
        cmocka_unit_test(test_longest_head),
        cmocka_unit_test(test_gap_in_body),
        cmocka_unit_test(test_gap_waits_for_head),
        cmocka_unit_test(test_gap_in_endless_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
