// SPDX-License-Identifier: Apache-2.0
/*
 * Compressed input, one row a format: decompress_gzip.c, decompress_zstd.c. Each is the only file that knows
 * its library.
 */
#ifndef CAPTURE_DECOMPRESSOR_H
#define CAPTURE_DECOMPRESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both ends move towards their limit as bytes are taken and given. */
struct decompressor_buffers {
    const uint8_t *in, *in_end;
    uint8_t *out, *out_end;
};

enum { DECOMPRESSOR_MAGIC_LENGTH = 4 };

struct decompressor {
    const char *name;
    /* Whether a file that begins with these bytes is of this format. */
    bool (*recognise)(const uint8_t magic[DECOMPRESSOR_MAGIC_LENGTH]);
    void *(*create)(void); /* NULL: out of memory */
    /* One step; NULL or what is wrong with the data. `in` may be empty: then what is held back is given. */
    const char *(*run)(void *state, struct decompressor_buffers *buffers);
    /* Whether the input may end here: a member (gzip) or frame (zstd) is complete. */
    bool (*complete)(const void *state);
    void (*free)(void *state);
};

extern const struct decompressor decompress_gzip;
extern const struct decompressor decompress_zstd;

#endif
