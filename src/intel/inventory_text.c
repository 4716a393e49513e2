// SPDX-License-Identifier: Apache-2.0
#include "base/siphash.h"
#include "intel/inventory_table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 1 << 16, FIRST_SLOTS = 1 << 12 };

static bool make_room(struct inventory_texts *texts, size_t more)
{
    size_t length = texts->length == 0 ? 1 : texts->length; /* offset 0 is the empty text */
    if (length + more > INVENTORY_MAX_TEXT)
        return false;
    size_t size = texts->size == 0 ? FIRST_BYTES : texts->size;
    while (size < length + more)
        size *= 2;
    if (size == texts->size)
        return true;
    char *bytes = realloc(texts->bytes, size);
    if (bytes == NULL)
        return false;
    if (texts->size == 0) {
        bytes[0] = '\0';
        siphash_make_secret(texts->secret);
    }
    texts->bytes = bytes;
    texts->length = length;
    texts->size = size;
    return true;
}

/* The slot of the text, or the free one where it belongs. */
static uint32_t *slot_of(const struct inventory_texts *texts, const char *text, size_t length)
{
    size_t mask = texts->slot_count - 1, at = siphash(texts->secret, text, length) & mask;
    while (texts->slots[at] != 0 && strcmp(texts->bytes + texts->slots[at], text) != 0)
        at = (at + 1) & mask;
    return &texts->slots[at];
}

static bool make_slots(struct inventory_texts *texts)
{
    if (texts->count * 2 < texts->slot_count)
        return true;
    struct inventory_texts more = *texts;
    more.slot_count = texts->slot_count == 0 ? FIRST_SLOTS : texts->slot_count * 2;
    more.slots = calloc(more.slot_count, sizeof *more.slots);
    if (more.slots == NULL)
        return false;
    for (size_t i = 0; i < texts->slot_count; i++) {
        const char *text = texts->bytes + texts->slots[i];
        if (texts->slots[i] != 0)
            *slot_of(&more, text, strlen(text)) = texts->slots[i];
    }
    free(texts->slots);
    *texts = more;
    return true;
}

bool inventory_bytes_add(struct inventory_texts *texts, const char *bytes, size_t length, uint32_t *offset)
{
    if (!make_room(texts, length + 1))
        return false;
    memcpy(texts->bytes + texts->length, bytes, length);
    *offset = (uint32_t)texts->length;
    texts->length += length;
    return true;
}

bool inventory_text_add(struct inventory_texts *texts, const char *text, uint32_t *offset)
{
    *offset = 0;
    if (text[0] == '\0')
        return true;
    size_t length = strlen(text);
    if (!make_room(texts, length + 1) || !make_slots(texts))
        return false;
    uint32_t *slot = slot_of(texts, text, length);
    if (*slot == 0) {
        if (!inventory_bytes_add(texts, text, length + 1, slot))
            return false;
        texts->count++;
    }
    *offset = *slot;
    return true;
}

uint32_t inventory_text_find(const struct inventory_texts *texts, const char *text)
{
    return texts->slot_count == 0 || text[0] == '\0' ? 0 : *slot_of(texts, text, strlen(text));
}
