// SPDX-License-Identifier: Apache-2.0
/*
 * The firewall feeds: /feeds/<name> as firewalls poll them, /api/v1/feeds (which there are) and
 * /api/v1/feeds/reasons (why each entry is in them, or is not).
 */
#include "dashboard/answer/answer_feeds.h"
#include "dashboard/answer/answer_state.h"
#include "dashboard/answer/answers.h"
#include "dashboard/entity_tag.h"
#include "dashboard/feed/feed_publisher.h"
#include "dashboard/feed/feed_reasons.h"
#include "dashboard/feed/feed_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRESH_US = 5000000 }; /* that old a publication is told again as it is */

/* While Redis is away time stands still: what is not heard of is no reason to unblock anything. */
static int64_t clock_of(const struct request *request, const struct model *model)
{
    const struct model_link *link = model_link(model);
    return link->connected || link->updated_us == 0 ? request->now_us : link->updated_us;
}

/* False until Redis was read once, and where memory ran out before the first publication. */
bool answer_feeds_refresh(const struct request *request, const struct model *model)
{
    struct feed_publisher *feeds = request->feeds;
    int64_t now_us = clock_of(request, model), age_us = now_us - feed_publisher_time(feeds);
    if (!model_link(model)->loading && (age_us >= FRESH_US || age_us < 0)) {
        struct feed_sighting *sightings;
        size_t count;
        feed_publisher_reload(feeds);
        if (feed_source_read(model, &sightings, &count)) {
            feed_publisher_publish(feeds, sightings, count, now_us);
            free(sightings);
        }
    }
    return feed_publisher_time(feeds) != 0;
}

/* An empty list would unblock everything; firewalls keep the one they have where there is an error. */
static void not_yet(struct answer *answer)
{
    answer_error(answer, 503,
                 "what Redis holds was not read yet: keep the list that you have, and ask again");
}

void answer_feed(const struct request *request, const struct model *model, struct answer *answer)
{
    size_t index = feed_format_find(request->rest);
    if (index == FEED_FORMAT_COUNT) {
        answer_error(answer, 404, "there is no such feed; /api/v1/feeds lists all");
        return;
    }
    if (!answer_feeds_refresh(request, model)) {
        not_yet(answer);
        return;
    }
    const struct feed_document *document = feed_publisher_document(request->feeds, index);
    snprintf(answer->etag, sizeof answer->etag, "%s", document->etag);
    answer->changed_s = document->changed_s;
    answer_begin_text(answer, feed_format_at(index)->type);
    if (entity_tag_is_known(request->if_none_match, document->etag) ||
        (request->if_none_match[0] == '\0' &&
         entity_tag_is_since(request->if_modified_since, document->changed_s)))
        answer->status = 304;
    else
        answer_put(answer, document->text, document->length);
}

void answer_feeds(const struct request *request, const struct model *model, struct answer *answer)
{
    struct json_writer *json = &answer->json;
    bool is_there = answer_feeds_refresh(request, model);
    json_object(json, NULL);
    answer_write_state(json, model, request->now_us);
    json_array(json, "feeds");
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++) {
        const struct feed_document *document = feed_publisher_document(request->feeds, i);
        char path[96];
        snprintf(path, sizeof path, "/feeds/%s", feed_format_at(i)->name);
        json_object(json, NULL);
        json_string(json, "path", path);
        json_string(json, "reader", feed_format_at(i)->reader);
        json_boolean(json, "published", is_there);
        json_unsigned(json, "entries", document->entries);
        json_unsigned(json, "bytes", document->length);
        json_integer(json, "changed", document->changed_s);
        json_string(json, "etag", document->etag);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

void answer_feed_reasons(const struct request *request, const struct model *model, struct answer *answer)
{
    if (!answer_feeds_refresh(request, model)) {
        not_yet(answer);
        return;
    }
    struct feed_view *view = feed_publisher_view(request->feeds, clock_of(request, model));
    if (view != NULL) {
        json_object(&answer->json, NULL);
        answer_write_state(&answer->json, model, request->now_us);
        feed_reasons_write(&answer->json, view, target_value(request->target, "value"));
        json_object_end(&answer->json);
    } else {
        answer_error(answer, 503, "out of memory");
    }
    feed_view_free(view);
}
