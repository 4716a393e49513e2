// SPDX-License-Identifier: Apache-2.0
/*
 * Checksums of the base-32 address formats: bech32 (BIP 173), bech32m (BIP 350) and the 40-bit one of Bitcoin
 * Cash
 * ("cashaddr", bitcoincashorg/bitcoincash.org, spec/cashaddr.md), which Kaspa and Conflux took over.
 * Thread-safe.
 */
#ifndef INTEL_BECH32_H
#define INTEL_BECH32_H

#include <stdbool.h>
#include <stddef.h>

enum bech32 { BECH32_NONE, BECH32_PLAIN, BECH32_M };

extern const char bech32_alphabet[33];
extern const char conflux_alphabet[33];

/* Which checksum `text` ends with: prefix, `separator` (its last one), data. All lower or all upper case. The
 * limit of 90 characters of BIP 173 is left to the caller, as some coins lift it. */
enum bech32 bech32_check(const char *text, size_t length, char separator);

/* Whether `data` (without prefix and colon) ends with the checksum over `prefix` and itself. The alphabet's
 * case is lower; `data` may be all upper. */
bool cashaddr_check(const char *prefix, size_t prefix_length, const char *data, size_t length,
                    const char *alphabet);

#endif
