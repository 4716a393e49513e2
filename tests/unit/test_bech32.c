// SPDX-License-Identifier: Apache-2.0
#include "guarded.h"
#include "intel/bech32.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum bech32 check(const char *text)
{
    struct guarded guarded = guarded_copy(text, strlen(text));
    enum bech32 answer = bech32_check((const char *)guarded.bytes, strlen(text), '1');
    guarded_free(&guarded);
    return answer;
}

/* The examples of BIP 173 and BIP 350 */
static void knows_published_values(void **state)
{
    (void)state;
    assert_int_equal(check("A1LQFN3A"), BECH32_M);
    assert_int_equal(check("?1v759aa"), BECH32_M);
    assert_int_equal(check("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), BECH32_PLAIN);
    assert_int_equal(check("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"), BECH32_PLAIN);
    assert_int_equal(check("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"), BECH32_PLAIN);
    assert_int_equal(check("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"), BECH32_M);
    assert_int_equal(check("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx"), BECH32_M);
}

static void refuses_what_is_damaged(void **state)
{
    (void)state;
    const char right[] = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    for (size_t i = 0; i < sizeof right - 1; i++) {
        char text[sizeof right];
        memcpy(text, right, sizeof right);
        text[i] = text[i] == 'q' ? 'p' : 'q';
        assert_int_equal(check(text), BECH32_NONE);
        memcpy(text, right, sizeof right);
        text[i] = '\0';
        assert_int_equal(check(text), BECH32_NONE);
    }
    assert_int_equal(check("bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), BECH32_NONE);
    assert_int_equal(check("1qyrz8wqd2c9m"), BECH32_NONE);
    assert_int_equal(check("\x80"
                           "1eym55h"),
                     BECH32_NONE);
    assert_int_equal(check(""), BECH32_NONE);
}

static bool cash(const char *prefix, const char *data, const char *alphabet)
{
    struct guarded guarded = guarded_copy(data, strlen(data));
    bool answer = cashaddr_check(prefix, strlen(prefix), (const char *)guarded.bytes, strlen(data), alphabet);
    guarded_free(&guarded);
    return answer;
}

/* The example of the cashaddr specification and the one of CIP-37 */
static void checks_cashaddr(void **state)
{
    (void)state;
    char data[] = "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a";
    assert_true(cash("bitcoincash", data, bech32_alphabet));
    assert_true(cash("BITCOINCASH", "QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A", bech32_alphabet));
    assert_false(cash("bchtest", data, bech32_alphabet));
    assert_true(cash("cfx", "aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg", conflux_alphabet));
    for (size_t i = 0; i < sizeof data - 1; i++) {
        char kept = data[i];
        data[i] = kept == 'q' ? 'p' : 'q';
        assert_false(cash("bitcoincash", data, bech32_alphabet));
        data[i] = '\0';
        assert_false(cash("bitcoincash", data, bech32_alphabet));
        data[i] = kept;
    }
    assert_false(cash("bitcoincash", "", bech32_alphabet));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_published_values),
        cmocka_unit_test(refuses_what_is_damaged),
        cmocka_unit_test(checks_cashaddr),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
