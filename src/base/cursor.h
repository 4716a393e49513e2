// SPDX-License-Identifier: Apache-2.0
/*
 * Bounded reading of hostile bytes. Every read checks first; the first read past the end makes the cursor
 * fail, and from then on each read gives zero and moves nothing. A parser reads straight on and asks
 * cursor_failed() once. A cursor borrows its bytes; it owns nothing.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

static inline struct cursor cursor_of(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    return (struct cursor){at, at == NULL ? at : at + length, false};
}

static inline bool cursor_failed(const struct cursor *cursor)
{
    return cursor->failed;
}

static inline size_t cursor_left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

/* The next `length` bytes, which the cursor then has passed; NULL where there are fewer. */
static inline const uint8_t *cursor_take(struct cursor *cursor, size_t length)
{
    if (cursor->failed || cursor_left(cursor) < length) {
        cursor->failed = true;
        return NULL;
    }
    const uint8_t *bytes = cursor->at;
    cursor->at += length;
    return bytes;
}

static inline void cursor_skip(struct cursor *cursor, size_t length)
{
    (void)cursor_take(cursor, length);
}

static inline uint8_t cursor_u8(struct cursor *cursor)
{
    const uint8_t *b = cursor_take(cursor, 1);
    return b == NULL ? 0 : b[0];
}

static inline uint16_t cursor_u16_be(struct cursor *cursor)
{
    const uint8_t *b = cursor_take(cursor, 2);
    return b == NULL ? 0 : (uint16_t)((unsigned)b[0] << 8 | b[1]);
}

static inline uint32_t cursor_u24_be(struct cursor *cursor)
{
    const uint8_t *b = cursor_take(cursor, 3);
    return b == NULL ? 0 : (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
}

static inline uint32_t cursor_u32_be(struct cursor *cursor)
{
    const uint8_t *b = cursor_take(cursor, 4);
    return b == NULL ? 0 : (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint16_t cursor_u16_le(struct cursor *cursor)
{
    const uint8_t *b = cursor_take(cursor, 2);
    return b == NULL ? 0 : (uint16_t)((unsigned)b[1] << 8 | b[0]);
}

static inline uint32_t cursor_u32_le(struct cursor *cursor)
{
    const uint8_t *b = cursor_take(cursor, 4);
    return b == NULL ? 0 : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

#endif
