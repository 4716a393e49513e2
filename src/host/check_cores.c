// SPDX-License-Identifier: Apache-2.0
/* Packets and verdicts have a processor each. */
#include "host/check.h"

#include <sched.h>

void check_cores(struct check_host *host)
{
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof processors, &processors) != 0)
        check_tell(host, CHECK_UNKNOWN, "the kernel does not say how many processors may be used");
    else if (CPU_COUNT(&processors) < 2)
        check_tell(
            host, CHECK_WARN,
            "there is one processor only: packets wait while verdicts are made, and bursts may be lost");
    else
        check_tell(host, CHECK_OK, "%d processors may be used", CPU_COUNT(&processors));
}
