// SPDX-License-Identifier: Apache-2.0
/* Mirrored packets fit with what the mirror puts around them: what does not is cut or comes in fragments. */
#include "host/check.h"

#include <net/if.h>
#include <sys/ioctl.h>

enum {
    USUAL_MTU = 1500, /* of what is mirrored */
    JUMBO_MTU = 9000, /* EC2's is 9001 */
    /* the mirrored frame's Ethernet header and VLAN tag; around it IPv6 (RFC 8200), UDP, VXLAN (RFC 7348) */
    OVERHEAD = 14 + 4 + 40 + 8 + 8,
};

void check_mtu(struct check_host *host)
{
    struct ifreq request = {.ifr_mtu = 0};
    if (!check_ask_interface(host, SIOCGIFMTU, &request)) {
        check_tell(host, CHECK_UNKNOWN, "the kernel does not tell the MTU");
        check_mend(host, "ip link show %s", host->interface);
        return;
    }
    int mtu = request.ifr_mtu;
    if (mtu >= JUMBO_MTU) {
        check_tell(host, CHECK_OK, "%d bytes hold jumbo frames too", mtu);
        return;
    }
    if (mtu < USUAL_MTU)
        check_tell(host, CHECK_FAIL, "%d bytes are too few even for usual packets of %d", mtu, USUAL_MTU);
    else if (mtu < USUAL_MTU + OVERHEAD)
        check_tell(host, check_listens(host) ? CHECK_FAIL : CHECK_WARN,
                   "%d bytes are too few for packets of %d bytes in a tunnel, which take up to %d: they are "
                   "cut or come "
                   "in fragments (without a tunnel, as on a SPAN port, they fit)",
                   mtu, USUAL_MTU, USUAL_MTU + OVERHEAD);
    else
        check_tell(host, CHECK_WARN,
                   "%d bytes hold mirrored packets of up to %d: those of sources with jumbo frames are cut",
                   mtu, mtu - OVERHEAD);
    check_mend(host, "ip link set %s mtu 9001", host->interface);
}
