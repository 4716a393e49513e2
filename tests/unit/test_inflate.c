// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "protocol/inflate.h"

struct told {
    char text[256];
    size_t length, stop_at; /* stop_at: refuse more than so much; 0: take all */
};

static bool take(void *context, const uint8_t *bytes, size_t length)
{
    struct told *told = context;
    assert_true(length > 0);
    for (size_t i = 0; i < length && told->length + i < sizeof told->text - 1; i++)
        told->text[told->length + i] = (char)bytes[i];
    told->length += length;
    return told->stop_at == 0 || told->length < told->stop_at;
}

/* Compresses with zlib: window_bits as in its manual. */
static size_t deflated(const void *bytes, size_t length, int window_bits, uint8_t *out, size_t size)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)length;
    stream.next_out = out;
    stream.avail_out = (uInt)size;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t made = size - stream.avail_out;
    deflateEnd(&stream);
    return made;
}

static void formats(void **state)
{
    static const int windows[] = {-15, 15, 15 + 16};
    static const char text[] = "{\"method\":\"getwork\",\"params\":[],\"id\":0}";
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint8_t packed[200];
        size_t length = deflated(text, sizeof text - 1, windows[i], packed, sizeof packed);
        for (size_t size = 1; size <= length; size += 7) {
            struct inflater *inflater = inflater_create(INFLATE_WRAPPED);
            struct told told = {0};
            for (size_t at = 0; at < length; at += size)
                inflater_feed(inflater, packed + at, length - at < size ? length - at : size, take, &told);
            assert_string_equal(told.text, text);
            assert_false(inflater_feed(inflater, (const uint8_t *)"\r", 1, take, &told)); /* it has ended */
            assert_false(inflater_feed(inflater, packed, 1, take, &told));
            inflater_free(inflater);
        }
    }
}

/* RFC 1952, section 2.2: members follow each other, cut anywhere; what is none ends it. */
static void members(void **state)
{
    static const char first[] = "{\"method\":", second[] = "\"getwork\"}";
    uint8_t packed[300];
    (void)state;
    size_t length = deflated(first, sizeof first - 1, 31, packed, sizeof packed);
    length += deflated("", 0, 31, packed + length, sizeof packed - length);
    length += deflated(second, sizeof second - 1, 31, packed + length, sizeof packed - length);
    for (size_t size = 1; size <= length; size++) {
        struct inflater *inflater = inflater_create(INFLATE_WRAPPED);
        struct told told = {0};
        for (size_t at = 0; at < length; at += size)
            assert_true(
                inflater_feed(inflater, packed + at, length - at < size ? length - at : size, take, &told));
        assert_string_equal(told.text, "{\"method\":\"getwork\"}");
        assert_false(inflater_feed(inflater, (const uint8_t *)"{}", 2, take, &told));
        inflater_free(inflater);
    }
    packed[length++] = '{'; /* behind the last member in one piece with it */
    struct inflater *inflater = inflater_create(INFLATE_WRAPPED);
    struct told told = {0};
    assert_false(inflater_feed(inflater, packed, length, take, &told));
    assert_string_equal(told.text, "{\"method\":\"getwork\"}");
    inflater_free(inflater);
}

/* RFC 7692, section 7.2.3: each message as on the wire, then the tail; the second refers to the first. */
static void messages(void **state)
{
    static const uint8_t first[] = {0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00, 0x00, 0xff, 0xff};
    static const uint8_t second[] = {0xf2, 0x00, 0x11, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff};
    static const uint8_t final[] = {0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff};
    struct inflater *inflater = inflater_create(INFLATE_BARE);
    struct told told = {0};
    (void)state;
    assert_true(inflater_feed(inflater, first, sizeof first, take, &told));
    assert_string_equal(told.text, "Hello");
    assert_true(inflater_feed(inflater, second, sizeof second, take, &told));
    assert_string_equal(told.text, "HelloHello");
    assert_true(inflater_feed(inflater, final, sizeof final, take, &told));
    assert_true(
        inflater_feed(inflater, first, sizeof first, take, &told)); /* behind a last block another begins */
    assert_string_equal(told.text, "HelloHelloHelloHello");
    inflater_free(inflater);
}

static void bombs(void **state)
{
    enum { PLAIN = 64 << 20 };
    uint8_t *plain = calloc(1, PLAIN), *packed = malloc(PLAIN / 256);
    (void)state;
    size_t length = deflated(plain, PLAIN, 15, packed, PLAIN / 256);
    struct inflater *inflater = inflater_create(INFLATE_WRAPPED);
    struct told told = {0};
    assert_false(inflater_feed(inflater, packed, length, take, &told));
    assert_true(told.length <= INFLATE_ALLOWANCE + length * INFLATE_MAX_RATIO + 4096);
    assert_false(inflater_feed(inflater, packed, length, take, &told)); /* it stays so */
    inflater_free(inflater);
    free(plain);
    free(packed);
}

static void ends(void **state)
{
    static const uint8_t noise[] = {0x06, 0xff, 0xff, 0xff};
    uint8_t packed[200];
    size_t length = deflated("Hello Hello Hello", 17, 15, packed, sizeof packed);
    struct inflater *inflater = inflater_create(INFLATE_WRAPPED);
    struct told told = {.stop_at = 1};
    (void)state;
    assert_false(inflater_feed(inflater, packed, length, take, &told)); /* the sink wants no more */
    inflater_free(inflater);
    inflater = inflater_create(INFLATE_BARE);
    assert_false(inflater_feed(inflater, noise, sizeof noise, take, &told));
    assert_false(inflater_feed(inflater, noise, 0, take, &told));
    inflater_free(inflater);
    inflater_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats), cmocka_unit_test(members), cmocka_unit_test(messages),
        cmocka_unit_test(bombs),   cmocka_unit_test(ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
