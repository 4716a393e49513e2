// SPDX-License-Identifier: Apache-2.0
#include "dashboard/static_files.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
};

/* Of Debian's package libjs-chart.js. */
static const struct {
    const char *path, *place;
} libraries[] = {
    {"/lib/chart.min.js", "chart.js/chart.min.js"},
};

static const char *type_of(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(ending, types[i].ending) == 0)
            return types[i].type;
    return NULL;
}

static bool add(struct static_files *files, const char *path, const char *place, struct error *error)
{
    if (files->count == STATIC_FILES_MAX)
        return error_set(error, STATUS_CONFIGURATION, "there are more than %d files for the page",
                         STATIC_FILES_MAX);
    struct static_file *file = &files->files[files->count];
    file->path = strdup(path);
    file->place = strdup(place);
    file->type = type_of(place);
    files->count++;
    return (file->path != NULL && file->place != NULL) ||
           error_set(error, STATUS_FAILED, "out of memory for the list of files");
}

/* `path` is that of the folder, "" for the topmost. Names with other characters than these, and hidden files,
 * are none of the page. */
static bool list(struct static_files *files, const char *directory, const char *path, struct error *error)
{
    DIR *folder = opendir(directory);
    if (folder == NULL)
        return error_set(error, STATUS_NO_INPUT,
                         "cannot read the page's files in %s: %s; name their directory with --web-directory",
                         directory, strerror(errno));
    bool is_good = true;
    for (struct dirent *entry; is_good && (entry = readdir(folder)) != NULL;) {
        char place[4096], below[512];
        struct stat about;
        const char *name = entry->d_name;
        if (name[0] == '.' ||
            strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
                strlen(name) ||
            snprintf(place, sizeof place, "%s/%s", directory, name) >= (int)sizeof place ||
            snprintf(below, sizeof below, "%s/%s", path, name) >= (int)sizeof below ||
            lstat(place, &about) != 0)
            continue;
        if (S_ISDIR(about.st_mode) && path[0] == '\0')
            is_good =
                list(files, place, below, error); /* one level deep: there the path is no longer empty */
        else if (S_ISREG(about.st_mode) && type_of(name) != NULL)
            is_good = add(files, below, place, error);
    }
    closedir(folder);
    return is_good;
}

bool static_files_load(struct static_files *files, const char *directory, const char *script_directory,
                       struct error *error)
{
    files->count = 0;
    if (!list(files, directory, "", error))
        return false;
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        char place[4096];
        snprintf(place, sizeof place, "%s/%s", script_directory, libraries[i].place);
        if (access(place, R_OK) != 0)
            log_warning("dashboard", "%s is not there: the page has no charts; install libjs-chart.js",
                        place);
        else if (!add(files, libraries[i].path, place, error))
            return false;
    }
    return true;
}

static bool try_directory(const char *base, size_t base_length, const char *rest, char *path, size_t size)
{
    char index[PATH_MAX];
    int length = snprintf(index, sizeof index, "%.*s%s/index.html", (int)base_length, base, rest);
    if (length < 0 || (size_t)length >= sizeof index || access(index, R_OK) != 0)
        return false;
    length = snprintf(path, size, "%.*s%s", (int)base_length, base, rest);
    return length >= 0 && (size_t)length < size;
}

/* Other parents of the program are not looked into: strangers may write there. */
bool static_files_find_directory(char *path, size_t size)
{
    static const char *const usual[] = {"/usr/local/share/geophone/dashboard",
                                        "/usr/share/geophone/dashboard"};
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    const char *slash = strrchr(program, '/'), *build = NULL;
    size_t folder = slash != NULL ? (size_t)(slash - program) : 0;
    if (folder >= 4 && memcmp(program + folder - 4, "/bin", 4) == 0 &&
        try_directory(program, folder - 4, "/share/geophone/dashboard", path, size))
        return true;
    for (const char *next = strstr(program, "/build/"); next != NULL; next = strstr(next + 1, "/build/"))
        build = next; /* the last: the source tree itself may lie below another build directory */
    if (build != NULL && try_directory(program, (size_t)(build - program), "/web", path, size))
        return true;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (try_directory(usual[i], strlen(usual[i]), "", path, size))
            return true;
    return false;
}

void static_files_done(struct static_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->files[i].path);
        free(files->files[i].place);
    }
    files->count = 0;
}

const struct static_file *static_files_find(const struct static_files *files, const char *path)
{
    const char *wanted = strcmp(path, "/") == 0 ? "/index.html" : path;
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->files[i].path, wanted) == 0)
            return &files->files[i];
    return NULL;
}
