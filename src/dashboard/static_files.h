// SPDX-License-Identifier: Apache-2.0
/*
 * The files of the page. What can be asked for is a list that is made at the start: the files of the web
 * directory (and of folders one level below it) that have a known ending, and the charts library of Debian's
 * packages. A path that is not in the list is not there, so no path leads elsewhere.
 */
#ifndef DASHBOARD_STATIC_FILES_H
#define DASHBOARD_STATIC_FILES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { STATIC_FILES_MAX = 256 };

struct static_file {
    char *path;  /* as it is asked for: "/page.css" */
    char *place; /* in the file system */
    const char *type;
};

struct static_files {
    struct static_file files[STATIC_FILES_MAX];
    size_t count;
};

/* Where the page that came with the program is: PREFIX/share/geophone/dashboard for PREFIX/bin, SOURCE/web
 * for SOURCE/build. False where there is none. */
bool static_files_find_directory(char *path, size_t size);

/* Lists `directory` and the libraries below `script_directory` (/usr/share/javascript); a library that is not
 * installed is left out, with a warning. */
bool static_files_load(struct static_files *files, const char *directory, const char *script_directory,
                       struct error *error);
void static_files_done(struct static_files *files);

/* "/" is "/index.html". NULL where there is none. */
const struct static_file *static_files_find(const struct static_files *files, const char *path);

#endif
