// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "guarded.h"
#include "protocol/websocket.h"

/* What the handlers were told: "T(hello)" for a text message, "b" binary, "z" compressed; "!" where bytes
 * were missed. */
struct told {
    char text[4096];
    size_t length;
};

static void tell(struct told *told, const void *bytes, size_t length)
{
    assert_true(told->length + length < sizeof told->text);
    memcpy(told->text + told->length, bytes, length);
    told->length += length;
    told->text[told->length] = '\0';
}

static void on_begin(void *context, bool is_text, bool compressed)
{
    tell(context, is_text ? "T" : "b", 1);
    tell(context, compressed ? "z(" : "(", compressed ? 2 : 1);
}

static void on_piece(void *context, const uint8_t *bytes, size_t length)
{
    assert_true(length > 0);
    tell(context, bytes, length);
}

static void on_end(void *context, bool whole)
{
    tell(context, whole ? ")" : "!)", whole ? 1 : 2);
}

static const struct websocket_handler handler = {on_begin, on_piece, on_end};

/* Feeds `bytes` in pieces of each size; every way must tell the same. */
static bool told_of(const void *bytes, size_t length, struct told *told)
{
    bool good = false;
    for (size_t size = 1; size <= length; size++) {
        struct websocket_parser parser = {0};
        struct told now = {{0}, 0};
        bool goes_on = true;
        for (size_t at = 0; at < length; at += size) {
            size_t count = length - at < size ? length - at : size;
            struct guarded guarded = guarded_copy((const uint8_t *)bytes + at, count);
            goes_on = websocket_feed(&parser, &handler, &now, guarded.bytes, count);
            guarded_free(&guarded);
        }
        if (size > 1)
            assert_string_equal(now.text, told->text);
        *told = now;
        good = goes_on;
    }
    return good;
}

#define assert_told(bytes, expected)                                                                         \
    do {                                                                                                     \
        struct told told = {{0}, 0};                                                                         \
        assert_true(told_of(bytes, sizeof(bytes) - 1, &told));                                               \
        assert_string_equal(told.text, expected);                                                            \
    } while (0)

#define assert_fault(bytes)                                                                                  \
    do {                                                                                                     \
        struct told told = {{0}, 0};                                                                         \
        assert_false(told_of(bytes, sizeof(bytes) - 1, &told));                                              \
    } while (0)

/* The examples of RFC 6455, section 5.7. */
static void examples(void **state)
{
    (void)state;
    assert_told("\x81\x05Hello", "T(Hello)");
    assert_told("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "T(Hello)");
    assert_told("\x01\x03Hel\x80\x02lo", "T(Hello)");
    assert_told("\x89\x05Hello\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "");
    assert_told("\x01\x03Hel\x89\x02hi\x80\x02lo", "T(Hello)");
    assert_told("\x82\x00\x81\x01x", "b()T(x)");
    assert_told("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00", "Tz(\xf2\x48\xcd\xc9\xc9\x07");
}

static void long_messages(void **state)
{
    (void)state;
    uint8_t bytes[4 + 300] = {0x81, 126, 300 >> 8, 300 & 0xff};
    memset(bytes + 4, 'a', 300);
    struct websocket_parser parser = {0};
    struct told told = {{0}, 0};
    assert_true(websocket_feed(&parser, &handler, &told, bytes, sizeof bytes));
    assert_int_equal(told.length, 300 + 3);
}

static void faults(void **state)
{
    (void)state;
    assert_fault("\x91\x01x"); /* RSV3 */
    assert_fault("\x83\x01x"); /* opcodes without a meaning */
    assert_fault("\x8b\x01x");
    assert_fault("\x80\x01x");                                /* a continuation of nothing */
    assert_fault("\x01\x01x\x81\x01y");                       /* a message in a message */
    assert_fault("\x09\x01x");                                /* a control frame in fragments */
    assert_fault("\x89\x7e\x01\x00");                         /* one longer than 125 */
    assert_fault("\xc9\x01x");                                /* one that is compressed */
    assert_fault("\x81\x7e\x00\x05Hello");                    /* a length in more bytes than it needs */
    assert_fault("\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff"); /* the same */
    assert_fault("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"); /* beyond the bound */
    assert_fault("{\"id\":1}");
}

static void gaps(void **state)
{
    (void)state;
    struct websocket_parser parser = {0};
    struct told told = {{0}, 0};
    /* inside a masked payload the mask goes on in phase */
    static const uint8_t first[] = "\x81\x85\x37\xfa\x21\x3d\x7f", rest[] = "\x51\x58";
    websocket_feed(&parser, &handler, &told, first, 7);
    websocket_gap(&parser, 2);
    assert_true(websocket_feed(&parser, &handler, &told, rest, 2));
    assert_string_equal(told.text, "T(Hlo!)");
    /* in a head: the next piece that begins with a whole message */
    websocket_feed(&parser, &handler, &told, (const uint8_t *)"\x81", 1);
    websocket_gap(&parser, 0);
    assert_true(websocket_feed(&parser, &handler, &told, (const uint8_t *)"noise", 5));
    assert_true(websocket_feed(&parser, &handler, &told, (const uint8_t *)"\x81\x02ok", 4));
    assert_string_equal(told.text, "T(Hlo!)T(ok)");
    /* between fragments: the message that was cut ends */
    websocket_feed(&parser, &handler, &told, (const uint8_t *)"\x01\x01x", 3);
    websocket_gap(&parser, 0);
    assert_true(websocket_feed(&parser, &handler, &told, (const uint8_t *)"\x81\x01y", 3));
    assert_string_equal(told.text, "T(Hlo!)T(ok)T(x!)T(y)");
}

static void beginnings(void **state)
{
    (void)state;
    static const uint8_t plain[] = "\x81\x10{\"method\":\"job\"}",
                         masked[] = "\x81\x90\x01\x02\x03\x04\x7a\x20lengthens it";
    static const uint8_t hello[] = "\x81\x10Hello, my friend";
    assert_int_equal(websocket_begins(plain, sizeof plain - 1), 1);
    assert_int_equal(websocket_begins(plain, 15), -1);
    assert_int_equal(websocket_begins(masked, sizeof masked - 1), 1);
    assert_int_equal(websocket_begins(hello, sizeof hello - 1), 0);
    assert_int_equal(websocket_begins((const uint8_t *)"{\"id\":1,\"method\":1}", 19), 0);
    assert_int_equal(websocket_begins((const uint8_t *)"\x81", 1), -1);
    /* a proxy's answer, and a client's masked request (RFC 1928) */
    assert_int_equal(websocket_begins((const uint8_t *)"\x82\x0a\5\0\0\1\0\0\0\0\0\0", 12), 1);
    assert_int_equal(websocket_begins((const uint8_t *)"\x82\x0a\5\0\0\1\0\0\0\0\0", 11), -1);
    assert_int_equal(websocket_begins((const uint8_t *)"\x82\x8a\1\2\3\4\4\3\3\5\xca\2\x72\1\x0c\7", 16), 1);
    assert_int_equal(websocket_begins((const uint8_t *)"\x82\x8a\1\2\3\4\4\3\2\5\xca\2\x72\1\x0c\7", 16), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples), cmocka_unit_test(long_messages), cmocka_unit_test(faults),
        cmocka_unit_test(gaps),     cmocka_unit_test(beginnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
