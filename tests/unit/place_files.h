// SPDX-License-Identifier: Apache-2.0
/*
 * A folder of made-up inventories and mappings for tests.
 */
#ifndef TESTS_UNIT_PLACE_FILES_H
#define TESTS_UNIT_PLACE_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static char place_folder[64];
static char place_paths[16][128];
static size_t place_count;

static inline int place_folder_make(void **state)
{
    (void)state;
    snprintf(place_folder, sizeof place_folder, "/tmp/geophone-places-XXXXXX");
    place_count = 0;
    return mkdtemp(place_folder) == NULL;
}

static inline int place_folder_remove(void **state)
{
    (void)state;
    for (size_t i = 0; i < place_count; i++)
        unlink(place_paths[i]);
    return rmdir(place_folder);
}

/* Writes a file whose time is `day` days after 2026-11-01 00:00:00 UTC, and returns its path. */
static inline char *place_file(const char *name, const char *text, int day)
{
    size_t at = 0;
    char path[sizeof place_paths[0]];
    snprintf(path, sizeof path, "%s/%s", place_folder, name);
    while (at < place_count && strcmp(place_paths[at], path) != 0)
        at++;
    if (at == place_count)
        strcpy(place_paths[place_count++], path);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    struct timeval times[2] = {{.tv_sec = 1793491200 + day * 86400}, {.tv_sec = 1793491200 + day * 86400}};
    utimes(path, times);
    return place_paths[at];
}

#endif
