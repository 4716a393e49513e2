// SPDX-License-Identifier: Apache-2.0
#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static inline uint64_t load_le(const uint8_t *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(value) : value;
}

uint64_t siphash(const uint8_t secret[static 16], const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    uint64_t k0 = load_le(secret), k1 = load_le(secret + 8);
    struct siphash_state s = siphash_begin(k0, k1);
    for (size_t words = length / 8; words > 0; words--, at += 8)
        siphash_absorb(&s, load_le(at));
    uint64_t last = (uint64_t)length << 56;
    for (size_t i = 0; i < length % 8; i++)
        last |= (uint64_t)at[i] << (8 * i);
    siphash_absorb(&s, last);
    return siphash_end(&s);
}

void siphash_make_secret(uint8_t secret[static 16])
{
    if (getrandom(secret, 16, 0) != 16)
        abort();
}
