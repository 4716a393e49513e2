// SPDX-License-Identifier: Apache-2.0
/*
 * Where the files are that came with the program. They are searched from the program's own place, so that an
 * installed tree can be moved and a built one needs no installation.
 */
#include "config/config.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* `base` must hold `base_length` characters; joined with `rest` it is a candidate. */
static bool try_directory(const char *base, size_t base_length, const char *rest, char *path, size_t size)
{
    char file[PATH_MAX];
    int length = snprintf(file, sizeof file, "%.*s%s/pool-domains.tsv", (int)base_length, base, rest);
    if (length < 0 || (size_t)length >= sizeof file || access(file, R_OK) != 0)
        return false;
    length = snprintf(path, size, "%.*s%s", (int)base_length, base, rest);
    return length >= 0 && (size_t)length < size;
}

/* PREFIX/bin/geophone belongs to PREFIX/share/geophone, SOURCE/build/.../geophone to SOURCE. Other parents of
 * the program are not looked into: strangers may write there. */
bool config_find_signatures(char *path, size_t size)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = '\0';
        const char *bin = strrchr(program, '/');
        size_t directory_length = bin != NULL ? (size_t)(bin - program) : 0;
        if (directory_length >= 4 && memcmp(program + directory_length - 4, "/bin", 4) == 0 &&
            try_directory(program, directory_length - 4, "/share/geophone/signatures", path, size))
            return true;
        const char *build = strstr(program, "/build/");
        for (const char *next = build; next != NULL; next = strstr(next + 1, "/build/"))
            build = next; /* the last: the source tree itself may lie below another build directory */
        if (build != NULL && try_directory(program, (size_t)(build - program), "/signatures", path, size))
            return true;
    }
    static const char *const usual[] = {"/usr/local/share/geophone/signatures",
                                        "/usr/share/geophone/signatures"};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (try_directory(usual[i], strlen(usual[i]), "", path, size))
            return true;
    if (size > 0)
        path[0] = '\0';
    return false;
}
