// SPDX-License-Identifier: Apache-2.0
/*
 * The dialects in force: those that are built in, and those of files, which may take the place of a built-in
 * one or switch it off. A set never changes once it is made, so any thread may read it; changing one's mind
 * is making another and letting go of this.
 *
 * Words belong to the set. What a conversation is told to be (struct dialect: name, kind, coin, worth of a
 * share) does not: it goes through the ring into dossiers and incidents, and outlives every set.
 */
#ifndef INSPECT_DIALECT_DIALECT_SET_H
#define INSPECT_DIALECT_DIALECT_SET_H

#include "inspect/dialect/dialect.h"

#include <stdatomic.h>

enum {
    DIALECT_SET_MAX_FILES = 256,
    DIALECT_FILE_MAX_WORDS = 64, /* of one file */
};

struct dialect_file;
struct dialect_set;

struct dialect_entry {
    const struct dialect *dialect; /* outlives the set */
    const struct word *words;
    size_t word_count;
    const char *file; /* "dialects/example.yaml"; NULL: built in */
    bool enabled;     /* else none of its words is in force */
};

struct dialect_word {
    const struct word *word;
    const struct dialect *dialect;
    uint16_t rank; /* place in the set */
};

/* The built-in dialects alone: for ever there. */
const struct dialect_set *dialect_set_builtin(void);

/* Of `count` entries, which are copied; takes the files they come from, and frees them also on failure (NULL:
 * out of memory). */
struct dialect_set *dialect_set_create(const struct dialect_entry *entries, size_t count,
                                       struct dialect_file **files, size_t file_count);
void dialect_set_free(struct dialect_set *set); /* NULL is fine */

/*
 * How a set gets from the thread that made it to the packet thread without a lock: it is laid down, and taken
 * between two batches of packets. Nothing that lives longer than a packet points into a set, so the one
 * before is freed at once.
 */
struct dialect_exchange {
    const struct dialect_set *now;      /* the packet thread's: the built-in ones at first */
    struct dialect_set *own;            /* the same where it was handed over, else NULL */
    _Atomic(struct dialect_set *) next; /* NULL: nothing was laid down */
};
void dialect_exchange_init(struct dialect_exchange *exchange);
void dialect_exchange_done(struct dialect_exchange *exchange); /* with nobody else at it */
/* From any thread: gives `set` away. One that was laid down before and not taken is freed. */
void dialect_exchange_hand(struct dialect_exchange *exchange, struct dialect_set *set);
/* The packet thread's. */
void dialect_exchange_take(struct dialect_exchange *exchange);

/* In the order in which they rank. */
const struct dialect_entry *dialect_set_entries(const struct dialect_set *set, size_t *count);

/* All words with that method, over all dialects: `*count` entries in the order of their rank. */
const struct dialect_word *dialect_find_words(const struct dialect_set *set, const char *method,
                                              size_t *count);
/* All words that are answers. */
const struct dialect_word *dialect_find_answers(const struct dialect_set *set, size_t *count);

#endif
