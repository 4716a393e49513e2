// SPDX-License-Identifier: Apache-2.0
/*
 * Hashes shares that a worker handed on and holds them against their targets. Bitcoin's family: the header
 * that coinbase and merkle branch lead to, by double SHA-256 and by scrypt; Equihash: the double SHA-256 of
 * header and solution.
 *
 * The same messages are spoken for coins with other functions, where a share misses and that says nothing.
 * Only once enough shares meet their targets by one function is it known to be the chain's; then its hits are
 * proofs and its misses the miner's. A function that shares keep missing is not tried again, and scrypt,
 * which is dear, not for every share.
 */
#ifndef VERDICT_PROOF_CHECK_H
#define VERDICT_PROOF_CHECK_H

#include "inspect/proof.h"

#include <stdbool.h>
#include <stdint.h>

enum proof_function { PROOF_SHA256D, PROOF_SCRYPT, PROOF_FUNCTIONS };

/* What the checked shares of one flow add up to. */
struct proof_tally {
    struct proof_count {
        uint64_t met, missed;
        double bits; /* proof_gain() of each */
        bool known;  /* it is the chain's function */
    } counts[PROOF_FUNCTIONS];
    uint64_t scrypt_shares; /* that may be of that function, whether it was their turn or not */
};

/* Checks a share and adds it; one that is no whole share changes nothing. */
void proof_check(struct proof_tally *tally, const struct proof_share *share);

/* The count of the function that is known to be the chain's; NULL where none is. */
const struct proof_count *proof_known(const struct proof_tally *tally);
/* Its name; "" where none is known. */
const char *proof_algorithm(const struct proof_tally *tally);

/* Attempts that a hash (little endian) stands for, 2^256 / hash: what is compared with a target's. */
double proof_attempts(const uint8_t hash[static 32]);

#endif
