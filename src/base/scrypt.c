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

static inline uint32_t rotate(uint32_t word, unsigned by)
{
    return word << by | word >> (32 - by);
}

static inline void quarter(uint32_t x[static 16], unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[b] ^= rotate(x[a] + x[d], 7);
    x[c] ^= rotate(x[b] + x[a], 9);
    x[d] ^= rotate(x[c] + x[b], 13);
    x[a] ^= rotate(x[d] + x[c], 18);
}

/* block ^= with, then Salsa20/8 of it */
static void mix(uint32_t block[static 16], const uint32_t with[static 16])
{
    uint32_t x[16];
    for (unsigned i = 0; i < 16; i++)
        x[i] = block[i] ^= with[i];
    for (unsigned round = 0; round < 8; round += 2) {
#pragma GCC unroll 4                     /* so that all indices are known, and the words stay in registers */
        for (unsigned i = 0; i < 4; i++) /* columns */
            quarter(x, 5 * i, (5 * i + 4) % 16, (5 * i + 8) % 16, (5 * i + 12) % 16);
#pragma GCC unroll 4
        for (unsigned i = 0; i < 4; i++) /* rows */
            quarter(x, 5 * i, 4 * i + (i + 1) % 4, 4 * i + (i + 2) % 4, 4 * i + (i + 3) % 4);
    }
    for (unsigned i = 0; i < 16; i++)
        block[i] += x[i];
}

static void block_mix(uint32_t words[static BLOCK_WORDS])
{
    mix(words, words + 16);
    mix(words + 16, words);
}

static void ro_mix(uint32_t words[static BLOCK_WORDS], uint32_t n, uint32_t *memory)
{
    for (uint32_t i = 0; i < n; i++) {
        memcpy(memory + (size_t)i * BLOCK_WORDS, words, BLOCK_WORDS * sizeof *words);
        block_mix(words);
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t *with = memory + (size_t)(words[16] & (n - 1)) * BLOCK_WORDS;
        for (unsigned k = 0; k < BLOCK_WORDS; k++)
            words[k] ^= with[k];
        block_mix(words);
    }
}

bool scrypt(const void *password, size_t password_length, const void *salt, size_t salt_length, uint32_t n,
            uint8_t *derived, size_t derived_length)
{
    uint8_t key[HMAC_BLOCK] = {0}, bytes[BLOCK_WORDS * 4];
    uint32_t words[BLOCK_WORDS];
    assert(n >= 2 && n <= 65536 && (n & (n - 1)) == 0 && derived_length <= (size_t)255 * HASH_SIZE);
    if (password_length <= HMAC_BLOCK)
        memcpy(key, password, password_length);
    else if (!digest_of(DIGEST_SHA256, password, password_length, key))
        return false;
    uint32_t *memory = malloc((size_t)n * sizeof words);
    if (memory == NULL || !derive(key, salt, salt_length, bytes, sizeof bytes)) {
        free(memory);
        return false;
    }
    for (size_t i = 0; i < BLOCK_WORDS; i++) /* little endian */
        words[i] = (uint32_t)bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 |
                   (uint32_t)bytes[4 * i + 2] << 16 | (uint32_t)bytes[4 * i + 3] << 24;
    ro_mix(words, n, memory);
    free(memory);
    for (unsigned i = 0; i < BLOCK_WORDS * 4; i++)
        bytes[i] = (uint8_t)(words[i / 4] >> (8 * (i % 4)));
    return derive(key, bytes, sizeof bytes, derived, derived_length);
}
