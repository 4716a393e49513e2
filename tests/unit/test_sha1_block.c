// SPDX-License-Identifier: Apache-2.0
#include "base/sha1_block.h"

#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void pad(uint8_t block[static SHA1_BLOCK_SIZE], const void *message, size_t length)
{
    memset(block, 0, SHA1_BLOCK_SIZE);
    memcpy(block, message, length);
    block[length] = 0x80;
    block[SHA1_BLOCK_SIZE - 2] = (uint8_t)(length * 8 >> 8);
    block[SHA1_BLOCK_SIZE - 1] = (uint8_t)(length * 8);
}

/* FIPS 180-4's example "abc", by NIST's "SHA1.pdf". Where the processor lacks the instructions there is
 * nothing to compare, and what it does instead is tested with the Community ID. */
static void test_known_value(void **state)
{
    (void)state;
    static const uint8_t expected[SHA1_SIZE] = {0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e,
                                                0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d};
    uint8_t block[SHA1_BLOCK_SIZE], value[SHA1_SIZE];
    pad(block, "abc", 3);
    if (!sha1_block(block, value))
        skip();
    assert_memory_equal(value, expected, sizeof value);
}

static void test_same_as_the_library(void **state)
{
    (void)state;
    uint8_t message[SHA1_BLOCK_MAX], block[SHA1_BLOCK_SIZE], value[SHA1_SIZE], expected[DIGEST_MAX_SIZE];
    for (size_t length = 0; length <= sizeof message; length++)
        for (unsigned seed = 0; seed < 50; seed++) {
            for (size_t i = 0; i < length; i++)
                message[i] = (uint8_t)(seed * 101 + i * (seed + 3) + (i << seed % 7));
            pad(block, message, length);
            if (!sha1_block(block, value))
                skip();
            assert_true(digest_of(DIGEST_SHA1, message, length, expected));
            assert_memory_equal(value, expected, sizeof value);
        }
}

/* Two blocks at once are each what it is alone. */
static void test_two_at_once(void **state)
{
    (void)state;
    uint8_t blocks[2][SHA1_BLOCK_SIZE], values[2][SHA1_SIZE], expected[DIGEST_MAX_SIZE];
    static const char *const messages[] = {"abc", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmn"};
    for (size_t i = 0; i < 2; i++)
        pad(blocks[i], messages[i], strlen(messages[i]));
    if (!sha1_block_two(blocks[0], values[0], blocks[1], values[1]))
        skip();
    for (size_t i = 0; i < 2; i++) {
        assert_true(digest_of(DIGEST_SHA1, messages[i], strlen(messages[i]), expected));
        assert_memory_equal(values[i], expected, SHA1_SIZE);
    }
}

/* Where there are no such instructions nothing is written. */
static void test_says_whether_it_wrote(void **state)
{
    (void)state;
    uint8_t block[SHA1_BLOCK_SIZE] = {0x80}, value[SHA1_SIZE], before[SHA1_SIZE];
    memset(value, 0x5a, sizeof value);
    memset(before, 0x5a, sizeof before);
    bool written = sha1_block(block, value);
    assert_int_equal(written, memcmp(value, before, sizeof value) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_value),
        cmocka_unit_test(test_same_as_the_library),
        cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_says_whether_it_wrote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
