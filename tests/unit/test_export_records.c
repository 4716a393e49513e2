// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "intel/export_value.h"

static char taken[1 << 16];
static struct error error;

static bool take(void *taker, const struct export_record *record, struct error *fault)
{
    (void)taker;
    (void)fault;
    size_t used = strlen(taken);
    snprintf(taken + used, sizeof taken - used, "%llu:%.*s;", (unsigned long long)record->line,
             (int)record->length, record->text);
    return true;
}

static bool split_bytes(const char *text, size_t length)
{
    FILE *file = length == 0 ? fopen("/dev/null", "r") : fmemopen((void *)(uintptr_t)text, length, "r");
    assert_non_null(file);
    taken[0] = '\0';
    error.text[0] = '\0';
    bool good = export_records_read(file, "x.json", take, NULL, &error);
    fclose(file);
    return good;
}

static const char *split(const char *text)
{
    if (!split_bytes(text, strlen(text)))
        fail_msg("%s", error.text);
    return taken;
}

static void assert_refused(const char *text, const char *because)
{
    assert_false(split_bytes(text, strlen(text)));
    if (strstr(error.text, because) == NULL)
        fail_msg("'%s' does not say '%s'", error.text, because);
}

static void lists_and_lines(void **state)
{
    (void)state;
    assert_string_equal(split(""), "");
    assert_string_equal(split("[]"), "");
    assert_string_equal(split("[{\"a\": 1}, {\"b\": [1, {\"c\": {}}]}]"),
                        "1:{\"a\":1};1:{\"b\":[1,{\"c\":{}}]};");
    assert_string_equal(split("{\"a\": 1}\n{\"b\": 2}\n"), "1:{\"a\":1};2:{\"b\":2};");
    assert_string_equal(split("\xef\xbb\xbf[\n\n{}\n, 7, \"x\", null, {}]"), "3:{};4:{};");
    assert_string_equal(split("[{\"a\": \"} ] \\\" {\\\\\"}]"), "1:{\"a\":\"} ] \\\" {\\\\\"};");
    assert_string_equal(split("[[{}]]"), ""); /* no records, but nothing that is wrong */
}

static void lists_in_an_object(void **state)
{
    (void)state;
    assert_string_equal(split("{\"NetworkInterfaces\": [{\"a\": 1}, {\"a\": 2}]}"),
                        "1:{\"a\":1};1:{\"a\":2};");
    assert_string_equal(
        split("{\"NextToken\": \"Reservations\", \"Reservations\": [{\"a\": 1}], \"b\": [{}]}"),
        "1:{\"a\":1};");
    assert_string_equal(split("{\"Reservations\": [{\"a\": 1}]}\n{\"Reservations\": [{\"a\": 2}]}"),
                        "1:{\"a\":1};2:{\"a\":2};");
    assert_string_equal(split("{\"Reservations\": []}"), "");
    assert_string_equal(split("{\"Reservations\": [{\"a\": 1}], \"NextToken\": \"x\"}"), "1:{\"a\":1};");
    /* an instance that has interfaces, not a list of them */
    assert_string_equal(split("{\"InstanceId\": \"i\", \"NetworkInterfaces\": [{}]}"),
                        "1:{\"InstanceId\":\"i\",\"NetworkInterfaces\":[{}]};");
    assert_string_equal(split("{\"tags\": [{}]}"), "1:{\"tags\":[{}]};");
}

static void what_is_no_export(void **state)
{
    (void)state;
    assert_refused("hello", "x.json:1: this is no list of objects in JSON");
    assert_refused("\"a\"", "this is no list");
    assert_refused("\n\n[{]", "x.json:3: a bracket closes that was not opened");
    assert_refused("]", "a bracket closes");
    assert_refused("[{\"a\": 1}", "the file ends in the middle of a value");
    assert_refused("[{\"a", "the file ends in the middle of a value");
    char deep[200];
    memset(deep, '[', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    assert_refused(deep, "nest deeper than 64");
}

static void every_cut_is_told(void **state)
{
    (void)state;
    static const char text[] = "{\"NetworkInterfaces\": [{\"a\": \"x\\\"]\", \"b\": [1, 2]}, {\"c\": {}}]}";
    for (size_t length = 1; length < sizeof text - 1; length++)
        assert_false(split_bytes(text, length));
    assert_true(split_bytes(text, sizeof text - 1));
}

static void a_record_has_a_bound(void **state)
{
    (void)state;
    size_t length = EXPORT_MAX_RECORD + 100;
    char *text = malloc(length);
    memset(text, 'x', length);
    memcpy(text, "[{\"a\":\"", 7);
    assert_false(split_bytes(text, length));
    assert_non_null(strstr(error.text, "longer than 16 MiB"));
    free(text);
}

/* ---- values ---- */

static struct export_value *value_of(const char *text)
{
    struct export_record record = {"x.json", 3, text, strlen(text)};
    return export_value_read(&record, &error);
}

static void values(void **state)
{
    (void)state;
    struct export_value *value = value_of(
        "{\"A\":{\"b\":\"text\"},\"n\":7,\"list\":[{\"x\":\"1\"},{\"x\":\"2\"}],\"nil\":null,\"minus\":-1}");
    assert_non_null(value);
    assert_string_equal(export_text(value, "A.b"), "text");
    assert_string_equal(export_text(value, "a.B"), "text");
    assert_string_equal(export_text(value, "A"), "");
    assert_string_equal(export_text(value, "A.b.c"), "");
    assert_string_equal(export_text(value, "n"), "");
    assert_string_equal(export_text(value, "nil.x"), "");
    assert_int_equal(export_number(value, "n"), 7);
    assert_int_equal(export_number(value, "A"), 0);
    assert_int_equal(export_number(value, "minus"), 0);
    assert_int_equal(export_count(value, "list"), 2);
    assert_int_equal(export_count(value, "A"), 0);
    assert_int_equal(export_count(value, "nothing"), 0);
    assert_string_equal(export_text(export_element(value, "list", 1), "x"), "2");
    assert_null(export_element(value, "list", 2));
    assert_null(export_element(value, "A", 0));
    export_value_free(value);
}

static void what_is_no_json(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "{", "{a:1}", "{\"a\":1,}", "[]", "7", "{} x", "{\"a\":\"\xff\"}", "{\"a\":01}", "{\"a\":nul}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        error.text[0] = '\0';
        if (value_of(wrong[i]) != NULL)
            fail_msg("%s was read", wrong[i]);
        assert_non_null(strstr(error.text, "x.json:3: the entry that begins here is no JSON"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_lines),      cmocka_unit_test(lists_in_an_object),
        cmocka_unit_test(what_is_no_export),    cmocka_unit_test(every_cut_is_told),
        cmocka_unit_test(a_record_has_a_bound), cmocka_unit_test(values),
        cmocka_unit_test(what_is_no_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
