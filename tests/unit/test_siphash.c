// SPDX-License-Identifier: Apache-2.0
#include "base/siphash.h"

#include "guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The secret is 0, 1, 2 ... 15 as in the paper's own test, the input 0, 1, 2 ...; that 1-3 gives
 * abac0158050fc4dc for no input is in several public implementations. */
static void test_counting_secret(void **state)
{
    (void)state;
    static const uint64_t expected[] = {0xabac0158050fc4dc, 0xc9f49bf37d57ca93, 0x82cb9b024dc7d44d};
    uint8_t secret[16];
    for (uint8_t i = 0; i < 16; i++)
        secret[i] = i;
    for (size_t length = 0; length < sizeof expected / sizeof expected[0]; length++)
        assert_true(siphash(secret, secret, length) == expected[length]);
}

/* CPython 3.11 hashes bytes with SipHash-1-3: PYTHONHASHSEED=0 python3 -c 'print(hash(bytes(range(n))) &
 * 2**64-1)' */
static void test_zero_secret(void **state)
{
    (void)state;
    static const struct {
        size_t length;
        uint64_t expected;
    } vectors[] = {
        {1, 0x68a914128e01e473},  {7, 0x2f098ab0c751325a},  {8, 0xead411e67ebe2eea},
        {9, 0x75927f9d95124362},  {15, 0xf30eb725bb91c9ea}, {16, 0x8972188433a5c5b7},
        {17, 0x4883c49a2c009c1d}, {48, 0xfe1f2445ba50237f}, {63, 0x385d3e39e5f37359},
        {64, 0x75e05fd5bbc870c6},
    };
    static const uint8_t secret[16] = {0};
    uint8_t input[64];
    for (uint8_t i = 0; i < 64; i++)
        input[i] = i;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct guarded guarded = guarded_copy(input, vectors[i].length);
        assert_true(siphash(secret, guarded.bytes, vectors[i].length) == vectors[i].expected);
        guarded_free(&guarded);
    }
}

static void test_secrets_differ(void **state)
{
    (void)state;
    uint8_t one[16] = {0}, other[16] = {0};
    siphash_make_secret(one);
    siphash_make_secret(other);
    assert_memory_not_equal(one, other, sizeof one);
    assert_true(siphash(one, "key", 3) != siphash(other, "key", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counting_secret),
        cmocka_unit_test(test_zero_secret),
        cmocka_unit_test(test_secrets_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
