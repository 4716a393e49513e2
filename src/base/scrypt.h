// SPDX-License-Identifier: Apache-2.0
/*
 * scrypt (RFC 7914) with block size and parallelism 1, as Litecoin and its relatives prove work with it: N =
 * 1024, the block header being password and salt. Half a millisecond each, with 128 kB of memory.
 */
#ifndef BASE_SCRYPT_H
#define BASE_SCRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCRYPT_LITECOIN_N = 1024 };

/* `n`: a power of two, 2 to 65536. False where memory is short or SHA-256 is forbidden. */
bool scrypt(const void *password, size_t password_length, const void *salt, size_t salt_length, uint32_t n,
            uint8_t *derived, size_t derived_length);

#endif
