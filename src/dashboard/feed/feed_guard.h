// SPDX-License-Identifier: Apache-2.0
/*
 * What must not be blocked, whatever was seen. Pure functions over a view that is being made.
 */
#ifndef DASHBOARD_FEED_FEED_GUARD_H
#define DASHBOARD_FEED_FEED_GUARD_H

#include "dashboard/feed/feed.h"

/* Fills guard and detail of an entry whose other members are set. */
void feed_guard_judge(const struct feed_view *view, struct feed_entry *entry);

/* Who serves many others from that address: "Cloudflare"; NULL where nobody is known to. `as_number` may be
 * 0. */
const char *feed_shared_owner(const struct address *address, uint32_t as_number);

/* The well-known name that `name` is or lies under; NULL where there is none. */
const char *feed_well_known(const char *name);

#endif
