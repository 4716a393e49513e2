// SPDX-License-Identifier: Apache-2.0
/*
 * Zstandard (RFC 8878): frames one after another. libzstd refuses windows over 128 MiB, which bounds the
 * memory that a hostile file can ask for.
 */
#include "capture/decompressor.h"

#include <stdlib.h>
#include <zstd.h>

struct zstd {
    ZSTD_DStream *stream;
    bool complete;
};

/* RFC 8878, sections 3.1.1 and 3.1.2: a frame, or a skippable frame (as pzstd writes at the start). */
static bool recognise(const uint8_t magic[DECOMPRESSOR_MAGIC_LENGTH])
{
    bool frame = magic[0] == 0x28 && magic[1] == 0xb5 && magic[2] == 0x2f && magic[3] == 0xfd;
    bool skippable = (magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18;
    return frame || skippable;
}

static void *create(void)
{
    struct zstd *zstd = calloc(1, sizeof *zstd);
    if (zstd != NULL && (zstd->stream = ZSTD_createDStream()) == NULL) {
        free(zstd);
        return NULL;
    }
    return zstd;
}

static const char *run(void *state, struct decompressor_buffers *buffers)
{
    struct zstd *zstd = state;
    ZSTD_inBuffer in = {buffers->in, (size_t)(buffers->in_end - buffers->in), 0};
    ZSTD_outBuffer out = {buffers->out, (size_t)(buffers->out_end - buffers->out), 0};
    size_t status = ZSTD_decompressStream(zstd->stream, &out, &in);
    buffers->in += in.pos;
    buffers->out += out.pos;
    if (ZSTD_isError(status))
        return ZSTD_getErrorName(status);
    if (in.pos > 0 || out.pos > 0) /* a call that moves nothing says only what a next frame would need */
        zstd->complete = status == 0;
    return NULL;
}

static bool complete(const void *state)
{
    return ((const struct zstd *)state)->complete;
}

static void zstd_free(void *state)
{
    struct zstd *zstd = state;
    if (zstd == NULL)
        return;
    ZSTD_freeDStream(zstd->stream);
    free(zstd);
}

const struct decompressor decompress_zstd = {"zstd", recognise, create, run, complete, zstd_free};
