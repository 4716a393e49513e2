// SPDX-License-Identifier: Apache-2.0
/*
 * A piece of a file whose frames several readers have between them (shared_files.c). It says which frames
 * each of them must see, so that none walks along the others' nor fetches them from another core's cache.
 *
 * What is left out changes nothing. Of others' frames only the time counts, and only where it is a step
 * (frame_time_is_step()), which all see; so do they see what only decoding can tell whose it is, the latest
 * frame before times go back, and the last. So what is left out is never later than the next that is seen.
 */
#ifndef CAPTURE_PIECE_H
#define CAPTURE_PIECE_H

#include "capture/frame.h"

#include <stdatomic.h>

enum { PIECE_FRAMES = 1024, PIECE_MAX_READERS = 64 };

/* The frames up to a step, that included, or to the end of the piece. */
struct piece_section {
    int64_t step_us; /* time of the step before */
    /* of what the first reader is not to see; a frame may say that it had 4 GiB */
    uint64_t others_bytes, others_cut;
};

struct piece {
    struct piece *_Atomic next; /* in the chain, or of the free ones */
    uint64_t number;            /* in the chain */
    size_t readers;             /* that have not left it */
    uint8_t *bytes;             /* of byte_stream_buffer_create() */
    size_t count;
    bool sorted; /* false: each reader must see all */
    uint16_t seen[PIECE_MAX_READERS];
    struct frame frames[PIECE_FRAMES];
    struct piece_section sections[PIECE_FRAMES + 1];
    /* of the frames that each reader must see: `seen` of them */
    uint16_t places[PIECE_MAX_READERS][PIECE_FRAMES];
};

/* Frames are given, and their shares among so many readers; finds out who must see them. `step_us` is the
 * time of the latest step, and is brought up to date. */
void piece_sort(struct piece *piece, size_t readers, int64_t *step_us);

#endif
