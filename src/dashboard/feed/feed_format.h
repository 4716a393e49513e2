// SPDX-License-Identifier: Apache-2.0
/*
 * A form in which firewalls take lists, one file each (feed_*.c) and one row in feeds.def. A format writes
 * nothing that changes while the list does not, so that its entity tag holds.
 */
#ifndef DASHBOARD_FEED_FEED_FORMAT_H
#define DASHBOARD_FEED_FEED_FORMAT_H

#include "dashboard/feed/feed.h"

#include <stdio.h>

struct feed_format {
    const char *name;   /* of the file below /feeds/ */
    const char *type;   /* of the content */
    const char *reader; /* who takes it, in a few words */
    bool takes[FEED_TYPE_COUNT];
    bool ipv4_only;
    /* `serial`: seconds since 1970 at which the text last changed; grows with each change. False where memory
     * ran out: half a list would unblock the rest. */
    bool (*write)(FILE *to, const struct feed_format *format, const struct feed_view *view, uint32_t serial);
};

#define FEED(name) extern const struct feed_format feed_format_##name;
#include "dashboard/feed/feeds.def"
#undef FEED

enum {
#define FEED(name) FEED_FORMAT_##name,
#include "dashboard/feed/feeds.def"
#undef FEED
    FEED_FORMAT_COUNT
};

const struct feed_format *feed_format_at(size_t index);
size_t feed_format_find(const char *name); /* FEED_FORMAT_COUNT where there is none */

/* The next listed entry from `*at` on that the format takes, `*at` set behind it; NULL at the end. */
const struct feed_entry *feed_format_next(const struct feed_format *format, const struct feed_view *view,
                                          size_t *at);

/* A few words on an entry for a comment: letters, digits, blanks, '.' and '-' only, whatever was seen:
 * "XMR mining, incident 0422841d71dcdc48". */
enum { FEED_COMMENT_SIZE = 96 };
const char *feed_format_comment(const struct feed_entry *entry, char text[static FEED_COMMENT_SIZE]);

#endif
