// SPDX-License-Identifier: Apache-2.0
#include "health/health_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool health_file_write(const char *path, const char *text, struct error *error)
{
    char beside[PATH_MAX];
    size_t length = strlen(text);
    if ((size_t)snprintf(beside, sizeof beside, "%s.new", path) >= sizeof beside)
        return error_set(error, STATUS_CONFIGURATION, "health.file: the path is too long");
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_set(error, STATUS_FAILED, "health.file: cannot write %s: %s", beside, strerror(errno));
    ssize_t written = write(fd, text, length);
    int reason = written < 0 ? errno : ENOSPC;
    if (close(fd) == 0 && written == (ssize_t)length && rename(beside, path) == 0)
        return true;
    if (written == (ssize_t)length)
        reason = errno;
    unlink(beside);
    return error_set(error, STATUS_FAILED, "health.file: cannot write %s: %s", path, strerror(reason));
}
