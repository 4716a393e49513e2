// SPDX-License-Identifier: Apache-2.0
/*
 * A spool file that somebody else wrote: read to its end, written to, opened again.
 *
 * Input: a byte. With bit 0 the rest is the file. Else what follows is read as records (class, type, commands
 * 2, length 2, then the commands), which get the right numbers and checksums, so that what is behind those is
 * reached; with bit 1 the last one is cut by a byte, with bit 2 the second slot points at the second record.
 */
#include "fuzzing.h"

#include "base/log.h"
#include "sink/redis/redis_spool.h"
#include "sink/redis/redis_spool_format.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FROM_FILE = 1, TORN = 2, SECOND_SLOT = 4, SMALL = 64 * 1024, HEAD = 6 };

static const uint8_t secret[16] = "a secret of ours";
static char path[64], aside[80];

static void write_slots(int fd, uint64_t second_position)
{
    uint8_t page[SPOOL_PAGE_BYTES] = {0};
    struct spool_slot first = {.position = SPOOL_PAGE_BYTES, .sequence = 1},
                      second = {.generation = 1, .position = second_position, .sequence = 2};
    spool_slot_write(&first, secret, page);
    if (second_position > 0)
        spool_slot_write(&second, secret, page + SPOOL_SECOND_SLOT);
    require(pwrite(fd, page, sizeof page, 0) == sizeof page);
}

static void write_records(int fd, uint8_t how, const uint8_t *bytes, size_t length)
{
    off_t at = SPOOL_PAGE_BYTES;
    uint64_t second = 0;
    for (uint64_t sequence = 1; length >= HEAD; sequence++) {
        size_t wanted = (size_t)(bytes[4] << 8 | bytes[5]), left = length - HEAD;
        struct spool_record record = {sequence, (enum redis_class)bytes[0], (enum event_type)bytes[1],
                                      (unsigned)(bytes[2] << 8 | bytes[3]), wanted < left ? wanted : left};
        uint8_t *whole = malloc(SPOOL_RECORD_BYTES + record.length);
        memcpy(whole + SPOOL_RECORD_BYTES, bytes + HEAD, record.length);
        spool_record_write(&record, secret, whole);
        require(pwrite(fd, whole, SPOOL_RECORD_BYTES + record.length, at) > 0);
        free(whole);
        at += (off_t)(SPOOL_RECORD_BYTES + record.length);
        if (sequence == 1 && (how & SECOND_SLOT) != 0)
            second = (uint64_t)at;
        bytes += HEAD + record.length;
        length -= HEAD + record.length;
    }
    write_slots(fd, second);
    require(ftruncate(fd, at - ((how & TORN) != 0 && at > SPOOL_PAGE_BYTES)) == 0);
}

static uint64_t unread(struct redis_spool *spool)
{
    return redis_spool_unread(spool, REDIS_CLASS_ALERT) + redis_spool_unread(spool, REDIS_CLASS_INCIDENT);
}

/* All that waits can be read, and is what a writer can send; a record more finds its place behind it. */
static void read_and_write(void)
{
    static const char ping[] = "*1\r\n$4\r\nPING\r\n";
    struct error error;
    struct redis_spool *spool = redis_spool_open(path, SMALL, &error);
    require(spool != NULL);
    uint64_t waiting = unread(spool), lost[REDIS_CLASS_COUNT] = {0}, read = 0;
    struct redis_message *message = malloc(sizeof *message + sizeof ping);
    *message = (struct redis_message){
        .class = REDIS_CLASS_ALERT, .type = EVENT_ALERT, .commands = 1, .length = sizeof ping - 1};
    memcpy(message->bytes, ping, sizeof ping);
    bool fits = redis_spool_append(spool, message);
    free(message);
    for (; (message = redis_spool_read(spool, lost)) != NULL; read++) {
        require(message->class < REDIS_CLASS_COUNT && message->type < EVENT_TYPE_COUNT &&
                message->commands > 0);
        if (read + 2 < waiting)
            redis_spool_done(spool, message->spooled);
        free(message);
        redis_spool_commit(spool);
    }
    require(lost[REDIS_CLASS_ALERT] + lost[REDIS_CLASS_INCIDENT] == 0);
    require(read == waiting + fits);
    redis_spool_close(spool);
    spool = redis_spool_open(path, SMALL, &error);
    require(spool != NULL && unread(spool) == (waiting < 2 ? waiting : 2) + fits);
    redis_spool_close(spool);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    if (path[0] == '\0') {
        log_set_level(LOG_LEVEL_ERROR);
        snprintf(path, sizeof path, "/dev/shm/geophone-fuzz-%d.spool", (int)getpid());
        snprintf(aside, sizeof aside, "%s.damaged", path);
    }
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    require(fd >= 0);
    if ((bytes[0] & FROM_FILE) != 0)
        require(write(fd, bytes + 1, length - 1) == (ssize_t)(length - 1));
    else
        write_records(fd, bytes[0], bytes + 1, length - 1);
    close(fd);
    read_and_write();
    unlink(path);
    unlink(aside);
    return 0;
}
