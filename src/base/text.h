// SPDX-License-Identifier: Apache-2.0
/*
 * Texts in fields of fixed size.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Copies `from` (NUL-terminated) into `to` of `size` bytes, cut where longer; `to` is always NUL-terminated.
 */
static inline void text_copy(char *to, size_t size, const char *from)
{
    size_t length = strnlen(from, size - 1);
    memcpy(to, from, length);
    to[length] = '\0';
}

/* Goes on behind the `length` bytes of text that `to` of `size` bytes holds, cut where it does not fit;
 * `length` is below `size`. Returns the new length. */
__attribute__((format(printf, 4, 0))) static inline size_t text_append(char *to, size_t size, size_t length,
                                                                       const char *format, va_list arguments)
{
    size_t room = size - length - 1;
    int written = vsnprintf(to + length, size - length, format, arguments);
    if (written < 0)
        return length;
    return length + ((size_t)written < room ? (size_t)written : room);
}

/* Cuts the next line off `*rest`, without its line end (LF, or CR LF); NULL behind the last one. */
static inline char *text_take_line(char **rest)
{
    char *line = *rest;
    if (line == NULL)
        return NULL;
    char *end = strchrnul(line, '\n');
    *rest = *end == '\0' ? NULL : end + 1;
    if (end > line && end[-1] == '\r')
        end--;
    *end = '\0';
    return line;
}

/* Without control characters, line ends included. */
static inline bool text_is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
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
