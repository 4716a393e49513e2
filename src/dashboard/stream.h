// SPDX-License-Identifier: Apache-2.0
/*
 * What one browser has been sent of the news, and is sent next. With the board locked, but for stream_done().
 */
#ifndef DASHBOARD_STREAM_H
#define DASHBOARD_STREAM_H

#include "dashboard/board.h"

struct stream_state {
    uint64_t next;       /* number of the event that comes next */
    char *pending;       /* an event of which a part was sent */
    size_t length, sent; /* of it */
    int64_t wrote_us;    /* when something was sent last */
};

/* `last_event_id` is what the browser has seen, or NULL. A greeting waits to be sent. */
void stream_init(struct stream_state *stream, const struct board *board, const char *last_event_id,
                 int64_t now_us);
void stream_done(struct stream_state *stream);

/* Copies what is to be sent, up to `size` bytes; 0: nothing now. */
size_t stream_read(struct stream_state *stream, const struct board *board, int64_t now_us, char *to,
                   size_t size);
bool stream_has_more(const struct stream_state *stream, const struct board *board, int64_t now_us);

#endif
