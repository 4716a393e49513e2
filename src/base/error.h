// SPDX-License-Identifier: Apache-2.0
/*
 * Errors as values: what went wrong, in one sentence for a person, and the exit status it means.
 *
 * A function that can fail for a reason outside the program (a file, an interface, a setting, a server) takes
 * a `struct error *` as its last parameter, returns false or NULL on failure and only then fills it. The
 * sentence says what failed, where, and what to do: "cannot read capture.pcap: permission denied; run as a
 * user who may read it". It has no capital letter at the start, no full stop and no line feed at the end: the
 * caller puts it into a line.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

/* Exit statuses of the program; 64 and above are those of sysexits.h, which systemd prints by name. */
enum exit_status {
    STATUS_DONE = 0,
    STATUS_FAILED = 1,        /* failed while running */
    STATUS_MINING_FOUND = 10, /* with --exit-code only */
    STATUS_USAGE = 64,
    STATUS_NO_INPUT = 66,      /* an input cannot be opened */
    STATUS_NOT_PERMITTED = 77, /* missing rights */
    STATUS_CONFIGURATION = 78,
};

struct error {
    enum exit_status status;
    char text[512]; /* NUL-terminated, cut where longer */
};

/* Fills `error` (may be NULL) and returns false, so that `return error_set(...)` reads as one line. */
bool error_set(struct error *error, enum exit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
