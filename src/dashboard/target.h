// SPDX-License-Identifier: Apache-2.0
/*
 * What a request asks for: the path and the parameters of a request target (RFC 9112 section 3.2), decoded.
 */
#ifndef DASHBOARD_TARGET_H
#define DASHBOARD_TARGET_H

#include <stdbool.h>
#include <stddef.h>

enum { TARGET_MAX_LENGTH = 4096, TARGET_MAX_PARAMETERS = 32 };

struct target_parameter {
    const char *name, *value; /* NUL-terminated, in the target's text */
};

struct target {
    const char *path; /* begins with '/' */
    struct target_parameter parameters[TARGET_MAX_PARAMETERS];
    size_t count;
    char text[TARGET_MAX_LENGTH + 1];
};

/* False where it is no origin form ("/path?name=value&..."), too long, has bytes that are no text (control
 * characters, also when they are escaped), broken escapes or more parameters than fit. */
bool target_read(struct target *target, const char *raw);

/* The first value of that name; NULL where it was not given. */
const char *target_value(const struct target *target, const char *name);

#endif
