// SPDX-License-Identifier: Apache-2.0
/*
 * What stands behind a capture: files (files.c), interfaces (live.c) or sockets (listen.c). Internal to this
 * folder.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include "capture/capture.h"

#include <stdatomic.h>

/* Written by the reading thread alone, read by any. */
struct capture_counters {
    _Atomic uint64_t frames, bytes, filtered, kernel_drops, interface_drops, bytes_read, bytes_total, faults;
};

/* With a single writer a plain load and store is enough; a locked add would cost more than a frame does. */
static inline void capture_counter_add(_Atomic uint64_t *counter, uint64_t amount)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, value + amount, memory_order_relaxed);
}

static inline void capture_counter_set(_Atomic uint64_t *counter, uint64_t value)
{
    atomic_store_explicit(counter, value, memory_order_relaxed);
}

/* What capture.c shares with the source; outlives it. */
struct capture_context {
    struct capture_counters counters;
    _Atomic int64_t lag_us, queue_permille; /* struct capture_pressure */
    int64_t begin_us;                       /* live: earlier frames are passed over */
    atomic_bool stopped;
};

static inline bool capture_stopped(const struct capture_context *context)
{
    return atomic_load_explicit(&context->stopped, memory_order_relaxed);
}

struct capture_source;

struct capture_source_ops {
    bool live;
    /* `batch` comes empty. Counts filtered, drops, bytes_read and faults; frames and bytes are counted by
     * capture.c. */
    enum capture_result (*read)(struct capture_source *source, struct frame_batch *batch,
                                struct error *error);
    /* Asks the kernel for drops and how full its buffers are: several times a second, and at the end. NULL
     * for files. */
    void (*measure)(struct capture_source *source);
    const char *(*name)(const struct capture_source *source, uint16_t number);
    int (*link_type)(const struct capture_source *source, uint16_t number);
    void (*close)(struct capture_source *source);
};

/* The first member of the structs that files.c and live.c allocate. */
struct capture_source {
    const struct capture_source_ops *ops;
};

struct capture_source *files_open(const char *const *paths, size_t count,
                                  const struct capture_options *options, struct capture_context *context,
                                  struct error *error);
/* Files: frames that are read from now on stand in `buffer`, of byte_stream_buffer_create(), and
 * stay there. */
void files_read_into(struct capture_source *source, uint8_t *buffer);

/* Another reader of the same frames, for another thread. `first` are files, of which nothing was read yet:
 * they become the first reader. See shared_files.c. NULL where memory lacks. */
struct capture_source *shared_files_join(struct capture_source **first,
                                         const struct capture_context *first_context);
/* Each reader: which share it has, and what tells it whose a frame is that it reads for all. */
void shared_files_set_share(struct capture_source *source, uint8_t number, frame_share *share,
                            const void *context);

struct capture_source *listen_open(const char *const *names, size_t count,
                                   const struct capture_options *options, struct capture_context *context,
                                   struct error *error);
struct capture_source *live_open(const char *const *names, size_t count,
                                 const struct capture_options *options, struct capture_context *context,
                                 struct error *error);

#endif
