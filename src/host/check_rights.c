// SPDX-License-Identifier: Apache-2.0
/* This user may capture: sniffing needs a packet socket, and thereby CAP_NET_RAW (packet(7)). */
#include "host/check.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void name_program(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    path[length > 0 ? length : 0] = '\0';
}

void check_rights(struct check_host *host)
{
    char program[PATH_MAX];
    if (host->options->interface_count == 0) {
        check_tell(host, CHECK_OK, "listening at ports needs no rights");
        return;
    }
    /* of protocol 0: nothing is received */
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        close(fd);
        check_tell(host, CHECK_OK, "this user may open packet sockets");
    } else if (errno == EPERM || errno == EACCES) {
        name_program(program, sizeof program);
        check_tell(host, check_listens(host) ? CHECK_WARN : CHECK_FAIL,
                   "this user may not open packet sockets, as sniffing needs it%s",
                   check_listens(host) ? " (listening does not)" : "");
        check_mend(host, "setcap cap_net_raw+ep %s", program[0] != '\0' ? program : "/usr/bin/geophone");
    } else {
        check_tell(host, CHECK_FAIL, "packet sockets cannot be opened: %s", strerror(errno));
    }
}
