// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_lines(const char *whole, size_t count, const char *const lines[])
{
    char text[64], *rest = text;
    text_copy(text, sizeof text, whole);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(text_take_line(&rest), lines[i]);
    assert_null(text_take_line(&rest));
    assert_null(text_take_line(&rest));
}

static void test_lines_lose_their_ends(void **state)
{
    (void)state;
    assert_lines("one\ntwo", 2, (const char *const[]){"one", "two"});
    assert_lines("one\r\ntwo\r\n", 3, (const char *const[]){"one", "two", ""});
    assert_lines("\n\r\n\r", 3, (const char *const[]){"", "", ""});
    assert_lines("a\rb\r\r\n", 2, (const char *const[]){"a\rb\r", ""}); /* of several the last */
    assert_lines("", 1, (const char *const[]){""});
}

static void test_copies_are_cut(void **state)
{
    (void)state;
    char text[4];
    text_copy(text, sizeof text, "abc");
    assert_string_equal(text, "abc");
    text_copy(text, sizeof text, "abcd");
    assert_string_equal(text, "abc");
    text_copy(text, 1, "abcd");
    assert_string_equal(text, "");
}

static void test_plain_is_without_control_characters(void **state)
{
    (void)state;
    assert_true(text_is_plain(""));
    assert_true(text_is_plain("a b\xc3\xa9"));
    assert_false(text_is_plain("a\nb"));
    assert_false(text_is_plain("\x7f"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_lose_their_ends),
        cmocka_unit_test(test_copies_are_cut),
        cmocka_unit_test(test_plain_is_without_control_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
