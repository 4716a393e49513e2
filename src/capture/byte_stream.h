// SPDX-License-Identifier: Apache-2.0
/*
 * The bytes of an input, decompressed where it is compressed (recognised by its first bytes, not by its
 * name), in one contiguous buffer: whoever reads looks at [at, end), moves `at`, and asks for more with
 * byte_stream_fill().
 *
 * A buffer of fixed size bounds the memory: no record that is asked for may be longer than
 * BYTE_STREAM_MAX_FILL.
 */
#ifndef CAPTURE_BYTE_STREAM_H
#define CAPTURE_BYTE_STREAM_H

#include "base/error.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { BYTE_STREAM_MAX_FILL = 1 << 20 };

struct byte_stream {
    const uint8_t *at; /* the next unread byte */
    const uint8_t *end;
    struct byte_stream_input *input; /* private */
};

enum byte_stream_result {
    BYTE_STREAM_READY,       /* as many bytes as were asked for stand at `at` */
    BYTE_STREAM_SHORT,       /* the input has fewer: it ended, or byte_stream_fault() says why */
    BYTE_STREAM_INTERRUPTED, /* a signal came while a pipe was waited for, or more would have to be read
                                though `stopped` is true; may be repeated */
};

/*
 * Opens a file, FIFO or "-" (standard input). Waits for its first bytes. `stopped` may be NULL; where it
 * is true nothing is read any more. NULL with `error` where it cannot be opened or read.
 */
struct byte_stream *byte_stream_open(const char *path, const atomic_bool *stopped, struct error *error);

/* Makes `length` bytes available at `at`. Bytes move: pointers into [at, end) are void afterwards. */
enum byte_stream_result byte_stream_fill(struct byte_stream *stream, size_t length);

/* Memory for byte_stream_move(), to be freed with free(); NULL where there is none. What is never touched of
 * it costs nothing. */
uint8_t *byte_stream_buffer_create(void);

/* Goes on in `buffer`, of byte_stream_buffer_create() and the caller's: what was unread is copied there, and
 * pointers into [at, end) as it was before stay valid as long as the memory that they point to. */
void byte_stream_move(struct byte_stream *stream, uint8_t *buffer);

static inline size_t byte_stream_left(const struct byte_stream *stream)
{
    return (size_t)(stream->end - stream->at);
}

/* What is wrong with the input ("corrupt gzip data: ..."), NULL if nothing. */
const char *byte_stream_fault(const struct byte_stream *stream);

/* "gzip", "zstd"; NULL where the input is plain. */
const char *byte_stream_compression(const struct byte_stream *stream);

/* Where `at` is in the decompressed input. */
uint64_t byte_stream_offset(const struct byte_stream *stream);

/* Bytes read from the file so far, compressed ones where it is compressed. */
uint64_t byte_stream_bytes_read(const struct byte_stream *stream);

void byte_stream_close(struct byte_stream *stream); /* NULL is fine */

#endif
