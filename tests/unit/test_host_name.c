// SPDX-License-Identifier: Apache-2.0
#include "base/host_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guarded.h"

/* Each byte at each place of names of up to three words: only the letters of ASCII change, and nothing is
 * read behind the name. */
static void test_lower(void **state)
{
    enum { LONGEST = 24 };
    char name[LONGEST], lower[LONGEST + 1];
    (void)state;
    for (size_t length = 0; length <= LONGEST; length++)
        for (unsigned byte = 0; byte < 256; byte++) {
            for (size_t i = 0; i < length; i++)
                name[i] = (char)(byte + i);
            struct guarded guarded = guarded_copy(name, length);
            memset(lower, 0x5a, sizeof lower);
            host_name_lower(lower, (const char *)guarded.bytes, length);
            for (size_t i = 0; i < length; i++)
                assert_int_equal(lower[i], name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]);
            assert_int_equal(lower[length], 0x5a);
            guarded_free(&guarded);
        }
}

static void test_fold(void **state)
{
    char folded[HOST_NAME_MAX_LENGTH + 1], longest[HOST_NAME_MAX_LENGTH + 3];
    (void)state;
    assert_int_equal(host_name_fold("Pool.EXAMPLE.org.", folded), 16);
    assert_string_equal(folded, "pool.example.org");
    assert_int_equal(host_name_fold("", folded), 0);
    assert_int_equal(host_name_fold(".", folded), 0);
    memset(longest, 'A', sizeof longest);
    longest[HOST_NAME_MAX_LENGTH] = '.';
    longest[HOST_NAME_MAX_LENGTH + 1] = '\0';
    assert_int_equal(host_name_fold(longest, folded), HOST_NAME_MAX_LENGTH);
    assert_int_equal(strspn(folded, "a"), HOST_NAME_MAX_LENGTH);
    longest[HOST_NAME_MAX_LENGTH] = 'A';
    assert_int_equal(host_name_fold(longest, folded), 0);
}

static void test_good(void **state)
{
    (void)state;
    assert_true(host_name_is_good("pool.example.org"));
    assert_true(host_name_is_good("a-b_c.example"));
    assert_false(host_name_is_good("example"));
    assert_false(host_name_is_good("Pool.example"));
    assert_false(host_name_is_good(".example"));
    assert_false(host_name_is_good("pool..example"));
    assert_false(host_name_is_good("pool.example."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lower),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
