// SPDX-License-Identifier: Apache-2.0
#include "inspect/fact.h"

const struct fact_row fact_rows[FACT_COUNT] = {
#define FACT(identifier, points, proof, words) {#identifier, points, proof, words},
#include "inspect/facts.def"
#undef FACT
};
