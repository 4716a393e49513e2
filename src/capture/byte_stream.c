// SPDX-License-Identifier: Apache-2.0
#include "capture/byte_stream.h"

#include "capture/decompressor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read in pieces that stay in a core's second-level cache beside the tables: what read(2) copies there is
 * looked at right after. Mapping the file costs more than this copy: each packet is then met in memory first.
 */
enum { CHUNK = 64 << 10, COMPRESSED_CHUNK = 64 << 10, WAIT_MS = 100, PAGE = 4096 };

struct byte_stream_input {
    struct byte_stream stream;
    uint8_t *buffer;        /* of byte_stream_buffer_create() */
    uint8_t *first_buffer;  /* the stream's own; another one came by byte_stream_move() */
    uint64_t buffer_offset; /* of its first byte in the decompressed input */
    int descriptor;
    bool waits; /* no regular file: reading may have to wait */
    const atomic_bool *stopped;
    bool ended;
    uint64_t bytes_read;
    char fault[160];                         /* empty: none */
    const struct decompressor *decompressor; /* NULL: plain */
    void *state;
    uint8_t *compressed; /* COMPRESSED_CHUNK bytes */
    const uint8_t *compressed_at, *compressed_end;
};

enum step { STEP_MORE, STEP_END, STEP_INTERRUPTED };

static const struct decompressor *const decompressors[] = {&decompress_gzip, &decompress_zstd};

static enum step fail(struct byte_stream_input *input, const char *what, const char *why)
{
    snprintf(input->fault, sizeof input->fault, "%s: %s", what, why);
    return STEP_END;
}

static bool is_stopped(const struct byte_stream_input *input)
{
    return input->stopped != NULL && atomic_load_explicit(input->stopped, memory_order_relaxed);
}

/* Waits for a pipe in short naps, so that stopping is noticed. */
static enum step wait_readable(struct byte_stream_input *input)
{
    for (;;) {
        if (is_stopped(input))
            return STEP_INTERRUPTED;
        struct pollfd wanted = {.fd = input->descriptor, .events = POLLIN};
        int ready = poll(&wanted, 1, WAIT_MS);
        if (ready > 0)
            return STEP_MORE;
        if (ready < 0)
            return errno == EINTR ? STEP_INTERRUPTED : fail(input, "cannot wait for data", strerror(errno));
    }
}

/* Reads up to `room` bytes; *got is 0 unless STEP_MORE. */
static enum step read_some(struct byte_stream_input *input, uint8_t *to, size_t room, size_t *got)
{
    *got = 0;
    for (;;) {
        enum step step = input->waits        ? wait_readable(input)
                         : is_stopped(input) ? STEP_INTERRUPTED
                                             : STEP_MORE;
        if (step != STEP_MORE)
            return step;
        ssize_t count = read(input->descriptor, to, room);
        if (count == 0)
            return STEP_END;
        if (count > 0) {
            *got = (size_t)count;
            input->bytes_read += *got;
            return STEP_MORE;
        }
        if (errno != EINTR && errno != EAGAIN)
            return fail(input, "cannot read on", strerror(errno));
    }
}

static enum step refill_compressed(struct byte_stream_input *input)
{
    size_t got;
    enum step step = read_some(input, input->compressed, COMPRESSED_CHUNK, &got);
    input->compressed_at = input->compressed;
    input->compressed_end = input->compressed + got;
    if (step == STEP_END && input->fault[0] == '\0' && !input->decompressor->complete(input->state))
        return fail(input, "truncated", "the compressed data ends too early");
    return step;
}

/* As read_some(). */
static enum step decompress_some(struct byte_stream_input *input, uint8_t *to, size_t room, size_t *got)
{
    for (;;) {
        struct decompressor_buffers buffers = {input->compressed_at, input->compressed_end, to, to + room};
        const char *fault = input->decompressor->run(input->state, &buffers);
        bool stuck = buffers.in == input->compressed_at && buffers.in != buffers.in_end;
        input->compressed_at = buffers.in;
        *got = (size_t)(buffers.out - to);
        if (fault == NULL && *got == 0 && stuck)
            fault = "no progress";
        if (fault != NULL) {
            char what[32];
            snprintf(what, sizeof what, "corrupt %s data", input->decompressor->name);
            return fail(input, what, fault);
        }
        if (*got > 0)
            return STEP_MORE;
        if (input->compressed_at == input->compressed_end) {
            enum step step = refill_compressed(input);
            if (step != STEP_MORE)
                return step;
        }
    }
}

uint8_t *byte_stream_buffer_create(void)
{
    return aligned_alloc(PAGE, BYTE_STREAM_MAX_FILL + PAGE);
}

/* What is left is put before the beginning of a page, where the next read(2) goes: copied to some bytes
 * behind one, a piece of the file takes some processors (AMD's Zen 3) three and a half times as long. */
void byte_stream_move(struct byte_stream *stream, uint8_t *buffer)
{
    struct byte_stream_input *input = stream->input;
    size_t left = byte_stream_left(stream), lead = (PAGE - left % PAGE) % PAGE;
    input->buffer_offset += (uint64_t)(stream->at - input->buffer) - lead;
    memmove(buffer + lead, stream->at, left);
    input->buffer = buffer;
    stream->at = buffer + lead;
    stream->end = stream->at + left;
}

enum byte_stream_result byte_stream_fill(struct byte_stream *stream, size_t length)
{
    struct byte_stream_input *input = stream->input;
    assert(length <= BYTE_STREAM_MAX_FILL);
    if (byte_stream_left(stream) >= length)
        return BYTE_STREAM_READY;
    byte_stream_move(stream, input->buffer);
    while (byte_stream_left(stream) < length) {
        if (input->ended)
            return BYTE_STREAM_SHORT;
        size_t room = BYTE_STREAM_MAX_FILL - byte_stream_left(stream), got;
        uint8_t *to = input->buffer + (stream->end - input->buffer);
        room = room < CHUNK ? room : CHUNK;
        enum step step = input->decompressor == NULL ? read_some(input, to, room, &got)
                                                     : decompress_some(input, to, room, &got);
        stream->end += got; /* a faulty member may have given good bytes first */
        if (step == STEP_INTERRUPTED)
            return BYTE_STREAM_INTERRUPTED;
        input->ended = step == STEP_END;
    }
    return BYTE_STREAM_READY;
}

/* Looks at the first bytes, which stand in the buffer, and moves them to the compressed side if they belong
 * there. */
static bool detect_compression(struct byte_stream_input *input)
{
    struct byte_stream *stream = &input->stream;
    if (byte_stream_left(stream) < DECOMPRESSOR_MAGIC_LENGTH)
        return true;
    for (size_t i = 0; i < sizeof decompressors / sizeof decompressors[0]; i++)
        if (decompressors[i]->recognise(stream->at))
            input->decompressor = decompressors[i];
    if (input->decompressor == NULL)
        return true;
    size_t used = byte_stream_left(stream);
    input->compressed = malloc(used > COMPRESSED_CHUNK ? used : COMPRESSED_CHUNK);
    input->state = input->decompressor->create();
    if (input->compressed == NULL || input->state == NULL)
        return false;
    memcpy(input->compressed, stream->at, used);
    input->compressed_at = input->compressed;
    input->compressed_end = input->compressed + used;
    stream->end = stream->at;
    return true;
}

static bool open_descriptor(struct byte_stream_input *input, const char *path, struct error *error)
{
    bool standard_input = strcmp(path, "-") == 0;
    /* non-blocking: opening a FIFO does not wait for its writer, and a stop is noticed while it is waited for
     */
    input->descriptor = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (input->descriptor < 0 || fstat(input->descriptor, &status) != 0)
        return error_set(error, STATUS_NO_INPUT, "cannot open %s: %s", path, strerror(errno));
    if (standard_input && isatty(STDIN_FILENO))
        return error_set(error, STATUS_NO_INPUT,
                         "standard input is a terminal; give a capture, as in: geophone -r - < capture.pcap");
    input->waits = !S_ISREG(status.st_mode);
    (void)posix_fadvise(input->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL); /* a hint; pipes refuse it */
    return true;
}

struct byte_stream *byte_stream_open(const char *path, const atomic_bool *stopped, struct error *error)
{
    struct byte_stream_input *input = calloc(1, sizeof *input);
    if (input == NULL) {
        error_set(error, STATUS_FAILED, "cannot open %s: out of memory", path);
        return NULL;
    }
    struct byte_stream *stream = &input->stream;
    stream->input = input;
    input->descriptor = -1;
    input->stopped = stopped;
    if (!open_descriptor(input, path, error))
        goto failed;
    input->buffer = input->first_buffer = byte_stream_buffer_create();
    stream->at = stream->end = input->buffer;
    if (input->buffer == NULL) {
        error_set(error, STATUS_FAILED, "cannot open %s: out of memory", path);
        goto failed;
    }
    if (byte_stream_fill(stream, DECOMPRESSOR_MAGIC_LENGTH) == BYTE_STREAM_INTERRUPTED) {
        error_set(error, STATUS_NO_INPUT, "interrupted while waiting for the first bytes of %s", path);
        goto failed;
    }
    if (input->fault[0] != '\0') {
        error_set(error, STATUS_NO_INPUT, "cannot read %s: %s", path, input->fault);
        goto failed;
    }
    if (!detect_compression(input)) {
        error_set(error, STATUS_FAILED, "cannot open %s: out of memory", path);
        goto failed;
    }
    return stream;
failed:
    byte_stream_close(stream);
    return NULL;
}

const char *byte_stream_fault(const struct byte_stream *stream)
{
    return stream->input->fault[0] == '\0' ? NULL : stream->input->fault;
}

const char *byte_stream_compression(const struct byte_stream *stream)
{
    return stream->input->decompressor == NULL ? NULL : stream->input->decompressor->name;
}

uint64_t byte_stream_offset(const struct byte_stream *stream)
{
    return stream->input->buffer_offset + (uint64_t)(stream->at - stream->input->buffer);
}

uint64_t byte_stream_bytes_read(const struct byte_stream *stream)
{
    return stream->input->bytes_read;
}

void byte_stream_close(struct byte_stream *stream)
{
    if (stream == NULL)
        return;
    struct byte_stream_input *input = stream->input;
    if (input->state != NULL)
        input->decompressor->free(input->state);
    if (input->descriptor > STDIN_FILENO)
        close(input->descriptor);
    free(input->compressed);
    free(input->first_buffer);
    free(input);
}
