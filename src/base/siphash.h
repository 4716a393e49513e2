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

#endif
