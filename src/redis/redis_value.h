// SPDX-License-Identifier: Apache-2.0
/*
 * An answer of a Redis server as a tree. All its memory belongs to one `struct redis_reply`, is bounded, and
 * is freed at once; a server that answers with more, or deeper, than that is not believed.
 */
#ifndef REDIS_REDIS_VALUE_H
#define REDIS_REDIS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REDIS_MAX_DEPTH = 7 }; /* of lists in lists: XREAD needs four; hiredis 0.14 reads no deeper */

enum redis_value_type {
    REDIS_VALUE_NONE, /* nil: there is no such key or member */
    REDIS_VALUE_TEXT,
    REDIS_VALUE_NUMBER,
    REDIS_VALUE_LIST,
    REDIS_VALUE_ERROR,
};

struct redis_value {
    enum redis_value_type type;
    unsigned depth;            /* 1 at the root */
    size_t length;             /* of the text */
    const char *text;          /* TEXT, ERROR: any bytes, a NUL behind them; else "" */
    int64_t number;            /* NUMBER */
    size_t count;              /* of the items */
    struct redis_value *items; /* LIST */
};

/* The value behind `name` in a list of names and values (HGETALL, the fields of a stream entry); NULL where
 * it is not there. */
const struct redis_value *redis_value_find(const struct redis_value *pairs, const char *name);

struct redis_reply;

struct redis_reply *redis_reply_create(size_t max_bytes); /* NULL: out of memory */
void redis_reply_free(struct redis_reply *reply);         /* NULL is fine */
const struct redis_value *redis_reply_root(const struct redis_reply *reply);

/* For who reads an answer off the wire. The place of a value: the root where `parent` is NULL, else that item
 * of the list; NULL where it would be too deep or is not part of the list. */
struct redis_value *redis_reply_place(struct redis_reply *reply, struct redis_value *parent, size_t index);
/* False where the reply would take more memory than it may. */
bool redis_reply_set_text(struct redis_reply *reply, struct redis_value *value, enum redis_value_type type,
                          const char *bytes, size_t length);
bool redis_reply_set_list(struct redis_reply *reply, struct redis_value *value, size_t count);

#endif
