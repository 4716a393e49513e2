// SPDX-License-Identifier: Apache-2.0
/*
 * Events as JSON Lines, to standard output or a file.
 *
 * Records wait in a buffer until it is full, at most until the next tick. Where they cannot be written (disk
 * full), the buffer is kept and tried again, and records that no longer fit are dropped and counted: so a
 * line is never cut, and writing goes on by itself once there is room. A reader of standard output that goes
 * away (`| head`) ends the output quietly.
 */
#include "sink/sink.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 256 * 1024,
    FLUSH_BYTES = 64 * 1024,
    FULL_WAIT_MS = 1000, /* for a reader of a pipe that does not block us */
};

struct json_lines {
    const char *path; /* of the configuration; NULL: standard output */
    int fd;
    bool is_live;
    bool failing;         /* the last write failed, and that was said */
    bool reader_gone;     /* nobody reads standard output any more */
    bool lost;            /* records were dropped */
    bool inside_line;     /* the buffer begins with the rest of a line */
    uint64_t dropped_now; /* since writing began to fail */
    struct sink_statistics statistics;
    size_t length;
    char buffer[BUFFER_BYTES];
};

static bool is_standard_output(const struct config *config)
{
    return config->json.file == NULL || config->json.file[0] == '\0' || strcmp(config->json.file, "-") == 0;
}

static bool json_lines_wanted(const struct config *config)
{
    return config->json.enabled;
}

/* Adds to a file that exists: a restart must not lose what was found. */
static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0640);
}

static bool json_lines_open(void **self, const struct sink_environment *environment, struct error *error)
{
    struct json_lines *lines = malloc(sizeof *lines);
    if (lines == NULL)
        return error_set(error, STATUS_FAILED, "cannot write JSON: out of memory");
    memset(lines, 0, offsetof(struct json_lines, buffer)); /* the kernel hands out the buffer as it is used */
    lines->is_live = environment->is_live;
    lines->path = is_standard_output(environment->config) ? NULL : environment->config->json.file;
    lines->fd = lines->path == NULL ? STDOUT_FILENO : open_file(lines->path);
    if (lines->fd < 0) {
        error_set(error, errno == EACCES || errno == EPERM ? STATUS_NOT_PERMITTED : STATUS_FAILED,
                  "cannot write events to %s: %s; give json.file a place where geophone may write",
                  lines->path, strerror(errno));
        free(lines);
        return false;
    }
    *self = lines;
    return true;
}

static const char *place(const struct json_lines *lines)
{
    return lines->path == NULL ? "standard output" : lines->path;
}

static void note_failure(struct json_lines *lines, int why)
{
    if (why == EPIPE && lines->path == NULL) {
        lines->reader_gone = true;
        lines->length = 0;
        return;
    }
    if (!lines->failing)
        log_error(
            "json",
            "cannot write events to %s: %s; geophone keeps trying and drops what does not fit into memory",
            place(lines), strerror(why));
    lines->failing = true;
}

static void note_success(struct json_lines *lines)
{
    if (!lines->failing)
        return;
    log_warning("json", "events are written to %s again; %llu were lost", place(lines),
                (unsigned long long)lines->dropped_now);
    lines->failing = false;
    lines->dropped_now = 0;
}

/* Writes what waits; what cannot be written stays. */
static void flush(struct json_lines *lines)
{
    size_t done = 0;
    int why = 0;
    while (done < lines->length && why == 0) {
        ssize_t written = write(lines->fd, lines->buffer + done, lines->length - done);
        struct pollfd room = {.fd = lines->fd, .events = POLLOUT};
        if (written > 0)
            done += (size_t)written;
        else if (written < 0 && errno == EAGAIN && poll(&room, 1, FULL_WAIT_MS) > 0)
            continue;
        else if (written == 0 || errno != EINTR)
            why = written == 0 ? EIO : errno;
    }
    if (done > 0)
        lines->inside_line = lines->buffer[done - 1] != '\n';
    if (done > 0 && done < lines->length)
        memmove(lines->buffer, lines->buffer + done, lines->length - done);
    lines->length -= done;
    if (why != 0)
        note_failure(lines, why);
    else if (done > 0)
        note_success(lines);
}

static void json_lines_emit(void *self, const struct event *event)
{
    struct json_lines *lines = self;
    if (event->json == NULL || lines->reader_gone)
        return;
    if (event->json_length + 1 > sizeof lines->buffer - lines->length)
        flush(lines);
    if (lines->reader_gone)
        return;
    if (event->json_length + 1 > sizeof lines->buffer - lines->length) {
        lines->statistics.dropped[event->type]++;
        lines->dropped_now++;
        lines->lost = true;
        return;
    }
    memcpy(lines->buffer + lines->length, event->json, event->json_length);
    lines->length += event->json_length;
    lines->buffer[lines->length++] = '\n';
    lines->statistics.written[event->type]++;
    if (!lines->failing && (lines->length >= FLUSH_BYTES || (lines->is_live && event->type == EVENT_ALERT)))
        flush(lines);
}

static void json_lines_tick(void *self)
{
    struct json_lines *lines = self;
    if (lines->length > 0)
        flush(lines);
}

/* A line whose beginning is in the old file is of no use in the new one. */
static void drop_rest_of_line(struct json_lines *lines)
{
    const char *end = lines->inside_line ? memchr(lines->buffer, '\n', lines->length) : NULL;
    lines->inside_line = false;
    if (end == NULL)
        return;
    size_t rest = (size_t)(end + 1 - lines->buffer);
    memmove(lines->buffer, lines->buffer + rest, lines->length - rest);
    lines->length -= rest;
    lines->dropped_now++;
    lines->lost = true;
}

static void json_lines_reopen(void *self)
{
    struct json_lines *lines = self;
    if (lines->path == NULL)
        return;
    flush(lines); /* to where these records belong */
    int fd = open_file(lines->path);
    if (fd < 0) {
        log_error("json", "cannot open %s again: %s; events still go to the old file", lines->path,
                  strerror(errno));
        return;
    }
    close(lines->fd);
    lines->fd = fd;
    drop_rest_of_line(lines);
}

static void json_lines_get_statistics(void *self, struct sink_statistics *statistics)
{
    const struct json_lines *lines = self;
    *statistics = lines->statistics;
}

static size_t count_lines(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\n';
    return count;
}

static bool json_lines_close(void *self)
{
    struct json_lines *lines = self;
    flush(lines);
    size_t left = count_lines(lines->buffer, lines->length);
    if (left + lines->dropped_now > 0)
        log_error("json", "%llu events could not be written to %s",
                  (unsigned long long)(left + lines->dropped_now), place(lines));
    bool closed = lines->path == NULL || close(lines->fd) == 0; /* NFS reports a full disk only here */
    if (!closed)
        log_error("json", "cannot finish %s: %s", place(lines), strerror(errno));
    bool all_written = left == 0 && closed && !lines->lost;
    free(lines);
    return all_written;
}

const struct sink sink_json_lines = {
    .name = "json",
    .summary = "JSON Lines (Suricata EVE) to a file or standard output",
    .reads_json = true,
    .wanted = json_lines_wanted,
    .open = json_lines_open,
    .emit = json_lines_emit,
    .tick = json_lines_tick,
    .reopen = json_lines_reopen,
    .get_statistics = json_lines_get_statistics,
    .close = json_lines_close,
};
