// SPDX-License-Identifier: Apache-2.0
#include "capture/capture.h"

#include "base/clock.h"
#include "capture/source.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

enum { MEASURE_MS = 250 }; /* an interface's own drops cost libpcap several system calls */

struct capture {
    struct capture_source *source;
    struct capture_context context;
    int64_t measured_ms;   /* by a clock that is never set */
    int64_t latest_lag_us; /* the longest since then */
    struct frame frames[FRAME_BATCH_SIZE];
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
    capture->context.lag_us = capture->context.queue_permille = -1;
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

struct capture *capture_join(struct capture *first, struct error *error)
{
    struct capture *capture = calloc(1, sizeof *capture);
    if (capture != NULL) {
        capture->context.lag_us = capture->context.queue_permille = -1;
        capture->source = shared_files_join(&first->source, &first->context);
    }
    if (capture != NULL && capture->source != NULL)
        return capture;
    free(capture);
    error_set(error, STATUS_FAILED, "out of memory for reading files by several workers");
    return NULL;
}

void capture_set_share(struct capture *capture, uint8_t number, frame_share *share, const void *context)
{
    shared_files_set_share(capture->source, number, share, context);
}

static void set_lag(struct capture *capture, int64_t lag_us)
{
    atomic_store_explicit(&capture->context.lag_us, lag_us, memory_order_relaxed);
}

/* A lag is told at once where it grows, and forgotten when none was as long for a while. */
static void note_lag(struct capture *capture, int64_t oldest_us)
{
    int64_t lag_us = clock_us(CLOCK_REALTIME) - oldest_us;
    if (lag_us <= capture->latest_lag_us)
        return;
    capture->latest_lag_us = lag_us;
    if (lag_us > atomic_load_explicit(&capture->context.lag_us, memory_order_relaxed))
        set_lag(capture, lag_us);
}

static void measure(struct capture *capture, bool at_once)
{
    const struct capture_source_ops *ops = capture->source->ops;
    if (ops->measure == NULL)
        return;
    int64_t now_ms = clock_us(CLOCK_MONOTONIC_COARSE) / 1000;
    if (!at_once && now_ms - capture->measured_ms < MEASURE_MS)
        return;
    capture->measured_ms = now_ms;
    set_lag(capture, capture->latest_lag_us);
    capture->latest_lag_us = 0;
    ops->measure(capture->source);
}

static int64_t oldest_time(const struct frame_batch *batch)
{
    int64_t oldest_us = batch->frames[0].time_us;
    for (size_t i = 1; i < batch->count; i++)
        oldest_us = batch->frames[i].time_us < oldest_us ? batch->frames[i].time_us : oldest_us;
    return oldest_us;
}

static void count(struct capture *capture, const struct frame_batch *batch)
{
    uint64_t frames = batch->count, bytes = batch->left_out_bytes;
    for (size_t i = 0; i < batch->count; i++) {
        frames += batch->frames[i].left_out;
        bytes += batch->frames[i].length;
    }
    capture_counter_add(&capture->context.counters.frames, frames);
    capture_counter_add(&capture->context.counters.bytes, bytes);
    if (capture->source->ops->live)
        note_lag(capture, oldest_time(batch));
}

enum capture_result capture_read(struct capture *capture, struct frame_batch *batch, struct error *error)
{
    bool stopped = capture_stopped(&capture->context);
    batch->frames = capture->frames;
    batch->count = 0;
    batch->left_out_bytes = batch->left_out_cut = 0;
    measure(capture, stopped); /* before it is read: how full the buffers have become */
    if (stopped && capture->source->ops->live)
        return CAPTURE_END;
    enum capture_result result = capture->source->ops->read(capture->source, batch, error);
    if (batch->count > 0)
        count(capture, batch);
    return result;
}

void capture_begin_now(struct capture *capture)
{
    capture->context.begin_us = clock_us(CLOCK_REALTIME);
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

void capture_get_pressure(const struct capture *capture, struct capture_pressure *pressure)
{
    const struct capture_context *context = &capture->context;
    pressure->lag_us = atomic_load_explicit(&context->lag_us, memory_order_relaxed);
    pressure->queue_permille = atomic_load_explicit(&context->queue_permille, memory_order_relaxed);
}

void capture_pressure_add(struct capture_pressure *worst, const struct capture_pressure *more)
{
    worst->lag_us = more->lag_us > worst->lag_us ? more->lag_us : worst->lag_us;
    worst->queue_permille =
        more->queue_permille > worst->queue_permille ? more->queue_permille : worst->queue_permille;
}

void capture_close(struct capture *capture)
{
    if (capture == NULL)
        return;
    capture->source->ops->close(capture->source);
    free(capture);
}
