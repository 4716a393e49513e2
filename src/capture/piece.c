// SPDX-License-Identifier: Apache-2.0
#include "capture/piece.h"

enum { ALL = FRAME_SHARE_OPEN };

void piece_sort(struct piece *piece, int64_t *step_us)
{
    struct piece_section *section = piece->sections;
    *section = (struct piece_section){.step_us = *step_us};
    piece->sorted = true;
    for (size_t i = 0; i < piece->count; i++) {
        struct frame *frame = &piece->frames[i];
        bool is_last = i + 1 == piece->count || frame->time_us > frame[1].time_us;
        bool is_others = frame->share != 0 && frame->share != ALL && !is_last;
        frame->is_step = frame_time_is_step(section->step_us, frame->time_us);
        piece->seers[i] = is_last || frame->is_step ? ALL : frame->share;
        if (frame->is_step) {
            piece->sorted = piece->sorted && frame_time_is_near(section->step_us, frame->time_us);
            *++section = (struct piece_section){.step_us = frame->time_us};
        } else if (is_others) {
            section->others_bytes += frame->length;
            section->others_cut += frame->captured < frame->length;
        }
    }
    *step_us = section->step_us;
}

/* Without branches: whose the next frame is, no processor can guess. */
size_t piece_pick(const struct piece *piece, uint8_t share, uint16_t places[static PIECE_FRAMES])
{
    size_t count = 0;
    for (size_t i = 0; i < piece->count; i++) {
        places[count] = (uint16_t)i;
        count += (size_t)(piece->seers[i] == share) | (size_t)(piece->seers[i] == ALL);
    }
    return count;
}
