// SPDX-License-Identifier: Apache-2.0
/*
 * "Did you mean": the candidate that is nearest to a word that was not understood.
 */
#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H

#include <stddef.h>

struct suggestion {
    const char *word; /* what was given */
    const char *best; /* the nearest candidate so far; NULL: none is near */
    size_t distance;  /* edits from `word` to `best` */
};

/* Start with {.word = ...}; candidates are borrowed. */
void suggest_offer(struct suggestion *suggestion, const char *candidate);

/* "; did you mean 'x'?" or "". */
const char *suggest_text(const struct suggestion *suggestion, char *text, size_t size);

#endif
