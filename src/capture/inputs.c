// SPDX-License-Identifier: Apache-2.0
#include "capture/inputs.h"

#include "base/log.h"
#include "capture/file_format.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_INPUTS = 65536 }; /* frame.source has 16 bits */

/* Takes `path` over. */
static bool add(struct inputs *inputs, char *path, uint64_t size, struct error *error)
{
    if (path != NULL && inputs->count == inputs->room && inputs->count < MAX_INPUTS) {
        size_t room = inputs->room == 0 ? 16 : inputs->room * 2;
        struct input *items = realloc(inputs->items, room * sizeof *items);
        if (items != NULL) {
            inputs->items = items;
            inputs->room = room;
        }
    }
    if (path == NULL || inputs->count == inputs->room) {
        free(path);
        if (inputs->count == MAX_INPUTS)
            return error_set(error, STATUS_NO_INPUT, "more than %d files are too many for one run",
                             MAX_INPUTS);
        return error_set(error, STATUS_FAILED, "out of memory for the list of files");
    }
    inputs->items[inputs->count++] = (struct input){path, size};
    return true;
}

static bool is_capture(const char *path, struct error *error)
{
    struct byte_stream *stream = byte_stream_open(path, NULL, error);
    bool capture = stream != NULL && file_format_recognise(stream, path, error) != NULL;
    byte_stream_close(stream);
    return capture;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in a directory in the order of their bytes, whatever the locale; NULL with `error`. */
static char **list_directory(const char *path, size_t *count, struct error *error)
{
    DIR *directory = opendir(path);
    if (directory == NULL) {
        error_set(error, STATUS_NO_INPUT, "cannot open the directory %s: %s", path, strerror(errno));
        return NULL;
    }
    size_t room = 64;
    char **names = malloc(room * sizeof *names);
    *count = 0;
    for (struct dirent *entry; names != NULL && (entry = readdir(directory)) != NULL;) {
        if (*count == room) {
            room *= 2;
            char **more = realloc(names, room * sizeof *names);
            if (more == NULL)
                break;
            names = more;
        }
        if ((names[*count] = strdup(entry->d_name)) == NULL)
            break;
        (*count)++;
    }
    closedir(directory);
    if (names == NULL)
        error_set(error, STATUS_FAILED, "out of memory for the directory %s", path);
    else
        qsort(names, *count, sizeof *names, compare_names);
    return names;
}

/* Adds a file of a directory if it is a capture. */
static bool add_entry(struct inputs *inputs, const char *directory, const char *name, struct error *error)
{
    size_t length = strlen(directory);
    char *path;
    if (asprintf(&path, "%s%s%s", directory, length > 0 && directory[length - 1] == '/' ? "" : "/", name) < 0)
        return error_set(error, STATUS_FAILED, "out of memory for the list of files");
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        free(path);
        return true;
    }
    struct error reason;
    bool is_readable = access(path, R_OK) == 0;
    if (!is_readable)
        log_warning("capture", "leaving out %s: %s", path, strerror(errno));
    else if (is_capture(path, &reason))
        return add(inputs, path, (uint64_t)status.st_size, error);
    else
        log_debug("capture", "leaving out: %s", reason.text);
    free(path);
    return true;
}

static bool add_directory(struct inputs *inputs, const char *path, struct error *error)
{
    size_t count = 0, before = inputs->count;
    char **names = list_directory(path, &count, error);
    if (names == NULL)
        return false;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        good = good && add_entry(inputs, path, names[i], error);
        free(names[i]);
    }
    free(names);
    if (good && inputs->count == before)
        return error_set(error, STATUS_NO_INPUT,
                         "no capture file in the directory %s; pcap and pcapng are read, also .gz and .zst",
                         path);
    return good;
}

static bool add_path(struct inputs *inputs, const char *path, bool *size_known, struct error *error)
{
    bool standard_input = strcmp(path, "-") == 0;
    struct stat status;
    if ((standard_input ? fstat(STDIN_FILENO, &status) : stat(path, &status)) != 0)
        return error_set(error, STATUS_NO_INPUT, "cannot open %s: %s",
                         standard_input ? "standard input" : path, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return add_directory(inputs, path, error);
    if (S_ISREG(status.st_mode)) {
        if (!standard_input && !is_capture(path, error))
            return false;
        return add(inputs, strdup(path), (uint64_t)status.st_size, error);
    }
    if (!standard_input && access(path, R_OK) != 0)
        return error_set(error, STATUS_NO_INPUT, "cannot open %s: %s", path, strerror(errno));
    *size_known = false;
    return add(inputs, strdup(path), 0, error);
}

bool inputs_init(struct inputs *inputs, const char *const *paths, size_t count, struct error *error)
{
    bool size_known = true;
    *inputs = (struct inputs){0};
    for (size_t i = 0; i < count; i++) {
        if (!add_path(inputs, paths[i], &size_known, error)) {
            inputs_done(inputs);
            return false;
        }
    }
    for (size_t i = 0; size_known && i < inputs->count; i++)
        inputs->size += inputs->items[i].size;
    return true;
}

void inputs_done(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        free(inputs->items[i].path);
    free(inputs->items);
    *inputs = (struct inputs){0};
}
