// SPDX-License-Identifier: Apache-2.0
/*
 * What one share is worth: how many hashes (or solutions) stand behind difficulty 1. It depends on the
 * algorithm, which Bitcoin's Stratum does not name: there the coin tells it, or SHA-256d is taken and the
 * estimate marked.
 */
#ifndef INSPECT_DIALECT_SHARE_VALUE_H
#define INSPECT_DIALECT_SHARE_VALUE_H

struct dialect;

struct share_value {
    double hashes; /* at difficulty 1 */
    const char
        *assumed; /* the algorithm that was taken without being named: static storage; "" where it is known */
};

/* `algorithm` as named on the wire or proven, `coin` a ticker; either may be "". */
struct share_value share_value_of(const struct dialect *dialect, const char *algorithm, const char *coin);

/* Of an algorithm by its name ("scrypt", "x11"), in any case; 0 where it is not in the table. */
double share_value_of_algorithm(const char *algorithm);

#endif
