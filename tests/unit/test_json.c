// SPDX-License-Identifier: Apache-2.0
#include "guarded.h"
#include "protocol/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct json_reader reader;

/* Reads `text` in pieces of `step` bytes, each against the end of a page. */
static enum json_result read_pieces(const char *text, size_t length, size_t step, size_t *used)
{
    enum json_result result = JSON_MORE;
    json_reader_reset(&reader);
    *used = 0;
    for (size_t at = 0; at < length && result == JSON_MORE; at += step) {
        size_t piece = length - at < step ? length - at : step, taken;
        struct guarded input = guarded_copy(text + at, piece);
        result = json_read(&reader, input.bytes, piece, &taken);
        guarded_free(&input);
        assert_true(taken <= piece);
        assert_true(result != JSON_MORE || taken == piece);
        *used += taken;
    }
    return result;
}

static enum json_result read_text(const char *text)
{
    size_t used;
    return read_pieces(text, strlen(text), strlen(text), &used);
}

static void good(const char *text)
{
    size_t used;
    assert_int_equal(read_pieces(text, strlen(text), strlen(text), &used), JSON_COMPLETE);
    assert_int_equal(used, strlen(text));
}

static uint8_t at_name(const char *name)
{
    return json_member(&reader, 0, name);
}

static void text_is(const char *name, const char *expected)
{
    assert_string_equal(json_text(&reader, at_name(name)), expected);
}

static void test_message(void **state)
{
    (void)state;
    good("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"EWBF "
         "0.3.4b\",null,\"eu1-zcash.flypool.org\",\"3333\"]}");
    text_is("method", "mining.subscribe");
    uint8_t params = at_name("params");
    assert_true(json_is(&reader, params, JSON_ARRAY));
    assert_int_equal(json_length(&reader, params), 4);
    assert_string_equal(json_text(&reader, json_element(&reader, params, 0)), "EWBF 0.3.4b");
    assert_true(json_is(&reader, json_element(&reader, params, 1), JSON_NULL));
    assert_int_equal(json_element(&reader, params, 4), JSON_NONE);
    assert_int_equal(at_name("missing"), JSON_NONE);
    assert_int_equal(json_element(&reader, 0, 0), JSON_NONE); /* an object has no elements */
    assert_int_equal(json_member(&reader, params, "id"), JSON_NONE);
    assert_true(json_equals(&reader, at_name("method"), "mining.subscribe"));
    assert_false(json_equals(&reader, at_name("method"), "mining.subscrib"));
    assert_false(json_equals(&reader, at_name("id"), "1")); /* a number */
}

static void test_nothing_is_harmless(void **state)
{
    (void)state;
    double number;
    good("{}");
    assert_string_equal(json_text(&reader, JSON_NONE), "");
    assert_int_equal(json_length(&reader, JSON_NONE), 0);
    assert_int_equal(json_type_of(&reader, JSON_NONE), JSON_NULL);
    assert_false(json_is(&reader, JSON_NONE, JSON_NULL));
    assert_false(json_equals(&reader, JSON_NONE, ""));
    assert_false(json_is_hex(&reader, JSON_NONE, 0, 100));
    assert_false(json_number(&reader, JSON_NONE, &number));
    assert_int_equal(json_member(&reader, JSON_NONE, "a"), JSON_NONE);
    assert_int_equal(json_element(&reader, JSON_NONE, 0), JSON_NONE);
    assert_int_equal(json_length(&reader, 0), 0);
}

static const char whole[] = " { \"m\\u0065th\\u006fd\" : \"job\\/\\n\\t\" , "
                            "\"a\":[1,-2.5e-05,[],{},[[true]]],\t\"b\":{\"c\":null,\"c\":false},"
                            "\r\n\"hex\":\"0xdeadBEEF\",\"smile\":\"\\ud83d\\ude00 "
                            "\xce\xb3\",\"empty\":\"\",\"long\":18446744073709551616}";

static void check_whole(void)
{
    double number;
    text_is("method", "job/\n\t");
    uint8_t a = at_name("a");
    assert_int_equal(json_length(&reader, a), 5);
    assert_true(json_number(&reader, json_element(&reader, a, 1), &number) && number == -2.5e-05);
    assert_true(json_is(&reader, json_element(&reader, a, 3), JSON_OBJECT));
    uint8_t inner = json_element(&reader, json_element(&reader, a, 4), 0);
    assert_true(json_is(&reader, json_element(&reader, inner, 0), JSON_TRUE));
    uint8_t b = at_name("b"), first = json_next_member(&reader, b, "c", JSON_NONE);
    assert_true(json_is(&reader, first, JSON_NULL));
    assert_true(json_is(&reader, json_next_member(&reader, b, "c", first), JSON_FALSE));
    assert_int_equal(json_member(&reader, b, "c"), json_next_member(&reader, b, "c", first)); /* the last */
    assert_true(json_is_prefixed_hex(&reader, at_name("hex"), 8, 8));
    text_is("smile", "\xf0\x9f\x98\x80 \xce\xb3");
    text_is("empty", "");
    assert_true(json_is(&reader, at_name("empty"), JSON_STRING));
    text_is("long", "18446744073709551616");
}

static void test_split_anywhere(void **state)
{
    (void)state;
    size_t length = sizeof whole - 1, used;
    for (size_t step = 1; step <= length; step++) {
        assert_int_equal(read_pieces(whole, length, step, &used), JSON_COMPLETE);
        assert_int_equal(used, length);
        check_whole();
    }
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    for (size_t length = 1; length < sizeof whole - 1; length++) {
        size_t used;
        assert_int_equal(read_pieces(whole, length, length, &used), JSON_MORE);
    }
}

/* A message put aside at any byte goes on in its copy, whatever the original does meanwhile. */
static void test_copy_goes_on(void **state)
{
    (void)state;
    static struct json_reader copy;
    for (size_t cut = 1; cut < sizeof whole - 1; cut++) {
        size_t used;
        read_pieces(whole, cut, cut, &used);
        memset(&copy, 0xa5, sizeof copy); /* as a slab gives it */
        json_reader_copy(&copy, &reader);
        memset(&reader, 0x5a, sizeof reader);
        assert_int_equal(json_read(&copy, (const uint8_t *)whole + cut, sizeof whole - 1 - cut, &used),
                         JSON_COMPLETE);
        memcpy(&reader, &copy, sizeof reader);
        check_whole();
    }
}

static void test_several_in_a_row(void **state)
{
    (void)state;
    static const char two[] = "{\"a\":1}{\"b\":2}";
    size_t used;
    assert_int_equal(read_pieces(two, sizeof two - 1, sizeof two - 1, &used), JSON_COMPLETE);
    assert_int_equal(used, 7);
    assert_int_equal(at_name("b"), JSON_NONE);
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1",      "\"a\"", "null",         "}",         "]",         "x",        "{]",
        "[}",     "{,",    "[,",           "{\"a\"}",   "{\"a\",",   "{\"a\":}", "{\"a\":1,}",
        "[1,]",   "[1 2]", "{\"a\":1 \"b", "{a:1}",     "{'a':1}",   "[tru]",    "[True]",
        "[nul1]", "[+1]",  "[.5]",         "[\"\\x\"]", "[\"\\u12g", "{1:2}",    "[\"\n\"]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (read_text(bad[i]) != JSON_BAD)
            fail_msg("not refused: %s", bad[i]);
        size_t used;
        if (read_pieces(bad[i], strlen(bad[i]), 1, &used) != JSON_BAD)
            fail_msg("not refused byte by byte: %s", bad[i]);
    }
}

static void test_control_characters_in_strings(void **state)
{
    (void)state;
    static const char text[] = "{\"agent\":\"a\tb\rc\0d\x01\xff\"}";
    size_t used;
    assert_int_equal(read_pieces(text, sizeof text - 1, 1, &used), JSON_COMPLETE);
    assert_int_equal(json_length(&reader, at_name("agent")), 9);
    text_is("agent", "a\tb\rc"); /* up to the NUL */
    assert_false(json_equals(&reader, at_name("agent"), "a\tb\rc"));
}

static void test_surrogates(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
        {"\\ud83d", "\xef\xbf\xbd"},
        {"\\ude00", "\xef\xbf\xbd"},
        {"\\ud83dx\\ude00", "\xef\xbf\xbdx\xef\xbf\xbd"},
        {"\\ud83d\\n", "\xef\xbf\xbd\n"},
        {"\\ud83d\\u0041", "\xef\xbf\xbd"
                           "A"},
        {"\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
        {"\\u00e9\\u20ac", "\xc3\xa9\xe2\x82\xac"},
        {"\\uFFFF\\u007f\\u07ff", "\xef\xbf\xbf\x7f\xdf\xbf"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"a\":\"%s\",\"b\":\"\\ude00\"}", cases[i][0]);
        size_t used;
        assert_int_equal(read_pieces(text, strlen(text), 1, &used), JSON_COMPLETE);
        text_is("a", cases[i][1]);
        text_is("b", "\xef\xbf\xbd"); /* no half is left over from `a` */
    }
}

static bool number_of(const char *token, double *number)
{
    char text[256];
    snprintf(text, sizeof text, "[%s]", token);
    assert_int_equal(read_text(text), JSON_COMPLETE);
    return json_number(&reader, json_element(&reader, 0, 0), number);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *token;
        double value;
    } numbers[] = {
        {"0", 0},
        {"-0.5", -0.5},
        {"4096.0", 4096},
        {"1e-05", 1e-05},
        {"2.3283064365386963", 2.3283064365386963},
        {"1E3", 1000},
        {"\"3333\"", 3333},
        {"\"1e3\"", 1000},
        {"9007199254740993", 9007199254740992.0},
    };
    double number;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_true(number_of(numbers[i].token, &number));
        assert_true(number == numbers[i].value);
    }
    static const char *const none[] = {
        "\"\"",
        "\"0x10\"",
        "\"inf\"",
        "\"nan\"",
        "\" 1\"",
        "\"1 \"",
        "1e999",
        "\"-\"",
        "true",
        "null",
        "[]",
        "{}",
        "\"1,5\"",
        "1-2",
        "1abc",
        "\"12\\u0000\"",
        "\"00000000000000000000000000000000000000000000000000000000000000001\""};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (number_of(none[i], &number))
            fail_msg("taken for a number: %s", none[i]);
}

static void test_hexadecimal(void **state)
{
    (void)state;
    good("{\"bare\":\"00aAfF\",\"prefixed\":\"0xAb\",\"escaped\":\"\\u0030x1\",\"no\":\"0y12\",\"only\":"
         "\"0x\",\"empty\":\"\","
         "\"number\":123456,\"inner\":\"00x1\",\"upper\":\"0X12\"}");
    assert_true(json_is_bare_hex(&reader, at_name("bare"), 6, 6));
    assert_true(json_is_hex(&reader, at_name("bare"), 1, 6));
    assert_false(json_is_hex(&reader, at_name("bare"), 7, 8));
    assert_false(json_is_hex(&reader, at_name("bare"), 1, 5));
    assert_false(json_is_prefixed_hex(&reader, at_name("bare"), 6, 6));
    assert_true(json_is_prefixed_hex(&reader, at_name("prefixed"), 2, 2)); /* the prefix is not counted */
    assert_false(json_is_bare_hex(&reader, at_name("prefixed"), 0, 100));
    assert_true(json_is_prefixed_hex(&reader, at_name("escaped"), 1, 1));
    static const char *const none[] = {"no", "only", "empty", "number", "inner", "upper"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(json_is_hex(&reader, at_name(none[i]), 0, 100));
}

/* A text of `count` times `piece` between `before` and `after`, freed by the caller. */
static char *many(const char *before, const char *piece, size_t count, const char *after)
{
    size_t length = strlen(piece);
    char *text = malloc(strlen(before) + count * length + strlen(after) + 1);
    assert_non_null(text);
    size_t at = (size_t)(stpcpy(text, before) - text);
    for (size_t i = 0; i < count; i++, at += length)
        memcpy(text + at, piece, length);
    strcpy(text + at, after);
    return text;
}

static void good_and_free(char *text)
{
    good(text);
    free(text);
}

static void test_depth(void **state)
{
    (void)state;
    char *text = many("", "[", JSON_MAX_DEPTH, "");
    assert_int_equal(read_text(text), JSON_MORE);
    free(text);
    text = many("", "[", JSON_MAX_DEPTH + 1, "");
    assert_int_equal(read_text(text), JSON_BAD);
    free(text);
    text = many("", "{\"a\":", 100000, "");
    assert_int_equal(read_text(text), JSON_BAD);
    free(text);
}

/* What follows a flood in depth is still seen: `method` may come last. */
static void test_room_is_kept_for_the_top(void **state)
{
    (void)state;
    char hex[5001];
    memset(hex, 'a', sizeof hex - 1);
    hex[sizeof hex - 1] = '\0';
    char *floods[] = {
        many("[", "1,", 300, "1]"),
        many("[", "\"\",", 9000, "1]"),
        many("[", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",", 500, "1]"),
        many("{", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":{\"b\":\"c\"},", 500, "\"d\":1}"),
        many("[[", "[\"x\"],", 300, "1]]"),
        many("[\"", hex, 1, "\",\""),
    };
    for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
        char *text = many("{\"params\":", floods[i], 1, "");
        if (i == 5) { /* two long halves of a coinbase, and more */
            free(text);
            char *halves = many(floods[5], hex, 1, "\",\"cafe\"]");
            text = many("{\"params\":", halves, 1, "");
            free(halves);
        }
        char *message = many(text, ",\"id\":\"seven\",\"method\":\"mining.notify\"}", 1, "");
        good(message);
        text_is("method", "mining.notify");
        text_is("id", "seven");
        free(message);
        free(text);
        free(floods[i]);
    }
}

static void test_lengths_are_of_the_wire(void **state)
{
    (void)state;
    good_and_free(many("{\"a\":[", "1,", 299, "1]}"));
    assert_int_equal(json_length(&reader, at_name("a")), 300);
    assert_true(reader.count <= JSON_MAX_VALUES);
    good_and_free(many("{\"a\":[", "1,", 69999, "1]}"));
    assert_int_equal(json_length(&reader, at_name("a")), UINT16_MAX);
    good_and_free(many("{\"a\":\"", "ab", 10000, "\"}"));
    assert_int_equal(json_length(&reader, at_name("a")), 20000);
    assert_int_equal(strlen(json_text(&reader, at_name("a"))), JSON_MAX_STORED);
    assert_true(json_is_bare_hex(&reader, at_name("a"), 20000, 20000));
    good_and_free(many("{\"a\":\"", "ab", 10000, "x\"}"));
    assert_false(json_is_hex(&reader, at_name("a"), 0, UINT32_MAX));
}

static void test_long_names(void **state)
{
    (void)state;
    good_and_free(many("{\"", "n", 200, "\":1,\"method\":\"x\"}"));
    text_is("method", "x");
    char name[201];
    memset(name, 'n', 200);
    name[200] = '\0';
    assert_int_equal(json_member(&reader, 0, name), JSON_NONE);
}

/* Names that were left out for want of room match nothing. */
static void test_top_level_flood(void **state)
{
    (void)state;
    good_and_free(many("{",
                       "\"k\":\"0123456789012345678901234567890123456789012345678901234567890123456789\",",
                       5000, "\"z\":1}"));
    assert_true(reader.count <= JSON_MAX_VALUES && reader.text_used <= JSON_TEXT_SIZE);
    assert_int_equal(at_name(""), JSON_NONE);
    uint8_t first = json_next_member(&reader, 0, "k", JSON_NONE);
    assert_memory_equal(json_text(&reader, first), "01234567", 8);
    assert_int_equal(json_length(&reader, first), 70);
}

/* However many other members stand before and between them, what JSON-RPC names is found, with what is in it.
 */
static void test_members_behind_a_flood(void **state)
{
    (void)state;
    static const char *const junk[] = {
        "\"k\":1,",
        "\"0123456789012345678901234567890123456789\":"
        "\"012345678901234567890123456789012345678901234567890123\",",
        "\"k\":{\"method\":{\"id\":[1,2,[3,{\"params\":\"x\"}]]}},",
        "\"\":[[[]]],",
    };
    for (size_t j = 0; j < sizeof junk / sizeof junk[0]; j++)
        for (int batch = 0; batch < 2; batch++) {
            char *flood = many(batch ? "[{\"id\":1},{" : "{", junk[j], 3000, "\"id\":\"seven\",");
            char *more = many(flood, junk[j], 3000,
                              "\"params\":[\"user\",[\"a\",\"b\"]],\"method\":\"mining.submit\"}");
            char *message = many(more, "]", (size_t)batch, "");
            good(message);
            uint8_t object = batch ? json_element(&reader, 0, 1) : 0;
            uint8_t params = json_member(&reader, object, "params");
            assert_string_equal(json_text(&reader, json_member(&reader, object, "method")), "mining.submit");
            assert_string_equal(json_text(&reader, json_member(&reader, object, "id")), "seven");
            assert_string_equal(json_text(&reader, json_element(&reader, params, 0)), "user");
            assert_string_equal(
                json_text(&reader, json_element(&reader, json_element(&reader, params, 1), 1)), "b");
            free(message);
            free(more);
            free(flood);
        }
}

/* However often members come again: the first of each, and the last of those that say what a message is. */
static void test_repeated_members(void **state)
{
    (void)state;
    static const char *const junk[] = {
        "\"method\":\"\",",
        "\"method\":7,",
        "\"method\":[{\"method\":\"a\"}],",
        "\"method\":\"0123456789012345678901234567890123456789012345678901234567890123456789\",",
        "\"id\":\"0123456789012345678901234567890123456789012345678901234567890123456789\",",
        "\"method\":\"a\",\"id\":1,\"method\":\"server.version\",\"params\":[1,2,3],",
        "\"type\":\"x\",\"identifier\":\"x\",\"message\":\"x\",\"command\":\"x\",\"params\":{},\"result\":[[]"
        "],",
        "\"error\":{\"method\":"
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"},",
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1,",
    };
    for (size_t j = 0; j < sizeof junk / sizeof junk[0]; j++)
        for (size_t count = 1; count < 3000; count *= 3) {
            char *text = many("{\"params\":[\"first\"],", junk[j], count, "\"method\":\"mining.submit\"}");
            good(text);
            assert_string_equal(json_text(&reader, json_member(&reader, 0, "method")), "mining.submit");
            uint8_t params = json_next_member(&reader, 0, "params", JSON_NONE);
            assert_string_equal(json_text(&reader, json_element(&reader, params, 0)), "first");
            free(text);
        }
}

/* Long strings elsewhere leave room for it too, and a batch has room for each of its messages. */
static void test_tag_behind_long_strings(void **state)
{
    (void)state;
    char *id = many("{\"id\":\"", "0123456789", 500, "\",");
    char *twice = many(id, "\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",",
                       90, "\"method\":\"mining.submit\"}");
    good(twice);
    text_is("method", "mining.submit");
    free(twice);
    free(id);
    char *batch = many(
        "[", "{\"method\":\"a\",\"method\":\"b\",\"method\":\"c\",\"method\":\"mining.submit\"},", 4, "{}]");
    good(batch);
    for (uint16_t i = 0; i < 4; i++)
        assert_string_equal(json_text(&reader, json_member(&reader, json_element(&reader, 0, i), "method")),
                            "mining.submit");
    free(batch);
}

static void test_endless(void **state)
{
    (void)state;
    static uint8_t piece[1 << 16];
    memset(piece, 'a', sizeof piece);
    json_reader_reset(&reader);
    size_t used, total = 0;
    assert_int_equal(json_read(&reader, (const uint8_t *)"{\"a\":\"", 6, &used), JSON_MORE);
    enum json_result result;
    while ((result = json_read(&reader, piece, sizeof piece, &used)) == JSON_MORE)
        assert_true((total += used) <= JSON_MAX_LENGTH);
    assert_int_equal(result, JSON_BAD);
    assert_true(total >= JSON_MAX_LENGTH - sizeof piece);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_nothing_is_harmless),
        cmocka_unit_test(test_split_anywhere),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_copy_goes_on),
        cmocka_unit_test(test_several_in_a_row),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_control_characters_in_strings),
        cmocka_unit_test(test_surrogates),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_hexadecimal),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_room_is_kept_for_the_top),
        cmocka_unit_test(test_lengths_are_of_the_wire),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_top_level_flood),
        cmocka_unit_test(test_members_behind_a_flood),
        cmocka_unit_test(test_repeated_members),
        cmocka_unit_test(test_tag_behind_long_strings),
        cmocka_unit_test(test_endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
