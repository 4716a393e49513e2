// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include "guarded.h"

#include <math.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void test_commas_and_nesting(void **state)
{
    (void)state;
    struct json_writer writer;
    json_writer_init(&writer);
    json_object(&writer, NULL);
    json_object(&writer, "empty");
    json_object_end(&writer);
    json_array(&writer, "list");
    json_unsigned(&writer, NULL, 1);
    json_string(&writer, NULL, "two");
    json_array(&writer, NULL);
    json_array_end(&writer);
    json_object(&writer, NULL);
    json_boolean(&writer, "yes", true);
    json_boolean(&writer, "no", false);
    json_object_end(&writer);
    json_array_end(&writer);
    json_string_if(&writer, "absent", NULL);
    json_string_if(&writer, "blank", "");
    json_string_if(&writer, "last", "x");
    json_object_end(&writer);
    assert_string_equal(json_writer_text(&writer),
                        "{\"empty\":{},\"list\":[1,\"two\",[],{\"yes\":true,\"no\":false}],\"last\":\"x\"}");
    json_writer_done(&writer);
}

static void test_reset_keeps_nothing(void **state)
{
    (void)state;
    struct json_writer writer;
    json_writer_init(&writer);
    json_unsigned(&writer, NULL, 7);
    assert_string_equal(json_writer_text(&writer), "7");
    json_writer_reset(&writer);
    json_unsigned(&writer, NULL, 8);
    assert_string_equal(json_writer_text(&writer), "8");
    json_writer_done(&writer);
    assert_string_equal(json_writer_text(&writer), "");
    json_writer_done(&writer);
}

static void assert_number(void (*write)(struct json_writer *), const char *expected)
{
    struct json_writer writer;
    json_writer_init(&writer);
    write(&writer);
    assert_string_equal(json_writer_text(&writer), expected);
    json_writer_done(&writer);
}

static void extremes(struct json_writer *writer)
{
    json_array(writer, NULL);
    json_unsigned(writer, NULL, 0);
    json_unsigned(writer, NULL, UINT64_MAX);
    json_integer(writer, NULL, INT64_MIN);
    json_integer(writer, NULL, INT64_MAX);
    json_array_end(writer);
}

static void doubles(struct json_writer *writer)
{
    static const double values[] = {
        0.5, 0.1, 1e21, -2.25, 1e-7, 123456789012345.0, (double)NAN, (double)INFINITY};
    json_array(writer, NULL);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        json_double(writer, NULL, values[i]);
    json_array_end(writer);
}

/* All lengths, and what is next to each power of ten, as the C library writes them. */
static void test_digits(void **state)
{
    (void)state;
    uint64_t power = 1;
    for (unsigned digits = 1; digits <= 20; digits++, power *= 10)
        for (uint64_t k = 0; k < 2000; k++) {
            uint64_t values[] = {power - 1 - k, power + k, power * (k % 10), power * 7 + k * 10007};
            for (size_t i = 0; i < 4; i++) {
                char expected[32], text[JSON_DIGITS];
                int length = snprintf(expected, sizeof expected, "%llu", (unsigned long long)values[i]);
                assert_int_equal(json_digits(text, values[i]) - text, length);
                assert_memory_equal(text, expected, (size_t)length);
            }
        }
}

static void test_numbers(void **state)
{
    (void)state;
    assert_number(extremes, "[0,18446744073709551615,-9223372036854775808,9223372036854775807]");
    assert_number(doubles, "[0.5,0.1,1e+21,-2.25,1e-07,123456789012345,null,null]");
}

static void assert_double(double value)
{
    struct json_writer writer;
    char expected[40];
    json_writer_init(&writer);
    json_double(&writer, NULL, value);
    snprintf(expected, sizeof expected, "%.15g", value);
    assert_string_equal(json_writer_text(&writer), expected);
    json_writer_done(&writer);
}

/* Whole numbers go another way than others: both as the C library prints them, up to where it changes to
 * exponents and beyond. */
static void test_doubles(void **state)
{
    (void)state;
    assert_double(0);
    assert_double(-0.0);
    for (double power = 1; power < 1e18; power *= 10)
        for (int k = -3; k <= 3; k++) {
            assert_double(power + k);
            assert_double(-power - k);
            assert_double(power + k / 8.0);
            assert_double(power / 7 * (k + 4));
        }
}

static void assert_integer(int64_t value)
{
    struct json_writer writer;
    char expected[40];
    json_writer_init(&writer);
    json_integer(&writer, NULL, value);
    snprintf(expected, sizeof expected, "%lld", (long long)value);
    assert_string_equal(json_writer_text(&writer), expected);
    json_writer_done(&writer);
}

static void test_integers(void **state)
{
    (void)state;
    for (int64_t value = -1200; value <= 1200; value++)
        assert_integer(value);
    assert_integer(INT64_MIN + 1);
    assert_integer(-1000000000000000000);
}

static void assert_written(const char *bytes, size_t length, const char *expected)
{
    struct json_writer writer;
    struct guarded guarded = guarded_copy(bytes, length);
    json_writer_init(&writer);
    json_bytes(&writer, NULL, (const char *)guarded.bytes, length);
    assert_string_equal(json_writer_text(&writer), expected);
    json_writer_done(&writer);
    guarded_free(&guarded);
}

static void test_escapes(void **state)
{
    (void)state;
    assert_written("a\"b\\c/\b\f\n\r\t", 11, "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\"");
    assert_written("\0\x01\x1f\x7f", 4, "\"\\u0000\\u0001\\u001f\\u007f\"");
    assert_written("", 0, "\"\"");
}

#define BAD "\xef\xbf\xbd"

static void test_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *expected;
    } rows[] = {
        {"\xc3\xa9", "\"\xc3\xa9\""},                    /* U+00E9 */
        {"\xe2\x82\xac", "\"\xe2\x82\xac\""},            /* U+20AC */
        {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},    /* U+1F600 */
        {"\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},    /* U+10FFFF */
        {"\xc3", "\"" BAD "\""},                         /* cut */
        {"\xe2\x82", "\"" BAD BAD "\""},                 /* cut */
        {"\xf0\x9f\x98", "\"" BAD BAD BAD "\""},         /* cut */
        {"\xc0\xaf", "\"" BAD BAD "\""},                 /* overlong */
        {"\xe0\x80\xaf", "\"" BAD BAD BAD "\""},         /* overlong */
        {"\xed\xa0\x80", "\"" BAD BAD BAD "\""},         /* surrogate */
        {"\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\""}, /* above U+10FFFF */
        {"\x80\xff", "\"" BAD BAD "\""},                 /* no lead bytes */
        {"\xc3(", "\"" BAD "(\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_written(rows[i].bytes, strlen(rows[i].bytes), rows[i].expected);
}

/* Whatever three bytes come, the text between the quotes is printable and nothing of it ends the string
 * early. */
static void test_any_bytes(void **state)
{
    (void)state;
    struct json_writer writer;
    json_writer_init(&writer);
    for (unsigned i = 0; i < 0x1000000; i += 97) {
        char bytes[3] = {(char)(i >> 16), (char)(i >> 8), (char)i};
        json_writer_reset(&writer);
        json_bytes(&writer, NULL, bytes, 3);
        const char *text = json_writer_text(&writer);
        size_t length = writer.length;
        assert_true(length >= 5 && length <= 20 && text[0] == '"' && text[length - 1] == '"');
        for (size_t k = 1; k < length - 1; k++) {
            assert_true((unsigned char)text[k] >= 0x20);
            if (text[k] == '\\')
                k++;
            else
                assert_true(text[k] != '"');
        }
    }
    json_writer_done(&writer);
}

static void test_grows(void **state)
{
    (void)state;
    struct json_writer writer;
    json_writer_init(&writer);
    json_array(&writer, NULL);
    for (unsigned i = 0; i < 100000; i++)
        json_unsigned(&writer, NULL, 1);
    json_array_end(&writer);
    assert_int_equal(strlen(json_writer_text(&writer)), 2 * 100000 + 1);
    json_writer_done(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_and_nesting),
        cmocka_unit_test(test_reset_keeps_nothing),
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
