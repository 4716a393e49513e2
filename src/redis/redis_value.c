// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_value.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 4096 - 64 };

/* Memory that is handed out from its beginning and freed with the reply. */
struct piece {
    struct piece *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
};

struct redis_reply {
    struct redis_value root;
    struct piece *pieces; /* the one in use first */
    size_t left;          /* bytes that it may still take */
};

struct redis_reply *redis_reply_create(size_t max_bytes)
{
    struct redis_reply *reply = calloc(1, sizeof *reply);
    if (reply == NULL)
        return NULL;
    reply->root = (struct redis_value){.depth = 1, .text = ""};
    reply->left = max_bytes;
    return reply;
}

void redis_reply_free(struct redis_reply *reply)
{
    while (reply != NULL && reply->pieces != NULL) {
        struct piece *next = reply->pieces->next;
        free(reply->pieces);
        reply->pieces = next;
    }
    free(reply);
}

const struct redis_value *redis_reply_root(const struct redis_reply *reply)
{
    return &reply->root;
}

static void *take(struct redis_reply *reply, size_t bytes)
{
    struct piece *piece = reply->pieces;
    size_t alignment = _Alignof(max_align_t);
    if (bytes > reply->left || bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (piece == NULL || piece->size - piece->used < bytes) {
        size_t size = bytes > PIECE_BYTES ? bytes : PIECE_BYTES;
        piece = malloc(sizeof *piece + size);
        if (piece == NULL)
            return NULL;
        *piece = (struct piece){.next = reply->pieces, .size = size};
        reply->pieces = piece;
    }
    void *taken = piece->bytes + piece->used;
    piece->used += bytes;
    reply->left -= bytes < reply->left ? bytes : reply->left;
    return taken;
}

struct redis_value *redis_reply_place(struct redis_reply *reply, struct redis_value *parent, size_t index)
{
    if (parent == NULL)
        return &reply->root;
    if (parent->type != REDIS_VALUE_LIST || index >= parent->count || parent->depth >= REDIS_MAX_DEPTH)
        return NULL;
    return &parent->items[index];
}

bool redis_reply_set_text(struct redis_reply *reply, struct redis_value *value, enum redis_value_type type,
                          const char *bytes, size_t length)
{
    char *copy = length < SIZE_MAX ? take(reply, length + 1) : NULL;
    if (copy == NULL)
        return false;
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    value->type = type;
    value->text = copy;
    value->length = length;
    return true;
}

bool redis_reply_set_list(struct redis_reply *reply, struct redis_value *value, size_t count)
{
    struct redis_value *items = NULL;
    if (count > reply->left / sizeof *items)
        return false;
    if (count > 0 && (items = take(reply, count * sizeof *items)) == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct redis_value){.depth = value->depth + 1, .text = ""};
    value->type = REDIS_VALUE_LIST;
    value->items = items;
    value->count = count;
    return true;
}

const struct redis_value *redis_value_find(const struct redis_value *pairs, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i + 1 < pairs->count; i += 2)
        if (pairs->items[i].length == length && memcmp(pairs->items[i].text, name, length) == 0)
            return &pairs->items[i + 1];
    return NULL;
}
