// SPDX-License-Identifier: Apache-2.0
/*
 * Worst cases of the readers of wire formats, each by itself.
 */
#include "work.h"

#include "base/json_writer.h"
#include "intel/agents.h"
#include "intel/bech32.h"
#include "intel/wallet.h"
#include "protocol/dns.h"
#include "protocol/http.h"
#include "protocol/inflate.h"
#include "protocol/json.h"
#include "protocol/proxy_header.h"
#include "protocol/socks.h"
#include "protocol/stratum_v2.h"
#include "protocol/websocket.h"

#include <zlib.h>

/* ---- the counter itself ---- */

static uint64_t linear_control(size_t size)
{
    struct text text = {0};
    text_fill(&text, "x", size);
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i += 256)
        assert_null(memchr(text.bytes + i, 'y', size - i < 256 ? size - i : 256));
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

/* What the other cases must not be: each step looks at all that is left. */
static uint64_t quadratic_control(size_t size)
{
    struct text text = {0};
    text_fill(&text, "x", size);
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i += 256)
        assert_null(memchr(text.bytes + i, 'y', size - i));
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

static void test_quadratic_is_noticed(void **state)
{
    (void)state;
    assert_linear("linear control", linear_control, 16384);
    assert_true(work_growth("quadratic control", quadratic_control, 16384) > WORK_FACTOR * WORK_SLACK);
}

/* ---- JSON ---- */

static uint64_t read_json(struct text *text, size_t step)
{
    static struct json_reader reader;
    uint64_t before = work_so_far();
    size_t used;
    json_reader_reset(&reader);
    for (size_t at = 0; at < text->length; at += step)
        if (json_read(&reader, (uint8_t *)text->bytes + at,
                      text->length - at < step ? text->length - at : step, &used) == JSON_BAD)
            break;
    uint64_t work = work_so_far() - before;
    text_done(text);
    return work;
}

static uint64_t json_nested(size_t size)
{
    struct text text = {0};
    text_add(&text, "[");
    text_fill(&text, "[[[[[[[[]]]]]]]],{\"a\":[{}]},", size);
    return read_json(&text, text.length);
}

static uint64_t json_too_deep(size_t size)
{
    struct text text = {0};
    text_fill(&text, "[", size);
    return read_json(&text, text.length);
}

static uint64_t json_members(size_t size)
{
    struct text text = {0};
    text_add(&text, "{");
    text_count(&text, "\"name", "\":\"value\",", size);
    text_add(&text, "\"method\":\"x\"}");
    return read_json(&text, text.length);
}

static uint64_t json_members_one_byte_each(size_t size)
{
    struct text text = {0};
    text_add(&text, "{");
    text_count(&text, "\"name", "\":[1,{\"a\":2}],", size);
    return read_json(&text, 1);
}

static uint64_t json_escapes(size_t size)
{
    struct text text = {0};
    text_add(&text, "[\"");
    text_fill(&text, "\\ud83d\\ude00\\n\\u0000", size);
    return read_json(&text, text.length);
}

static uint64_t json_long_number(size_t size)
{
    struct text text = {0};
    text_add(&text, "[");
    text_fill(&text, "1", size);
    return read_json(&text, 7);
}

static uint64_t json_elements(size_t size)
{
    struct text text = {0};
    text_add(&text, "[");
    text_fill(&text, "1,", size);
    return read_json(&text, 7);
}

static uint64_t json_written(size_t size)
{
    struct text text = {0};
    struct json_writer writer;
    text_fill(&text, "\x1b\"\\\xff\xed\xa0\x80\xf0\x9f\x98\x80", size);
    uint64_t before = work_so_far();
    json_writer_init(&writer);
    json_object(&writer, NULL);
    json_string(&writer, "text", text.bytes);
    json_object_end(&writer);
    uint64_t work = work_so_far() - before;
    json_writer_done(&writer);
    text_done(&text);
    return work;
}

LINEAR(json_members, 500)
LINEAR(json_members_one_byte_each, 500)
LINEAR(json_escapes, 8192)
LINEAR(json_long_number, 8192)
LINEAR(json_elements, 8192)
LINEAR(json_written, 8192)
LINEAR(json_nested, 8192)
BOUNDED(json_too_deep, 8192)

/* ---- HTTP ---- */

static void on_head(void *context, const struct http_head *head)
{
    (void)context;
    (void)head;
}

static void on_body(void *context, const uint8_t *bytes, size_t length)
{
    (void)context;
    (void)bytes;
    (void)length;
}

static void on_end(void *context)
{
    (void)context;
}

static uint64_t read_http(struct text *text, bool requests, size_t step, size_t gap_every)
{
    static const struct http_handler handler = {on_head, on_body, on_end};
    struct http_parser parser = {.requests = requests};
    uint64_t before = work_so_far();
    for (size_t at = 0, pieces = 0; at < text->length; at += step, pieces++) {
        if (gap_every > 0 && pieces % gap_every == 1)
            http_gap(&parser, 0);
        http_feed(&parser, &handler, NULL, (uint8_t *)text->bytes + at,
                  text->length - at < step ? text->length - at : step);
    }
    uint64_t work = work_so_far() - before;
    http_parser_done(&parser);
    text_done(text);
    return work;
}

static struct text http_request(const char *line, size_t size)
{
    struct text text = {0};
    text_add(&text, "GET / HTTP/1.1\r\n");
    text_fill(&text, line, size);
    return text;
}

static uint64_t http_headers(size_t size)
{
    struct text text = http_request("a:b\r\n", size);
    text_add(&text, "\r\n");
    return read_http(&text, true, text.length, 0);
}

static uint64_t http_headers_one_byte_each(size_t size)
{
    struct text text = http_request("host: a\r\n", size);
    text_add(&text, "\r\n");
    return read_http(&text, true, 1, 0);
}

static uint64_t http_folded_one_byte_each(size_t size)
{
    struct text text = http_request("a:\r\n \r\n\tb\n", size);
    return read_http(&text, true, 1, 0);
}

static uint64_t http_long_line(size_t size)
{
    struct text text = http_request("x-stratum: a ", size);
    text_add(&text, "\r\n\r\n");
    return read_http(&text, true, 1, 0);
}

static uint64_t http_pipelined(size_t size)
{
    struct text text = {0};
    text_fill(&text, "POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\nx", size);
    return read_http(&text, true, text.length, 0);
}

static uint64_t http_chunks_of_one(size_t size)
{
    struct text text = {0};
    text_add(&text, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    text_fill(&text, "1\r\na\r\n", size);
    return read_http(&text, false, text.length, 0);
}

static uint64_t http_chunk_extensions(size_t size)
{
    struct text text = {0};
    text_add(&text, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;");
    text_fill(&text, "a=b;", size);
    return read_http(&text, false, 1, 0);
}

static uint64_t http_trailers(size_t size)
{
    struct text text = {0};
    text_add(&text, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n");
    text_fill(&text, "a: b\r\n", size);
    return read_http(&text, false, 3, 0);
}

static uint64_t http_behind_gaps(size_t size)
{
    struct text text = {0};
    text_fill(&text, "GET / HTTP/1.1\r\na: b\r\n}GET /\n", size);
    return read_http(&text, true, 997, 2);
}

static uint64_t http_candidates_behind_a_gap(size_t size)
{
    struct text text = {0};
    text_fill(&text, "x\n", 1000);
    text_fill(&text, "GET / HTTP/1.1 \n\n", size);
    return read_http(&text, true, 1000, SIZE_MAX);
}

LINEAR(http_headers, 3800)
LINEAR(http_headers_one_byte_each, 3800)
LINEAR(http_folded_one_byte_each, 3800)
LINEAR(http_long_line, 3800)
LINEAR(http_pipelined, 16384)
LINEAR(http_chunks_of_one, 16384)
LINEAR(http_chunk_extensions, 16384)
LINEAR(http_trailers, 16384)
LINEAR(http_behind_gaps, 16384)
AT_MOST_LINEAR(http_candidates_behind_a_gap, 16384)

/* ---- WebSocket ---- */

static void on_message(void *context, bool is_text, bool compressed)
{
    (void)context;
    (void)is_text;
    (void)compressed;
}

static void on_message_end(void *context, bool whole)
{
    (void)context;
    (void)whole;
}

static uint64_t read_websocket(const char *frame, size_t frame_size, size_t size, size_t step)
{
    static const struct websocket_handler handler = {on_message, on_body, on_message_end};
    struct websocket_parser parser = {0};
    struct text text = {0};
    text_add_bytes(&text, "\x01\x01{", 3); /* a message whose end does not come */
    while (text.length < size)
        text_add_bytes(&text, frame, frame_size);
    uint64_t before = work_so_far();
    for (size_t at = 0; at < text.length; at += step)
        websocket_feed(&parser, &handler, NULL, (uint8_t *)text.bytes + at,
                       text.length - at < step ? text.length - at : step);
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

static uint64_t websocket_fragments(size_t size)
{
    return read_websocket("\x00\x01x", 3, size, SIZE_MAX / 2);
}

static uint64_t websocket_pings(size_t size)
{
    return read_websocket("\x89\x00", 2, size, SIZE_MAX / 2);
}

static uint64_t websocket_masked_one_byte_each(size_t size)
{
    return read_websocket("\x00\x81mask.", 7, size, 1);
}

LINEAR(websocket_fragments, 16384)
LINEAR(websocket_pings, 16384)
LINEAR(websocket_masked_one_byte_each, 16384)

/* ---- inflate ---- */

static bool take_inflated(void *context, const uint8_t *bytes, size_t length)
{
    *(uint64_t *)context += length + bytes[0];
    return true;
}

static uint64_t read_deflated(const void *bytes, size_t length, size_t step)
{
    uint64_t before = work_so_far(), out = 0;
    struct inflater *inflater = inflater_create(INFLATE_BARE);
    for (size_t at = 0; at < length; at += step)
        inflater_feed(inflater, (const uint8_t *)bytes + at, length - at < step ? length - at : step,
                      take_inflated, &out);
    inflater_free(inflater);
    return work_so_far() - before + out / 8;
}

static uint64_t inflate_bomb(size_t size)
{
    size_t room = size + 65536;
    uint8_t *packed = malloc(room), *zeros = calloc(1, size * 1000);
    z_stream stream = {
        .next_in = zeros, .avail_in = (uInt)(size * 1000), .next_out = packed, .avail_out = (uInt)room};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
    deflate(&stream, Z_SYNC_FLUSH);
    size_t length = room - stream.avail_out;
    deflateEnd(&stream);
    uint64_t work = read_deflated(packed, length, 100);
    free(packed);
    free(zeros);
    return work;
}

/* Streams that end at once: "\x03\x00" is an empty block, the last of its stream. */
static uint64_t inflate_empty_streams(size_t size)
{
    struct text text = {0};
    while (text.length < size)
        text_add_bytes(&text, "\x03\x00", 2);
    uint64_t work = read_deflated(text.bytes, text.length, text.length);
    text_done(&text);
    return work;
}

BOUNDED(inflate_bomb, 4000)
LINEAR(inflate_empty_streams, 8192)

/* ---- handshakes ---- */

static void put_u16(struct text *text, size_t number)
{
    const uint8_t bytes[2] = {(uint8_t)(number >> 8), (uint8_t)number};
    text_add_bytes(text, bytes, 2);
}

static uint64_t dns_pointers(size_t size)
{
    struct text text = {0};
    text_add_bytes(&text, "\0\1\x81\x80\0\1", 6);
    put_u16(&text, size);
    text_add_bytes(&text, "\0\0\0\0\1a\0\0\1\0\1", 11);
    for (size_t i = 0; i < size; i++) {
        size_t before =
            i % 16 == 0 ? 12 : text.length - 16; /* as many as are followed, two of them a record */
        text_add_bytes(&text, "\1b", 2);
        put_u16(&text, 0xc000 | (before & 0x3fff));
        text_add_bytes(&text, "\0\5\0\1\0\0\0\1\0\2", 10); /* CNAME */
        put_u16(&text, 0xc000 | (before & 0x3fff));
    }
    struct dns_message message;
    uint64_t begin = work_so_far();
    dns_parse((uint8_t *)text.bytes, text.length, &message);
    uint64_t work = work_so_far() - begin;
    text_done(&text);
    return work;
}

/* A message that comes byte by byte, read from its beginning each time, as its recogniser does. */
static uint64_t socks_one_byte_each(size_t size)
{
    struct text text = {0};
    text_add_bytes(&text, "\4\1\0\x50\0\0\0\1", 8);
    text_fill(&text, "u", size);
    uint64_t before = work_so_far();
    for (size_t length = 1; length <= text.length && length <= SOCKS_MAX_MESSAGE; length++) {
        struct socks_side side = {0};
        if (socks_read_client(&side, (uint8_t *)text.bytes, length) != 0)
            break;
    }
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

static uint64_t proxy_extensions(size_t size)
{
    struct text text = {0};
    text_add_bytes(&text, "\r\n\r\n\0\r\nQUIT\n\x21\x11", 14);
    put_u16(&text, 12 + size * 3);
    text_add_bytes(&text, "aaaabbbbccdd", 12);
    for (size_t i = 0; i < size; i++)
        text_add_bytes(&text, "\4\0\0", 3);
    uint64_t before = work_so_far();
    struct proxy_header header;
    for (size_t length = 1; length <= text.length; length++) /* at each byte, as segments of one bring it */
        if (proxy_header_read((uint8_t *)text.bytes, length, &header) != PROXY_HEADER_MORE)
            break;
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

static uint64_t sv2_empty_frames(size_t size)
{
    static struct sv2_reader reader;
    struct text text = {0};
    while (text.length < size)
        text_add_bytes(&text, "\0\0\x1a\0\0\0", 6);
    sv2_reader_reset(&reader);
    uint64_t before = work_so_far();
    for (size_t at = 0; at < text.length; at++) {
        size_t used;
        struct sv2_message message;
        enum sv2_result result = sv2_read(&reader, (uint8_t *)text.bytes + at, 1, &used);
        if (result == SV2_COMPLETE)
            sv2_parse(&reader, &message);
        else if (result == SV2_FOREIGN)
            break;
    }
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

BOUNDED(dns_pointers, 250)
BOUNDED(socks_one_byte_each, 600)
LINEAR(proxy_extensions, 150)
LINEAR(sv2_empty_frames, 4096)

/* ---- texts ---- */

static uint64_t read_login(const char *part, size_t size)
{
    struct text text = {0};
    struct wallet wallet;
    text_fill(&text, part, size);
    uint64_t before = work_so_far();
    wallet_read(text.bytes, &wallet);
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

static uint64_t wallet_base58_long(size_t size)
{
    return read_login("4zZ9", size);
}

static uint64_t wallet_ones(size_t size)
{
    return read_login("1", size);
}

static uint64_t wallet_bech32_long(size_t size)
{
    return read_login("bc1q", size);
}

static uint64_t wallet_separators(size_t size)
{
    return read_login(".+:/ ", size);
}

static uint64_t bech32_long(size_t size)
{
    struct text text = {0};
    text_add(&text, "a1");
    text_fill(&text, "qpzr", size);
    uint64_t before = work_so_far();
    bech32_check(text.bytes, text.length, '1');
    cashaddr_check("kaspa", 5, text.bytes, text.length, bech32_alphabet);
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

static uint64_t agent_blanks(size_t size)
{
    struct text text = {0};
    struct software software;
    text_fill(&text, "a - ", size);
    uint64_t before = work_so_far();
    agent_split(text.bytes, &software);
    agent_is_miner(text.bytes);
    uint64_t work = work_so_far() - before;
    text_done(&text);
    return work;
}

/* How much of a login is read has a bound in some ways of writing it. */
AT_MOST_LINEAR(wallet_base58_long, 2000)
AT_MOST_LINEAR(wallet_ones, 2000)
AT_MOST_LINEAR(wallet_bech32_long, 2000)
AT_MOST_LINEAR(wallet_separators, 2000)
LINEAR(bech32_long, 8192)
LINEAR(agent_blanks, 8192)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quadratic_is_noticed),
        cmocka_unit_test(test_json_members),
        cmocka_unit_test(test_json_members_one_byte_each),
        cmocka_unit_test(test_json_escapes),
        cmocka_unit_test(test_json_long_number),
        cmocka_unit_test(test_json_elements),
        cmocka_unit_test(test_json_written),
        cmocka_unit_test(test_json_nested),
        cmocka_unit_test(test_json_too_deep),
        cmocka_unit_test(test_http_headers),
        cmocka_unit_test(test_http_headers_one_byte_each),
        cmocka_unit_test(test_http_folded_one_byte_each),
        cmocka_unit_test(test_http_long_line),
        cmocka_unit_test(test_http_pipelined),
        cmocka_unit_test(test_http_chunks_of_one),
        cmocka_unit_test(test_http_chunk_extensions),
        cmocka_unit_test(test_http_trailers),
        cmocka_unit_test(test_http_behind_gaps),
        cmocka_unit_test(test_http_candidates_behind_a_gap),
        cmocka_unit_test(test_websocket_fragments),
        cmocka_unit_test(test_websocket_pings),
        cmocka_unit_test(test_websocket_masked_one_byte_each),
        cmocka_unit_test(test_inflate_bomb),
        cmocka_unit_test(test_inflate_empty_streams),
        cmocka_unit_test(test_dns_pointers),
        cmocka_unit_test(test_socks_one_byte_each),
        cmocka_unit_test(test_proxy_extensions),
        cmocka_unit_test(test_sv2_empty_frames),
        cmocka_unit_test(test_wallet_base58_long),
        cmocka_unit_test(test_wallet_ones),
        cmocka_unit_test(test_wallet_bech32_long),
        cmocka_unit_test(test_wallet_separators),
        cmocka_unit_test(test_bech32_long),
        cmocka_unit_test(test_agent_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
