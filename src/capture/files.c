// SPDX-License-Identifier: Apache-2.0
/*
 * Capture files as the source of a capture: one after another, each with its own source number.
 */
#include "base/log.h"
#include "capture/file_format.h"
#include "capture/filter.h"
#include "capture/inputs.h"
#include "capture/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINKTYPE_ETHERNET = 1 };

struct files {
    struct capture_source source;
    struct capture_context *context;
    struct filter *filter; /* NULL: all packets */
    struct inputs inputs;
    size_t current;             /* the input that is read, or to be opened next */
    struct byte_stream *stream; /* NULL: none is open */
    uint8_t *buffer;            /* what it reads into; NULL: its own */
    struct file_reader *reader;
    bool begun;            /* the reader has taken the file header */
    uint64_t packets;      /* read from this file */
    uint64_t bytes_before; /* sizes of the files before it */
};

static void close_current(struct files *files)
{
    if (files->reader != NULL)
        files->reader->format->free(files->reader);
    byte_stream_close(files->stream);
    files->reader = NULL;
    files->stream = NULL;
}

static void leave_current(struct files *files)
{
    close_current(files);
    files->bytes_before += files->inputs.items[files->current].size;
    if (files->inputs.items[files->current].size > 0)
        capture_counter_set(&files->context->counters.bytes_read, files->bytes_before);
    files->current++;
}

static const char *input_name(const struct files *files, size_t number)
{
    const char *path = files->inputs.items[number].path;
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Opens the current input and recognises its format. */
static bool open_current(struct files *files, struct error *error)
{
    const char *path = files->inputs.items[files->current].path;
    files->packets = 0;
    files->begun = false;
    files->stream = byte_stream_open(path, &files->context->stopped, error);
    if (files->stream == NULL)
        return false;
    if (files->buffer != NULL)
        byte_stream_move(files->stream, files->buffer);
    const struct file_format *format =
        file_format_recognise(files->stream, input_name(files, files->current), error);
    if (format != NULL && (files->reader = format->create()) == NULL)
        error_set(error, STATUS_FAILED, "cannot read %s: out of memory", path);
    if (files->reader == NULL) {
        close_current(files);
        return false;
    }
    files->reader->source = (uint16_t)files->current;
    return true;
}

static void warn_of_fault(struct files *files, const struct error *fault)
{
    const char *compression = byte_stream_compression(files->stream);
    log_warning("capture",
                "%s: %s, at packet %" PRIu64 ", byte offset %" PRIu64 "%s; the %" PRIu64
                " packets before it are used, the rest of the file is not",
                input_name(files, files->current), fault->text, files->packets + 1,
                byte_stream_offset(files->stream), compression == NULL ? "" : " (decompressed)",
                files->packets);
    capture_counter_add(&files->context->counters.faults, 1);
}

/* Drops the frames that the filter refuses, keeping the order of the others. */
static void apply_filter(struct files *files, struct frame_batch *batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (filter_accepts(files->filter, &batch->frames[i]))
            batch->frames[kept++] = batch->frames[i];
    capture_counter_add(&files->context->counters.filtered, batch->count - kept);
    batch->count = kept;
}

static void count_progress(struct files *files)
{
    capture_counter_set(&files->context->counters.bytes_read,
                        files->bytes_before + byte_stream_bytes_read(files->stream));
}

/* One step of the current file, which may give frames. */
static enum file_result read_current(struct files *files, struct frame_batch *batch)
{
    struct file_reader *reader = files->reader;
    struct error fault;
    enum file_result result;
    batch->count = 0;
    if (files->begun) {
        result = reader->format->read(reader, files->stream, batch, &fault);
    } else {
        result = reader->format->begin(reader, files->stream, &fault);
        files->begun = result == FILE_READY;
    }
    count_progress(files);
    if (batch->count > 0) { /* whatever came after them is said again by the next call */
        files->packets += batch->count;
        if (files->filter != NULL)
            apply_filter(files, batch);
        return result;
    }
    if (result == FILE_FAULT)
        warn_of_fault(files, &fault);
    if (result == FILE_FAULT || result == FILE_END)
        leave_current(files);
    return result;
}

static enum capture_result files_read(struct capture_source *source, struct frame_batch *batch,
                                      struct error *error)
{
    struct files *files = (struct files *)source;
    (void)error; /* faults are warned of; reading goes on */
    for (;;) {
        if (files->stream == NULL) {
            if (files->current == files->inputs.count || capture_stopped(files->context))
                return CAPTURE_END;
            struct error reason;
            if (!open_current(files,
                              &reason)) { /* was there at the start: gone or changed since, or a pipe */
                if (capture_stopped(files->context))
                    return CAPTURE_END;
                log_warning("capture", "%s; going on without it", reason.text);
                capture_counter_add(&files->context->counters.faults, 1);
                leave_current(files);
                continue;
            }
        }
        enum file_result result = read_current(files, batch);
        if (batch->count > 0)
            return CAPTURE_FRAMES;
        if (result == FILE_INTERRUPTED && capture_stopped(files->context))
            return CAPTURE_END;
    }
}

void files_read_into(struct capture_source *source, uint8_t *buffer)
{
    struct files *files = (struct files *)source;
    files->buffer = buffer;
    if (files->stream != NULL)
        byte_stream_move(files->stream, buffer);
}

static const char *files_name(const struct capture_source *source, uint16_t number)
{
    const struct files *files = (const struct files *)source;
    return number < files->inputs.count ? files->inputs.items[number].path : NULL;
}

static int files_link_type(const struct capture_source *source, uint16_t number)
{
    const struct files *files = (const struct files *)source;
    return files->reader != NULL && number == files->current ? files->reader->link_type : -1;
}

static void files_close(struct capture_source *source)
{
    struct files *files = (struct files *)source;
    close_current(files);
    filter_free(files->filter);
    inputs_done(&files->inputs);
    free(files);
}

static const struct capture_source_ops ops = {false,      files_read,      NULL,
                                              files_name, files_link_type, files_close};

/* Opens the first input up to its link type, for which the filter is then checked. */
static bool open_first(struct files *files, const char *expression, struct error *error)
{
    if (!open_current(files, error))
        return false;
    struct error ignored; /* a fault is found again, and warned of, by the first read */
    enum file_result result = files->reader->format->begin(files->reader, files->stream, &ignored);
    files->begun = result == FILE_READY;
    if (result == FILE_INTERRUPTED)
        return error_set(error, STATUS_NO_INPUT, "interrupted while waiting for the header of %s",
                         input_name(files, 0));
    if (expression == NULL || expression[0] == '\0')
        return true;
    files->filter = filter_create(expression, error);
    int link_type = files->reader->link_type;
    return files->filter != NULL &&
           filter_prepare(files->filter, link_type < 0 ? LINKTYPE_ETHERNET : (uint16_t)link_type, error);
}

struct capture_source *files_open(const char *const *paths, size_t count,
                                  const struct capture_options *options, struct capture_context *context,
                                  struct error *error)
{
    struct files *files = calloc(1, sizeof *files);
    if (files == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for reading files");
        return NULL;
    }
    files->source.ops = &ops;
    files->context = context;
    if (!inputs_init(&files->inputs, paths, count, error) || !open_first(files, options->filter, error)) {
        files_close(&files->source);
        return NULL;
    }
    capture_counter_set(&context->counters.bytes_total, files->inputs.size);
    return &files->source;
}
