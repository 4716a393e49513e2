// SPDX-License-Identifier: Apache-2.0
/* Inputs for what opens files by their paths. */
#ifndef TESTS_FUZZ_MEMORY_FILE_H
#define TESTS_FUZZ_MEMORY_FILE_H

#include "fuzzing.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* The path of a file in memory that holds these bytes, until the next call: there is only one. */
static inline const char *memory_file(const void *bytes, size_t length)
{
    static int descriptor = -1;
    static char path[64];
    if (descriptor < 0) {
        descriptor = memfd_create("fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    require(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, length, 0) == (ssize_t)length);
    return path;
}

#endif
