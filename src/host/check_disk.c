// SPDX-License-Identifier: Apache-2.0
/* There is room for the events. */
#include "host/check.h"

#include "base/humanise.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { LITTLE_MIB = 1024, TOO_LITTLE_MIB = 64, MIB = 1 << 20 };

/* The directory that a file stands in. */
static void name_directory(const char *path, char *directory, size_t size)
{
    text_copy(directory, size, path);
    char *slash = strrchr(directory, '/');
    if (slash == NULL)
        text_copy(directory, size, ".");
    else
        slash[slash == directory ? 1 : 0] = '\0';
}

void check_disk(struct check_host *host)
{
    const struct config *config = host->options->config;
    char directory[PATH_MAX], text[HUMANISE_SIZE];
    struct statvfs room;
    if (!config->json.enabled || strcmp(config->json.file, "-") == 0)
        return; /* no file is written */
    name_directory(config->json.file, directory, sizeof directory);
    if (statvfs(directory, &room) != 0 || access(directory, W_OK) != 0) {
        check_tell(host, CHECK_FAIL, "events cannot be written to %s: %s", directory, strerror(errno));
        check_mend(host, "install -d -o \"$(id -un)\" %s", directory);
        return;
    }
    uint64_t bytes = (uint64_t)room.f_bavail * room.f_frsize;
    const char *amount = humanise_bytes(bytes, text);
    if (bytes >= (uint64_t)LITTLE_MIB * MIB) {
        check_tell(host, CHECK_OK, "%s are free for events in %s", amount, directory);
        return;
    }
    check_tell(host, bytes < (uint64_t)TOO_LITTLE_MIB * MIB ? CHECK_FAIL : CHECK_WARN,
               "only %s are free for events in %s", amount, directory);
    check_mend(host, "du -xh %s | sort -h | tail", directory);
}
