// SPDX-License-Identifier: Apache-2.0
/*
 * SipHash-1-3 (Aumasson, Bernstein 2012, with 1 compression and 3 finalisation rounds), the keyed hash of
 * every table whose keys come from the wire: who does not know the secret cannot make keys collide.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t siphash(const uint8_t secret[static 16], const void *bytes, size_t length);

/* Fills `secret` with random bytes from the kernel; ends the program where it has none (it always has). */
void siphash_make_secret(uint8_t secret[static 16]);

/* ---- the same over whole words, inline, for what is done for each packet ---- */

struct siphash_state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t siphash_rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

static inline void siphash_round(struct siphash_state *s)
{
    s->v0 += s->v1;
    s->v1 = siphash_rotate(s->v1, 13) ^ s->v0;
    s->v0 = siphash_rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = siphash_rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = siphash_rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = siphash_rotate(s->v1, 17) ^ s->v2;
    s->v2 = siphash_rotate(s->v2, 32);
}

/* The constants spell "somepseudorandomlygeneratedbytes". */
static inline struct siphash_state siphash_begin(uint64_t k0, uint64_t k1)
{
    return (struct siphash_state){0x736f6d6570736575 ^ k0, 0x646f72616e646f6d ^ k1, 0x6c7967656e657261 ^ k0,
                                  0x7465646279746573 ^ k1};
}

static inline void siphash_absorb(struct siphash_state *s, uint64_t word)
{
    s->v3 ^= word;
    siphash_round(s);
    s->v0 ^= word;
}

static inline uint64_t siphash_end(struct siphash_state *s)
{
    s->v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        siphash_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

#endif
