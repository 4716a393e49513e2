// SPDX-License-Identifier: Apache-2.0
/*
 * Makes capture files in memory, byte by byte, in either byte order.
 */
#ifndef TESTS_UNIT_CAPTURE_BUILDER_H
#define TESTS_UNIT_CAPTURE_BUILDER_H

#include "capture/capture.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct builder {
    uint8_t *bytes;
    size_t length, room;
    bool big_endian;
};

static inline void builder_done(struct builder *builder)
{
    free(builder->bytes);
    *builder = (struct builder){0};
}

static inline void put_bytes(struct builder *builder, const void *bytes, size_t length)
{
    if (builder->length + length > builder->room) {
        builder->room = (builder->length + length) * 2;
        builder->bytes = realloc(builder->bytes, builder->room);
        assert(builder->bytes != NULL);
    }
    if (length > 0)
        memcpy(builder->bytes + builder->length, bytes, length);
    builder->length += length;
}

static inline void put_number(struct builder *builder, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * (builder->big_endian ? size - 1 - i : i));
    put_bytes(builder, bytes, size);
}

static inline void put_u16(struct builder *builder, uint64_t value)
{
    put_number(builder, value, 2);
}

static inline void put_u32(struct builder *builder, uint64_t value)
{
    put_number(builder, value, 4);
}

static inline void put_pcap_header(struct builder *builder, uint32_t magic, uint32_t network)
{
    put_u32(builder, magic);
    put_u16(builder, 2);
    put_u16(builder, 4);
    put_u32(builder, 0);
    put_u32(builder, 0);
    put_u32(builder, 262144);
    put_u32(builder, network);
}

/* A packet whose bytes count up from `first`. */
static inline void put_payload(struct builder *builder, uint8_t first, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = (uint8_t)(first + i);
        put_bytes(builder, &byte, 1);
    }
}

static inline void put_pcap_packet(struct builder *builder, uint32_t seconds, uint32_t fraction,
                                   uint8_t first, size_t length)
{
    put_u32(builder, seconds);
    put_u32(builder, fraction);
    put_u32(builder, length);
    put_u32(builder, length + 2); /* two bytes were not captured */
    put_payload(builder, first, length);
}

/* Begins a pcapng block; the length is filled in by end_block(). */
static inline size_t begin_block(struct builder *builder, uint32_t type)
{
    size_t start = builder->length;
    put_u32(builder, type);
    put_u32(builder, 0);
    return start;
}

static inline void end_block(struct builder *builder, size_t start)
{
    while (builder->length % 4 != 0)
        put_number(builder, 0, 1);
    uint32_t length = (uint32_t)(builder->length - start + 4);
    put_u32(builder, length);
    memcpy(builder->bytes + start + 4, builder->bytes + builder->length - 4, 4);
}

static inline void put_section(struct builder *builder)
{
    size_t block = begin_block(builder, 0x0a0d0d0a);
    put_u32(builder, 0x1a2b3c4d);
    put_u16(builder, 1);
    put_u16(builder, 0);
    put_number(builder, UINT64_MAX, 8);
    end_block(builder, block);
}

/* `resolution` 0 and `offset` 0: the options are left out. */
static inline void put_interface(struct builder *builder, uint16_t link_type, uint32_t snapshot_length,
                                 uint8_t resolution, int64_t offset)
{
    size_t block = begin_block(builder, 1);
    put_u16(builder, link_type);
    put_u16(builder, 0);
    put_u32(builder, snapshot_length);
    if (resolution != 0) {
        put_u16(builder, 9);
        put_u16(builder, 1);
        put_number(builder, resolution, 1);
        put_bytes(builder, "\0\0\0", 3);
    }
    if (offset != 0) {
        put_u16(builder, 14);
        put_u16(builder, 8);
        put_number(builder, (uint64_t)offset, 8);
    }
    if (resolution != 0 || offset != 0)
        put_u32(builder, 0);
    end_block(builder, block);
}

static inline void put_enhanced_packet(struct builder *builder, uint32_t interface, uint64_t time,
                                       uint8_t first, size_t length)
{
    size_t block = begin_block(builder, 6);
    put_u32(builder, interface);
    put_u32(builder, time >> 32);
    put_u32(builder, time & UINT32_MAX);
    put_u32(builder, length);
    put_u32(builder, length + 2);
    put_payload(builder, first, length);
    end_block(builder, block);
}

/* A file that can be opened by name as long as the test runs. */
struct memory_file {
    int descriptor;
    char path[64];
};

static inline struct memory_file memory_file(const void *bytes, size_t length)
{
    struct memory_file file = {.descriptor = memfd_create("capture", 0)};
    assert(file.descriptor >= 0);
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(file.descriptor, (const uint8_t *)bytes + done, length - done);
        assert(count > 0);
        done += (size_t)count;
    }
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.descriptor);
    return file;
}

static inline void memory_file_done(struct memory_file *file)
{
    close(file->descriptor);
}

/* As long as other threads read. Returns how many bytes were read. */
static inline uint64_t wait_until_nothing_is_read(const struct capture *capture)
{
    struct capture_statistics statistics = {0};
    for (uint64_t before = 0, same = 0; same < 10; before = statistics.bytes_read) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        capture_get_statistics(capture, &statistics);
        same = statistics.bytes_read == before && before > 0 ? same + 1 : 0;
    }
    return statistics.bytes_read;
}

/* Standard error goes into a file between these two; the second gives what was written, to be freed. */
struct log_grab {
    int saved;
    FILE *file;
};

static inline struct log_grab log_grab_begin(void)
{
    struct log_grab grab = {dup(STDERR_FILENO), tmpfile()};
    assert(grab.saved >= 0 && grab.file != NULL);
    dup2(fileno(grab.file), STDERR_FILENO);
    return grab;
}

static inline char *log_grab_end(struct log_grab *grab)
{
    dup2(grab->saved, STDERR_FILENO);
    close(grab->saved);
    off_t size = lseek(fileno(grab->file), 0, SEEK_END);
    char *text = calloc(1, (size_t)size + 1);
    ssize_t count = pread(fileno(grab->file), text, (size_t)size, 0);
    assert(count == size);
    fclose(grab->file);
    return text;
}

/* What a whole capture gave; the first frames are kept with their bytes. */
struct reading {
    bool opened;
    struct error error;
    uint64_t frames, bytes;
    struct frame first[16];
    uint8_t kept[16][64];
    struct capture_statistics statistics;
    int link_type; /* right after opening */
    char *log;
};

static inline void reading_add(struct reading *reading, const struct frame *frame)
{
    uint8_t sum = 0; /* reads each byte, for the sanitizer */
    for (uint32_t i = 0; i < frame->captured; i++)
        sum = (uint8_t)(sum + frame->data[i]);
    (void)sum;
    if (reading->frames < 16) {
        struct frame *kept = &reading->first[reading->frames];
        uint8_t *bytes = reading->kept[reading->frames];
        *kept = *frame;
        memcpy(bytes, frame->data, frame->captured < 64 ? frame->captured : 64);
        kept->data = bytes;
    }
    reading->frames++;
    reading->bytes += frame->captured;
}

static inline void reading_done(struct reading *reading)
{
    free(reading->log);
    reading->log = NULL;
}

static inline struct reading read_files(const char *const *paths, size_t count, const char *filter)
{
    struct reading reading = {0};
    struct capture_options options = {.filter = filter};
    struct log_grab grab = log_grab_begin();
    struct capture *capture = capture_open_files(paths, count, &options, &reading.error);
    reading.opened = capture != NULL;
    if (capture != NULL) {
        struct frame_batch batch = {0};
        reading.link_type = capture_link_type(capture, 0);
        while (capture_read(capture, &batch, &reading.error) == CAPTURE_FRAMES) {
            assert(batch.count >= 1 && batch.count <= FRAME_BATCH_SIZE);
            for (size_t i = 0; i < batch.count; i++)
                reading_add(&reading, &batch.frames[i]);
        }
        capture_get_statistics(capture, &reading.statistics);
        capture_close(capture);
    }
    reading.log = log_grab_end(&grab);
    return reading;
}

static inline struct reading read_memory(const void *bytes, size_t length, const char *filter)
{
    struct memory_file file = memory_file(bytes, length);
    const char *path = file.path;
    struct reading reading = read_files(&path, 1, filter);
    memory_file_done(&file);
    return reading;
}

#endif
