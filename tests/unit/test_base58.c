// SPDX-License-Identifier: Apache-2.0
#include "guarded.h"
#include "intel/base58.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void reads_numbers(void **state)
{
    (void)state;
    uint8_t bytes[32];
    assert_int_equal(base58_read("2NEpo7TZRRrLZSi2U", 17, bytes, sizeof bytes), 12);
    assert_memory_equal(bytes, "Hello World!", 12);
    assert_int_equal(base58_read("11", 2, bytes, sizeof bytes), 2);
    assert_memory_equal(bytes, "\0\0", 2);
    assert_int_equal(base58_read("1112", 4, bytes, sizeof bytes), 4);
    assert_memory_equal(bytes, "\0\0\0\1", 4);
    assert_int_equal(base58_read("5Q", 2, bytes, sizeof bytes), 1);
    assert_int_equal(bytes[0], 255);
    assert_int_equal(base58_read("5R", 2, bytes, sizeof bytes), 2);
    assert_memory_equal(bytes, "\1\0", 2);
    assert_int_equal(base58_read("", 0, bytes, sizeof bytes), 0);
}

static void refuses_foreign_characters(void **state)
{
    (void)state;
    uint8_t bytes[32];
    const char *const texts[] = {"0", "O", "I", "l", "a b", "\xff", "2NEpo7TZRRrL!"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(base58_read(texts[i], strlen(texts[i]), bytes, sizeof bytes), 0);
        assert_int_equal(base58_read_blocks(texts[i], strlen(texts[i]), bytes, sizeof bytes), 0);
    }
    assert_int_equal(base58_digit('\0'), -1);
    assert_int_equal(base58_digit('z'), 57);
}

/* The buffer is exactly as large as said: one byte more would crash. */
static void never_writes_past_the_buffer(void **state)
{
    (void)state;
    char text[64];
    for (size_t size = 0; size < 40; size++) {
        uint8_t filler[40] = {0};
        struct guarded guarded = guarded_copy(filler, size);
        for (char c = '1'; c < '{'; c = (char)(c == '1' ? 'z' : '{')) {
            memset(text, c, sizeof text);
            for (size_t length = 0; length <= sizeof text; length++) {
                assert_true(base58_read(text, length, guarded.bytes, size) <= size);
                assert_true(base58_read_blocks(text, length, guarded.bytes, size) <= size);
            }
        }
        guarded_free(&guarded);
    }
}

/* Blocks: 11 characters are 8 bytes, lengths 1, 4 and 8 are none, and the largest number is 2^64 - 1. */
static void reads_blocks(void **state)
{
    (void)state;
    static const uint8_t all_ones[8] = {255, 255, 255, 255, 255, 255, 255, 255};
    static const size_t counts[12] = {0, 0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8};
    uint8_t bytes[16];
    for (size_t length = 0; length < 12; length++)
        assert_int_equal(base58_read_blocks("11111111111", length, bytes, sizeof bytes), counts[length]);
    assert_int_equal(base58_read_blocks("jpXCZedGfVQ", 11, bytes, sizeof bytes), 8);
    assert_memory_equal(bytes, all_ones, 8);
    assert_int_equal(base58_read_blocks("jpXCZedGfVR", 11, bytes, sizeof bytes), 0);
    assert_int_equal(base58_read_blocks("zzzzzzzzzzz", 11, bytes, sizeof bytes), 0);
    assert_int_equal(base58_read_blocks("5Q", 2, bytes, sizeof bytes), 1);
    assert_int_equal(bytes[0], 255);
    assert_int_equal(base58_read_blocks("5R", 2, bytes, sizeof bytes), 0);
    assert_int_equal(base58_read_blocks("jpXCZedGfVQ5Q", 13, bytes, sizeof bytes), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(refuses_foreign_characters),
        cmocka_unit_test(never_writes_past_the_buffer),
        cmocka_unit_test(reads_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
