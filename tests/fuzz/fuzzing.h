// SPDX-License-Identifier: Apache-2.0
/*
 * What fuzz targets share: requirements that stay in force with any flags, inputs in blocks of their own, and
 * what output must be.
 */
#ifndef TESTS_FUZZ_FUZZING_H
#define TESTS_FUZZ_FUZZING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static inline void require(bool condition)
{
    if (!condition)
        abort();
}

/* A copy in a block of exactly its size, so that a read beyond it is seen. */
static inline void *copy_of(const void *bytes, size_t length)
{
    uint8_t *copy = malloc(length + 1); /* one more in front: malloc(0) may be NULL */
    require(copy != NULL);
    if (length > 0)
        memcpy(copy + 1, bytes, length);
    return copy + 1;
}

static inline void copy_free(void *copy)
{
    free((uint8_t *)copy - 1);
}

/* The next line of `*at`, which ends at `end`, as a NUL-terminated text; NULL at the end. Freed by the
 * caller. */
static inline char *next_text(const uint8_t **at, const uint8_t *end)
{
    if (*at >= end)
        return NULL;
    const uint8_t *stop = memchr(*at, '\n', (size_t)(end - *at));
    size_t length = (size_t)((stop == NULL ? end : stop) - *at);
    char *text = malloc(length + 1);
    require(text != NULL);
    memcpy(text, *at, length);
    text[length] = '\0';
    *at += length + 1;
    return text;
}

/* Well-formed UTF-8 (RFC 3629, section 4). */
static inline bool is_utf8(const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint8_t first = (uint8_t)text[i++];
        size_t more = first < 0x80 ? 0 : first < 0xc2 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        if (more == 4 || first > 0xf4 || more > length - i)
            return false;
        uint32_t code = more == 0 ? first : first & (0x3fu >> more);
        for (; more > 0; more--, i++) {
            if (((uint8_t)text[i] & 0xc0) != 0x80)
                return false;
            code = code << 6 | ((uint8_t)text[i] & 0x3f);
        }
        if ((code >= 0xd800 && code < 0xe000) || code > 0x10ffff || (first == 0xe0 && code < 0x800) ||
            (first == 0xf0 && code < 0x10000))
            return false;
    }
    return true;
}

/* Whole commands, as many as said, in RESP: arrays of bulk strings. */
static inline bool is_resp(const char *text, size_t length, unsigned commands)
{
    const char *at = text, *end = text + length;
    unsigned left = 0;
    while (at < end) {
        char *stop;
        bool begins = left == 0;
        if (*at != (begins ? '*' : '$') || (begins && commands-- == 0))
            return false;
        unsigned long size = strtoul(at + 1, &stop, 10);
        if (end - stop < 2 || memcmp(stop, "\r\n", 2) != 0)
            return false;
        at = stop + 2;
        left = begins ? (unsigned)size : left - 1;
        if (begins)
            continue;
        if ((size_t)(end - at) < size + 2 || memcmp(at + size, "\r\n", 2) != 0)
            return false;
        at += size + 2;
    }
    return left == 0 && commands == 0;
}

#endif
