// SPDX-License-Identifier: Apache-2.0
/*
 * gzip (RFC 1952): members one after another, as `cat a.gz b.gz` makes them.
 */
#define ZLIB_CONST
#include "capture/decompressor.h"

#include <stdlib.h>
#include <zlib.h>

struct gzip {
    z_stream stream;
    bool complete;
};

/* RFC 1952, section 2.3.1: ID1, ID2, and CM = 8 (deflate), the only method there is. */
static bool recognise(const uint8_t magic[DECOMPRESSOR_MAGIC_LENGTH])
{
    return magic[0] == 0x1f && magic[1] == 0x8b && magic[2] == 8;
}

static void *create(void)
{
    struct gzip *gzip = calloc(1, sizeof *gzip);
    /* zlib.h: 15 is the largest window, 16 more asks for gzip's header and trailer */
    if (gzip != NULL && inflateInit2(&gzip->stream, 15 + 16) != Z_OK) {
        free(gzip);
        return NULL;
    }
    return gzip;
}

static const char *run(void *state, struct decompressor_buffers *buffers)
{
    struct gzip *gzip = state;
    z_stream *stream = &gzip->stream;
    stream->next_in = buffers->in;
    stream->avail_in = (uInt)(buffers->in_end - buffers->in);
    stream->next_out = buffers->out;
    stream->avail_out = (uInt)(buffers->out_end - buffers->out);
    int status = inflate(stream, Z_NO_FLUSH);
    if (stream->next_in != buffers->in)
        gzip->complete = status == Z_STREAM_END;
    else if (status == Z_STREAM_END)
        gzip->complete = true;
    buffers->in = stream->next_in;
    buffers->out = stream->next_out;
    if (status == Z_STREAM_END)
        status = inflateReset(stream);
    if (status == Z_OK || status == Z_BUF_ERROR)
        return NULL;
    return stream->msg != NULL ? stream->msg : "not gzip data";
}

static bool complete(const void *state)
{
    return ((const struct gzip *)state)->complete;
}

static void gzip_free(void *state)
{
    struct gzip *gzip = state;
    if (gzip == NULL)
        return;
    inflateEnd(&gzip->stream);
    free(gzip);
}

const struct decompressor decompress_gzip = {"gzip", recognise, create, run, complete, gzip_free};
