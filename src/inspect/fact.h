// SPDX-License-Identifier: Apache-2.0
/*
 * Facts: what was seen in a flow that speaks for or against mining. Recognisers state them, verdict/ weighs
 * them.
 */
#ifndef INSPECT_FACT_H
#define INSPECT_FACT_H

#include <stdbool.h>
#include <stdint.h>

enum fact {
#define FACT(identifier, points, proof, words) FACT_##identifier,
#include "inspect/facts.def"
#undef FACT
    FACT_COUNT
};
_Static_assert(FACT_COUNT <= 64, "facts of a flow are bits of one word");

struct fact_row {
    const char *identifier;
    int points;
    bool proof;
    const char *words;
};

extern const struct fact_row fact_rows[FACT_COUNT];

static inline uint64_t fact_bit(enum fact fact)
{
    return UINT64_C(1) << fact;
}

#endif
