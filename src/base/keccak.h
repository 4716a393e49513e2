// SPDX-License-Identifier: Apache-2.0
/*
 * Keccak-256 with the padding of the original submission (0x01), which CryptoNote and Ethereum use; SHA3-256
 * of FIPS 202 pads with 0x06 and gives other values. It checks addresses and guards nothing. Thread-safe.
 */
#ifndef BASE_KECCAK_H
#define BASE_KECCAK_H

#include <stddef.h>
#include <stdint.h>

enum { KECCAK_256_SIZE = 32 };

void keccak_256(const void *bytes, size_t length, uint8_t digest[static KECCAK_256_SIZE]);

#endif
