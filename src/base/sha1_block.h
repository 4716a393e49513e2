// SPDX-License-Identifier: Apache-2.0
/*
 * SHA-1 of one block, by the processor's own instructions: a third of what libgcrypt takes for it, whose
 * general interface costs more than the hash. For names only (Community ID); nothing is guarded by it.
 */
#ifndef BASE_SHA1_BLOCK_H
#define BASE_SHA1_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { SHA1_BLOCK_SIZE = 64, SHA1_BLOCK_MAX = 55, SHA1_SIZE = 20 };

/* `block`: up to SHA1_BLOCK_MAX bytes of message, padded to the block's end (FIPS 180-4, section 5.1.1).
 * False, and nothing is written, where this processor has no such instructions. */
bool sha1_block(const uint8_t block[static SHA1_BLOCK_SIZE], uint8_t value[static SHA1_SIZE]);
/* The same of two blocks at once, in little more than the time of one: each round waits for the one before
 * it. */
bool sha1_block_two(const uint8_t block[static SHA1_BLOCK_SIZE], uint8_t value[static SHA1_SIZE],
                    const uint8_t block_two[static SHA1_BLOCK_SIZE], uint8_t value_two[static SHA1_SIZE]);

#endif
