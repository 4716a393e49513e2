// SPDX-License-Identifier: Apache-2.0
#include "intel/blake2b.h"

#include <assert.h>
#include <string.h>

/* RFC 7693, section 2.6 */
static const uint64_t iv[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* RFC 7693, section 2.7; rounds 10 and 11 use the first two again */
static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static uint64_t rotate_right(uint64_t word, unsigned count)
{
    return word >> count | word << (64 - count);
}

/* RFC 7693, section 3.1: G */
static void mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d, uint64_t x, uint64_t y)
{
    *a += *b + x;
    *d = rotate_right(*d ^ *a, 32);
    *c += *d;
    *b = rotate_right(*b ^ *c, 24);
    *a += *b + y;
    *d = rotate_right(*d ^ *a, 16);
    *c += *d;
    *b = rotate_right(*b ^ *c, 63);
}

void blake2b_256(const void *bytes, size_t length, uint8_t digest[static BLAKE2B_256_SIZE])
{
    assert(length <= BLAKE2B_BLOCK_SIZE);
    uint8_t block[BLAKE2B_BLOCK_SIZE] = {0};
    if (length > 0)
        memcpy(block, bytes, length);
    uint64_t m[16] = {0};
    for (int i = 0; i < BLAKE2B_BLOCK_SIZE; i++)
        m[i / 8] |= (uint64_t)block[i] << (8 * (i % 8));

    uint64_t h0 = iv[0] ^ 0x01010000 ^ BLAKE2B_256_SIZE; /* section 2.5: fan-out 1, depth 1, no key */
    uint64_t v[16];
    memcpy(v, iv, sizeof iv);
    memcpy(v + 8, iv, sizeof iv);
    v[0] = h0;
    v[12] ^= length;
    v[14] = ~v[14]; /* the last block */
    for (size_t round = 0; round < 12; round++) {
        const uint8_t *s = sigma[round % 10];
        for (size_t i = 0; i < 4; i++)
            mix(&v[i], &v[4 + i], &v[8 + i], &v[12 + i], m[s[2 * i]], m[s[2 * i + 1]]);
        for (size_t i = 0; i < 4; i++)
            mix(&v[i], &v[4 + (i + 1) % 4], &v[8 + (i + 2) % 4], &v[12 + (i + 3) % 4], m[s[8 + 2 * i]],
                m[s[9 + 2 * i]]);
    }
    for (int i = 0; i < BLAKE2B_256_SIZE; i++) {
        uint64_t h = (i / 8 == 0 ? h0 : iv[i / 8]) ^ v[i / 8] ^ v[i / 8 + 8];
        digest[i] = (uint8_t)(h >> (8 * (i % 8)));
    }
}
