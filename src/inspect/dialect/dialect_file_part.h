// SPDX-License-Identifier: Apache-2.0
/*
 * What the readers of a dialect file's parts share: dialect_file.c (the dialect), dialect_file_word.c (a
 * word), dialect_file_value.c (the shape of its values).
 */
#ifndef INSPECT_DIALECT_DIALECT_FILE_PART_H
#define INSPECT_DIALECT_DIALECT_FILE_PART_H

#include "config/document.h"
#include "inspect/dialect/word_rule.h"

struct dialect_part {
    const char *name; /* of the file, for errors */
    struct error *error;
};

/* Fills the error with the place of the node; false. */
#define PART_FAIL(part, node, ...)                                                                           \
    (document_fail((part)->name, (node)->place, (part)->error, __VA_ARGS__), false)

/* A mapping whose names are all among `keys` (NULL ends them); `what` it describes: "a word". */
bool part_check_keys(const struct dialect_part *part, const struct document_node *node,
                     const char *const *keys, const char *what);

/* A text of `low`..`high` characters, none a control character. */
bool part_text(const struct dialect_part *part, const struct document_node *node, size_t low, size_t high,
               const char **text);

bool part_truth(const struct dialect_part *part, const struct document_node *node, bool *truth);
bool part_number(const struct dialect_part *part, const struct document_node *node, double least, double most,
                 double *number);

/* One of `words`, by its place among them; entries that are NULL are none. */
bool part_choice(const struct dialect_part *part, const struct document_node *node, const char *const *words,
                 size_t count, unsigned *choice);
#define PART_CHOICE(part, node, words, choice)                                                               \
    part_choice(part, node, words, sizeof(words) / sizeof((words)[0]), choice)

/* A word (its node is a mapping): fills both, `word` pointing to `rule`. What is allocated is in the rule. */
bool part_read_word(const struct dialect_part *part, const struct document_node *node, struct word *word,
                    struct word_rule *rule);

/* The values that a word describes in its params, its result, and the message itself. */
bool part_read_values(const struct dialect_part *part, const struct document_node *word,
                      struct word_rule *rule);
void part_free_values(struct word_rule *rule);

#endif
