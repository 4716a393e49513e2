// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_format.h"

#include <string.h>

const struct feed_format *feed_format_at(size_t index)
{
    static const struct feed_format *const formats[] = {
#define FEED(name) &feed_format_##name,
#include "dashboard/feed/feeds.def"
#undef FEED
    };
    return formats[index];
}

size_t feed_format_find(const char *name)
{
    size_t index = 0;
    while (index < FEED_FORMAT_COUNT && strcmp(feed_format_at(index)->name, name) != 0)
        index++;
    return index;
}

const struct feed_entry *feed_format_next(const struct feed_format *format, const struct feed_view *view,
                                          size_t *at)
{
    while (*at < view->count) {
        const struct feed_entry *entry = &view->entries[(*at)++];
        const struct feed_candidate *candidate = &entry->candidates[0];
        if (entry->guard != FEED_LISTED || !format->takes[candidate->type])
            continue;
        if (candidate->type == FEED_ADDRESS && format->ipv4_only && !address_is_ipv4(&candidate->address))
            continue;
        return entry;
    }
    return NULL;
}

/* Appends what is harmless in every format, at most `max` bytes of it. */
static size_t put_word(char *text, size_t length, const char *word, size_t max)
{
    for (; *word != '\0' && max > 0 && length < FEED_COMMENT_SIZE - 1; word++) {
        bool is_plain = (*word >= 'a' && *word <= 'z') || (*word >= 'A' && *word <= 'Z') ||
                        (*word >= '0' && *word <= '9') || *word == '-' || *word == '.' || *word == ' ';
        if (!is_plain)
            continue;
        text[length++] = *word;
        max--;
    }
    return length;
}

const char *feed_format_comment(const struct feed_entry *entry, char text[static FEED_COMMENT_SIZE])
{
    enum { MAX_COIN = 12, MAX_INCIDENT = 32 };
    const struct feed_sighting *first = entry->candidates[0].sighting;
    size_t length = put_word(text, 0, "mining pool ", FEED_COMMENT_SIZE);
    length = put_word(text, length, first->coin, MAX_COIN);
    length = put_word(text, length, first->coin[0] != '\0' ? " incident " : "incident ", FEED_COMMENT_SIZE);
    length = put_word(text, length, first->incident, MAX_INCIDENT);
    text[length] = '\0';
    return text;
}
