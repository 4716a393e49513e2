// SPDX-License-Identifier: Apache-2.0
#include "config/document.h"

#include <stdlib.h>
#include <string.h>

enum { NODES_A_CHUNK = 64 };

/* Nodes never move: they point at each other. */
struct chunk {
    struct chunk *next;
    unsigned used;
    struct document_node nodes[NODES_A_CHUNK];
};

struct document_tree {
    const char *name;
    struct chunk *chunks;
    unsigned count, depth;
    struct document_node *open[DOCUMENT_MAX_DEPTH]; /* containers, the outermost first */
    struct document_node *last[DOCUMENT_MAX_DEPTH]; /* child of each */
    char *key;                                      /* read, and waiting for its value */
    struct document_place key_place;
    struct document_node *root;
};

static bool out_of_memory(const struct document_tree *tree, struct error *error)
{
    return error_set(error, STATUS_FAILED, "out of memory while reading %s", tree->name);
}

static struct document_node *new_node(struct document_tree *tree, const struct document_event *event,
                                      struct error *error)
{
    struct chunk *chunk = tree->chunks;
    if (tree->count == DOCUMENT_MAX_NODES) {
        document_fail(tree->name, event->place, error, "the file holds more than %d values",
                      DOCUMENT_MAX_NODES);
        return NULL;
    }
    if (chunk == NULL || chunk->used == NODES_A_CHUNK) {
        chunk = calloc(1, sizeof *chunk);
        if (chunk == NULL) {
            out_of_memory(tree, error);
            return NULL;
        }
        chunk->next = tree->chunks;
        tree->chunks = chunk;
    }
    struct document_node *node = &chunk->nodes[chunk->used];
    char *text = strdup(event->text);
    if (text == NULL) {
        out_of_memory(tree, error);
        return NULL;
    }
    chunk->used++;
    tree->count++;
    *node = (struct document_node){.type = event->type,
                                   .key = tree->key,
                                   .text = text,
                                   .is_null = event->is_null,
                                   .key_place = tree->key != NULL ? tree->key_place : event->place,
                                   .place = event->place};
    tree->key = NULL;
    return node;
}

static struct document_node *innermost(const struct document_tree *tree)
{
    return tree->depth > 0 ? tree->open[tree->depth - 1] : NULL;
}

static bool take_key(struct document_tree *tree, const struct document_event *event, struct error *error)
{
    const struct document_node *mapping = innermost(tree);
    if (event->type != DOCUMENT_SCALAR)
        return document_fail(tree->name, event->place, error, "here must stand a name and a colon");
    if (mapping->count == DOCUMENT_MAX_MEMBERS)
        return document_fail(tree->name, event->place, error, "more than %d names stand together here",
                             DOCUMENT_MAX_MEMBERS);
    if (document_member(mapping, event->text) != NULL)
        return document_fail(tree->name, event->place, error, "'%.60s' is there twice: remove one",
                             event->text);
    tree->key = strdup(event->text);
    tree->key_place = event->place;
    return tree->key != NULL || out_of_memory(tree, error);
}

static bool take_value(struct document_tree *tree, const struct document_event *event, struct error *error)
{
    struct document_node *parent = innermost(tree), *node = new_node(tree, event, error);
    if (node == NULL)
        return false;
    node->parent = parent;
    if (parent == NULL) {
        tree->root = node;
    } else {
        struct document_node **last = &tree->last[tree->depth - 1];
        if (*last == NULL)
            parent->child = node;
        else
            (*last)->next = node;
        *last = node;
        parent->count++;
    }
    if (event->type == DOCUMENT_SCALAR)
        return true;
    if (tree->depth == DOCUMENT_MAX_DEPTH)
        return document_fail(tree->name, event->place, error, "values nest deeper than %d",
                             DOCUMENT_MAX_DEPTH);
    tree->last[tree->depth] = NULL;
    tree->open[tree->depth++] = node;
    return true;
}

static bool take(void *taker, const struct document_event *event, struct error *error)
{
    struct document_tree *tree = taker;
    if (event->type == DOCUMENT_LIST_END || event->type == DOCUMENT_MAPPING_END) {
        tree->depth--;
        return true;
    }
    const struct document_node *parent = innermost(tree);
    bool wants_key = parent != NULL && parent->type == DOCUMENT_MAPPING && tree->key == NULL;
    return wants_key ? take_key(tree, event, error) : take_value(tree, event, error);
}

struct document_tree *document_tree_read(const char *text, size_t length, const char *name,
                                         struct error *error)
{
    struct document_tree *tree = calloc(1, sizeof *tree);
    if (tree == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while reading %s", name);
        return NULL;
    }
    tree->name = name;
    bool fine = document_read(text, length, name, take, tree, error);
    tree->name = NULL; /* borrowed until here */
    if (fine)
        return tree;
    document_tree_free(tree);
    return NULL;
}

static void free_text(const char *text)
{
    union { /* nodes show their texts as constant */
        const char *constant;
        char *own;
    } one = {.constant = text};
    free(one.own);
}

void document_tree_free(struct document_tree *tree)
{
    if (tree == NULL)
        return;
    while (tree->chunks != NULL) {
        struct chunk *chunk = tree->chunks;
        tree->chunks = chunk->next;
        for (unsigned i = 0; i < chunk->used; i++) {
            free_text(chunk->nodes[i].key);
            free_text(chunk->nodes[i].text);
        }
        free(chunk);
    }
    free(tree->key);
    free(tree);
}

const struct document_node *document_tree_root(const struct document_tree *tree)
{
    return tree->root;
}

const struct document_node *document_member(const struct document_node *node, const char *key)
{
    if (node == NULL || node->type != DOCUMENT_MAPPING)
        return NULL;
    for (const struct document_node *member = node->child; member != NULL; member = member->next)
        if (strcmp(member->key, key) == 0)
            return member;
    return NULL;
}
