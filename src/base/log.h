// SPDX-License-Identifier: Apache-2.0
/*
 * Messages for the operator, one line each on standard error: "geophone: warning: capture: ...".
 *
 * Thread-safe: a line is one write. The packet path never logs per packet: it counts, and whoever reads the
 * counters logs a change once. Under systemd (JOURNAL_STREAM) lines carry a syslog priority prefix instead of
 * the name.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Messages above `level` are not printed. Default: LOG_LEVEL_WARNING. Call before threads start. */
void log_set_level(enum log_level level);
enum log_level log_level(void);

/* `area` is the part of the program that speaks: "capture", "redis", ... `format` as for error.h: one
 * sentence. */
void log_error(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_debug(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
