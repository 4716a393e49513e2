// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dashboard/target.h"
#include "guarded.h"

static struct target target;

static void path_and_parameters(void **state)
{
    (void)state;
    assert_true(target_read(&target, "/api/v1/incidents?q=a+b%20c&coin=XMR&coin=&flag&x=%3D%26"));
    assert_string_equal(target.path, "/api/v1/incidents");
    assert_int_equal(target.count, 5);
    assert_string_equal(target_value(&target, "q"), "a b c");
    assert_string_equal(target_value(&target, "coin"), "XMR"); /* the first */
    assert_string_equal(target.parameters[2].value, "");
    assert_string_equal(target_value(&target, "flag"), "");
    assert_string_equal(target_value(&target, "x"), "=&");
    assert_null(target_value(&target, "none"));
}

static void a_plus_in_a_path_is_a_plus(void **state)
{
    (void)state;
    assert_true(target_read(&target, "/a+b%2fc"));
    assert_string_equal(target.path, "/a+b/c");
    assert_int_equal(target.count, 0);
}

static void nothing_between_the_signs(void **state)
{
    (void)state;
    assert_true(target_read(&target, "/?&&=x&a=1&"));
    assert_int_equal(target.count, 1);
    assert_string_equal(target_value(&target, "a"), "1");
    assert_true(target_read(&target, "/?"));
    assert_int_equal(target.count, 0);
}

static void refused(void **state)
{
    static const char *const bad[] = {"",        "x",    "http://a/", "*",         "/%",      "/%4",
                                      "/%zz",    "/%00", "/%0a",      "/a\nb",     "/?a=%00", "/?a=%1f",
                                      "/?a=%7F", "/?%",  "/?a=%",     "/?a&b=%q1", "/\x7f",   "/?a=\t"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(target_read(&target, bad[i]));
}

static void bounds(void **state)
{
    (void)state;
    static char raw[TARGET_MAX_LENGTH + 2];
    memset(raw, 'a', sizeof raw - 1);
    raw[0] = '/';
    assert_false(target_read(&target, raw));
    raw[TARGET_MAX_LENGTH] = '\0';
    assert_true(target_read(&target, raw));
    char many[8 * TARGET_MAX_PARAMETERS] = "/?";
    for (int i = 0; i < TARGET_MAX_PARAMETERS; i++)
        strcat(many, "a=b&");
    assert_true(target_read(&target, many));
    strcat(many, "a=b");
    assert_false(target_read(&target, many));
}

/* Against the end of a page, cut at every byte: nothing behind the NUL is read. */
static void every_cut(void **state)
{
    static const char raw[] = "/api/v1/incidents?q=%41%zz&coin=a+b";
    (void)state;
    for (size_t length = 0; length < sizeof raw; length++) {
        char cut[sizeof raw + 1];
        memcpy(cut, raw, length);
        cut[length] = '\0';
        struct guarded memory = guarded_copy(cut, length + 1);
        (void)target_read(&target, (const char *)memory.bytes);
        guarded_free(&memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_and_parameters),
        cmocka_unit_test(a_plus_in_a_path_is_a_plus),
        cmocka_unit_test(nothing_between_the_signs),
        cmocka_unit_test(refused),
        cmocka_unit_test(bounds),
        cmocka_unit_test(every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
