// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_spool.h"

#include "base/clock.h"
#include "base/log.h"
#include "sink/redis/redis_commands.h"
#include "sink/redis/redis_spool_file.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    MAX_TAKEN = 256,          /* records that were read and are not done: some batches */
    REWIND_BYTES = 64 * 1024, /* an empty file that is longer is begun anew */
    FREE_BYTES = 256 * 1024,  /* so much that is done is worth giving back to the disk */
    SYNC_MS = 1000,
    RETRY_MS = 100, /* after a write that failed */
    SAY_MS = 60000,
};

static const uint64_t longest_file = UINT64_C(1) << 40; /* file systems bear 16 TiB and more */

/* A record that was read; a gap of unreadable ones counts as one that is done. */
struct taken {
    uint64_t sequence, next_position, next_sequence;
    bool done;
};

struct redis_spool {
    struct spool_file file; /* its slot: with the mutex held */
    uint64_t max_bytes;
    pthread_mutex_t mutex;       /* guards what follows; nothing waits for the disk while it is held */
    uint64_t position, sequence; /* of the first record that is not done */
    uint64_t read_position, read_sequence; /* of the next to be read */
    uint64_t end, next_sequence;           /* of the next to be written */
    uint64_t unread[REDIS_CLASS_COUNT];
    struct taken taken[MAX_TAKEN]; /* a ring, in the order of the file */
    size_t first_taken, taken_count;
    uint64_t synced; /* the file is on the disk up to here */
    uint64_t freed;  /* and takes no room there before this */
    bool syncing;    /* the thread waits for the disk */
    bool stopping;
    pthread_cond_t stop;
    bool started;
    pthread_t thread;
    bool sync_failed; /* of the thread alone */
    /* of the thread that appends: */
    int64_t failed_ms, said_ms; /* 0: never */
    bool said;
    uint64_t refused; /* since it fails */
};

/* ---- which file ---- */

bool redis_spool_wanted(const struct config *config, bool is_live)
{
    const char *when = config->redis.spool;
    if (!config->redis.enabled || when == NULL)
        return false;
    return strcmp(when, "always") == 0 || (is_live && strcmp(when, "live") == 0);
}

bool redis_spool_path(const struct config *config, char *path, size_t size)
{
    struct redis_keys keys;
    redis_keys_init(&keys, config);
    int length = snprintf(path, size, "%s/%s.spool", config->redis.spool_directory, keys.sensor);
    return length > 0 && (size_t)length < size;
}

static int64_t now_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

/* By default that is /var/lib/geophone, which a service manager makes, and who starts it by hand may have to.
 */
bool redis_spool_make_directory(const struct config *config)
{
    char above[PATH_MAX];
    snprintf(above, sizeof above, "%s", config->redis.spool_directory);
    (void)mkdir(dirname(above), 0755);
    return mkdir(config->redis.spool_directory, 0700) == 0;
}

/* ---- opening ---- */

/* Finds where the records end, and cuts off what is none: a write that the end of the machine tore, or
 * damage. */
static void find_records(struct redis_spool *spool, uint64_t size)
{
    struct spool_record record;
    if (spool->file.slot.position > size) /* it was begun anew, of which the disk knows the length only */
        (void)spool_file_note(&spool->file, SPOOL_PAGE_BYTES, spool->file.slot.sequence);
    spool->position = spool->read_position = spool->end = spool->file.slot.position;
    spool->sequence = spool->read_sequence = spool->next_sequence = spool->file.slot.sequence;
    while (spool->end < size &&
           spool_file_read(&spool->file, spool->end, size, spool->next_sequence, &record) != NULL) {
        spool->end += SPOOL_RECORD_BYTES + record.length;
        spool->next_sequence++;
        spool->unread[record.class]++;
    }
    spool->synced = spool->position; /* who wrote them may have ended before the disk had them */
    spool->freed = SPOOL_PAGE_BYTES;
    if (spool->end >= size)
        return;
    log_warning("redis", "the spool %s is damaged behind %llu whole records: its last %llu bytes are cut off",
                spool->file.path, (unsigned long long)(spool->next_sequence - spool->sequence),
                (unsigned long long)(size - spool->end));
    if (!spool_file_cut(&spool->file, spool->end))
        log_warning("redis", "cannot shorten the spool %s: %s", spool->file.path, strerror(errno));
}

struct redis_spool *redis_spool_open(const char *path, uint64_t max_bytes, struct error *error)
{
    uint64_t size;
    pthread_condattr_t attributes;
    struct redis_spool *spool = calloc(1, sizeof *spool);
    if (spool == NULL || !spool_file_open(&spool->file, path, &size, error)) {
        if (spool == NULL)
            error_set(error, STATUS_FAILED, "cannot open the spool: out of memory");
        free(spool);
        return NULL;
    }
    spool->max_bytes = max_bytes;
    pthread_mutex_init(&spool->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&spool->stop, &attributes);
    pthread_condattr_destroy(&attributes);
    find_records(spool, size);
    return spool;
}

/* ---- the thread that waits for the disk ---- */

/* What is done is given back only after the disk knows that it is: else the end of the machine would leave a
 * beginning that is gone. With the mutex held, which it lets go for as long as it takes. */
static void sync_file(struct redis_spool *spool)
{
    uint64_t end = spool->end, from = spool->freed,
             to = spool->file.slot.position / SPOOL_PAGE_BYTES * SPOOL_PAGE_BYTES;
    bool waits = end > spool->file.slot.position && end > spool->synced;
    bool frees = !spool->file.keeps_room && to >= from + FREE_BYTES;
    if (!waits && !frees)
        return;
    spool->syncing = true;
    pthread_mutex_unlock(&spool->mutex);
    bool synced = spool_file_sync(&spool->file);
    if (!synced && !spool->sync_failed)
        log_error(
            "redis",
            "the disk does not keep the spool %s: %s; what waits there may not outlive the machine's end",
            spool->file.path, strerror(errno));
    spool->sync_failed = !synced;
    bool freed = synced && frees && spool_file_free_room(&spool->file, from, to);
    pthread_mutex_lock(&spool->mutex);
    spool->syncing = false;
    if (synced)
        spool->synced = end;
    if (freed)
        spool->freed = to;
}

static void *run(void *context)
{
    struct redis_spool *spool = context;
    pthread_mutex_lock(&spool->mutex);
    while (!spool->stopping) {
        int64_t next_ms = now_ms() + SYNC_MS;
        struct timespec next = {.tv_sec = (time_t)(next_ms / 1000),
                                .tv_nsec = (long)(next_ms % 1000 * 1000000)};
        while (!spool->stopping && pthread_cond_timedwait(&spool->stop, &spool->mutex, &next) == 0)
            continue;
        sync_file(spool);
    }
    pthread_mutex_unlock(&spool->mutex);
    return NULL;
}

bool redis_spool_start(struct redis_spool *spool, struct error *error)
{
    sigset_t all, before; /* signals are for the threads that expect them */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&spool->thread, NULL, run, spool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    spool->started = failed == 0;
    return spool->started ||
           error_set(error, STATUS_FAILED, "cannot start the spool's thread: %s", strerror(failed));
}

void redis_spool_close(struct redis_spool *spool)
{
    if (spool == NULL)
        return;
    pthread_mutex_lock(&spool->mutex);
    spool->stopping = true;
    pthread_cond_signal(&spool->stop);
    pthread_mutex_unlock(&spool->mutex);
    if (spool->started)
        pthread_join(spool->thread, NULL);
    redis_spool_commit(spool);
    if (!spool_file_sync(&spool->file) && !spool->sync_failed)
        log_error("redis", "the disk does not keep the spool %s: %s", spool->file.path, strerror(errno));
    spool_file_close(&spool->file);
    pthread_cond_destroy(&spool->stop);
    pthread_mutex_destroy(&spool->mutex);
    free(spool);
}

/* ---- writing ---- */

static bool has_room(const struct redis_spool *spool, uint64_t bytes)
{
    return SPOOL_PAGE_BYTES + spool->end - spool->freed + bytes <= spool->max_bytes &&
           spool->end + bytes <= longest_file;
}

/* Where all is done, the file is begun anew, so that it stays short, and has room for `bytes` more. With the
 * mutex held. */
static void rewind_file(struct redis_spool *spool, uint64_t bytes)
{
    bool is_empty = spool->position == spool->end && spool->taken_count == 0;
    bool is_long = spool->end >= SPOOL_PAGE_BYTES + REWIND_BYTES || !has_room(spool, bytes);
    if (!is_empty || !is_long || spool->syncing ||
        !spool_file_note(&spool->file, SPOOL_PAGE_BYTES, spool->sequence))
        return;
    if (!spool_file_cut(&spool->file, SPOOL_PAGE_BYTES)) /* what is left there has other numbers */
        log_debug("redis", "cannot shorten the spool %s: %s", spool->file.path, strerror(errno));
    spool->position = spool->read_position = spool->end = SPOOL_PAGE_BYTES;
    spool->synced = spool->freed = SPOOL_PAGE_BYTES;
}

/* `number` is that of the system, 0 where the bound is reached. Said at most once a minute. */
static void note_failed(struct redis_spool *spool, int number)
{
    spool->failed_ms = now_ms();
    spool->refused++;
    if (spool->said_ms != 0 && spool->failed_ms < spool->said_ms + SAY_MS)
        return;
    spool->said_ms = spool->failed_ms;
    spool->said = true;
    log_error("redis",
              "cannot write to the spool %s: %s; alerts and incidents wait in memory until there is room, "
              "and would be "
              "lost with the sensor",
              spool->file.path,
              number != 0 ? strerror(number) : "it holds as much as redis.spool-size allows");
}

static void note_written(struct redis_spool *spool)
{
    if (spool->said)
        log_warning("redis", "the spool %s takes alerts and incidents again; %llu found no room meanwhile",
                    spool->file.path, (unsigned long long)spool->refused);
    spool->failed_ms = 0;
    spool->refused = 0;
    spool->said = false;
}

bool redis_spool_append(struct redis_spool *spool, const struct redis_message *message)
{
    struct spool_record record = {.class = message->class,
                                  .type = message->type,
                                  .commands = message->commands,
                                  .length = message->length};
    uint64_t bytes = SPOOL_RECORD_BYTES + record.length;
    if (record.length > SPOOL_MAX_COMMANDS_BYTES || record.commands > SPOOL_MAX_COMMANDS ||
        (spool->failed_ms != 0 && now_ms() < spool->failed_ms + RETRY_MS)) {
        spool->refused++;
        return false;
    }
    pthread_mutex_lock(&spool->mutex);
    rewind_file(spool, bytes);
    bool fits = has_room(spool, bytes);
    uint64_t position = spool->end;
    record.sequence = spool->next_sequence;
    pthread_mutex_unlock(&spool->mutex);
    if (!fits || !spool_file_write(&spool->file, position, &record, message->bytes)) {
        note_failed(spool, fits ? errno : 0); /* what was written of it is overwritten, or cut off */
        return false;
    }
    pthread_mutex_lock(&spool->mutex);
    spool->end += bytes;
    spool->next_sequence++;
    spool->unread[record.class]++;
    pthread_mutex_unlock(&spool->mutex);
    note_written(spool);
    return true;
}

/* ---- reading ---- */

uint64_t redis_spool_unread(struct redis_spool *spool, enum redis_class class)
{
    pthread_mutex_lock(&spool->mutex);
    uint64_t unread = spool->unread[class];
    pthread_mutex_unlock(&spool->mutex);
    return unread;
}

/* With the mutex held. */
static void note_taken(struct redis_spool *spool, uint64_t next_position, uint64_t next_sequence, bool done)
{
    spool->taken[(spool->first_taken + spool->taken_count++) % MAX_TAKEN] =
        (struct taken){spool->read_sequence, next_position, next_sequence, done};
    spool->read_position = next_position;
    spool->read_sequence = next_sequence;
}

/* Behind a record that cannot be read nobody knows where the next begins: all that was written so far is
 * lost. */
static void give_up(struct redis_spool *spool, uint64_t lost[static REDIS_CLASS_COUNT])
{
    pthread_mutex_lock(&spool->mutex);
    uint64_t count = spool->next_sequence - spool->read_sequence;
    for (int class = 0; class < REDIS_CLASS_COUNT; class ++) {
        lost[class] += spool->unread[class];
        spool->unread[class] = 0;
    }
    note_taken(spool, spool->end, spool->next_sequence, true);
    pthread_mutex_unlock(&spool->mutex);
    log_error("redis", "the spool %s cannot be read: %llu alerts and incident records are lost",
              spool->file.path, (unsigned long long)count);
    redis_spool_done(spool, 0);
}

struct redis_message *redis_spool_read(struct redis_spool *spool, uint64_t lost[static REDIS_CLASS_COUNT])
{
    struct spool_record record;
    pthread_mutex_lock(&spool->mutex);
    uint64_t position = spool->read_position, end = spool->end, sequence = spool->read_sequence;
    bool may_read = position < end && spool->taken_count < MAX_TAKEN;
    pthread_mutex_unlock(&spool->mutex);
    if (!may_read)
        return NULL;
    const uint8_t *commands = spool_file_read(&spool->file, position, end, sequence, &record);
    if (commands == NULL) {
        give_up(spool, lost);
        return NULL;
    }
    struct redis_message *message = malloc(sizeof *message + record.length);
    if (message == NULL)
        return NULL; /* later there may be memory */
    *message = (struct redis_message){.class = record.class,
                                      .type = record.type,
                                      .commands = record.commands,
                                      .length = record.length,
                                      .spooled = sequence};
    memcpy(message->bytes, commands, record.length);
    pthread_mutex_lock(&spool->mutex);
    spool->unread[record.class]--;
    note_taken(spool, position + SPOOL_RECORD_BYTES + record.length, sequence + 1, false);
    pthread_mutex_unlock(&spool->mutex);
    return message;
}

void redis_spool_done(struct redis_spool *spool, uint64_t sequence)
{
    pthread_mutex_lock(&spool->mutex);
    for (size_t i = 0; i < spool->taken_count; i++) {
        struct taken *taken = &spool->taken[(spool->first_taken + i) % MAX_TAKEN];
        taken->done = taken->done || taken->sequence == sequence;
    }
    for (; spool->taken_count > 0 && spool->taken[spool->first_taken].done; spool->taken_count--) {
        spool->position = spool->taken[spool->first_taken].next_position;
        spool->sequence = spool->taken[spool->first_taken].next_sequence;
        spool->first_taken = (spool->first_taken + 1) % MAX_TAKEN;
    }
    pthread_mutex_unlock(&spool->mutex);
}

void redis_spool_commit(struct redis_spool *spool)
{
    pthread_mutex_lock(&spool->mutex);
    if (spool->position != spool->file.slot.position &&
        !spool_file_note(&spool->file, spool->position, spool->sequence))
        log_debug("redis", "cannot note in the spool %s what is done: %s", spool->file.path, strerror(errno));
    pthread_mutex_unlock(&spool->mutex);
}
