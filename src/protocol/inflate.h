// SPDX-License-Identifier: Apache-2.0
/*
 * DEFLATE (RFC 1951) with a bound: bare as in WebSocket messages (RFC 7692), or in the wrapping of zlib or
 * gzip as HTTP bodies have it (RFC 9110, section 8.4.1). What comes out is handed on piece by piece; nothing
 * is kept but zlib's window, some 40 KiB an inflater.
 */
#ifndef PROTOCOL_INFLATE_H
#define PROTOCOL_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum inflate_format {
    INFLATE_BARE,    /* no header; streams that end are followed by others */
    INFLATE_WRAPPED, /* gzip (several members as well: RFC 1952, section 2.2) or zlib, and the bare form that
                        some servers call "deflate" */
};

enum {
    /* What may come out: a fixed amount, and so much for each byte that went in. JSON seldom shrinks below a
     * twentieth; a bomb grows a thousandfold. */
    INFLATE_ALLOWANCE = 1 << 20,
    INFLATE_MAX_RATIO = 128,
};

struct inflater;

/* NULL: out of memory. */
struct inflater *inflater_create(enum inflate_format format);
void inflater_free(struct inflater *inflater); /* NULL is fine */

/* Takes a piece of what came out (1 byte or more). False: it wants no more. */
typedef bool inflate_sink(void *context, const uint8_t *bytes, size_t length);

/* Feeds a piece. False where no more is to come: the stream ended (wrapped), is broken, grew beyond its
 * bound, or the sink wants no more. */
bool inflater_feed(struct inflater *inflater, const uint8_t *bytes, size_t length, inflate_sink *sink,
                   void *context);

#endif
