// SPDX-License-Identifier: Apache-2.0
#include "base/scrypt.h"

#include "base/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_SIZE = 32, HMAC_BLOCK = 64, BLOCK_WORDS = 32, SALT_MAX = 192 };

/* ---- PBKDF2-HMAC-SHA-256 with one iteration (RFC 8018, section 5.2; RFC 2104) ---- */

static bool hmac(const uint8_t key[static HMAC_BLOCK], const uint8_t *text, size_t length,
                 uint8_t value[static DIGEST_MAX_SIZE])
{
    uint8_t inner[HMAC_BLOCK + SALT_MAX], outer[HMAC_BLOCK + HASH_SIZE];
    for (size_t i = 0; i < HMAC_BLOCK; i++) {
        inner[i] = key[i] ^ 0x36;
        outer[i] = key[i] ^ 0x5c;
    }
    memcpy(inner + HMAC_BLOCK, text, length);
    if (!digest_of(DIGEST_SHA256, inner, HMAC_BLOCK + length, value))
        return false;
    memcpy(outer + HMAC_BLOCK, value, HASH_SIZE);
    return digest_of(DIGEST_SHA256, outer, sizeof outer, value);
}

static bool derive(const uint8_t key[static HMAC_BLOCK], const void *salt, size_t salt_length,
                   uint8_t *derived, size_t length)
{
    uint8_t text[SALT_MAX], value[DIGEST_MAX_SIZE];
    assert(salt_length + 4 <= sizeof text);
    memcpy(text, salt, salt_length);
    for (uint8_t block = 1; length > 0; block++) {
        const uint8_t number[4] = {0, 0, 0, block};
        size_t part = length < HASH_SIZE ? length : HASH_SIZE;
        memcpy(text + salt_length, number, sizeof number);
        if (!hmac(key, text, salt_length + sizeof number, value))
            return false;
        memcpy(derived, value, part);
        derived += part;
        length -= part;
    }
    return true;
}

/* ---- ROMix (RFC 7914, sections 3 to 5) ---- */

/* Four words at once, on every processor that gcc and clang know: a sixth less time than word by word, a
 * third where another thread shares the core. */
typedef uint32_t lanes __attribute__((vector_size(16)));

enum { BLOCK_LANES = BLOCK_WORDS / 4 };

static inline lanes rotate(lanes words, unsigned by)
{
    return words << by | words >> (32 - by);
}

/* Lane i becomes what lane i + 1, 2 or 3 was. */
static inline lanes turn_1(lanes words)
{
    return __builtin_shufflevector(words, words, 1, 2, 3, 0);
}

static inline lanes turn_2(lanes words)
{
    return __builtin_shufflevector(words, words, 2, 3, 0, 1);
}

static inline lanes turn_3(lanes words)
{
    return __builtin_shufflevector(words, words, 3, 0, 1, 2);
}

/* All four quarter rounds: of the columns, or of the rows. */
static inline void quarters(lanes *a, lanes *b, lanes *c, lanes *d)
{
    *b ^= rotate(*a + *d, 7);
    *c ^= rotate(*b + *a, 9);
    *d ^= rotate(*c + *b, 13);
    *a ^= rotate(*d + *c, 18);
}

/* block ^= with, then Salsa20/8 of it. A block's 4 x 4 words stand by diagonals, so that what is worked on
 * together stands in the same lane; turning the lanes makes rows of columns. */
static void mix(lanes block[static 4], const lanes with[static 4])
{
    for (unsigned i = 0; i < 4; i++)
        block[i] ^= with[i];
    lanes a = block[0], b = block[1], c = block[2], d = block[3];
    for (unsigned round = 0; round < 8; round += 2) {
        quarters(&a, &b, &c, &d);
        b = turn_3(b), c = turn_2(c), d = turn_1(d);
        quarters(&a, &d, &c, &b);
        b = turn_1(b), c = turn_2(c), d = turn_3(d);
    }
    block[0] += a;
    block[1] += b;
    block[2] += c;
    block[3] += d;
}

static void block_mix(lanes block[static BLOCK_LANES])
{
    mix(block, block + 4);
    mix(block + 4, block);
}

static void ro_mix(lanes block[static BLOCK_LANES], uint32_t n, lanes *memory)
{
    for (uint32_t i = 0; i < n; i++) {
        memcpy(memory + (size_t)i * BLOCK_LANES, block, BLOCK_LANES * sizeof *block);
        block_mix(block);
    }
    for (uint32_t i = 0; i < n; i++) {
        const lanes *with = memory + (size_t)(block[4][0] & (n - 1)) * BLOCK_LANES;
        for (unsigned k = 0; k < BLOCK_LANES; k++)
            block[k] ^= with[k];
        block_mix(block);
    }
}

/* Where word `i` of the two blocks begins in their bytes: the lanes go down the diagonals. */
static size_t byte_of(size_t i)
{
    return 4 * (i / 16 * 16 + i * 5 % 16);
}

bool scrypt(const void *password, size_t password_length, const void *salt, size_t salt_length, uint32_t n,
            uint8_t *derived, size_t derived_length)
{
    uint8_t key[HMAC_BLOCK] = {0}, bytes[BLOCK_WORDS * 4];
    lanes block[BLOCK_LANES];
    assert(n >= 2 && n <= 65536 && (n & (n - 1)) == 0 && derived_length <= (size_t)255 * HASH_SIZE);
    if (password_length <= HMAC_BLOCK)
        memcpy(key, password, password_length);
    else if (!digest_of(DIGEST_SHA256, password, password_length, key))
        return false;
    lanes *memory = malloc((size_t)n * sizeof block);
    if (memory == NULL || !derive(key, salt, salt_length, bytes, sizeof bytes)) {
        free(memory);
        return false;
    }
    for (size_t i = 0; i < BLOCK_WORDS; i++) { /* little endian */
        const uint8_t *word = bytes + byte_of(i);
        block[i / 4][i % 4] =
            (uint32_t)word[0] | (uint32_t)word[1] << 8 | (uint32_t)word[2] << 16 | (uint32_t)word[3] << 24;
    }
    ro_mix(block, n, memory);
    free(memory);
    for (size_t i = 0; i < BLOCK_WORDS * 4; i++)
        bytes[byte_of(i / 4) + i % 4] = (uint8_t)(block[i / 16][i / 4 % 4] >> (8 * (i % 4)));
    return derive(key, bytes, sizeof bytes, derived, derived_length);
}
