// SPDX-License-Identifier: Apache-2.0
/* The interface exists, is up and has a carrier. */
#include "host/check.h"

#include <net/if.h>
#include <sys/ioctl.h>

void check_link(struct check_host *host)
{
    struct ifreq request = {.ifr_flags = 0};
    if (if_nametoindex(host->interface) == 0 || !check_ask_interface(host, SIOCGIFFLAGS, &request)) {
        host->missing = true;
        check_tell(host, CHECK_FAIL, "there is no interface of this name");
        check_mend(host, "geophone --list-interfaces");
    } else if ((request.ifr_flags & IFF_UP) == 0) {
        check_tell(host, CHECK_FAIL, "the interface is down: nothing is received");
        check_mend(host, "ip link set %s up", host->interface);
    } else if ((request.ifr_flags & IFF_RUNNING) == 0) {
        check_tell(host, CHECK_WARN,
                   "the interface has no carrier: the cable, the switch's port or the other end is down");
    } else {
        check_tell(host, CHECK_OK, "up, with a carrier");
    }
}
