// SPDX-License-Identifier: Apache-2.0
/*
 * The latest changes, as the texts of server-sent events, for browsers to be told and to resume from. A ring:
 * what does not fit any more is gone, and who asks for it must fetch all anew. No locks.
 */
#ifndef DASHBOARD_MODEL_NEWS_H
#define DASHBOARD_MODEL_NEWS_H

#include "base/json_writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEWS_KEPT = 1024, NEWS_MAX_BYTES = 16 << 20 };

struct news_item {
    char *text; /* of the whole event, with its empty line */
    size_t length;
};

struct news {
    struct news_item items[NEWS_KEPT];
    uint64_t next;   /* number of the next event; the first has 1 */
    uint64_t oldest; /* that is kept */
    size_t bytes;
    char boot[17]; /* of this run of the server: part of each identifier */
};

void news_init(struct news *news);
void news_done(struct news *news);

/* Takes the data out of `json`, which is emptied. Out of memory, the event is lost, and readers are told to
 * begin anew. */
void news_add(struct news *news, const char *event, struct json_writer *json);

/* The event of that number; NULL where it is not kept (any more) or was not made yet. */
const struct news_item *news_get(const struct news *news, uint64_t number);

/* Where a reader goes on that has seen `last_event_id` (NULL: none). `resumed` tells whether nothing is
 * missed. */
uint64_t news_resume(const struct news *news, const char *last_event_id, bool *resumed);

#endif
