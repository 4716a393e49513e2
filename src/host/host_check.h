// SPDX-License-Identifier: Apache-2.0
/*
 * Looks at the machine that is to be a mirror's target: whether what is mirrored arrives there whole, is not
 * answered, and finds room. Reads what the kernel tells, and changes nothing. What is looked at are the rows
 * of checks.def, one file each.
 */
#ifndef HOST_HOST_CHECK_H
#define HOST_HOST_CHECK_H

#include "base/error.h"
#include "config/config.h"
#include "decode/decode.h"

#include <stdio.h>

struct host_check_options {
    const struct config *config;
    const char *const *interfaces; /* to be sniffed; "any" stands for all that are up but loopback */
    size_t interface_count;
    const struct decode_port *ports; /* to be listened at (socket mode) */
    size_t port_count;
    const char *root; /* what stands for / in the names of files that are read; NULL: / (others: for tests) */
};

/* Prints what was found to `stream`, for people or as one JSON object. STATUS_DONE where nothing fails,
 * warnings or not; else STATUS_FAILED. */
enum exit_status host_check(const struct host_check_options *options, FILE *stream, bool as_json);

#endif
