// SPDX-License-Identifier: Apache-2.0
/*
 * A timing wheel of flows: one slot a second, in each a list of the flows that may have timed out by then.
 *
 * Flows are not moved when a packet gives them more time: who visits a slot looks at the flow and links it
 * anew where it is not due. What is due later than a turn waits in the furthest slot. Flows are named by
 * their index; 0 is none.
 */
#ifndef FLOW_WHEEL_H
#define FLOW_WHEEL_H

#include "flow/flow.h"

enum { WHEEL_SLOTS = 1024 }; /* beyond the longest usual timeout, 900 s; a power of two */

struct wheel {
    int64_t
        cursor; /* second of the slot that is visited next; slots up to cursor + WHEEL_SLOTS - 1 are ahead */
    uint64_t occupied[WHEEL_SLOTS / 64]; /* a bit for each slot that is not empty */
    uint32_t heads[WHEEL_SLOTS];
    uint32_t count;
};

/* `flows` is the array that the indexes are of. `second` is when the flow is to be visited. */
void wheel_link(struct wheel *wheel, struct flow *flows, uint32_t index, int64_t second);
void wheel_unlink(struct wheel *wheel, struct flow *flows, uint32_t index);

/* All flows ended: none is linked any more. */
void wheel_clear(struct wheel *wheel);

/* A flow that is to be visited by `now`, or 0. It stays linked: unlink it, or link it anew, before the next
 * call. */
uint32_t wheel_due(struct wheel *wheel, int64_t now);

/* The flow that is to be visited first, whenever that is, or 0 where the wheel is empty. */
uint32_t wheel_soonest(const struct wheel *wheel);

/* Begins a turn that ends at `now`: each flow is to be visited once. For the first second and after steps of
 * the clock. */
void wheel_turn_to(struct wheel *wheel, int64_t now);

#endif
