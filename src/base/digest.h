// SPDX-License-Identifier: Apache-2.0
/*
 * Message digests of whole byte strings, by libgcrypt: digest.c is the only file that includes it. They name
 * things (Community ID, JA3, JA4, addresses); none of them guards anything. Thread-safe.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256 };

enum { DIGEST_MAX_SIZE = 32 }; /* MD5 has 16 bytes, SHA-1 20, SHA-256 32 */

/* Makes libgcrypt ready, once; digest_of() does it too. For those who start a library that uses libgcrypt
 * itself. */
void digest_prepare(void);

/* Writes the digest; false, and zeros, where the system's policy forbids it (MD5 in FIPS mode). */
bool digest_of(enum digest digest, const void *bytes, size_t length, uint8_t value[static DIGEST_MAX_SIZE]);

/* The first `digits` hexadecimal digits (even, up to 64) of the digest and a NUL; "" where there is none. */
void digest_hex(enum digest digest, const void *bytes, size_t length, char *text, size_t digits);

#endif
