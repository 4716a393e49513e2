// SPDX-License-Identifier: Apache-2.0
/*
 * YAML as geophone takes it: mappings, lists and scalars without anchors, aliases, tags and further
 * documents. Read event by event, or as a bounded tree whose nodes know where they stand.
 */
#ifndef CONFIG_DOCUMENT_H
#define CONFIG_DOCUMENT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document_place {
    unsigned line, column; /* from 1 */
};

enum document_event_type {
    DOCUMENT_SCALAR,
    DOCUMENT_LIST,
    DOCUMENT_LIST_END,
    DOCUMENT_MAPPING,
    DOCUMENT_MAPPING_END,
};

struct document_event {
    enum document_event_type type;
    const char *text; /* of a scalar, "" for all else */
    bool is_null;     /* a scalar that is nothing at all, "~" or "null" without quotes */
    struct document_place place;
};

/* Fills `error` with file, line, column and a sentence; returns false. */
bool document_fail(const char *name, struct document_place place, struct error *error, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

/* Takes an event, whose text lives until it returns; false, with the error filled, ends the reading. */
typedef bool document_take(void *taker, const struct document_event *event, struct error *error);

/* Reads `length` bytes of YAML; `name` stands for the file in errors. */
bool document_read(const char *text, size_t length, const char *name, document_take *take, void *taker,
                   struct error *error);

/* A file of at most `max_bytes` as text, allocated, with a NUL behind its `length` bytes; `what` is it in
 * errors: "configuration". */
char *document_load(const char *path, const char *what, size_t max_bytes, size_t *length,
                    struct error *error);

/* ---- the same as a tree ---- */

enum { DOCUMENT_MAX_DEPTH = 16, DOCUMENT_MAX_NODES = 16384, DOCUMENT_MAX_MEMBERS = 64 };

struct document_node {
    enum document_event_type type; /* of the three that begin something */
    const char *key;               /* of a mapping's member; NULL of all else */
    const char *text;              /* of a scalar */
    bool is_null;
    struct document_place key_place, place;
    const struct document_node *parent, *child, *next; /* NULL where there is none */
    uint32_t count;                                    /* children */
};

struct document_tree;

/* NULL where the text is no YAML, goes beyond a bound, or names a member twice. */
struct document_tree *document_tree_read(const char *text, size_t length, const char *name,
                                         struct error *error);
void document_tree_free(struct document_tree *tree); /* NULL is fine */

/* The outermost value; NULL of a file of nothing but comments. */
const struct document_node *document_tree_root(const struct document_tree *tree);

/* The member of that name of a mapping; NULL where there is none, and of other nodes. */
const struct document_node *document_member(const struct document_node *node, const char *key);

#endif
