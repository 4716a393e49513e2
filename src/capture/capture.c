// SPDX-License-Identifier: Apache-2.0
#include "capture/capture.h"

#include "capture/source.h"

#include <assert.h>
#include <stdlib.h>

struct capture {
    struct capture_source *source;
    struct capture_context context;
};

typedef struct capture_source *open_function(const char *const *names, size_t count,
                                             const struct capture_options *options,
                                             struct capture_context *context, struct error *error);

static struct capture *open_source(open_function *open, const char *const *names, size_t count,
                                   const struct capture_options *options, struct error *error)
{
    assert(count > 0);
    static const struct capture_options defaults = {0};
    struct capture *capture = calloc(1, sizeof *capture);
    if (capture == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for a capture");
        return NULL;
    }
    capture->source = open(names, count, options == NULL ? &defaults : options, &capture->context, error);
    if (capture->source == NULL) {
        free(capture);
        return NULL;
    }
    return capture;
}

struct capture *capture_open_files(const char *const *paths, size_t count,
                                   const struct capture_options *options, struct error *error)
{
    return open_source(files_open, paths, count, options, error);
}

struct capture *capture_open_interfaces(const char *const *names, size_t count,
                                        const struct capture_options *options, struct error *error)
{
    return open_source(live_open, names, count, options, error);
}

struct capture *capture_open_sockets(const char *const *names, size_t count,
                                     const struct capture_options *options, struct error *error)
{
    return open_source(listen_open, names, count, options, error);
}

enum capture_result capture_read(struct capture *capture, struct frame_batch *batch, struct error *error)
{
    batch->count = 0;
    if (capture_stopped(&capture->context))
        return CAPTURE_END;
    enum capture_result result = capture->source->ops->read(capture->source, batch, error);
    if (batch->count > 0) {
        uint64_t bytes = 0;
        for (size_t i = 0; i < batch->count; i++)
            bytes += batch->frames[i].length;
        capture_counter_add(&capture->context.counters.frames, batch->count);
        capture_counter_add(&capture->context.counters.bytes, bytes);
    }
    return result;
}

void capture_stop(struct capture *capture)
{
    atomic_store_explicit(&capture->context.stopped, true, memory_order_relaxed);
}

const char *capture_source_name(const struct capture *capture, uint16_t source)
{
    return capture->source->ops->name(capture->source, source);
}

int capture_link_type(const struct capture *capture, uint16_t source)
{
    return capture->source->ops->link_type(capture->source, source);
}

bool capture_is_live(const struct capture *capture)
{
    return capture->source->ops->live;
}

void capture_get_statistics(const struct capture *capture, struct capture_statistics *statistics)
{
    const struct capture_counters *counters = &capture->context.counters;
#define READ(name) .name = atomic_load_explicit(&counters->name, memory_order_relaxed)
    *statistics = (struct capture_statistics){
        READ(frames),          READ(bytes),      READ(filtered),    READ(kernel_drops),
        READ(interface_drops), READ(bytes_read), READ(bytes_total), READ(faults),
    };
#undef READ
}

void capture_close(struct capture *capture)
{
    if (capture == NULL)
        return;
    capture->source->ops->close(capture->source);
    free(capture);
}
