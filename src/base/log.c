// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum log_level highest = LOG_LEVEL_WARNING;

static const struct {
    const char *word;
    int priority; /* of syslog(3), which journald reads from a prefix "<N>" */
} levels[] = {
    [LOG_LEVEL_ERROR] = {"error", 3},
    [LOG_LEVEL_WARNING] = {"warning", 4},
    [LOG_LEVEL_INFO] = {"info", 6},
    [LOG_LEVEL_DEBUG] = {"debug", 7},
};

void log_set_level(enum log_level level)
{
    highest = level;
}

enum log_level log_level(void)
{
    return highest;
}

static bool stderr_is_journal(void)
{
    return getenv("JOURNAL_STREAM") != NULL && !isatty(STDERR_FILENO);
}

__attribute__((format(printf, 3, 0))) static void write_line(enum log_level level, const char *area,
                                                             const char *format, va_list arguments)
{
    if (level > highest)
        return;
    char line[1024];
    int used = stderr_is_journal()
                   ? snprintf(line, sizeof line, "<%d>%s: ", levels[level].priority, area)
                   : snprintf(line, sizeof line, "geophone: %s: %s: ", levels[level].word, area);
    if (used < 0 || (size_t)used >= sizeof line)
        return;
    vsnprintf(line + used, sizeof line - (size_t)used - 1, format, arguments);
    size_t length = strlen(line);
    for (size_t i = 0; i < length; i++) /* text from the wire must not forge lines or move the cursor */
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[length] = '\n';
    ssize_t written = write(STDERR_FILENO, line, length + 1);
    (void)written; /* nowhere left to complain */
}

#define DEFINE_LOG(name, level)                                                                              \
    void name(const char *area, const char *format, ...)                                                     \
    {                                                                                                        \
        va_list arguments;                                                                                   \
        va_start(arguments, format);                                                                         \
        write_line(level, area, format, arguments);                                                          \
        va_end(arguments);                                                                                   \
    }

DEFINE_LOG(log_error, LOG_LEVEL_ERROR)
DEFINE_LOG(log_warning, LOG_LEVEL_WARNING)
DEFINE_LOG(log_info, LOG_LEVEL_INFO)
DEFINE_LOG(log_debug, LOG_LEVEL_DEBUG)
