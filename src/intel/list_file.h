// SPDX-License-Identifier: Apache-2.0
/*
 * Lists as text files: one entry a line, columns with one tab between them, '#' starts a comment line. Shared
 * by the lists of pools, of TLS fingerprints and of what is allowed; signatures/README.md describes them.
 */
#ifndef INTEL_LIST_FILE_H
#define INTEL_LIST_FILE_H

#include "base/error.h"
#include "intel/pools.h"

#include <stdbool.h>
#include <stddef.h>

struct list_line {
    const char *path;
    unsigned number;
    char *text; /* without its line end; may be written to */
};

/* Takes a line that is neither empty nor a comment; false, with the error filled, where it is wrong. */
typedef bool list_take(void *taker, const struct list_line *line, struct error *error);

/* Hands each line of the file to `take`. The text is allocated and handed out at once in `text`, also where a
 * line is bad; the caller frees it after all that points into it. A file that is missing is an error unless
 * it is `optional`; `advice` ends that error's sentence. */
bool list_file_read(const char *path, bool optional, const char *advice, list_take *take, void *taker,
                    char **text, struct error *error);

/* Cuts the line at its tabs into at most `size` columns; those that are left out, and those that hold "-",
 * are "". Returns how many there are; size + 1 where there are more. */
size_t list_line_split(const struct list_line *line, const char *columns[], size_t size);

/* Fills `error` for a line: "signatures/local-domains.tsv:12: ..."; returns false. */
bool list_line_error(const struct list_line *line, struct error *error, const char *what, const char *value);

/* "low", "medium", "high"; or "off", which sets *off. False where it is none of them. */
bool list_read_confidence(const char *text, enum pool_confidence *confidence, bool *off);

/* Four digits; "" leaves 0. */
bool list_read_year(const char *text, uint16_t *year);

#endif
