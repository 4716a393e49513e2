// SPDX-License-Identifier: Apache-2.0
/*
 * A frame: the bytes of one packet as they were captured, before anything is known about them.
 */
#ifndef CAPTURE_FRAME_H
#define CAPTURE_FRAME_H

#include <stddef.h>
#include <stdint.h>

struct frame {
    const uint8_t *data; /* borrowed from the capture; valid until the next capture_read() */
    int64_t time_us;     /* microseconds since 1970-01-01 UTC, as the capture says */
    uint32_t captured;   /* bytes at `data` */
    uint32_t length;     /* bytes on the wire: at least `captured` */
    uint16_t link_type;  /* LINKTYPE_ value, https://www.tcpdump.org/linktypes.html */
    uint16_t source;     /* which input it came from: see capture_source_name() */
    uint8_t
        share; /* where several read the same frames: whose it is, or FRAME_SHARE_OPEN; 0 everywhere else */
};

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
};

static inline size_t frame_batch_limit(const struct frame_batch *batch)
{
    return batch->limit > 0 ? batch->limit : FRAME_BATCH_SIZE;
}

/* How many more frames the batch takes. */
static inline size_t frame_batch_room(const struct frame_batch *batch)
{
    return frame_batch_limit(batch) - batch->count;
}

#endif
