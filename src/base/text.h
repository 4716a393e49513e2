// SPDX-License-Identifier: Apache-2.0
/*
 * Texts in fields of fixed size.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Copies `from` (NUL-terminated) into `to` of `size` bytes, cut where longer; `to` is always NUL-terminated.
 */
static inline void text_copy(char *to, size_t size, const char *from)
{
    size_t length = strnlen(from, size - 1);
    memcpy(to, from, length);
    to[length] = '\0';
}

/* FNV-1a, without a secret: only for short lists whose entries are compared one by one, never for a table. */
static inline uint32_t text_hash(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash;
}

#endif
