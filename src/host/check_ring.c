// SPDX-License-Identifier: Apache-2.0
/* The interface's ring for received packets is as large as it can be, and has lost nothing so far. */
#include "host/check.h"

#include <linux/ethtool.h>

void check_ring(struct check_host *host)
{
    struct ethtool_ringparam ring = {.cmd = ETHTOOL_GRINGPARAM};
    uint64_t missed = 0;
    check_read_number(host, &missed, "/sys/class/net/%s/statistics/rx_missed_errors", host->interface);
    if (!check_ask_driver(host, &ring) || ring.rx_max_pending == 0) {
        check_tell(host, CHECK_UNKNOWN,
                   "the driver tells no size of its ring (virtual interfaces have none)");
    } else if (ring.rx_pending < ring.rx_max_pending) {
        check_tell(host, CHECK_WARN,
                   "the ring holds %u packets of the %u it could: bursts may be lost (%llu so far)",
                   ring.rx_pending, ring.rx_max_pending, (unsigned long long)missed);
        check_mend(host, "ethtool -G %s rx %u", host->interface, ring.rx_max_pending);
    } else if (missed > 0) {
        check_tell(host, CHECK_WARN,
                   "the ring of %u packets, the largest possible, has lost %llu packets since the start: "
                   "more comes in "
                   "than this machine takes",
                   ring.rx_pending, (unsigned long long)missed);
    } else {
        check_tell(host, CHECK_OK, "the ring holds %u packets, the most it can", ring.rx_pending);
    }
}
