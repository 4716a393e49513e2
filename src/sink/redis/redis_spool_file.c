// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_spool_file.h"

#include "base/log.h"
#include "base/siphash.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/falloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- bytes at a position ---- */

static bool write_at(int fd, const uint8_t *bytes, size_t length, uint64_t position)
{
    while (length > 0) {
        ssize_t written = pwrite(fd, bytes, length, (off_t)position);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written == 0 ? EIO : errno;
            return false;
        }
        bytes += written;
        length -= (size_t)written;
        position += (uint64_t)written;
    }
    return true;
}

static bool read_at(int fd, uint8_t *bytes, size_t length, uint64_t position)
{
    while (length > 0) {
        ssize_t got = pread(fd, bytes, length, (off_t)position);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        bytes += got;
        length -= (size_t)got;
        position += (uint64_t)got;
    }
    return true;
}

const uint8_t *spool_file_read(struct spool_file *file, uint64_t position, uint64_t end, uint64_t sequence,
                               struct spool_record *record)
{
    uint8_t *bytes = file->to_read;
    bool is_whole =
        end - position > SPOOL_RECORD_BYTES && read_at(file->fd, bytes, SPOOL_RECORD_BYTES, position) &&
        spool_record_peek(record, bytes) && record->sequence == sequence &&
        end - position - SPOOL_RECORD_BYTES >= record->length &&
        read_at(file->fd, bytes + SPOOL_RECORD_BYTES, record->length, position + SPOOL_RECORD_BYTES) &&
        spool_record_check(record, file->secret, bytes);
    return is_whole ? bytes + SPOOL_RECORD_BYTES : NULL;
}

bool spool_file_write(struct spool_file *file, uint64_t position, const struct spool_record *record,
                      const void *commands)
{
    memcpy(file->to_write + SPOOL_RECORD_BYTES, commands, record->length);
    spool_record_write(record, file->secret, file->to_write);
    return write_at(file->fd, file->to_write, SPOOL_RECORD_BYTES + record->length, position);
}

bool spool_file_note(struct spool_file *file, uint64_t position, uint64_t sequence)
{
    uint8_t bytes[SPOOL_SLOT_BYTES];
    struct spool_slot slot = {file->slot.generation + 1, position, sequence};
    spool_slot_write(&slot, file->secret, bytes);
    if (!write_at(file->fd, bytes, sizeof bytes, slot.generation % 2 == 0 ? 0 : SPOOL_SECOND_SLOT))
        return false;
    file->slot = slot;
    return true;
}

bool spool_file_cut(const struct spool_file *file, uint64_t size)
{
    return ftruncate(file->fd, (off_t)size) == 0;
}

bool spool_file_sync(const struct spool_file *file)
{
    return fdatasync(file->fd) == 0;
}

bool spool_file_free_room(struct spool_file *file, uint64_t from, uint64_t to)
{
    file->keeps_room =
        fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)from, (off_t)(to - from)) != 0;
    return !file->keeps_room;
}

/* ---- opening ---- */

/* A new file, or one whose first page was never whole. */
static bool begin(struct spool_file *file)
{
    uint8_t page[SPOOL_PAGE_BYTES] = {0};
    file->slot = (struct spool_slot){.position = SPOOL_PAGE_BYTES, .sequence = 1};
    siphash_make_secret(file->secret);
    spool_slot_write(&file->slot, file->secret, page);
    return ftruncate(file->fd, 0) == 0 && write_at(file->fd, page, sizeof page, 0);
}

static bool read_slots(struct spool_file *file)
{
    uint8_t page[SPOOL_PAGE_BYTES], secret[sizeof file->secret];
    struct spool_slot second;
    if (!read_at(file->fd, page, sizeof page, 0))
        return false;
    bool has_first = spool_slot_read(&file->slot, file->secret, page);
    bool has_second = spool_slot_read(&second, secret, page + SPOOL_SECOND_SLOT);
    if (has_second && (!has_first || second.generation > file->slot.generation)) {
        file->slot = second;
        memcpy(file->secret, secret, sizeof secret);
    }
    return has_first || has_second;
}

/* The directory may be one in which the user without rights writes: no link of theirs leads anywhere. */
static bool open_locked(struct spool_file *file, int flags, uint64_t *size, struct error *error)
{
    struct stat facts;
    file->fd = open(file->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags, 0600);
    if (file->fd < 0)
        return error_set(error, STATUS_FAILED, "cannot open the spool %s: %s", file->path, strerror(errno));
    if (fstat(file->fd, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_nlink != 1)
        return error_set(error, STATUS_FAILED, "the spool %s is not a file of one name", file->path);
    *size = (uint64_t)facts.st_size;
    return flock(file->fd, LOCK_EX | LOCK_NB) == 0 ||
           error_set(error, STATUS_FAILED,
                     "the spool %s belongs to another sensor that runs: give each a sensor.name of its own",
                     file->path);
}

static bool begin_or_fail(struct spool_file *file, uint64_t *size, struct error *error)
{
    *size = SPOOL_PAGE_BYTES;
    return begin(file) ||
           error_set(error, STATUS_FAILED, "cannot write to the spool %s: %s", file->path, strerror(errno));
}

/* Keeps a file that is no spool, under another name, and begins a new one. */
static bool put_aside(struct spool_file *file, uint64_t *size, struct error *error)
{
    char aside[PATH_MAX + 16];
    struct stat facts;
    snprintf(aside, sizeof aside, "%s.damaged", file->path);
    if (rename(file->path, aside) != 0)
        return error_set(error, STATUS_FAILED, "%s is no spool, and cannot be moved away: %s", file->path,
                         strerror(errno));
    log_warning("redis", "%s is no spool of this version: it is kept as %s, and a new one begun", file->path,
                aside);
    bool known = fstat(file->fd, &facts) == 0;
    close(file->fd);
    if (!open_locked(file, O_EXCL, size, error))
        return false;
    if (known && geteuid() == 0 && fchown(file->fd, facts.st_uid, facts.st_gid) != 0)
        log_warning("redis", "the spool %s is root's now: %s", file->path, strerror(errno));
    return begin_or_fail(file, size, error);
}

/* So that its name is on the disk, too. */
static void sync_directory(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static bool open_or_begin(struct spool_file *file, uint64_t *size, struct error *error)
{
    if (!open_locked(file, 0, size, error))
        return false;
    if (*size < SPOOL_PAGE_BYTES)
        return begin_or_fail(file, size, error);
    return read_slots(file) || put_aside(file, size, error);
}

bool spool_file_open(struct spool_file *file, const char *path, uint64_t *size, struct error *error)
{
    enum {
        BUFFER_BYTES = SPOOL_RECORD_BYTES + SPOOL_MAX_COMMANDS_BYTES
    }; /* the kernel gives what is touched */
    *file = (struct spool_file){.fd = -1, .to_write = malloc(BUFFER_BYTES), .to_read = malloc(BUFFER_BYTES)};
    snprintf(file->path, sizeof file->path, "%s", path);
    if (file->to_write == NULL || file->to_read == NULL)
        error_set(error, STATUS_FAILED, "cannot open the spool: out of memory");
    else if (open_or_begin(file, size, error)) {
        sync_directory(path);
        return true;
    }
    spool_file_close(file);
    return false;
}

void spool_file_close(struct spool_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    free(file->to_write);
    free(file->to_read);
    *file = (struct spool_file){.fd = -1};
}
