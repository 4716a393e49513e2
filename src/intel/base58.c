// SPDX-License-Identifier: Apache-2.0
#include "intel/base58.h"

#include <string.h>

enum { FULL_BLOCK_CHARACTERS = 11, FULL_BLOCK_BYTES = 8 };

int base58_digit(char c)
{
    static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

/* bytes[start, size) = that number * 58 + digit; moves `start` down where the number grows; false where it
 * cannot. */
static bool multiply_add(uint8_t *bytes, size_t size, size_t *start, unsigned digit)
{
    unsigned carry = digit;
    for (size_t i = size; i > *start; i--) {
        carry += 58u * bytes[i - 1];
        bytes[i - 1] = (uint8_t)carry;
        carry >>= 8;
    }
    if (carry == 0)
        return true;
    if (*start == 0)
        return false;
    bytes[--*start] = (uint8_t)carry; /* below 58: one byte holds it */
    return true;
}

size_t base58_read(const char *text, size_t length, uint8_t *bytes, size_t size)
{
    size_t zeros = 0;
    while (zeros < length && text[zeros] == '1')
        zeros++;
    size_t start = size;
    for (size_t i = zeros; i < length; i++) {
        int digit = base58_digit(text[i]);
        if (digit < 0 || !multiply_add(bytes, size, &start, (unsigned)digit))
            return 0;
    }
    if (zeros > start)
        return 0;
    size_t count = size - start;
    memmove(bytes + zeros, bytes + start, count);
    memset(bytes, 0, zeros);
    return zeros + count;
}

/* How many bytes a block of so many characters holds; 0 for lengths that no count of bytes is written with.
 */
static size_t block_bytes(size_t characters)
{
    static const uint8_t bytes[FULL_BLOCK_CHARACTERS + 1] = {0, 0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8};
    return bytes[characters];
}

static bool read_block(const char *text, size_t characters, uint8_t *bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < characters; i++) {
        int digit = base58_digit(text[i]);
        if (digit < 0 || __builtin_mul_overflow(number, (uint64_t)58, &number) ||
            __builtin_add_overflow(number, (uint64_t)digit, &number))
            return false;
    }
    if (count < FULL_BLOCK_BYTES && number >> (8 * count) != 0)
        return false;
    for (size_t i = count; i > 0; i--, number >>= 8)
        bytes[i - 1] = (uint8_t)number;
    return true;
}

size_t base58_read_blocks(const char *text, size_t length, uint8_t *bytes, size_t size)
{
    size_t written = 0;
    while (length > 0) {
        size_t characters = length < FULL_BLOCK_CHARACTERS ? length : FULL_BLOCK_CHARACTERS;
        size_t count = block_bytes(characters);
        if (count == 0 || count > size - written || !read_block(text, characters, bytes + written, count))
            return 0;
        written += count;
        text += characters;
        length -= characters;
    }
    return written;
}
