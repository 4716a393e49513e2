// SPDX-License-Identifier: Apache-2.0
/*
 * Captures that several readers read together: whatever the bytes, and in whatever order the readers come,
 * each of them is shown the frames that one reader alone is given but for others', in which no step of its
 * time lies and nothing that is later than what it is shown next; and the first of them counts for all.
 *
 * Input: a byte of how many readers there are and of the size of a batch, a byte of the order in which they
 * come, then the capture.
 */
#include "memory_file.h"

#include "base/log.h"
#include "capture/capture.h"

enum {
    MAX_READERS = 4,
    MAX_FRAMES = 4096,
    MAX_LEAD = 20, /* calls: far fewer than there are pieces, so that nobody waits for those behind */
};

/* A frame as it is given where nobody else reads. */
struct expected {
    int64_t time_us;
    uint32_t captured, length, digest;
    uint16_t link_type, source;
    uint8_t share;
};

struct reader {
    struct capture *capture;
    uint8_t number;
    bool ended;
    bool is_odd;     /* now and then it misses a step, and is given all until it has the same as others */
    unsigned lead;   /* calls since it was the last */
    uint64_t frames; /* shown or left out */
    uint64_t bytes, cut;
    int64_t step_us;
};

static struct {
    struct expected frames[MAX_FRAMES];
    size_t count;
    uint64_t bytes, cut;
} plain;

static uint8_t reader_count;
static uint32_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 16) % limit;
}

/* By the frame alone, as that of the sensor. */
static uint8_t share_of(const void *context, const struct frame *frame)
{
    (void)context;
    uint8_t first = frame->captured == 0 ? UINT8_MAX : frame->data[0];
    return first % 8 == 7 ? FRAME_SHARE_OPEN : first % reader_count;
}

static uint32_t digest_of(const struct frame *frame)
{
    uint32_t digest = 2166136261u; /* FNV-1a */
    for (uint32_t i = 0; i < frame->captured; i++)
        digest = (digest ^ frame->data[i]) * 16777619;
    return digest;
}

/* ---- one reader alone ---- */

/* False where it is no capture, or has too many frames. */
static bool read_plain(const char *path)
{
    struct error error;
    struct capture *capture = capture_open_files(&path, 1, NULL, &error);
    if (capture == NULL)
        return false;
    struct frame_batch batch = {0};
    plain.count = plain.bytes = plain.cut = 0;
    bool fits = true;
    while (fits && capture_read(capture, &batch, &error) == CAPTURE_FRAMES)
        for (size_t i = 0; i < batch.count && (fits = plain.count < MAX_FRAMES); i++) {
            const struct frame *frame = &batch.frames[i];
            plain.frames[plain.count++] =
                (struct expected){frame->time_us,   frame->captured, frame->length,        digest_of(frame),
                                  frame->link_type, frame->source,   share_of(NULL, frame)};
            plain.bytes += frame->length;
            plain.cut += frame->captured < frame->length;
        }
    capture_close(capture);
    return fits;
}

/* ---- several ---- */

static void check_left_out(const struct reader *reader, uint64_t number, const struct frame *next)
{
    const struct expected *expected = &plain.frames[number];
    require(expected->share != reader->number && expected->share != FRAME_SHARE_OPEN);
    require(!frame_time_is_step(reader->step_us, expected->time_us));
    require(expected->time_us <= next->time_us);
}

static void see(struct reader *reader, const struct frame *frame)
{
    require(reader->frames + frame->left_out < plain.count);
    for (uint16_t i = 0; i < frame->left_out; i++)
        check_left_out(reader, reader->frames++, frame);
    const struct expected *expected = &plain.frames[reader->frames++];
    require(frame->time_us == expected->time_us && frame->captured == expected->captured &&
            frame->length == expected->length && frame->link_type == expected->link_type &&
            frame->source == expected->source && frame->share == expected->share &&
            digest_of(frame) == expected->digest);
    reader->bytes += frame->length;
    reader->cut += frame->captured < frame->length;
    if (frame_time_is_step(reader->step_us, frame->time_us) && !(reader->is_odd && random_below(4) == 0))
        reader->step_us = frame->time_us;
}

static void read_batch(struct reader *reader, size_t limit)
{
    struct error error;
    struct frame_batch batch = {.limit = limit, .only_own = true, .step_us = reader->step_us};
    if (capture_read(reader->capture, &batch, &error) != CAPTURE_FRAMES) {
        reader->ended = true;
        return;
    }
    require(batch.count > 0 && batch.count <= limit);
    for (size_t i = 0; i < batch.count; i++)
        see(reader, &batch.frames[i]);
    reader->bytes += batch.left_out_bytes;
    reader->cut += batch.left_out_cut;
}

/* One that has not ended and is not too far ahead; NULL where all have ended. */
static struct reader *choose(struct reader *readers)
{
    struct reader *last = NULL;
    for (size_t i = 0; i < reader_count; i++)
        if (!readers[i].ended && (last == NULL || readers[i].frames < last->frames))
            last = &readers[i];
    struct reader *chosen = &readers[random_below(reader_count)];
    if (last == NULL || chosen->ended || chosen->lead >= MAX_LEAD)
        chosen = last;
    if (chosen != NULL)
        chosen->lead = chosen->frames > last->frames ? chosen->lead + 1 : 0;
    return chosen;
}

static void open_all(struct reader *readers, const char *path)
{
    struct error error;
    for (uint8_t i = 0; i < reader_count; i++) {
        readers[i] = (struct reader){.number = i, .is_odd = random_below(4) == 0};
        readers[i].capture =
            i == 0 ? capture_open_files(&path, 1, NULL, &error) : capture_join(readers[0].capture, &error);
        require(readers[i].capture != NULL);
    }
    for (uint8_t i = 0; i < reader_count; i++)
        capture_set_share(readers[i].capture, i, share_of, NULL);
}

static void check_all(const struct reader *readers)
{
    for (uint8_t i = 0; i < reader_count; i++) {
        struct capture_statistics statistics;
        capture_get_statistics(readers[i].capture, &statistics);
        require(readers[i].frames == plain.count && statistics.frames == plain.count);
    }
    require(readers[0].bytes == plain.bytes && readers[0].cut == plain.cut);
}

static void read_together(const char *path, size_t limit)
{
    struct reader readers[MAX_READERS];
    open_all(readers, path);
    for (struct reader *reader; (reader = choose(readers)) != NULL;)
        read_batch(reader, limit);
    check_all(readers);
    for (uint8_t i = 0; i < reader_count; i++)
        capture_close(readers[i].capture);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    log_set_level(LOG_LEVEL_ERROR); /* a warning for each input would be most of the work */
    if (length < 2)
        return 0;
    reader_count = (uint8_t)(2 + bytes[0] % (MAX_READERS - 1));
    random_state = bytes[1];
    const char *path = memory_file(bytes + 2, length - 2);
    if (read_plain(path))
        read_together(path, 1 + bytes[0] / 4);
    return 0;
}
