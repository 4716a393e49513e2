// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/news.h"

#include "base/siphash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void news_init(struct news *news)
{
    uint8_t secret[16];
    *news = (struct news){.next = 1, .oldest = 1};
    siphash_make_secret(secret);
    for (int i = 0; i < 8; i++)
        snprintf(news->boot + 2 * i, 3, "%02x", secret[i]);
}

static void forget_oldest(struct news *news)
{
    struct news_item *item = &news->items[news->oldest % NEWS_KEPT];
    news->bytes -= item->length;
    free(item->text);
    *item = (struct news_item){0};
    news->oldest++;
}

void news_done(struct news *news)
{
    while (news->oldest < news->next)
        forget_oldest(news);
}

void news_add(struct news *news, const char *event, struct json_writer *json)
{
    const char *data = json_writer_text(json);
    char head[96], *text = NULL;
    int head_length =
        snprintf(head, sizeof head, "id: %s-%" PRIu64 "\nevent: %s\ndata: ", news->boot, news->next, event);
    size_t length = (size_t)head_length + json->length + 2;
    if (data != NULL)
        text = malloc(length);
    if (text != NULL) {
        memcpy(text, head, (size_t)head_length);
        memcpy(text + head_length, data, json->length);
        memcpy(text + length - 2, "\n\n", 2);
    }
    json_writer_reset(json);
    while (news->oldest < news->next &&
           (news->next - news->oldest >= NEWS_KEPT || news->bytes + length > NEWS_MAX_BYTES))
        forget_oldest(news);
    news->items[news->next++ % NEWS_KEPT] = (struct news_item){text, text != NULL ? length : 0};
    if (text == NULL) { /* a gap: all before it is of no use to who would read on */
        while (news->oldest < news->next)
            forget_oldest(news);
        return;
    }
    news->bytes += length;
}

const struct news_item *news_get(const struct news *news, uint64_t number)
{
    return number >= news->oldest && number < news->next ? &news->items[number % NEWS_KEPT] : NULL;
}

uint64_t news_resume(const struct news *news, const char *last_event_id, bool *resumed)
{
    size_t boot = strlen(news->boot);
    *resumed = false;
    if (last_event_id == NULL || strncmp(last_event_id, news->boot, boot) != 0 || last_event_id[boot] != '-')
        return news->next;
    char *end;
    uint64_t seen = strtoull(last_event_id + boot + 1, &end, 10);
    *resumed = *end == '\0' && seen + 1 >= news->oldest && seen < news->next;
    return *resumed ? seen + 1 : news->next;
}
