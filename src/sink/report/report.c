// SPDX-License-Identifier: Apache-2.0
/*
 * The report for an incident responder: one HTML page, written at the end of a run.
 *
 * It is written beside its place and renamed, so that whoever reads finds a whole page or the one before. The
 * file is made when the run begins: a directory that cannot be written to is told before hours of reading,
 * and a live sensor has no right to make files later on.
 */
#include "sink/report/report_page.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct report_sink {
    const char *path; /* of the configuration; NULL: standard output */
    char beside[PATH_MAX];
    FILE *stream;
    bool has_events; /* the run began: else there is nothing to tell */
    const struct sink_environment *environment;
    struct summary_findings findings;
};

static bool report_wanted(const struct config *config)
{
    return config->report.file != NULL && config->report.file[0] != '\0';
}

static bool refuse(struct error *error, const char *path, const char *why)
{
    bool rights = errno == EACCES || errno == EPERM;
    return error_set(error, rights ? STATUS_NOT_PERMITTED : STATUS_FAILED,
                     "cannot write the report to %s: %s; give --report a place where geophone may write",
                     path, why);
}

/* What is no file (a device, a directory) must not be replaced. */
static bool open_beside(struct report_sink *sink, struct error *error)
{
    struct stat status;
    errno = 0;
    if (stat(sink->path, &status) == 0 && !S_ISREG(status.st_mode))
        return refuse(error, sink->path, "it is no ordinary file");
    int length = snprintf(sink->beside, sizeof sink->beside, "%s.XXXXXX", sink->path);
    if (length < 0 || (size_t)length >= sizeof sink->beside)
        return refuse(error, sink->path, "the name is too long");
    int fd = mkstemp(sink->beside);
    if (fd < 0)
        return refuse(error, sink->path, strerror(errno));
    if (fchmod(fd, 0640) != 0 || (sink->stream = fdopen(fd, "w")) == NULL) {
        refuse(error, sink->path, strerror(errno));
        close(fd);
        unlink(sink->beside);
        return false;
    }
    return true;
}

static bool report_open(void **self, const struct sink_environment *environment, struct error *error)
{
    const struct config *config = environment->config;
    struct report_sink *sink = calloc(1, sizeof *sink);
    if (sink == NULL)
        return error_set(error, STATUS_FAILED, "cannot write the report: out of memory");
    bool to_standard_output = strcmp(config->report.file, "-") == 0;
    sink->environment = environment;
    sink->path = to_standard_output ? NULL : config->report.file;
    sink->stream = to_standard_output ? stdout : NULL;
    bool json_too = config->json.enabled && config->json.file != NULL && strcmp(config->json.file, "-") == 0;
    bool opened = to_standard_output && json_too
                      ? error_set(error, STATUS_USAGE,
                                  "events and the report cannot both go to standard output; give --json or "
                                  "--report a file")
                      : to_standard_output || open_beside(sink, error);
    if (!opened) {
        free(sink);
        return false;
    }
    *self = sink;
    return true;
}

static void report_emit(void *self, const struct event *event)
{
    struct report_sink *sink = self;
    sink->has_events = true;
    summary_findings_add(&sink->findings, event);
}

static bool fail(const struct report_sink *sink, const char *why)
{
    log_error("report", "cannot write the report to %s: %s",
              sink->path != NULL ? sink->path : "standard output", why);
    return false;
}

static bool write_page(struct report_sink *sink)
{
    struct html_report report = {.stream = sink->stream,
                                 .findings = &sink->findings,
                                 .environment = sink->environment,
                                 .finished_us = clock_us(CLOCK_REALTIME)};
    if (!report_page(&report))
        return fail(sink, "out of memory");
    errno = 0;
    bool flushed = fflush(sink->stream) == 0 && !ferror(sink->stream);
    if (sink->path == NULL)
        return flushed || errno == EPIPE || fail(sink, strerror(errno)); /* `| head` has seen enough */
    if (!flushed || fsync(fileno(sink->stream)) != 0 || rename(sink->beside, sink->path) != 0)
        return fail(sink, errno != 0 ? strerror(errno) : "not all of it could be written");
    sink->beside[0] = '\0';
    return true;
}

static bool report_close(void *self)
{
    struct report_sink *sink = self;
    bool written = !sink->has_events || write_page(sink);
    if (sink->path != NULL) {
        fclose(sink->stream);
        if (sink->beside[0] != '\0')
            unlink(sink->beside);
    }
    summary_findings_done(&sink->findings);
    free(sink);
    return written;
}

const struct sink sink_report = {
    .name = "report",
    .summary = "a report for incident responders as one HTML page",
    .wanted = report_wanted,
    .open = report_open,
    .emit = report_emit,
    .close = report_close,
};
