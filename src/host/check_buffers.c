// SPDX-License-Identifier: Apache-2.0
/*
 * The kernel's buffers hold a burst. Sockets are given at most net.core.rmem_max (socket(7)); the ring that
 * sniffing uses is not bound by it. Column 2 of /proc/net/softnet_stat counts, one line for each processor,
 * the packets that were dropped because the backlog was full (net/core/net-procfs.c of Linux).
 */
#include "host/check.h"

#include <stdlib.h>
#include <string.h>

bool check_parse_softnet(const char *text, uint64_t *dropped)
{
    bool any = false;
    *dropped = 0;
    for (const char *line = text; line != NULL && *line != '\0';) {
        char *end;
        const char *second = strchr(line, ' ');
        if (second != NULL) {
            uint64_t count = strtoull(second, &end, 16);
            any = any || end > second;
            *dropped += count;
        }
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return any;
}

static void check_socket_limit(struct check_host *host)
{
    uint64_t limit, wanted = host->options->config->capture.buffer_size;
    if (!check_read_number(host, &limit, "/proc/sys/net/core/rmem_max")) {
        check_tell(host, CHECK_UNKNOWN, "net.core.rmem_max cannot be read");
        check_mend(host, "sysctl net.core.rmem_max");
    } else if (limit < wanted) {
        check_tell(host, CHECK_WARN,
                   "sockets get %llu bytes of the %llu that capture.buffer-size asks for: bursts may be lost",
                   (unsigned long long)limit, (unsigned long long)wanted);
        check_mend(host, "sysctl -w net.core.rmem_max=%llu", (unsigned long long)wanted);
    } else {
        check_tell(host, CHECK_OK, "sockets may have the buffer that capture.buffer-size asks for");
    }
}

void check_buffers(struct check_host *host)
{
    enum { TEXT_SIZE = 64 << 10, MORE = 4 };
    uint64_t dropped, backlog = 1000; /* the kernel's default */
    char *text = malloc(TEXT_SIZE);
    if (check_listens(host))
        check_socket_limit(host);
    check_read_number(host, &backlog, "/proc/sys/net/core/netdev_max_backlog");
    if (text == NULL || !check_read_file(host, text, TEXT_SIZE, "/proc/net/softnet_stat") ||
        !check_parse_softnet(text, &dropped)) {
        check_tell(host, CHECK_UNKNOWN, "/proc/net/softnet_stat does not tell what the kernel dropped");
    } else if (dropped > 0) {
        check_tell(host, CHECK_WARN,
                   "the kernel dropped %llu packets since its start, before any program saw them, because "
                   "its backlog "
                   "of %llu was full",
                   (unsigned long long)dropped, (unsigned long long)backlog);
        check_mend(host, "sysctl -w net.core.netdev_max_backlog=%llu", (unsigned long long)backlog * MORE);
    } else {
        check_tell(host, CHECK_OK, "the kernel's backlog has dropped nothing");
    }
    free(text);
}
