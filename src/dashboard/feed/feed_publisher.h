// SPDX-License-Identifier: Apache-2.0
/*
 * The lists as they are served: all made of one view at one moment, kept until the next, so that a firewall
 * that asks for two of them gets what belongs together. A list that did not change keeps its entity tag and
 * its time. Not locked: whoever calls sees to it that one thread does at a time.
 */
#ifndef DASHBOARD_FEED_FEED_PUBLISHER_H
#define DASHBOARD_FEED_FEED_PUBLISHER_H

#include "base/error.h"
#include "dashboard/feed/feed_format.h"

struct feed_settings {
    enum feed_verdict verdict;
    int64_t keep_us;
    size_t max_entries;
    const char *allow_path; /* NULL: none */
};

struct feed_document {
    char *text; /* NUL-terminated; NULL until the first publication */
    size_t length, entries;
    char etag[40];     /* with its quotation marks; the same text has the same one, whoever serves it */
    int64_t changed_s; /* since 1970: when the text became what it is, or the program started */
};

struct feed_publisher;

/* Reads the allow list. */
struct feed_publisher *feed_publisher_create(const struct feed_settings *settings, struct error *error);
void feed_publisher_free(struct feed_publisher *publisher); /* NULL is fine */

/* Reads the allow list again where the file has changed: one that is wrong is said in a warning, and the one
 * before stays in force. */
void feed_publisher_reload(struct feed_publisher *publisher);

/* What was published, with its reasons; the caller frees it before the next publication. NULL where memory
 * ran out. */
struct feed_view *feed_publisher_view(const struct feed_publisher *publisher, int64_t now_us);

/* Makes all lists anew. False where memory ran out: what was published before stays. */
bool feed_publisher_publish(struct feed_publisher *publisher, const struct feed_sighting *sightings,
                            size_t count, int64_t now_us);

/* How many entries were withheld for that reason in the latest publication. */
size_t feed_publisher_withheld(const struct feed_publisher *publisher, enum feed_guard guard);

/* When feed_publisher_publish() last did it; 0: never. */
int64_t feed_publisher_time(const struct feed_publisher *publisher);

/* Owned by the publisher, the same until it publishes again. `index`: FEED_FORMAT_... */
const struct feed_document *feed_publisher_document(const struct feed_publisher *publisher, size_t index);

#endif
