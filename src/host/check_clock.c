// SPDX-License-Identifier: Apache-2.0
/* The clock is right, and so are the times of alerts: the kernel knows whether somebody keeps it
 * (adjtimex(2)). */
#include "host/check.h"

#include <sys/timex.h>

void check_clock(struct check_host *host)
{
    struct timex clock = {.modes = 0}; /* only asks */
    int state = adjtimex(&clock);
    if (state < 0) {
        check_tell(host, CHECK_UNKNOWN, "the kernel does not say whether the clock is kept");
        check_mend(host, "timedatectl");
    } else if (state == TIME_ERROR || (clock.status & STA_UNSYNC) != 0) {
        check_tell(host, CHECK_WARN,
                   "nobody keeps the clock: the times of alerts drift away from those of other logs");
        check_mend(host, "timedatectl set-ntp true");
    } else {
        check_tell(host, CHECK_OK, "the clock is synchronised");
    }
}
