// SPDX-License-Identifier: Apache-2.0
/*
 * A frame: the bytes of one packet as they were captured, before anything is known about them.
 */
#ifndef CAPTURE_FRAME_H
#define CAPTURE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
    const uint8_t *data; /* borrowed from the capture; valid until the next capture_read() */
    int64_t time_us;     /* microseconds since 1970-01-01 UTC, as the capture says */
    uint32_t captured;   /* bytes at `data` */
    uint32_t length;     /* bytes on the wire: at least `captured` */
    uint16_t link_type;  /* LINKTYPE_ value, https://www.tcpdump.org/linktypes.html */
    uint16_t source;     /* which input it came from: see capture_source_name() */
    /* where several read the same frames, 0 everywhere else: */
    uint8_t share;     /* whose it is, or FRAME_SHARE_OPEN */
    bool is_step;      /* known to be one: frame_time_is_step() */
    uint16_t left_out; /* others' frames right before it, which the batch leaves out */
};

/*
 * Time is told, and what timed out is ended, at steps: frames that are so much later than the step before, or
 * that are near to it no more. A minute before it is near still.
 */
#define FRAME_STEP_US INT64_C(100000)
#define FRAME_NEAR_US INT64_C(60000000)

static inline bool frame_time_is_step(int64_t step_us, int64_t time_us)
{
    uint64_t ahead_us = (uint64_t)time_us - (uint64_t)step_us;
    return ahead_us + (uint64_t)(FRAME_NEAR_US - FRAME_STEP_US) >= (uint64_t)FRAME_NEAR_US;
}

static inline bool frame_time_is_near(int64_t step_us, int64_t time_us)
{
    uint64_t ahead_us = (uint64_t)time_us - (uint64_t)step_us;
    return ahead_us + (uint64_t)(FRAME_NEAR_US - FRAME_STEP_US) <=
           (uint64_t)(2 * FRAME_NEAR_US - FRAME_STEP_US);
}

/* Whose a frame is, only decoding can tell. */
enum { FRAME_SHARE_OPEN = UINT8_MAX };

/* Whose a frame is by a first look: below the number of those who read, or FRAME_SHARE_OPEN. */
typedef uint8_t frame_share(const void *context, const struct frame *frame);

enum { FRAME_BATCH_SIZE = 64 };

/* Frames travel in batches, so that what is done once a batch (flags, timers, prefetches) costs little a
 * packet. */
struct frame_batch {
    struct frame *frames; /* the capture's, as what they point to */
    size_t count;
    size_t
        limit; /* takes no more frames than this; 0: FRAME_BATCH_SIZE, the most that capture_read() gives */
    /* The reader does without others' frames that are no steps; the latest step that it saw. */
    bool only_own;
    /* The frames may be in the cache of another core, which read them. */
    bool is_far;
    int64_t step_us;
    /* What the batches since the latest step left out: said with the last batch before the next, and to the
     * first reader only. */
    uint64_t left_out_bytes, left_out_cut;
};

static inline size_t frame_batch_limit(const struct frame_batch *batch)
{
    return batch->limit > 0 ? batch->limit : FRAME_BATCH_SIZE;
}

/* Where the frames are far, asks for the headers of the one at this place. Asked for one by one, between work
 * on those before it: a core waits once it has asked for some dozens of lines. */
static inline void frame_batch_prefetch(const struct frame_batch *batch, size_t place)
{
    enum { CACHE_LINE = 64 };
    if (!batch->is_far || place >= batch->count)
        return;
    const struct frame *frame = &batch->frames[place];
    __builtin_prefetch(frame->data);
    if (frame->captured > CACHE_LINE)
        __builtin_prefetch(frame->data + CACHE_LINE);
}

/* How many more frames the batch takes. */
static inline size_t frame_batch_room(const struct frame_batch *batch)
{
    return frame_batch_limit(batch) - batch->count;
}

#endif
