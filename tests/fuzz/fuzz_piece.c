// SPDX-License-Identifier: Apache-2.0
/*
 * Pieces of a file with frames of any times, lengths and shares: who reads is to see its own frames, all
 * steps, and nothing that is earlier than what was left out before it; what is left out is counted.
 *
 * Input: frames of six bytes: whose it is (the last bit: it is the last of its piece), how time goes on (the
 * upper two bits say in which unit, the others how far ahead or back), its length on the wire (big endian).
 */
#include "fuzzing.h"

#include "capture/piece.h"

enum { FRAME_BYTES = 6, SHARES = 3, LAST = 1 };

struct run {
    struct piece piece;
    int64_t step_us;        /* of the pieces */
    int64_t own_us[SHARES]; /* of who reads so far */
};

static void add(struct piece *piece, const uint8_t *at, int64_t *time_us)
{
    static const int64_t units[] = {1000, 20000, 2000000, INT64_C(1) << 55};
    uint8_t share = (at[0] >> 1) % (SHARES + 2); /* one is nobody's */
    /* unsigned: it goes round */
    *time_us = (int64_t)((uint64_t)*time_us + (uint64_t)(units[at[1] >> 6] * ((at[1] & 63) - 16)));
    uint32_t length = (uint32_t)at[2] << 24 | (uint32_t)at[3] << 16 | (uint32_t)at[4] << 8 | at[5];
    piece->frames[piece->count++] = (struct frame){.time_us = *time_us,
                                                   .captured = length < 100 ? length : 100,
                                                   .length = length,
                                                   .share = share == SHARES + 1 ? FRAME_SHARE_OPEN : share};
}

static void check_left_out(const struct frame *frame, uint8_t share, int64_t own_us, const struct frame *next)
{
    require(frame->share != share && frame->share != FRAME_SHARE_OPEN);
    require(!frame_time_is_step(own_us, frame->time_us) && frame->time_us <= next->time_us);
}

/* All of the piece. */
static void read_piece(struct run *run, uint8_t share)
{
    uint64_t bytes = 0, cut = 0;
    const struct piece *piece = &run->piece;
    const struct piece_section *section = piece->sections;
    const uint16_t *places = piece->places[share];
    size_t count = piece->seen[share], at = 0;
    require(count > 0 && count <= piece->count && places[count - 1] == piece->count - 1);
    for (size_t i = 0; i < count; i++, at++) {
        const struct frame *frame = &piece->frames[places[i]];
        require(places[i] >= at && section->step_us == run->own_us[share]);
        for (; at < places[i]; at++) {
            check_left_out(&piece->frames[at], share, run->own_us[share], frame);
            bytes += piece->frames[at].length;
            cut += piece->frames[at].captured < piece->frames[at].length;
        }
        require(frame->is_step == frame_time_is_step(run->own_us[share], frame->time_us));
        if (!frame->is_step && at + 1 < piece->count)
            continue;
        require(share != 0 || (section->others_bytes == bytes && section->others_cut == cut));
        run->own_us[share] = frame->is_step ? frame->time_us : run->own_us[share];
        section += frame->is_step;
        bytes = cut = 0;
    }
}

/* Where a step is not near, each is to see all, as the sensor's clock may not follow it. */
static void finish_piece(struct run *run)
{
    struct piece *piece = &run->piece;
    int64_t before_us = run->step_us;
    bool all_near = true;
    piece_sort(piece, SHARES, &run->step_us);
    for (size_t i = 0; i < piece->count; i++)
        if (frame_time_is_step(before_us, piece->frames[i].time_us)) {
            all_near = all_near && frame_time_is_near(before_us, piece->frames[i].time_us);
            before_us = piece->frames[i].time_us;
        }
    require(run->step_us == before_us && piece->sorted == all_near);
    for (uint8_t share = 0; share < SHARES; share++)
        read_piece(run, share);
    piece->count = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct run run;
    int64_t time_us = INT64_C(1767607200) * 1000000;
    run.step_us = time_us;
    for (size_t i = 0; i < SHARES; i++)
        run.own_us[i] = time_us;
    for (; length >= FRAME_BYTES; bytes += FRAME_BYTES, length -= FRAME_BYTES) {
        add(&run.piece, bytes, &time_us);
        if ((bytes[0] & LAST) != 0 || run.piece.count == PIECE_FRAMES || length < 2 * FRAME_BYTES)
            finish_piece(&run);
    }
    return 0;
}
