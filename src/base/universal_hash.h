// SPDX-License-Identifier: Apache-2.0
/*
 * A keyed hash of few words for what is looked up for each packet: NH (Black, Halevi, Krawczyk, Krovetz,
 * Rogaway: UMAC, CRYPTO 1999, section 4), folded to 64 bits. Keys that were chosen
 * without the secret collide as seldom as random ones do, at a fifth of what SipHash costs. Unlike SipHash it
 * hides nothing from who sees hashes, or can tell how long a look-up takes: who sends packets past a sensor
 * sees neither. Everywhere else use siphash.h.
 */
#ifndef BASE_UNIVERSAL_HASH_H
#define BASE_UNIVERSAL_HASH_H

#include "base/siphash.h"

enum { UNIVERSAL_HASH_PAIRS = 3 }; /* of words, at most */

struct universal_secret {
    uint64_t words[2 * UNIVERSAL_HASH_PAIRS], fold[2];
};

/* Makes 16 random bytes into as many as are needed. */
static inline void universal_expand(struct universal_secret *secret, const uint8_t seed[static 16])
{
    for (uint64_t i = 0; i < 2 * UNIVERSAL_HASH_PAIRS; i++)
        secret->words[i] = siphash(seed, &i, sizeof i);
    for (uint64_t i = 0; i < 2; i++) {
        uint64_t number = 2 * UNIVERSAL_HASH_PAIRS + i;
        secret->fold[i] = siphash(seed, &number, sizeof number) | 1;
    }
}

__extension__ typedef unsigned __int128 universal_sum; /* no name of ISO C */

/* The share of the pair of words at place `pair`; those of all pairs are added up. */
static inline universal_sum universal_pair(const struct universal_secret *secret, unsigned pair, uint64_t a,
                                           uint64_t b)
{
    return (universal_sum)(a + secret->words[2 * pair]) * (b + secret->words[2 * pair + 1]);
}

/* NH is linear in each word, so that words in steps give sums in steps, which a sum of products alone would
 * leave in steps: hence the shift between two products. The upper half of the last is the better hash, and so
 * comes to stand below; the secret is in both. */
static inline uint64_t universal_fold(const struct universal_secret *secret, universal_sum sum)
{
    uint64_t folded = (uint64_t)sum ^ (uint64_t)(sum >> 64) * secret->fold[0];
    uint64_t product = (folded ^ folded >> 32) * secret->fold[1];
    return product >> 32 | product << 32;
}

#endif
