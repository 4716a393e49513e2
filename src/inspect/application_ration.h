// SPDX-License-Identifier: Apache-2.0
/*
 * Which flows nDPI is asked about. It costs several times as much as all the rest of a flow and its word is
 * never evidence of mining, so it is rationed, and the first to be shed:
 *
 *   - files: all flows that begin with the first packets, of the others one in so many. Which ones depends on
 *     nothing but their addresses and ports, so that any number of workers asks about the same;
 *   - live: all of them while the worker is idle enough, and the fewer the busier it is, down to none.
 */
#ifndef INSPECT_APPLICATION_RATION_H
#define INSPECT_APPLICATION_RATION_H

#include "flow/flow.h"

#include <stdbool.h>
#include <stdint.h>

struct application_ration {
    bool limited; /* false: nDPI sees every flow */
    bool live;
    uint32_t one_in;          /* flows; 1: all of them, 0: none */
    int64_t busy_ns, wall_ns; /* when it was looked at last: processor time of this thread, and the clock */
    uint32_t calls;           /* of nDPI */
    int64_t clock_ns;         /* what one look at the clock costs */
    int64_t begun_ns;         /* of the call that is measured; 0: none is */
    uint64_t spent_ns;        /* in nDPI: one call in some is measured, and counts for the others */
};

void application_ration_init(struct application_ration *ration, bool limited, bool live);

/* Whether a flow may be shown to nDPI; `frame` is the number of the present one in the capture. */
bool application_ration_allows(const struct application_ration *ration, const struct flow_key *key,
                               uint64_t frame);

/* Live, every moment: asks for more or less, as the worker's processor time says. Called by its thread. */
void application_ration_adapt(struct application_ration *ration);

/* Around each call of nDPI. */
void application_ration_begin(struct application_ration *ration);
void application_ration_end(struct application_ration *ration);

/* Processor time of the calling thread. */
int64_t application_thread_ns(void);

#endif
