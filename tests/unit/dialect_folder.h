// SPDX-License-Identifier: Apache-2.0
/*
 * For tests of dialect files: a signatures directory of their own, and texts of dialects.
 */
#ifndef TESTS_UNIT_DIALECT_FOLDER_H
#define TESTS_UNIT_DIALECT_FOLDER_H

#include "inspect/dialect/dialect_library.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* The keys that every dialect has, before its words. */
#define HEAD(name)                                                                                           \
    "format: 1\nname: " name "\nkind: stratum\nsummary: a test\nsource: made up\nlicence: Apache-2.0\n"      \
    "hashes-per-difficulty: 2^32\nwords:\n"
#define WORD                                                                                                 \
    "  - {method: hello, from: miner, strength: speaks, asks: authorize, points: 9,\n"                       \
    "     params: [{is: text, begins: w-, as: wallet}, {is: text, as: worker}]}\n"

static char folder[64];

static inline void folder_path(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", folder, name);
}

static inline void folder_make(void)
{
    char path[128];
    snprintf(folder, sizeof folder, "/tmp/geophone-dialects-XXXXXX");
    assert_non_null(mkdtemp(folder));
    folder_path(path, sizeof path, "dialects");
    assert_int_equal(mkdir(path, 0700), 0);
    folder_path(path, sizeof path, "local-dialects");
    assert_int_equal(mkdir(path, 0700), 0);
}

static inline void folder_write(const char *name, const char *text)
{
    char path[128];
    folder_path(path, sizeof path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void folder_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
}

#endif
