// SPDX-License-Identifier: Apache-2.0
/*
 * The file of a spool as the disk knows it: locked, its beginning noted in two slots, records read and
 * written at positions. It may be written by one thread and read by another at the same time; what each calls
 * is said below.
 */
#ifndef SINK_REDIS_REDIS_SPOOL_FILE_H
#define SINK_REDIS_REDIS_SPOOL_FILE_H

#include "base/error.h"
#include "sink/redis/redis_spool_format.h"

#include <limits.h>

struct spool_file {
    int fd; /* -1: not open */
    char path[PATH_MAX];
    uint8_t secret[16];
    struct spool_slot slot; /* as it was written last */
    uint8_t *to_write, *to_read;
    bool keeps_room; /* the file system takes no room back from within a file */
};

/* Makes the file where it is not there, and keeps others from it. A file that is no spool is put aside.
 * `size` is its length, at least SPOOL_PAGE_BYTES. The directory must be there. */
bool spool_file_open(struct spool_file *file, const char *path, uint64_t *size, struct error *error);
void spool_file_close(struct spool_file *file);

/* Notes where the records that wait begin. One thread at a time. */
bool spool_file_note(struct spool_file *file, uint64_t position, uint64_t sequence);

/* The writing thread. The system says why in errno. */
bool spool_file_write(struct spool_file *file, uint64_t position, const struct spool_record *record,
                      const void *commands);

/* The reading thread: the record at `position`, which must end before `end` and have that number. Its
 * commands, until the next call; NULL where there is none. */
const uint8_t *spool_file_read(struct spool_file *file, uint64_t position, uint64_t end, uint64_t sequence,
                               struct spool_record *record);

/* Any thread. */
bool spool_file_cut(const struct spool_file *file, uint64_t size);
bool spool_file_sync(const struct spool_file *file); /* waits for the disk */
/* Gives room back to the disk; `from` and `to` are whole pages. */
bool spool_file_free_room(struct spool_file *file, uint64_t from, uint64_t to);

#endif
