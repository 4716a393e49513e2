// SPDX-License-Identifier: Apache-2.0
/*
 * From facts to a verdict: the points of facts.def are added up, each fact once.
 *
 *   confirmed   90 points or more, and a proof (the pool's answer, a value that text cannot fake), or both
 * sides speak likely      60 points or more suspected   40 points or more
 *
 * docs/verdicts.md tells what that means in practice. Pure functions.
 */
#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H

#include "inspect/fact.h"
#include "verdict/event.h"

struct weighed {
    enum verdict verdict;
    int points;
    double confidence; /* 1 - 10^(-points / 50), between 0 and 0.999 */
};

struct weighed verdict_weigh(uint64_t facts);

/* Those of the facts that count beside the others. */
uint64_t verdict_counted(uint64_t facts);

#endif
