// SPDX-License-Identifier: Apache-2.0
/*
 * A dialect as an operator writes it, without a compiler: YAML, described in signatures/dialects/README.md.
 */
#ifndef INSPECT_DIALECT_DIALECT_FILE_H
#define INSPECT_DIALECT_DIALECT_FILE_H

#include "base/error.h"
#include "inspect/dialect/dialect.h"

enum { DIALECT_FILE_FORMAT = 1, DIALECT_FILE_MAX_BYTES = 256 << 10 };

struct dialect_file {
    struct dialect dialect; /* what it points to lives as long as the file */
    bool enabled;
    bool is_switch; /* holds no dialect: switches that of its name on or off */
    char *path;     /* below the directory of the signatures: "dialects/example.yaml" */
    struct document_tree *tree;
    struct word *words;
    struct word_rule *rules; /* one a word */
};

/* From `length` bytes of text; `name` stands for the file in errors, which say line and column. NULL where
 * anything is wrong. */
struct dialect_file *dialect_file_parse(const char *text, size_t length, const char *name,
                                        struct error *error);
struct dialect_file *dialect_file_read(const char *path, struct error *error);
void dialect_file_free(struct dialect_file *file); /* NULL is fine */

#endif
