// SPDX-License-Identifier: Apache-2.0
#include "dashboard/entity_tag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guarded.h"

static const char tag[] = "\"0123abcd\"";

static void tags_are_compared(void **state)
{
    (void)state;
    static const char *const known[] = {
        "\"0123abcd\"",        "W/\"0123abcd\"", "\"x\", \"0123abcd\"", " \"x\",W/\"0123abcd\" ", "*",
        "\"a,b\",\"0123abcd\""};
    static const char *const unknown[] = {
        "", "\"0123abc\"", "0123abcd", "\"0123abcd", "\"\"", "W/", "*x", "\"x\" y \"0123abcd\"", ",,,"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (!entity_tag_is_known(known[i], tag))
            fail_msg("%s", known[i]);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        if (entity_tag_is_known(unknown[i], tag))
            fail_msg("%s", unknown[i]);
    assert_false(entity_tag_is_known("*", ""));
}

static void every_cut_is_read_within_bounds(void **state)
{
    (void)state;
    static const char header[] = " \"x\", W/\"0123abcd\", *";
    for (size_t length = 0; length < sizeof header; length++) {
        char copy[sizeof header] = "";
        memcpy(copy, header, length);
        struct guarded guarded = guarded_copy(copy, length + 1);
        assert_int_equal(entity_tag_is_known((const char *)guarded.bytes, tag), length >= 18);
        entity_tag_is_since((const char *)guarded.bytes, 0);
        guarded_free(&guarded);
    }
}

static void times_are_compared(void **state)
{
    (void)state;
    static const char monday[] = "Mon, 05 Jan 2026 10:00:00 GMT"; /* 1767607200 */
    assert_true(entity_tag_is_since(monday, 1767607200));
    assert_true(entity_tag_is_since(monday, 1767607199));
    assert_false(entity_tag_is_since(monday, 1767607201));
    assert_false(entity_tag_is_since("", 0));
    assert_false(entity_tag_is_since("Mon, 05 Jan 2026 10:00:00 GMT+1", 0));
    assert_false(entity_tag_is_since("yesterday", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_compared),
        cmocka_unit_test(every_cut_is_read_within_bounds),
        cmocka_unit_test(times_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
