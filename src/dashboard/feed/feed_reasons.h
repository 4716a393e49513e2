// SPDX-License-Identifier: Apache-2.0
/*
 * Why each entry of the feeds is listed, and why others are not: for the person who is asked what the
 * firewall blocks.
 */
#ifndef DASHBOARD_FEED_FEED_REASONS_H
#define DASHBOARD_FEED_FEED_REASONS_H

#include "base/json_writer.h"
#include "dashboard/feed/feed.h"

enum { FEED_REASONS_MAX_INCIDENTS = 5, FEED_REASONS_MAX_EVIDENCE = 4 };

/* The members of an object that the caller opens and closes. Of what is withheld at most as many as the feeds
 * may hold; the rest is counted. `value`: only the entry of that text; NULL: all. */
void feed_reasons_write(struct json_writer *json, const struct feed_view *view, const char *value);

#endif
