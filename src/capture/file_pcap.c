// SPDX-License-Identifier: Apache-2.0
/*
 * Classic pcap: draft-ietf-opsawg-pcap, sections 4 (file header) and 5 (packet records); both byte orders,
 * both time precisions, and the variant with longer records that patched libpcaps of the 1990s wrote
 * (Kuznetzov's).
 */
#include "capture/file_format.h"
#include "capture/link_type.h"

#include <stdlib.h>

enum { FILE_HEADER_LENGTH = 24, RECORD_HEADER_LENGTH = 16, PATCHED_RECORD_HEADER_LENGTH = 24 };

struct pcap_reader {
    struct file_reader reader;
    bool big_endian;
    uint32_t fraction; /* units a microsecond */
    size_t header_length;
    uint16_t link_type;
};

static const struct variant {
    uint32_t magic;
    uint32_t fraction;
    size_t header_length;
} variants[] = {
    {0xa1b2c3d4, 1, RECORD_HEADER_LENGTH},
    {0xa1b23c4d, 1000, RECORD_HEADER_LENGTH},
    {0xa1b2cd34, 1, PATCHED_RECORD_HEADER_LENGTH}, /* libpcap, sf-pcap.c: KUZNETZOV_TCPDUMP_MAGIC */
};

static const struct variant *find_variant(const uint8_t magic[FILE_MAGIC_LENGTH], bool big_endian)
{
    struct cursor cursor = cursor_of(magic, FILE_MAGIC_LENGTH);
    uint32_t value = file_format_u32(&cursor, big_endian);
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        if (variants[i].magic == value)
            return &variants[i];
    return NULL;
}

static bool recognise(const uint8_t magic[FILE_MAGIC_LENGTH])
{
    return find_variant(magic, false) != NULL || find_variant(magic, true) != NULL;
}

static struct file_reader *create(void)
{
    struct pcap_reader *pcap = calloc(1, sizeof *pcap);
    if (pcap == NULL)
        return NULL;
    pcap->reader.format = &file_pcap;
    pcap->reader.link_type = -1;
    return &pcap->reader;
}

static enum file_result begin(struct file_reader *reader, struct byte_stream *stream, struct error *error)
{
    struct pcap_reader *pcap = (struct pcap_reader *)reader;
    enum file_result result = file_format_fill(stream, FILE_HEADER_LENGTH, error);
    if (result != FILE_READY)
        return result;
    const struct variant *variant = find_variant(stream->at, false);
    pcap->big_endian = variant == NULL;
    if (variant == NULL)
        variant = find_variant(stream->at, true);
    if (variant == NULL) {
        error_set(error, STATUS_NO_INPUT, "no pcap file header");
        return FILE_FAULT;
    }
    struct cursor cursor = cursor_of(stream->at, FILE_HEADER_LENGTH);
    cursor_skip(&cursor, 4);
    uint16_t major = file_format_u16(&cursor, pcap->big_endian);
    cursor_skip(&cursor,
                14); /* minor version, two reserved fields, snapshot length: none changes the records */
    uint32_t network = file_format_u32(&cursor, pcap->big_endian);
    if (major != 2) {
        error_set(error, STATUS_NO_INPUT, "pcap version %u, of which nothing is known but 2", major);
        return FILE_FAULT;
    }
    pcap->fraction = variant->fraction;
    pcap->header_length = variant->header_length;
    pcap->link_type = link_type_of(network & 0xffff); /* the upper bits tell of the frame check sequence */
    pcap->reader.link_type = pcap->link_type;
    stream->at += FILE_HEADER_LENGTH;
    return FILE_READY;
}

/* The header of the record at `at`; the byte order is given apart, so that the loop below knows it
 * beforehand. Field by field: a whole frame would be made elsewhere first, in small parts, and its copy in
 * larger ones wait for them: three quarters of the time that reading frames took. */
static inline void read_header(const struct pcap_reader *pcap, bool big_endian, const uint8_t *at,
                               struct frame *frame)
{
    struct cursor cursor = cursor_of(at, RECORD_HEADER_LENGTH);
    uint32_t seconds = file_format_u32(&cursor, big_endian);
    uint32_t fraction = file_format_u32(&cursor, big_endian);
    uint32_t captured = file_format_u32(&cursor, big_endian);
    uint32_t length = file_format_u32(&cursor, big_endian);
    if (pcap->fraction != 1)
        fraction /= 1000;
    frame->data = at + pcap->header_length;
    frame->time_us = (int64_t)seconds * 1000000 + fraction;
    frame->captured = captured;
    frame->length = length > captured ? length : captured;
    frame->link_type = pcap->link_type;
    frame->source = pcap->reader.source;
    frame->share = 0;
}

/* The records that stand in the buffer as a whole: nearly all. */
static inline void take_whole_in(const struct pcap_reader *pcap, bool big_endian, struct byte_stream *stream,
                                 struct frame_batch *batch)
{
    const struct pcap_reader copy = *pcap; /* which storing frames cannot change: stays in registers */
    const uint8_t *at = stream->at, *end = stream->end;
    struct frame *frame = batch->frames + batch->count;
    const struct frame *full = batch->frames + frame_batch_limit(batch);
    for (; frame < full && (size_t)(end - at) >= copy.header_length; frame++) {
        read_header(&copy, big_endian, at, frame);
        size_t left = (size_t)(end - frame->data);
        if (frame->captured > left || frame->captured > FILE_MAX_PACKET)
            break;
        at = frame->data + frame->captured;
    }
    stream->at = at;
    batch->count = (size_t)(frame - batch->frames);
}

static void take_whole(const struct pcap_reader *pcap, struct byte_stream *stream, struct frame_batch *batch)
{
    if (pcap->big_endian)
        take_whole_in(pcap, true, stream, batch);
    else
        take_whole_in(pcap, false, stream, batch);
}

/* Makes the next record stand in the buffer as a whole. */
static enum file_result need_record(const struct pcap_reader *pcap, struct byte_stream *stream,
                                    struct error *error)
{
    enum file_result result = file_format_fill(stream, pcap->header_length, error);
    if (result != FILE_READY)
        return result;
    struct frame frame;
    read_header(pcap, pcap->big_endian, stream->at, &frame);
    uint32_t captured = frame.captured;
    if (captured > FILE_MAX_PACKET) {
        error_set(error, STATUS_FAILED, "a packet of %u bytes, which cannot be", captured);
        return FILE_FAULT;
    }
    return file_format_fill(stream, pcap->header_length + captured, error);
}

static enum file_result read_frames(struct file_reader *reader, struct byte_stream *stream,
                                    struct frame_batch *batch, struct error *error)
{
    const struct pcap_reader *pcap = (const struct pcap_reader *)reader;
    take_whole(pcap, stream, batch);
    if (batch->count > 0)
        return FILE_READY;
    enum file_result result = need_record(pcap, stream, error);
    if (result == FILE_READY)
        take_whole(pcap, stream, batch);
    return result;
}

static void pcap_free(struct file_reader *reader)
{
    free(reader);
}

const struct file_format file_pcap = {"pcap", recognise, create, begin, read_frames, pcap_free};
