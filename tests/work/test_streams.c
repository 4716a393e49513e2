// SPDX-License-Identifier: Apache-2.0
/*
 * Worst cases of streams: what a sender makes of one connection, through reassembly, channels, recognisers
 * and dialects.
 */
#include "path.h"

#define SUBSCRIBE "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}\n"
#define AUTHORIZE "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"bc1qexample.rig01\",\"x\"]}\n"
#define UPGRADED  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
#define UPGRADE                                                                                              \
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "      \
    "13\r\n\r\n"

enum { SEGMENT = 64000 };

/* ---- JSON ---- */

static uint64_t message_one_byte_each(size_t size)
{
    struct text text = {0};
    text_add(&text, "{\"id\":1,\"params\":[\"");
    text_fill(&text, "abcdefgh", size);
    text_add(&text, "\"],\"method\":\"mining.submit\"}\n");
    return path_stream(NULL, NULL, &text, 1);
}

static uint64_t messages_on_one_line(size_t size)
{
    struct text text = {0};
    text_fill(&text, "{} ", size);
    return path_stream(NULL, NULL, &text, SEGMENT);
}

static uint64_t messages_cut_off(size_t size)
{
    struct text text = {0};
    text_add(&text, SUBSCRIBE);
    text_fill(&text, "{\"a\":\n", 300); /* some, then no more of them: they would end the stream */
    text_fill(&text, "{}\n{}{}\n", size);
    return path_stream(NULL, NULL, &text, SEGMENT);
}

static uint64_t blank_lines(size_t size)
{
    struct text text = {0};
    text_add(&text, SUBSCRIBE);
    text_fill(&text, "\r\n \t", size);
    return path_stream(NULL, NULL, &text, SEGMENT);
}

static uint64_t mining_messages(size_t size)
{
    struct text text = {0};
    text_add(&text, SUBSCRIBE AUTHORIZE);
    text_count(&text, "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a\",\"",
               "\",\"00000001\",\"5e0e1f2a\",\"0a0b0c0d\"]}\n", size);
    return path_stream(NULL, NULL, &text, 1400);
}

static uint64_t many_methods(size_t size)
{
    struct text text = {0};
    text_add(&text, SUBSCRIBE AUTHORIZE);
    text_count(&text, "{\"id\":4,\"method\":\"mining.m", "\",\"params\":[]}\n", size);
    return path_stream(NULL, NULL, &text, 1400);
}

static uint64_t many_logins(size_t size)
{
    struct text text = {0};
    text_add(&text, SUBSCRIBE);
    text_count(&text, "{\"id\":4,\"method\":\"mining.authorize\",\"params\":[\"rig", "\",\"x\"]}\n", size);
    return path_stream(NULL, NULL, &text, 1400);
}

static uint64_t batches(size_t size)
{
    struct text text = {0};
    text_add(&text, SUBSCRIBE);
    for (size_t i = 0; i < size; i += 20) {
        text_add(&text, "{\"id\":1,\"batch\":[");
        text_fill(&text, "{\"method\":\"mining.submit\"},", 500);
        text_add(&text, "0]}\n");
    }
    return path_stream(NULL, NULL, &text, SEGMENT);
}

static uint64_t agent_frames(size_t size)
{
    struct text text = {0};
    text_add(&text, SUBSCRIBE AUTHORIZE);
    while (text.length < size)
        text_add_bytes(&text, "\x7f\x04\x06\0\1\0", 6); /* unregister, as short as a frame is */
    return path_stream(NULL, "{\"id\":1,\"result\":[[[\"mining.notify\",\"1\"]],\"00\",4],\"error\":null}\n",
                       &text, 1);
}

static uint64_t repeated_members(size_t size)
{
    struct text text = {0};
    text_add(&text, "{\"params\":[1]");
    text_fill(&text, ",\"method\":\"a\",\"id\":[{\"method\":1}],\"type\":[2]", size);
    text_add(&text, "}\n");
    return path_stream(NULL, NULL, &text, SEGMENT);
}

#define HELLO                                                                                                \
    "{\"id\":0,\"method\":\"mining.hello\",\"params\":{\"agent\":\"a\",\"proto\":\"EthereumStratum/"         \
    "2.0.0\"}}\n"
#define HELLO_ANSWER                                                                                         \
    "{\"id\":0,\"result\":{\"proto\":\"EthereumStratum/2.0.0\",\"encoding\":\"gzip\",\"node\":\"n\"}}\n"

/* RFC 1952: members that hold nothing, as short as they can be. */
static uint64_t gzip_members(size_t size)
{
    struct text text = {0};
    while (text.length < size)
        text_add_bytes(&text, "\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0", 20);
    return path_stream(HELLO, HELLO_ANSWER, &text, 1);
}

/* Each line begins as gzip and is none: an inflater for each, until the direction is given up. */
static uint64_t gzip_that_is_none(size_t size)
{
    struct text text = {0};
    while (text.length < size)
        text_add_bytes(&text, "\x1f\x8b\xff\n{}\n", 7);
    return path_stream(HELLO, HELLO_ANSWER, &text, 7);
}

LINEAR(repeated_members, 3000)
LINEAR(gzip_members, 8192)
AT_MOST_LINEAR(gzip_that_is_none, 2000)
LINEAR(message_one_byte_each, 4096)
LINEAR(messages_on_one_line, 12000)
LINEAR(messages_cut_off, 12000)
LINEAR(blank_lines, 12000)
LINEAR(mining_messages, 300)
LINEAR(many_methods, 300)
LINEAR(many_logins, 300)
LINEAR(batches, 300)
LINEAR(agent_frames, 4096)

/* ---- other kinds of streams ---- */

static uint64_t unknown_bytes(size_t size)
{
    struct text text = {0};
    text_fill(&text, "x\n", size);
    return path_stream(NULL, NULL, &text, 1);
}

static uint64_t chunks_of_one(size_t size)
{
    struct text text = {0};
    text_add(&text, "POST /json_rpc HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
    text_fill(&text, "1\r\n \r\n", size);
    return path_stream(NULL, NULL, &text, 1);
}

static uint64_t requests(size_t size)
{
    struct text text = {0};
    text_count(&text, "GET / HTTP/1.1\r\nHost: h", ".example\r\n\r\n", size);
    return path_stream(NULL, NULL, &text, 1400);
}

static uint64_t tunnels_in_tunnels(size_t size)
{
    struct text text = {0};
    text_count(&text, "CONNECT h", ".example:443 HTTP/1.1\r\n\r\n", size);
    return path_stream(NULL, NULL, &text, 1400);
}

static uint64_t websocket_frames_of_one(size_t size)
{
    struct text text = {0};
    while (text.length < size)
        text_add_bytes(&text, "\x01\x81mask\x16\x00\x80mask\x89\x80mask", 18);
    return path_stream(UPGRADE, UPGRADED, &text, 1);
}

static uint64_t hello_one_byte_each(size_t size)
{
    struct text text = {0};
    const uint8_t head[] = {
        0x16,         3, 1, (uint8_t)((size + 4) >> 8), (uint8_t)(size + 4), 1, 0, (uint8_t)(size >> 8),
        (uint8_t)size};
    text_add_bytes(&text, head, sizeof head);
    text_add_bytes(&text, "\3\3................................\0\0\2\x13\1\1\0", 41);
    const uint8_t length[] = {(uint8_t)((size - 43) >> 8), (uint8_t)(size - 43)};
    text_add_bytes(&text, length, 2);
    while (text.length < size + 9)
        text_add_bytes(&text, "\xfa\xfa\0", 4);
    return path_stream(NULL, NULL, &text, 1);
}

static uint64_t hello_in_records_of_one(size_t size)
{
    struct text text = {0};
    const uint8_t first[] = {0x16, 3, 1, 0, 4, 1, 0, (uint8_t)(size >> 8), (uint8_t)size};
    text_add_bytes(&text, first, sizeof first);
    while (text.length < 6 * size)
        text_add_bytes(&text, "\x16\3\1\0\1\3", 6);
    return path_stream(NULL, NULL, &text, 6);
}

static uint64_t dns_one_byte_each(size_t size)
{
    struct text text = {0};
    while (text.length < size)
        text_add_bytes(&text, "\0\x1d\0\1\1\0\0\1\0\0\0\0\0\0\4pool\7example\0\0\1\0\1", 31);
    return path_stream(NULL, NULL, &text, 1);
}

static uint64_t proxy_header_one_byte_each(size_t size)
{
    struct text text = {0};
    const uint8_t length[] = {(uint8_t)(size >> 8), (uint8_t)size};
    text_add_bytes(&text, "\r\n\r\n\0\r\nQUIT\n\x21\x11", 14);
    text_add_bytes(&text, length, 2);
    text_add_bytes(&text, "aaaabbbbccdd", 12);
    while (text.length < size + 16)
        text_add_bytes(&text, "\4\0", 3);
    return path_stream(NULL, NULL, &text, 1);
}

/* RFC 1961: tokens that hold nothing. */
static uint64_t socks_tokens(size_t size)
{
    struct text text = {0};
    text_add_bytes(&text, "\5\1\1", 3);
    while (text.length < size)
        text_add_bytes(&text, "\1\1\0", 4);
    return path_stream(NULL, NULL, &text, 1);
}

/* Compressed messages of which none can be inflated. */
static uint64_t websocket_broken(size_t size)
{
    struct text text = {0};
    while (text.length < size)
        text_add_bytes(&text, "\xc1\x84mask\x6b\x9e\x8c\x94", 10);
    return path_stream(UPGRADE, UPGRADED, &text, 10);
}

/* ---- many connections ---- */

/* Each of them begins a message and never ends it: far more than are kept. `mines`: the first ones mine. */
static uint64_t unfinished(size_t connections, bool mines)
{
    path_open(1 << 20);
    uint64_t before = work_so_far();
    for (size_t i = 0; i < connections; i++) {
        path.client = (uint32_t)i;
        path_handshake();
        if (mines && i < 1024)
            path_say_text(TO_SERVER, SUBSCRIBE);
        path_say_text(TO_SERVER, "{\"id\":1,\"method\":\"mining.");
        path_say_text(TO_SERVER, "subscribe\",\"params\":[");
    }
    path_end();
    uint64_t work = work_so_far() - before;
    path_close();
    return work;
}

static uint64_t unfinished_messages(size_t size)
{
    return unfinished(size, false);
}

static uint64_t unfinished_messages_of_miners(size_t size)
{
    return unfinished(size, true);
}

/* A flow that nobody wants, and segments that begin as messages do: it comes back so often only. */
static uint64_t revivals(size_t size)
{
    struct text text = {0};
    text_fill(&text, "x", 70000);
    while (text.length < 70000 + size * 2000) {
        text_add(&text, "{\"a\":1");
        text_fill(&text, "\x01", 993);
    }
    path_open(1 << 20);
    path_handshake();
    path_say(TO_CLIENT, text.bytes, 70000, 1000);
    uint64_t before = work_so_far();
    path_say(TO_SERVER, text.bytes, text.length, 1000);
    path_end();
    uint64_t work = work_so_far() - before;
    path_close();
    text_done(&text);
    return work;
}

LINEAR(socks_tokens, 4096)
AT_MOST_LINEAR(websocket_broken, 4000)
LINEAR(unfinished_messages, 2000)
LINEAR(unfinished_messages_of_miners, 2000)
AT_MOST_LINEAR(revivals, 300)

static uint64_t sv2_frames(size_t size)
{
    struct text text = {0};
    text_add_bytes(&text, "\0\0\0\x16\0\0\0\2\0\2\0\0\0\0\0\7a.xample\x0d\5\0\0\0\0", 28);
    while (text.length < size)
        text_add_bytes(&text, "\0\0\x1a\0\0", 6);
    return path_stream(NULL, NULL, &text, 1);
}

LINEAR(unknown_bytes, 3000)
LINEAR(chunks_of_one, 4096)
LINEAR(requests, 300)
LINEAR(tunnels_in_tunnels, 300)
LINEAR(websocket_frames_of_one, 4096)
LINEAR(hello_one_byte_each, 3800)
LINEAR(hello_in_records_of_one, 600)
LINEAR(dns_one_byte_each, 3100)
LINEAR(proxy_header_one_byte_each, 480)
LINEAR(sv2_frames, 4096)

/* ---- reassembly ---- */

/* `order` gives the place of the n-th segment of `size` bytes. */
static uint64_t segments(size_t count, size_t length, size_t (*order)(size_t n, size_t count), size_t rounds)
{
    static uint8_t bytes[1400];
    memset(bytes, ' ', sizeof bytes);
    path_open(1 << 20);
    path_handshake();
    uint32_t start = path.sequence[0];
    uint64_t before = work_so_far();
    for (size_t i = 0; i < rounds * count; i++) {
        path.sequence[0] = start + (uint32_t)(order(i % count, count) * length);
        path_packet(TO_SERVER, TCP_ACK, bytes, length);
    }
    path_end();
    uint64_t work = work_so_far() - before;
    path_close();
    return work;
}

static size_t backwards(size_t n, size_t count)
{
    return count - n;
}

static size_t first_missing(size_t n, size_t count)
{
    (void)count;
    return n + 1;
}

static size_t every_other(size_t n, size_t count)
{
    return n < count / 2 ? 2 * n + 1 : 2 * (n - count / 2);
}

static size_t every_other_backwards(size_t n, size_t count)
{
    return 2 * (count - n) + 1;
}

static size_t the_same(size_t n, size_t count)
{
    (void)n;
    (void)count;
    return 1;
}

static size_t anywhere(size_t n, size_t count)
{
    return n * 7919 % count;
}

static uint64_t reversed(size_t size)
{
    return segments(size, 1, backwards, 1);
}

static uint64_t reversed_large(size_t size)
{
    return segments(size, 1400, backwards, 1);
}

static uint64_t behind_one_gap(size_t size)
{
    return segments(size, 1, first_missing, 1);
}

static uint64_t holes(size_t size)
{
    return segments(size, 1, every_other, 1);
}

static uint64_t holes_reversed(size_t size)
{
    return segments(size, 1, every_other_backwards, 1);
}

static uint64_t again_and_again(size_t size)
{
    return segments(size, 1000, the_same, 1);
}

static uint64_t everywhere(size_t size)
{
    return segments(size, 1, anywhere, 3);
}

LINEAR(reversed, 2000)
LINEAR(reversed_large, 500)
LINEAR(behind_one_gap, 4000)
LINEAR(holes, 2000)
LINEAR(holes_reversed, 2000)
LINEAR(again_and_again, 2000)
LINEAR(everywhere, 2000)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_one_byte_each),
        cmocka_unit_test(test_messages_on_one_line),
        cmocka_unit_test(test_messages_cut_off),
        cmocka_unit_test(test_blank_lines),
        cmocka_unit_test(test_mining_messages),
        cmocka_unit_test(test_many_methods),
        cmocka_unit_test(test_many_logins),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_agent_frames),
        cmocka_unit_test(test_unknown_bytes),
        cmocka_unit_test(test_chunks_of_one),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_tunnels_in_tunnels),
        cmocka_unit_test(test_websocket_frames_of_one),
        cmocka_unit_test(test_hello_one_byte_each),
        cmocka_unit_test(test_hello_in_records_of_one),
        cmocka_unit_test(test_dns_one_byte_each),
        cmocka_unit_test(test_proxy_header_one_byte_each),
        cmocka_unit_test(test_sv2_frames),
        cmocka_unit_test(test_repeated_members),
        cmocka_unit_test(test_gzip_members),
        cmocka_unit_test(test_gzip_that_is_none),
        cmocka_unit_test(test_socks_tokens),
        cmocka_unit_test(test_websocket_broken),
        cmocka_unit_test(test_unfinished_messages),
        cmocka_unit_test(test_unfinished_messages_of_miners),
        cmocka_unit_test(test_revivals),
        cmocka_unit_test(test_reversed),
        cmocka_unit_test(test_reversed_large),
        cmocka_unit_test(test_behind_one_gap),
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_holes_reversed),
        cmocka_unit_test(test_again_and_again),
        cmocka_unit_test(test_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
