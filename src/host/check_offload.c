// SPDX-License-Identifier: Apache-2.0
/* The interface does not merge packets: merged ones are up to 64 KiB long and tell no true sizes. */
#include "host/check.h"

#include <linux/ethtool.h>

void check_offload(struct check_host *host)
{
    struct ethtool_value gro = {.cmd = ETHTOOL_GGRO}, flags = {.cmd = ETHTOOL_GFLAGS};
    bool knows_gro = check_ask_driver(host, &gro), knows_flags = check_ask_driver(host, &flags);
    bool merges_gro = knows_gro && gro.data != 0;
    bool merges_lro = knows_flags && (flags.data & ETH_FLAG_LRO) != 0;
    if (merges_gro || merges_lro) {
        check_tell(
            host, CHECK_WARN,
            "%s on: packets are merged before they are seen, so that their sizes, times and number are not "
            "those of the wire",
            merges_gro && merges_lro ? "GRO and LRO are"
            : merges_gro             ? "GRO is"
                                     : "LRO is");
        check_mend(host, "ethtool -K %s gro off lro off", host->interface);
    } else if (!knows_gro || !knows_flags) {
        check_tell(host, CHECK_UNKNOWN, "the driver does not say whether GRO and LRO are on");
        check_mend(host, "ethtool -k %s", host->interface);
    } else {
        check_tell(host, CHECK_OK, "GRO and LRO are off");
    }
}
