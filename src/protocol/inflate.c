// SPDX-License-Identifier: Apache-2.0
#define ZLIB_CONST
#include "protocol/inflate.h"

#include <stdlib.h>
#include <zlib.h>

/* zlib.h: 15 is the largest window; negative is the bare form, 32 more tells gzip from zlib by itself. */
enum { WINDOW_BARE = -15, WINDOW_WRAPPED = 15 + 32 };

enum {
    PIECE = 4096,
    GZIP_MAGIC = 0x1f, /* RFC 1952, section 2.3.1 */
};

struct inflater {
    z_stream stream;
    enum inflate_format format;
    bool begun, finished;
    bool gzip; /* members of it may follow each other */
    uint64_t in, out;
};

struct inflater *inflater_create(enum inflate_format format)
{
    struct inflater *inflater = calloc(1, sizeof *inflater);
    if (inflater == NULL)
        return NULL;
    inflater->format = format;
    if (inflateInit2(&inflater->stream, format == INFLATE_BARE ? WINDOW_BARE : WINDOW_WRAPPED) != Z_OK) {
        free(inflater);
        return NULL;
    }
    return inflater;
}

void inflater_free(struct inflater *inflater)
{
    if (inflater == NULL)
        return;
    inflateEnd(&inflater->stream);
    free(inflater);
}

/* RFC 1950, section 2.2: method 8 and a window of at most 2^15 bytes; RFC 1952: 1f 8b. Anything else is bare.
 */
static bool begin(struct inflater *inflater, uint8_t first)
{
    inflater->begun = true;
    inflater->gzip = inflater->format == INFLATE_WRAPPED && first == GZIP_MAGIC;
    bool wrapped = inflater->gzip || ((first & 0x0f) == 8 && first >> 4 <= 7);
    return inflater->format == INFLATE_BARE || wrapped ||
           inflateReset2(&inflater->stream, WINDOW_BARE) == Z_OK;
}

/* One piece of output. False: the end. */
static bool step(struct inflater *inflater, inflate_sink *sink, void *context)
{
    uint8_t piece[PIECE];
    z_stream *stream = &inflater->stream;
    stream->next_out = piece;
    stream->avail_out = sizeof piece;
    int result = inflate(stream, Z_SYNC_FLUSH);
    size_t made = sizeof piece - stream->avail_out;
    inflater->out += made;
    if (made > 0 && !sink(context, piece, made))
        return false;
    if (inflater->out > INFLATE_ALLOWANCE + inflater->in * INFLATE_MAX_RATIO)
        return false;
    if (result == Z_STREAM_END && inflater->format == INFLATE_BARE)
        return inflateReset(stream) == Z_OK; /* RFC 7692, section 7.2.3.5: a last block, and more behind it */
    if (result == Z_STREAM_END && inflater->gzip) { /* what does not begin as a member is its end */
        inflater->begun = stream->avail_in > 0;
        return inflateReset(stream) == Z_OK && (stream->avail_in == 0 || *stream->next_in == GZIP_MAGIC);
    }
    return result == Z_OK || result == Z_BUF_ERROR;
}

bool inflater_feed(struct inflater *inflater, const uint8_t *bytes, size_t length, inflate_sink *sink,
                   void *context)
{
    if (inflater->finished || length == 0)
        return !inflater->finished;
    bool other_follows = inflater->gzip && !inflater->begun && bytes[0] != GZIP_MAGIC;
    if (length > UINT32_MAX || other_follows || (!inflater->begun && !begin(inflater, bytes[0]))) {
        inflater->finished = true;
        return false;
    }
    inflater->in += length;
    inflater->stream.next_in = bytes;
    inflater->stream.avail_in = (uInt)length;
    bool more = true;
    do /* a full piece may have more behind it, also where all input is taken */
        more = step(inflater, sink, context);
    while (more && (inflater->stream.avail_in > 0 || inflater->stream.avail_out == 0));
    inflater->finished = !more;
    return more;
}
