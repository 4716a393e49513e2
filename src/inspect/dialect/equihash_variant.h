// SPDX-License-Identifier: Apache-2.0
/*
 * Which Equihash it is: the parameters n and k decide how long a solution is.
 */
#ifndef INSPECT_DIALECT_EQUIHASH_VARIANT_H
#define INSPECT_DIALECT_EQUIHASH_VARIANT_H

#include <stddef.h>

/* "equihash-144,5" of a solution with so many hexadecimal digits, its CompactSize length included; "" where
 * no coin's solutions are that long. */
const char *equihash_variant(size_t digits);

/* The same of the name that some pools put into the job: "144_5"; "" where it is none. */
const char *equihash_variant_named(const char *name);

#endif
