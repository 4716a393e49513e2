// SPDX-License-Identifier: Apache-2.0
#include "base/keccak.h"

#include <string.h>

enum { LANES = 25, ROUNDS = 24, RATE = 136 }; /* FIPS 202, section 3 and table 3: capacity of 512 bits */

/* FIPS 202, section 3.2.5: iota */
static const uint64_t round_constants[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static uint64_t rotate(uint64_t word, unsigned count)
{
    return word << count | word >> (64 - count);
}

/* The steps' loops are unrolled: their indices are then known, and the state stays in registers. */
static inline void theta(uint64_t a[static LANES])
{
    uint64_t c[5];
#pragma GCC unroll 5
    for (int x = 0; x < 5; x++)
        c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
    for (int x = 0; x < 5; x++) {
        uint64_t d = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
#pragma GCC unroll 5
        for (int y = 0; y < LANES; y += 5)
            a[x + y] ^= d;
    }
}

/* rho and pi in one walk: lanes in the order in which pi visits them, with the rotation of each (triangular
 * numbers modulo 64; FIPS 202, sections 3.2.2 and 3.2.3) */
static void rho_pi(uint64_t a[static LANES])
{
    static const uint8_t lane[ROUNDS] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                         15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
    uint64_t carried = a[1];
#pragma GCC unroll 24
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t next = a[lane[i]];
        a[lane[i]] = rotate(carried, (i + 1) * (i + 2) / 2 % 64);
        carried = next;
    }
}

static void chi(uint64_t a[static LANES])
{
#pragma GCC unroll 5
    for (int y = 0; y < LANES; y += 5) {
        uint64_t row[5];
        memcpy(row, a + y, sizeof row);
#pragma GCC unroll 5
        for (int x = 0; x < 5; x++)
            a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

static void absorb(uint64_t a[static LANES], const uint8_t block[static RATE])
{
    for (int i = 0; i < RATE; i++)
        a[i / 8] ^= (uint64_t)block[i] << (8 * (i % 8));
    for (int round = 0; round < ROUNDS; round++) {
        theta(a);
        rho_pi(a);
        chi(a);
        a[0] ^= round_constants[round];
    }
}

void keccak_256(const void *bytes, size_t length, uint8_t digest[static KECCAK_256_SIZE])
{
    uint64_t lanes[LANES] = {0};
    const uint8_t *at = bytes;
    for (; length >= RATE; at += RATE, length -= RATE)
        absorb(lanes, at);
    uint8_t last[RATE] = {0};
    if (length > 0)
        memcpy(last, at, length);
    last[length] = 0x01;
    last[RATE - 1] |= 0x80;
    absorb(lanes, last);
    for (int i = 0; i < KECCAK_256_SIZE; i++)
        digest[i] = (uint8_t)(lanes[i / 8] >> (8 * (i % 8)));
}
