// SPDX-License-Identifier: Apache-2.0
#include "base/sha1_block.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <pthread.h>
#include <stddef.h>

static bool has_instructions;

/* Intel's manual, volume 2A, CPUID: SSSE3 and SSE4.1 in leaf 1, SHA in leaf 7. */
static void look(void)
{
    unsigned a, b, basic = 0, d, extended = 0;
    if (__get_cpuid(1, &a, &b, &basic, &d) && __get_cpuid_count(7, 0, &a, &extended, &b, &d))
        has_instructions = (basic & bit_SSSE3) != 0 && (basic & bit_SSE4_1) != 0 && (extended & bit_SHA) != 0;
}

/* FIPS 180-4, section 5.3.1 */
#define H0 0x67452301
#define H1 0xefcdab89
#define H2 0x98badcfe
#define H3 0x10325476
#define H4 0xc3d2e1f0u

#define WITH_INSTRUCTIONS __attribute__((target("sha,ssse3,sse4.1")))

struct hashing {
    __m128i abcd, before, w[4];
};

WITH_INSTRUCTIONS static inline __m128i big_endian(__m128i words)
{
    return _mm_shuffle_epi8(words, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

WITH_INSTRUCTIONS static inline __m128i first_abcd(void)
{
    return _mm_set_epi32(H0, (int)H1, (int)H2, H3);
}

WITH_INSTRUCTIONS static inline void begin(struct hashing *hashing, const uint8_t *block)
{
    hashing->abcd = first_abcd();
    hashing->before = _mm_set_epi32((int)(H4 << 2 | H4 >> 30), 0, 0, 0);
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; i++)
        hashing->w[i] = big_endian(_mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i)));
}

/* Four rounds: section 6.1.3, which keeps the latest sixteen words of the schedule. What was `a` four rounds
 * ago, turned, is now `e`. */
#define FOUR_ROUNDS(hashing, i, function)                                                                    \
    do {                                                                                                     \
        __m128i *w = (hashing).w;                                                                            \
        if ((i) >= 4)                                                                                        \
            w[(i) % 4] = next_words(w[(i) % 4], w[((i) + 1) % 4], w[((i) + 2) % 4], w[((i) + 3) % 4]);       \
        __m128i with_e = _mm_sha1nexte_epu32((hashing).before, w[(i) % 4]);                                  \
        (hashing).before = (hashing).abcd;                                                                   \
        (hashing).abcd = _mm_sha1rnds4_epu32((hashing).abcd, with_e, function);                              \
    } while (0)

#define TWENTY_ROUNDS(first, function)                                                                       \
    _Pragma("GCC unroll 5") for (unsigned i = (first); i < (first) + 5; i++)                                 \
    {                                                                                                        \
        FOUR_ROUNDS(one, i, function);                                                                       \
        FOUR_ROUNDS(two, i, function);                                                                       \
    }

WITH_INSTRUCTIONS static inline __m128i next_words(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(a, b), c), d);
}

WITH_INSTRUCTIONS static inline void end(const struct hashing *hashing, uint8_t *value)
{
    __m128i e = _mm_sha1nexte_epu32(hashing->before, _mm_set_epi32((int)H4, 0, 0, 0));
    _mm_storeu_si128((__m128i *)(void *)value, big_endian(_mm_add_epi32(hashing->abcd, first_abcd())));
    _mm_storeu_si32(value + 16, big_endian(e));
}

/* Each round waits for the one before it, so that a second block takes next to no time more. */
WITH_INSTRUCTIONS static void hash_two(const uint8_t *block, uint8_t *value, const uint8_t *block_two,
                                       uint8_t *value_two)
{
    struct hashing one, two;
    begin(&one, block);
    begin(&two, block_two);
    TWENTY_ROUNDS(0, 0)
    TWENTY_ROUNDS(5, 1)
    TWENTY_ROUNDS(10, 2)
    TWENTY_ROUNDS(15, 3)
    end(&one, value);
    end(&two, value_two);
}

bool sha1_block_two(const uint8_t block[static SHA1_BLOCK_SIZE], uint8_t value[static SHA1_SIZE],
                    const uint8_t block_two[static SHA1_BLOCK_SIZE], uint8_t value_two[static SHA1_SIZE])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, look);
    if (has_instructions)
        hash_two(block, value, block_two, value_two);
    return has_instructions;
}

#else

bool sha1_block_two(const uint8_t block[static SHA1_BLOCK_SIZE], uint8_t value[static SHA1_SIZE],
                    const uint8_t block_two[static SHA1_BLOCK_SIZE], uint8_t value_two[static SHA1_SIZE])
{
    (void)block;
    (void)value;
    (void)block_two;
    (void)value_two;
    return false;
}

#endif

bool sha1_block(const uint8_t block[static SHA1_BLOCK_SIZE], uint8_t value[static SHA1_SIZE])
{
    uint8_t again[SHA1_SIZE];
    return sha1_block_two(block, value, block, again);
}
