// SPDX-License-Identifier: Apache-2.0
#include "capture/piece.h"

static inline void show(struct piece *piece, size_t reader, size_t place)
{
    piece->places[reader][piece->seen[reader]++] = (uint16_t)place;
}

static void show_all(struct piece *piece, size_t readers, size_t place)
{
    for (size_t reader = 0; reader < readers; reader++)
        show(piece, reader, place);
}

void piece_sort(struct piece *piece, size_t readers, int64_t *step_us)
{
    struct piece_section *section = piece->sections;
    *section = (struct piece_section){.step_us = *step_us};
    piece->sorted = readers <= PIECE_MAX_READERS;
    readers = piece->sorted ? readers : 0;
    for (size_t reader = 0; reader < readers; reader++)
        piece->seen[reader] = 0;
    for (size_t i = 0; i < piece->count; i++) {
        struct frame *frame = &piece->frames[i];
        bool is_last = i + 1 == piece->count || frame->time_us > frame[1].time_us;
        frame->is_step = frame_time_is_step(section->step_us, frame->time_us);
        if (is_last || frame->is_step || frame->share >= readers) {
            show_all(piece, readers, i);
        } else {
            bool is_others = frame->share != 0;
            show(piece, frame->share, i);
            section->others_bytes += is_others ? frame->length : 0;
            section->others_cut += is_others && frame->captured < frame->length;
        }
        if (frame->is_step) {
            piece->sorted = piece->sorted && frame_time_is_near(section->step_us, frame->time_us);
            *++section = (struct piece_section){.step_us = frame->time_us};
        }
    }
    *step_us = section->step_us;
}
