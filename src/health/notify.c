// SPDX-License-Identifier: Apache-2.0
#include "health/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int notify_open(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    size_t length = path == NULL ? 0 : strlen(path);
    if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
        return -1; /* other kinds, as vsock:, are for whole machines */
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') /* unix(7): an abstract name */
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, size) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool notify_send(int fd, const char *lines)
{
    size_t size = strlen(lines);
    return fd >= 0 && write(fd, lines, size) == (ssize_t)size;
}

int64_t notify_watchdog_ms(void)
{
    const char *interval = getenv("WATCHDOG_USEC"), *process = getenv("WATCHDOG_PID");
    if (interval == NULL || (process != NULL && strtol(process, NULL, 10) != (long)getpid()))
        return 0;
    long long interval_us = strtoll(interval, NULL, 10);
    return interval_us <= 0 ? 0 : interval_us / 1000;
}
