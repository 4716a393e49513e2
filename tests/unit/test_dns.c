// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns.h"

#include "guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct builder {
    uint8_t bytes[8192];
    size_t length;
};

static void raw(struct builder *b, const void *bytes, size_t length)
{
    memcpy(b->bytes + b->length, bytes, length);
    b->length += length;
}

static void u16(struct builder *b, unsigned value)
{
    b->bytes[b->length++] = (uint8_t)(value >> 8);
    b->bytes[b->length++] = (uint8_t)value;
}

static void header(struct builder *b, unsigned flags, unsigned questions, unsigned answers)
{
    b->length = 0;
    u16(b, 0x1234);
    u16(b, flags);
    u16(b, questions);
    u16(b, answers);
    u16(b, 0);
    u16(b, 0);
}

/* "www.example" as labels; without the end where `open`, for a pointer to follow. */
static void name(struct builder *b, const char *text, bool open)
{
    while (*text != '\0') {
        size_t length = strcspn(text, ".");
        b->bytes[b->length++] = (uint8_t)length;
        raw(b, text, length);
        text += length + (text[length] == '.');
    }
    if (!open)
        b->bytes[b->length++] = 0;
}

static void question(struct builder *b, const char *text, unsigned type)
{
    name(b, text, false);
    u16(b, type);
    u16(b, 1);
}

/* Everything of a record behind its owner. */
static void record(struct builder *b, unsigned type, unsigned ttl, const void *data, size_t length)
{
    u16(b, type);
    u16(b, 1);
    u16(b, ttl >> 16);
    u16(b, ttl & 0xffff);
    u16(b, (unsigned)length);
    raw(b, data, length);
}

static bool parse(const struct builder *b, struct dns_message *message)
{
    struct guarded guarded = guarded_copy(b->bytes, b->length);
    bool good = dns_parse(guarded.bytes, b->length, message);
    guarded_free(&guarded);
    return good;
}

static void assert_address(const struct dns_message *message, size_t index, const char *expected)
{
    char text[ADDRESS_TEXT_SIZE];
    assert_true(index < message->address_count);
    assert_string_equal(address_format(&message->addresses[index], text), expected);
}

static void test_query(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    header(&b, 0x0100, 1, 0);
    question(&b, "Pool.SupportXMR.com", 28);
    assert_true(parse(&b, &message));
    assert_false(message.is_response);
    assert_string_equal(message.name, "pool.supportxmr.com");
    assert_int_equal(message.type, 28);
    assert_int_equal(message.address_count, 0);
}

static void test_not_dns(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    header(&b, 0x0100, 2, 0);
    question(&b, "a", 1);
    question(&b, "b", 1);
    assert_false(parse(&b, &message)); /* two questions */
    header(&b, 0x2800, 1, 0);
    question(&b, "a", 1);
    assert_false(parse(&b, &message)); /* an update */
    header(&b, 0x0100, 1, 0);
    question(&b, "a", 1);
    b.bytes[b.length - 1] = 99;
    assert_false(parse(&b, &message)); /* a class that does not exist */
    header(&b, 0x0100, 1, 0);
    raw(&b,
        "\x40"
        "a\0\0\1\0\1",
        7);
    assert_false(parse(&b, &message)); /* a label of no known kind */
}

/* alias -> alias -> addresses, in reverse order, with compressed names and records of others between them */
static void aliases(struct builder *b)
{
    header(b, 0x8180, 1, 6);
    question(b, "www.pool.org", 1); /* at 12; "pool.org" at 16 */
    size_t edge = b->length;
    name(b, "edge", true);
    u16(b, 0xc010);
    record(b, 1, 300, "\xc0\0\2\7", 4);
    u16(b, 0xc000 | (unsigned)edge);
    record(b, 1, 60, "\xc0\0\2\x8", 4);
    u16(b, 0xc010);
    record(b, 1, 5, "\x0a\0\0\1", 4); /* pool.org was not asked for */
    size_t mid = b->length;
    name(b, "mid", true);
    u16(b, 0xc010);
    uint8_t to_edge[] = {0xc0, (uint8_t)edge};
    record(b, 5, 1, to_edge, 2);
    uint8_t to_mid[] = {0xc0, (uint8_t)mid};
    u16(b, 0xc00c);
    record(b, 5, 1, to_mid, 2);
    u16(b, 0xc000 | (unsigned)edge);
    record(b, 28, 90, "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
}

static void test_addresses_over_aliases(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    aliases(&b);
    assert_true(parse(&b, &message));
    assert_true(message.is_response);
    assert_string_equal(message.name, "www.pool.org");
    assert_int_equal(message.address_count, 3);
    assert_address(&message, 0, "192.0.2.7");
    assert_address(&message, 1, "192.0.2.8");
    assert_address(&message, 2, "2001:db8::1");
    assert_int_equal(message.time_to_live, 60);
}

static void test_truncated_at_each_byte(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    aliases(&b);
    size_t whole = b.length, question_end = 12 + 14 + 4;
    for (size_t length = 0; length < whole; length++) {
        b.length = length;
        assert_int_equal(parse(&b, &message), length >= question_end);
        assert_true(message.address_count <= 2); /* the last record is cut */
    }
}

static void test_alias_circle(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    header(&b, 0x8180, 1, 3);
    question(&b, "a", 1); /* "a" at 12 */
    u16(&b, 0xc00c);
    record(&b, 1, 30, "\xc0\0\2\7", 4);
    u16(&b, 0xc00c);
    record(&b, 5, 1, "\1b\0", 3); /* the target at 47 */
    assert_int_equal(b.bytes[47], 1);
    u16(&b, 0xc000 | 47);
    record(&b, 5, 1, "\xc0\x0c", 2);
    assert_true(parse(&b, &message));
    assert_int_equal(message.address_count, 1);
}

static void test_pointers(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    static const char *const bad[] = {"\xc0\x0c", "\xc0\x0d", "\xc0\xff",
                                      "\xc0\x02", "\xff\xff", "\1a\xc0\x0c"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        header(&b, 0x0100, 1, 0);
        raw(&b, bad[i], strlen(bad[i]));
        u16(&b, 1);
        u16(&b, 1);
        assert_false(parse(&b, &message));
    }
    /* a chain of pointers in an answer, one behind the other: bounded, and the question still counts */
    header(&b, 0x8180, 1, 1);
    question(&b, "a", 1);
    unsigned at = 12;
    for (int i = 0; i < 200; i++) {
        unsigned next = (unsigned)b.length;
        u16(&b, 0xc000 | at);
        at = next;
    }
    assert_true(parse(&b, &message));
    assert_string_equal(message.name, "a");
}

static void test_names(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    header(&b, 0x0100, 1, 0);
    raw(&b,
        "\x05"
        "a.\"\n\xff"
        "\x02_-\0\0\1\0\1",
        14);
    assert_true(parse(&b, &message));
    assert_string_equal(message.name, "a????._-");
    header(&b, 0x0100, 1, 0);
    question(&b, "", 2);
    assert_true(parse(&b, &message));
    assert_string_equal(message.name, "");

    char label[64];
    memset(label, 'x', 63);
    for (unsigned last = 60; last < 63; last++) { /* 3 * 64 + 61 = 253 characters are the most */
        header(&b, 0x0100, 1, 0);
        for (int i = 0; i < 4; i++) {
            uint8_t length = (uint8_t)(i < 3 ? 63 : last);
            raw(&b, &length, 1);
            raw(&b, label, length);
        }
        raw(&b, "\0\0\1\0\1", 5);
        assert_int_equal(parse(&b, &message), last <= 61);
    }
}

static void test_many_answers(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    header(&b, 0x8180, 1, 65535);
    question(&b, "a", 1);
    for (unsigned i = 0; i < 200; i++) {
        uint8_t data[4] = {10, 0, 0, (uint8_t)i};
        u16(&b, 0xc00c);
        record(&b, 1, 0x80000001u, data, 4);
    }
    assert_true(parse(&b, &message));
    assert_int_equal(message.address_count, DNS_MAX_ADDRESSES);
    assert_address(&message, 15, "10.0.0.15");
    assert_int_equal(message.time_to_live, 0); /* the top bit is no time */
}

static void test_addresses_of_wrong_size(void **state)
{
    (void)state;
    struct builder b;
    struct dns_message message;
    header(&b, 0x8183, 1, 2);
    question(&b, "a", 1);
    u16(&b, 0xc00c);
    record(&b, 1, 30, "\xc0\0\2", 3);
    u16(&b, 0xc00c);
    record(&b, 28, 30, "\xc0\0\2\1", 4);
    assert_true(parse(&b, &message));
    assert_int_equal(message.address_count, 0);
    assert_int_equal(message.response_code, 3);
}

static void test_each_byte_of_a_label(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
        struct builder b;
        struct dns_message message;
        bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z' && byte < 0x80;
        bool other = (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
        header(&b, 0, 1, 0);
        raw(&b, (const uint8_t[]){3, 'a', (uint8_t)byte, 'b', 0}, 5);
        u16(&b, 1);
        u16(&b, 1);
        assert_true(parse(&b, &message));
        const char expected[] = {'a', (char)(letter ? byte | 0x20 : other ? byte : '?'), 'b', '\0'};
        assert_string_equal(message.name, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_not_dns),
        cmocka_unit_test(test_addresses_over_aliases),
        cmocka_unit_test(test_truncated_at_each_byte),
        cmocka_unit_test(test_alias_circle),
        cmocka_unit_test(test_pointers),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_each_byte_of_a_label),
        cmocka_unit_test(test_many_answers),
        cmocka_unit_test(test_addresses_of_wrong_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
