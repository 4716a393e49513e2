// SPDX-License-Identifier: Apache-2.0
#include "base/keccak.h"
#include "guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char *hex(const void *bytes, size_t length)
{
    static char text[2 * KECCAK_256_SIZE + 1];
    uint8_t digest[KECCAK_256_SIZE];
    keccak_256(bytes, length, digest);
    for (int i = 0; i < KECCAK_256_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return text;
}

/* Ethereum's hash of nothing and of "abc" */
static void knows_published_values(void **state)
{
    (void)state;
    assert_string_equal(hex("", 0), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert_string_equal(hex(NULL, 0), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert_string_equal(hex("abc", 3), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    assert_string_equal(hex("transfer(address,uint256)", 25),
                        "a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b");
}

/* Around a block of 136 bytes each length has its own digest, and none reads past the end. */
static void takes_every_length(void **state)
{
    (void)state;
    uint8_t bytes[300] = {0}, before[KECCAK_256_SIZE] = {0}, digest[KECCAK_256_SIZE];
    for (size_t length = 0; length <= sizeof bytes; length++) {
        struct guarded guarded = guarded_copy(bytes, length);
        keccak_256(guarded.bytes, length, digest);
        assert_memory_not_equal(digest, before, sizeof digest);
        memcpy(before, digest, sizeof digest);
        guarded_free(&guarded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_published_values),
        cmocka_unit_test(takes_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
