// SPDX-License-Identifier: Apache-2.0
/*
 * The two ways in which addresses are written in Base58: as one big number (Bitcoin and its family) and in
 * blocks of eleven characters (CryptoNote). Reads into fixed buffers; checksums are the caller's.
 * Thread-safe.
 */
#ifndef INTEL_BASE58_H
#define INTEL_BASE58_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Value of a character, -1 where it is none of the alphabet. */
int base58_digit(char c);

/* Reads `length` characters as a big-endian number, each leading '1' as a zero byte. Returns the count of
 * bytes; 0 where there is a foreign character, or more than `size` bytes. Quadratic: give it no more text
 * than an address has. */
size_t base58_read(const char *text, size_t length, uint8_t *bytes, size_t size);

/* Reads CryptoNote's blocks (monero-project/monero, src/common/base58.cpp). Returns the count of bytes; 0
 * where there is a foreign character, a block that holds too large a number, a length that no bytes give, or
 * more than `size`. */
size_t base58_read_blocks(const char *text, size_t length, uint8_t *bytes, size_t size);

#endif
