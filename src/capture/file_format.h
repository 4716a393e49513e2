// SPDX-License-Identifier: Apache-2.0
/*
 * Formats of capture files, one file and one row of the table in file_format.c each.
 *
 * A reader leaves a record that it cannot take where it is: asked again it says the same again. So frames
 * that were read before a fault in the same batch are handed over first.
 */
#ifndef CAPTURE_FILE_FORMAT_H
#define CAPTURE_FILE_FORMAT_H

#include "base/cursor.h"
#include "base/error.h"
#include "capture/byte_stream.h"
#include "capture/frame.h"

/*
 * More captured bytes than this a packet are a fault: in a damaged file a length is any number, and believing
 * it would swallow the rest of the file. libpcap (MAXIMUM_SNAPLEN) and Wireshark write at most 256 KiB; twice
 * that leaves room for the BIG TCP packets of Linux (linux/netdevice.h: GSO_MAX_SIZE, 8 * 65536).
 */
enum { FILE_MAX_PACKET = 512 << 10, FILE_MAGIC_LENGTH = 4 };

enum file_result {
    FILE_READY,       /* go on; the batch may hold frames */
    FILE_END,         /* the file ends after a whole record */
    FILE_INTERRUPTED, /* a signal came while a pipe was waited for, or reading was stopped: ask again, or
                         leave */
    FILE_FAULT,       /* `error` says what is wrong with the record at the stream's position */
};

struct file_format;

/* The first member of each format's own struct. */
struct file_reader {
    const struct file_format *format;
    uint16_t source; /* goes into each frame */
    int link_type;   /* LINKTYPE_ of the file or of its first interface; -1 where not yet known */
};

struct file_format {
    const char *name;
    bool (*recognise)(const uint8_t magic[FILE_MAGIC_LENGTH]);
    struct file_reader *(*create)(void); /* NULL: out of memory */
    /* Reads what stands before the first packet, as far as the link type needs it. */
    enum file_result (*begin)(struct file_reader *reader, struct byte_stream *stream, struct error *error);
    /* Adds frames to `batch`, which point into the stream: ends early where the stream must be filled. */
    enum file_result (*read)(struct file_reader *reader, struct byte_stream *stream,
                             struct frame_batch *batch, struct error *error);
    void (*free)(struct file_reader *reader);
};

extern const struct file_format file_pcap;
extern const struct file_format file_pcapng;

/* The format that `stream` begins with; NULL with `error` naming the file where it is none. */
const struct file_format *file_format_recognise(struct byte_stream *stream, const char *name,
                                                struct error *error);

/* What byte_stream_fill() said, as a result for the reader of a record. */
enum file_result file_format_fill(struct byte_stream *stream, size_t length, struct error *error);

/*
 * Makes `length` bytes available for one record. With frames in `batch` the buffer must not move: then *wait
 * becomes true where it would have to, and the batch has to be handed over first.
 */
static inline enum file_result file_format_need(struct byte_stream *stream, const struct frame_batch *batch,
                                                size_t length, bool *wait, struct error *error)
{
    if (byte_stream_left(stream) >= length)
        return FILE_READY;
    *wait = batch->count > 0;
    return *wait ? FILE_READY : file_format_fill(stream, length, error);
}

static inline uint16_t file_format_u16(struct cursor *cursor, bool big_endian)
{
    return big_endian ? cursor_u16_be(cursor) : cursor_u16_le(cursor);
}

static inline uint32_t file_format_u32(struct cursor *cursor, bool big_endian)
{
    return big_endian ? cursor_u32_be(cursor) : cursor_u32_le(cursor);
}

#endif
