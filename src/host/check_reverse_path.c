// SPDX-License-Identifier: Apache-2.0
/*
 * The kernel does not drop mirrored packets for where they come from. It matters to sockets only: sniffing
 * takes packets before. net.ipv4.conf (Documentation/networking/ip-sysctl.rst of Linux): the larger of "all"
 * and the interface's own counts; 1 is strict (RFC 3704), 2 is loose.
 */
#include "host/check.h"

enum { STRICT = 1 };

void check_reverse_path(struct check_host *host)
{
    uint64_t all, own;
    if (!check_listens(host))
        return;
    if (!check_read_number(host, &all, "/proc/sys/net/ipv4/conf/all/rp_filter") ||
        !check_read_number(host, &own, "/proc/sys/net/ipv4/conf/%s/rp_filter", host->interface)) {
        check_tell(host, CHECK_UNKNOWN, "rp_filter of this interface cannot be read");
        check_mend(host, "sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.%s.rp_filter", host->interface);
        return;
    }
    if ((all > own ? all : own) == STRICT) {
        check_tell(host, CHECK_WARN,
                   "rp_filter is strict: what comes from addresses that are routed elsewhere never reaches "
                   "the socket");
        check_mend(host, "sysctl -w net.ipv4.conf.%s.rp_filter=2", host->interface);
    } else {
        check_tell(host, CHECK_OK, "rp_filter is not strict");
    }
}
