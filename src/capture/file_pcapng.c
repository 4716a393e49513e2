// SPDX-License-Identifier: Apache-2.0
/*
 * pcapng: draft-ietf-opsawg-pcapng. A file is a row of blocks; a section header says the byte order of those
 * that follow and forgets the interfaces known so far. Blocks that hold no packets are skipped.
 */
#include "capture/file_format.h"
#include "capture/link_type.h"

#include <stdlib.h>

/* draft-ietf-opsawg-pcapng, the table of standardised block type codes */
enum {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a, /* reads the same in both byte orders */
};

enum {
    BLOCK_OVERHEAD = 12, /* type, length, and the length again at the end */
    OPTION_TSRESOL = 9,  /* section 4.2 */
    OPTION_TSOFFSET = 14,
    MAX_INTERFACES = 65536, /* a packet block can name no more */
};

struct interface {
    uint64_t units; /* a second, for decimal resolutions */
    int64_t offset_s;
    uint32_t snapshot_length; /* 0: no limit */
    uint16_t link_type;
    uint8_t shift; /* for binary resolutions: units a second are 2^shift */
};

struct pcapng_reader {
    struct file_reader reader;
    bool big_endian;
    struct interface *interfaces;
    size_t count, room;
    uint64_t skip;     /* bytes still to be passed over */
    int64_t last_time; /* for simple packets, which have none */
};

static bool recognise(const uint8_t magic[FILE_MAGIC_LENGTH])
{
    struct cursor cursor = cursor_of(magic, FILE_MAGIC_LENGTH);
    return cursor_u32_be(&cursor) == BLOCK_SECTION;
}

static struct file_reader *create(void)
{
    struct pcapng_reader *pcapng = calloc(1, sizeof *pcapng);
    if (pcapng == NULL)
        return NULL;
    pcapng->reader.format = &file_pcapng;
    pcapng->reader.link_type = -1;
    return &pcapng->reader;
}

static bool fault(struct error *error, const char *what)
{
    return error_set(error, STATUS_FAILED, "%s", what);
}

/* Microseconds since 1970 in the interface's units; hostile values end at the limits of the type. */
static int64_t to_microseconds(const struct interface *interface, uint64_t time)
{
    uint64_t seconds, fraction;
    if (interface->shift > 0) {
        seconds = time >> interface->shift;
        fraction = time & ((UINT64_C(1) << interface->shift) - 1);
        unsigned shift = interface->shift;
        if (shift > 40) { /* keeps the product below within 64 bits */
            fraction >>= shift - 40;
            shift = 40;
        }
        fraction = fraction * 1000000 >> shift;
    } else {
        seconds = time / interface->units;
        fraction = time % interface->units;
        fraction = interface->units >= 1000000 ? fraction / (interface->units / 1000000)
                                               : fraction * (1000000 / interface->units);
    }
    int64_t result;
    if (seconds > INT64_MAX / 1000001 ||
        __builtin_add_overflow((int64_t)seconds, interface->offset_s, &result) ||
        __builtin_mul_overflow(result, (int64_t)1000000, &result) ||
        __builtin_add_overflow(result, (int64_t)fraction, &result))
        return interface->offset_s < 0 ? 0 : INT64_MAX;
    return result;
}

/* if_tsresol: the upper bit chooses powers of two, the others are the negative exponent. */
static bool set_resolution(struct interface *interface, uint8_t resolution)
{
    uint8_t exponent = resolution & 0x7f;
    interface->shift = 0;
    interface->units = 1;
    if ((resolution & 0x80) != 0) {
        interface->shift = exponent; /* 2^0 is 1 unit a second, as above */
        return exponent <= 63;
    }
    if (exponent > 19) /* 10^20 does not fit 64 bits */
        return false;
    while (exponent-- > 0)
        interface->units *= 10;
    return true;
}

static bool read_options(struct interface *interface, bool big_endian, struct cursor options,
                         struct error *error)
{
    while (cursor_left(&options) >= 4) {
        uint16_t code = file_format_u16(&options, big_endian);
        uint16_t length = file_format_u16(&options, big_endian);
        struct cursor value = cursor_of(cursor_take(&options, (length + 3U) & ~3U), length);
        if (code == 0)
            return true;
        if (cursor_failed(&options))
            return fault(error, "an option that is longer than its interface block");
        if (code == OPTION_TSRESOL && length == 1 && !set_resolution(interface, cursor_u8(&value)))
            return fault(error, "an interface whose time resolution is too fine");
        if (code == OPTION_TSOFFSET && length == 8) {
            uint64_t first = file_format_u32(&value, big_endian),
                     second = file_format_u32(&value, big_endian);
            interface->offset_s = (int64_t)(big_endian ? first << 32 | second : second << 32 | first);
        }
    }
    return true;
}

static bool read_interface(struct pcapng_reader *pcapng, struct cursor *body, struct frame_batch *batch,
                           struct error *error)
{
    (void)batch;
    struct interface interface = {.units = 1000000};
    interface.link_type = link_type_of(file_format_u16(body, pcapng->big_endian));
    cursor_skip(body, 2);
    interface.snapshot_length = file_format_u32(body, pcapng->big_endian);
    if (cursor_failed(body))
        return fault(error, "an interface block that is too short");
    if (!read_options(&interface, pcapng->big_endian, *body, error))
        return false;
    if (pcapng->count == pcapng->room) {
        size_t room = pcapng->room == 0 ? 8 : pcapng->room * 2;
        struct interface *more =
            room > MAX_INTERFACES ? NULL : realloc(pcapng->interfaces, room * sizeof *pcapng->interfaces);
        if (more == NULL)
            return fault(error, "more interfaces than can be kept");
        pcapng->interfaces = more;
        pcapng->room = room;
    }
    if (pcapng->reader.link_type < 0)
        pcapng->reader.link_type = interface.link_type;
    pcapng->interfaces[pcapng->count++] = interface;
    return true;
}

static bool add_frame(struct pcapng_reader *pcapng, uint32_t number, struct frame frame, struct cursor *body,
                      struct frame_batch *batch, struct error *error)
{
    if (cursor_failed(body))
        return fault(error, "a packet block that is too short");
    if (number >= pcapng->count)
        return fault(error, "a packet of an interface that was not described");
    if (frame.captured > FILE_MAX_PACKET)
        return error_set(error, STATUS_FAILED, "a packet of %u bytes, which cannot be", frame.captured);
    frame.data = cursor_take(body, frame.captured);
    if (frame.data == NULL)
        return fault(error, "a packet that is longer than its block");
    if (frame.length < frame.captured)
        frame.length = frame.captured;
    frame.link_type = pcapng->interfaces[number].link_type;
    frame.source = pcapng->reader.source;
    pcapng->last_time = frame.time_us;
    batch->frames[batch->count++] = frame;
    return true;
}

/* Time and lengths are the same in the enhanced and in the obsolete packet block. */
static bool read_timed_packet(struct pcapng_reader *pcapng, uint32_t number, struct cursor *body,
                              struct frame_batch *batch, struct error *error)
{
    struct frame frame = {0};
    uint64_t time = (uint64_t)file_format_u32(body, pcapng->big_endian) << 32;
    time |= file_format_u32(body, pcapng->big_endian);
    frame.captured = file_format_u32(body, pcapng->big_endian);
    frame.length = file_format_u32(body, pcapng->big_endian);
    if (number < pcapng->count)
        frame.time_us = to_microseconds(&pcapng->interfaces[number], time);
    return add_frame(pcapng, number, frame, body, batch, error);
}

static bool read_enhanced_packet(struct pcapng_reader *pcapng, struct cursor *body, struct frame_batch *batch,
                                 struct error *error)
{
    uint32_t number = file_format_u32(body, pcapng->big_endian);
    return read_timed_packet(pcapng, number, body, batch, error);
}

static bool read_obsolete_packet(struct pcapng_reader *pcapng, struct cursor *body, struct frame_batch *batch,
                                 struct error *error)
{
    uint32_t number = file_format_u16(body, pcapng->big_endian);
    cursor_skip(body, 2); /* drops */
    return read_timed_packet(pcapng, number, body, batch, error);
}

/* Section 4.4: belongs to the first interface, has no time, and says its captured length by that of the
 * block. */
static bool read_simple_packet(struct pcapng_reader *pcapng, struct cursor *body, struct frame_batch *batch,
                               struct error *error)
{
    uint32_t length = file_format_u32(body, pcapng->big_endian);
    struct frame frame = {.time_us = pcapng->last_time, .captured = length, .length = length};
    uint32_t limit = pcapng->count == 0 ? 0 : pcapng->interfaces[0].snapshot_length;
    if (limit != 0 && frame.captured > limit)
        frame.captured = limit;
    return add_frame(pcapng, 0, frame, body, batch, error);
}

static bool read_section(struct pcapng_reader *pcapng, struct cursor *body, struct frame_batch *batch,
                         struct error *error)
{
    (void)batch;
    cursor_skip(body, 4); /* the byte-order magic, which block_length() has looked at */
    uint16_t major = file_format_u16(body, pcapng->big_endian);
    cursor_skip(body, 10); /* minor version; section length, which says nothing that the blocks do not */
    if (cursor_failed(body))
        return fault(error, "a section header that is too short");
    if (major != 1)
        return error_set(error, STATUS_FAILED, "pcapng version %u, of which nothing is known but 1", major);
    pcapng->count = 0;
    return true;
}

typedef bool read_block(struct pcapng_reader *pcapng, struct cursor *body, struct frame_batch *batch,
                        struct error *error);

static const struct block {
    uint32_t type;
    read_block *read;
} blocks[] = {
    {BLOCK_ENHANCED_PACKET, read_enhanced_packet}, /* first: nearly all blocks are this one */
    {BLOCK_SIMPLE_PACKET, read_simple_packet},
    {BLOCK_PACKET, read_obsolete_packet},
    {BLOCK_INTERFACE, read_interface},
    {BLOCK_SECTION, read_section},
};

static read_block *find_block(uint32_t type)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (blocks[i].type == type)
            return blocks[i].read;
    return NULL;
}

/* The length of the block at `at` (12 bytes are there); a section header changes the byte order first. */
static bool block_length(struct pcapng_reader *pcapng, const uint8_t *at, uint32_t *type, uint32_t *length,
                         struct error *error)
{
    struct cursor cursor = cursor_of(at, BLOCK_OVERHEAD), magic = cursor_of(at + 8, 4);
    *type = file_format_u32(&cursor, pcapng->big_endian);
    if (*type == BLOCK_SECTION) {
        uint32_t order = cursor_u32_be(&magic); /* section 4.1 */
        if (order != 0x1a2b3c4d && order != 0x4d3c2b1a)
            return fault(error, "a section header without byte-order magic");
        pcapng->big_endian = order == 0x1a2b3c4d;
    }
    *length = file_format_u32(&cursor, pcapng->big_endian);
    if (*length < BLOCK_OVERHEAD || *length % 4 != 0)
        return error_set(error, STATUS_FAILED, "a block of %u bytes, which cannot be", *length);
    return true;
}

/* Passes over what is left of a block that is not looked into; it may be larger than the buffer. */
static enum file_result skip(struct pcapng_reader *pcapng, struct byte_stream *stream,
                             const struct frame_batch *batch, bool *wait, struct error *error)
{
    while (pcapng->skip > 0) {
        size_t length = pcapng->skip < 4096 ? (size_t)pcapng->skip : 4096;
        enum file_result result = file_format_need(stream, batch, length, wait, error);
        if (result == FILE_END) { /* between two pieces, not between two blocks */
            error_set(error, STATUS_FAILED, "the file ends too early");
            return FILE_FAULT;
        }
        if (result != FILE_READY || *wait)
            return result;
        stream->at += length;
        pcapng->skip -= length;
    }
    return FILE_READY;
}

static enum file_result take_block(struct pcapng_reader *pcapng, struct byte_stream *stream, read_block *read,
                                   uint32_t length, struct frame_batch *batch, struct error *error)
{
    struct cursor body = cursor_of(stream->at + 8, length - BLOCK_OVERHEAD);
    struct cursor trailer = cursor_of(stream->at + length - 4, 4);
    if (file_format_u32(&trailer, pcapng->big_endian) != length) {
        fault(error, "a block whose two lengths differ");
        return FILE_FAULT;
    }
    if (!read(pcapng, &body, batch, error))
        return FILE_FAULT;
    stream->at += length;
    return FILE_READY;
}

static enum file_result next_block(struct pcapng_reader *pcapng, struct byte_stream *stream,
                                   struct frame_batch *batch, bool *wait, struct error *error)
{
    enum file_result result = skip(pcapng, stream, batch, wait, error);
    if (result != FILE_READY || *wait)
        return result;
    result = file_format_need(stream, batch, BLOCK_OVERHEAD, wait, error);
    if (result != FILE_READY || *wait)
        return result;
    uint32_t type = 0, length = 0;
    if (!block_length(pcapng, stream->at, &type, &length, error))
        return FILE_FAULT;
    read_block *read = find_block(type);
    if (read == NULL) {
        pcapng->skip = length;
        return FILE_READY;
    }
    if (length > BYTE_STREAM_MAX_FILL) {
        error_set(error, STATUS_FAILED, "a block of %u bytes, which cannot be", length);
        return FILE_FAULT;
    }
    result = file_format_need(stream, batch, length, wait, error);
    if (result != FILE_READY || *wait)
        return result;
    return take_block(pcapng, stream, read, length, batch, error);
}

static enum file_result begin(struct file_reader *reader, struct byte_stream *stream, struct error *error)
{
    struct pcapng_reader *pcapng = (struct pcapng_reader *)reader;
    struct frame_batch none = {.count = 0}; /* stays empty: without an interface no packet is taken */
    bool wait = false;
    enum file_result result = FILE_READY;
    while (result == FILE_READY && pcapng->count == 0)
        result = next_block(pcapng, stream, &none, &wait, error);
    return result;
}

static enum file_result read_frames(struct file_reader *reader, struct byte_stream *stream,
                                    struct frame_batch *batch, struct error *error)
{
    struct pcapng_reader *pcapng = (struct pcapng_reader *)reader;
    bool wait = false;
    enum file_result result = FILE_READY;
    /* a bound on blocks, so that the caller sees a stop in a file without packets */
    for (unsigned n = 0; n < 1024 && result == FILE_READY && !wait && frame_batch_room(batch) > 0; n++)
        result = next_block(pcapng, stream, batch, &wait, error);
    return result;
}

static void pcapng_free(struct file_reader *reader)
{
    struct pcapng_reader *pcapng = (struct pcapng_reader *)reader;
    if (pcapng != NULL)
        free(pcapng->interfaces);
    free(pcapng);
}

const struct file_format file_pcapng = {"pcapng", recognise, create, begin, read_frames, pcapng_free};
