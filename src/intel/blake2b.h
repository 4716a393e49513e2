// SPDX-License-Identifier: Apache-2.0
/*
 * BLAKE2b-256 without a key (RFC 7693), for the checksum of Ergo addresses. Thread-safe.
 */
#ifndef INTEL_BLAKE2B_H
#define INTEL_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

enum { BLAKE2B_BLOCK_SIZE = 128, BLAKE2B_256_SIZE = 32 };

/* Of at most one block (`length` up to 128): addresses are shorter. */
void blake2b_256(const void *bytes, size_t length, uint8_t digest[static BLAKE2B_256_SIZE]);

#endif
