// SPDX-License-Identifier: Apache-2.0
/*
 * The list of files to read: what the operator named, with directories replaced by the captures in them.
 */
#ifndef CAPTURE_INPUTS_H
#define CAPTURE_INPUTS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct input {
    char *path;    /* "-": standard input */
    uint64_t size; /* 0 where it is no regular file */
};

struct inputs {
    struct input *items;
    size_t count, room;
    uint64_t size; /* of all together; 0 where that of one is unknown */
};

/*
 * Fills `inputs`. Each regular file is looked into: one that is missing, unreadable or no capture is an error
 * (STATUS_NO_INPUT), in a directory it is left out. Pipes are not touched.
 */
bool inputs_init(struct inputs *inputs, const char *const *paths, size_t count, struct error *error);
void inputs_done(struct inputs *inputs);

#endif
