// SPDX-License-Identifier: Apache-2.0
/* Packets for other hosts are delivered, as a SPAN port needs it. */
#include "host/check.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>

static bool is_wireless(const struct check_host *host)
{
    char nothing[8];
    return check_read_file(host, nothing, sizeof nothing, "/sys/class/net/%s/phy80211/name", host->interface);
}

void check_promiscuous(struct check_host *host)
{
    struct ifreq request = {.ifr_flags = 0};
    if (host->options->interface_count == 0)
        return; /* sockets get what is addressed to this host */
    if (!check_ask_interface(host, SIOCGIFHWADDR, &request)) {
        check_tell(host, CHECK_UNKNOWN, "the kernel does not tell of what kind the interface is");
    } else if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        check_tell(host, CHECK_OK,
                   "no Ethernet: the interface has no addresses that it could sort packets by");
    } else if (is_wireless(host)) {
        check_tell(host, CHECK_WARN,
                   "a wireless interface delivers only what is meant for this host: use a wired one");
    } else if (!host->options->config->capture.promiscuous) {
        check_tell(
            host, CHECK_WARN,
            "capture.promiscuous is off: packets of a SPAN port, which are addressed to others, are not seen "
            "(those in tunnels to this host are)");
        check_mend(host, "geophone -i %s --set capture.promiscuous=yes", host->interface);
    } else {
        check_tell(host, CHECK_OK, "geophone will ask for packets that are addressed to others");
    }
}
