// SPDX-License-Identifier: Apache-2.0
/*
 * The operator's allow list of the feeds: addresses, networks and names that are never listed
 * (docs/feeds.md). A file of lines: pattern, last day (2027-01-31, or - for ever), reason, with one tab
 * between them; '#' begins a comment line. A name stands for itself and all names under it. Read-only after
 * loading, so any thread may look up.
 */
#ifndef DASHBOARD_FEED_FEED_ALLOW_H
#define DASHBOARD_FEED_FEED_ALLOW_H

#include "base/address.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { FEED_ALLOW_MAX_ROWS = 65536, FEED_ALLOW_MAX_REASON = 120 };

struct feed_allow;

/* A bad line is an error that names file and line. */
struct feed_allow *feed_allow_load(const char *path, struct error *error);
void feed_allow_free(struct feed_allow *allow); /* NULL is fine */

/* The reason of the narrowest row that is still in force; NULL where there is none, and where `allow` is
 * NULL. */
const char *feed_allow_address(const struct feed_allow *allow, const struct address *address, int64_t now_us);
const char *feed_allow_name(const struct feed_allow *allow, const char *name, int64_t now_us);

size_t feed_allow_count(const struct feed_allow *allow); /* 0 for NULL */

#endif
