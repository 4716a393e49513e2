// SPDX-License-Identifier: Apache-2.0
/*
 * The system calls that the running sensor needs; all others fail with EPERM, and the kernel logs them. The
 * policy is the table seccomp_calls.def.
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include "base/error.h"

#include <stdbool.h>

/* What a call of the table is needed for; these can be joined by |. */
enum seccomp_need {
    SECCOMP_ALWAYS = 1,
    SECCOMP_APPENDS = 2,  /* to a file that is opened again on SIGHUP: json.file */
    SECCOMP_REPLACES = 4, /* a file that is written anew beside itself: places.state-file */
    SECCOMP_CONNECTS = 8, /* to servers, whose names are looked up: Redis */
    SECCOMP_ANSWERS = 16, /* who connects to a socket that listens already: health.listen */
    SECCOMP_REMOVES = 32, /* a file of its own at the end: health.file */
    SECCOMP_SPOOLS = 64,  /* into a file that is open already: redis.spool */
};

/* False where the program was built with a sanitizer that makes calls of its own: nothing is limited then. */
bool seccomp_filter_possible(void);

/* Limits the calling thread, and all that it starts and that run already, to the calls for `needs`. With
 * `only_log` the others are made, too, but logged. Cannot be undone. Needs no_new_privs or CAP_SYS_ADMIN. */
bool seccomp_filter_load(unsigned needs, bool only_log, struct error *error);

#endif
