// SPDX-License-Identifier: Apache-2.0
#include "config/suggest.h"

#include <stdio.h>
#include <string.h>

enum { MAX_LENGTH = 48 }; /* longer words are no slip of the finger */

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Levenshtein's distance, where two neighbours that changed places are one edit. Both are at most MAX_LENGTH
 * long. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][MAX_LENGTH + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = smallest(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                two_above[j - 2] + 1 < row[j])
                row[j] = two_above[j - 2] + 1;
        }
    }
    return rows[a_length % 3][b_length];
}

void suggest_offer(struct suggestion *suggestion, const char *candidate)
{
    size_t word_length = strlen(suggestion->word), length = strlen(candidate);
    if (word_length == 0 || word_length > MAX_LENGTH || length > MAX_LENGTH)
        return;
    size_t edits = distance(suggestion->word, word_length, candidate, length);
    size_t most = length < 4 ? 1 : (length + 2) / 3; /* more edits than that is another word */
    if (edits <= most && (suggestion->best == NULL || edits < suggestion->distance)) {
        suggestion->best = candidate;
        suggestion->distance = edits;
    }
}

const char *suggest_text(const struct suggestion *suggestion, char *text, size_t size)
{
    if (suggestion->best == NULL)
        snprintf(text, size, "%s", "");
    else
        snprintf(text, size, "; did you mean '%s'?", suggestion->best);
    return text;
}
