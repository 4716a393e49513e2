// SPDX-License-Identifier: Apache-2.0
/*
 * Wakes one thread that sleeps while it has nothing to do. Others ring: as long as it is awake that costs no
 * system call.
 *
 *     bell_listen(bell);          from here on a ring is not missed
 *     if (there is nothing to do)
 *         bell_sleep(bell, 10);
 *     bell_ignore(bell);
 */
#ifndef BASE_BELL_H
#define BASE_BELL_H

#include "base/error.h"

struct bell;

struct bell *bell_create(struct error *error);
void bell_free(struct bell *bell); /* NULL is fine */

/* Any thread: what was written before is seen by the sleeper before it sleeps, or wakes it. */
void bell_ring(struct bell *bell);

/* The one thread that sleeps. */
void bell_listen(struct bell *bell);
void bell_sleep(struct bell *bell, int timeout_ms); /* until it is rung, or `timeout_ms` have passed */
void bell_ignore(struct bell *bell);

#endif
