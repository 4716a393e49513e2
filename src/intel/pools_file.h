// SPDX-License-Identifier: Apache-2.0
/*
 * Rules of pools, line by line, for pools.c alone. The format is described in signatures/README.md.
 */
#ifndef INTEL_POOLS_FILE_H
#define INTEL_POOLS_FILE_H

#include "base/error.h"
#include "intel/list_file.h"

#include <stdbool.h>

struct pools_line {
    const char *path;
    unsigned number;
    struct pool_rule rule; /* its texts point into the file's text */
    const char *second;    /* the second column, which means another thing in each file */
    bool off;              /* the rule switches the others for its pattern off */
};

/* Takes a line; false, with the error filled, where it is wrong. */
typedef bool pools_take(void *taker, const struct pools_line *line, struct error *error);

/* Hands each rule of the file to `take`. The text is allocated and handed out at once in `text`, also where a
 * line is bad; the caller frees it after the rules. A file that is missing is an error unless it is
 * `optional`. */
bool pools_file_read(const char *path, bool optional, pools_take *take, void *taker, char **text,
                     struct error *error);

/* Fills `error` for a line: "signatures/local-domains.tsv:12: ..."; returns false. */
bool pools_line_error(const struct pools_line *line, struct error *error, const char *what,
                      const char *value);

#endif
