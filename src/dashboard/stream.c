// SPDX-License-Identifier: Apache-2.0
#include "dashboard/stream.h"

#include "dashboard/answer/answer_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEARTBEAT_US = 15 * 1000000 };

/* An event for this browser alone. With `is_seen` its identifier says that what came before it was seen. */
static void say(struct stream_state *stream, const struct board *board, bool is_seen, const char *event,
                struct json_writer *json)
{
    char identifier[64] = "";
    const char *data = json_writer_text(json);
    if (is_seen)
        snprintf(identifier, sizeof identifier, "id: %s-%" PRIu64 "\n", board->news.boot, stream->next - 1);
    size_t size = strlen(identifier) + strlen(event) + json->length + 32;
    char *text = data == NULL ? NULL : malloc(size);
    if (text == NULL)
        return;
    stream->pending = text;
    stream->length = (size_t)snprintf(text, size, "%sevent: %s\ndata: %s\n\n", identifier, event, data);
    stream->sent = 0;
}

static void greet(struct stream_state *stream, const struct board *board, bool resumed, bool is_first,
                  int64_t now_us)
{
    struct json_writer json;
    json_writer_init(&json);
    json_object(&json, NULL);
    answer_write_state(&json, board->model, now_us);
    if (is_first || resumed)
        json_boolean(&json, "resumed", resumed);
    json_object_end(&json);
    say(stream, board, true, is_first || resumed ? "hello" : "reset", &json);
    json_writer_done(&json);
}

void stream_init(struct stream_state *stream, const struct board *board, const char *last_event_id,
                 int64_t now_us)
{
    bool resumed;
    *stream =
        (struct stream_state){.next = news_resume(&board->news, last_event_id, &resumed), .wrote_us = now_us};
    greet(stream, board, resumed, last_event_id == NULL, now_us);
}

void stream_done(struct stream_state *stream)
{
    free(stream->pending);
    stream->pending = NULL;
}

static void beat(struct stream_state *stream, const struct board *board, int64_t now_us)
{
    struct json_writer json;
    json_writer_init(&json);
    json_object(&json, NULL);
    json_double(&json, "time", (double)now_us / 1e6);
    json_object_end(&json);
    say(stream, board, false, "heartbeat", &json);
    json_writer_done(&json);
}

/* Takes the next event of the news, or makes one; false where there is none. */
static bool take_next(struct stream_state *stream, const struct board *board, int64_t now_us)
{
    const struct news *news = &board->news;
    if (stream->next < news->oldest) { /* too slow: what it missed is gone */
        stream->next = news->next;
        greet(stream, board, false, false, now_us);
        return stream->pending != NULL;
    }
    const struct news_item *item = news_get(news, stream->next);
    if (item == NULL) {
        if (now_us - stream->wrote_us >= HEARTBEAT_US)
            beat(stream, board, now_us);
        return stream->pending != NULL;
    }
    if ((stream->pending = malloc(item->length)) == NULL)
        return false;
    memcpy(stream->pending, item->text, item->length);
    stream->length = item->length;
    stream->sent = 0;
    stream->next++;
    return true;
}

size_t stream_read(struct stream_state *stream, const struct board *board, int64_t now_us, char *to,
                   size_t size)
{
    if (stream->pending == NULL && !take_next(stream, board, now_us))
        return 0;
    size_t left = stream->length - stream->sent, length = left < size ? left : size;
    memcpy(to, stream->pending + stream->sent, length);
    stream->sent += length;
    stream->wrote_us = now_us;
    if (stream->sent == stream->length)
        stream_done(stream);
    return length;
}

bool stream_has_more(const struct stream_state *stream, const struct board *board, int64_t now_us)
{
    return stream->pending != NULL || stream->next < board->news.next ||
           now_us - stream->wrote_us >= HEARTBEAT_US;
}
