// SPDX-License-Identifier: Apache-2.0
/*
 * What browsers send to the dashboard: a request target is read or refused, its texts end within it, and
 * whatever is asked of incidents, the answer is JSON of its own. Bytes before the first NUL are the target;
 * then the headers Authorization, Cookie, Host, If-None-Match and If-Modified-Since.
 */
#include "dashboard/access.h"
#include "dashboard/answer/incident_query.h"
#include "dashboard/entity_tag.h"
#include "dashboard/feed/feed_publisher.h"
#include "dashboard/model/model.h"
#include "dashboard/routes.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 6 };

static struct model *make_model(void)
{
    struct model_limits limits = {.incidents = 10, .bytes = 1 << 20};
    struct model *model = model_create(&limits, NULL);
    struct sensor_view *sensor = model == NULL ? NULL : model_sensor_get(model, "edge", 4);
    struct incident_value values[INCIDENT_FIELD_COUNT];
    if (sensor == NULL)
        abort();
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++)
        values[i] = (struct incident_value){incident_view_field(i), strlen(incident_view_field(i))};
    model_incident_put(model, sensor, "1", values, NULL);
    model_incident_put(model, sensor, "2", values, NULL);
    return model;
}

static void ask(const struct model *model, const struct target *target, const struct access *access)
{
    const char *rest;
    const struct route *route = route_find(target->path, &rest);
    static struct feed_publisher *feeds;
    struct feed_settings settings = {.max_entries = 10};
    if (route == NULL || route->handler == NULL)
        return;
    if (feeds == NULL && (feeds = feed_publisher_create(&settings, NULL)) == NULL)
        abort();
    struct request request = {
        .target = target, .rest = rest, .if_none_match = "", .access = access, .feeds = feeds, .now_us = 1};
    struct answer answer;
    answer_init(&answer);
    route->handler(&request, model, &answer);
    const char *text = json_writer_text(&answer.json);
    if (answer.text.length == 0 && (text == NULL || text[0] != '{' || text[strlen(text) - 1] != '}'))
        abort();
    answer_done(&answer);
}

/* Who has an answer of that tag names it; who has one of later has one of earlier. */
static void ask_tags(const char *if_none_match, const char *if_modified_since)
{
    static const char etag[] = "\"0123456789abcdef\"";
    bool is_known = entity_tag_is_known(if_none_match, etag);
    if (is_known && strstr(if_none_match, etag) == NULL && strchr(if_none_match, '*') == NULL)
        abort();
    if (entity_tag_is_since(if_modified_since, 1767607200) && !entity_tag_is_since(if_modified_since, 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model *model;
    struct access access = {.token = "0123456789abcdef", .cookie = "fedcba9876543210"};
    static struct target target;
    char *text = malloc(size + PARTS), *parts[PARTS];
    if (text == NULL)
        return 0;
    if (model == NULL)
        model = make_model();
    memcpy(text, data, size);
    memset(text + size, 0, PARTS);
    parts[0] = text;
    for (int i = 1; i < PARTS; i++) {
        parts[i] = parts[i - 1] + strlen(parts[i - 1]);
        parts[i] += parts[i] < text + size;
    }
    if (target_read(&target, parts[0])) {
        for (size_t i = 0; i < target.count; i++)
            if (target.parameters[i].name < target.text ||
                strlen(target.parameters[i].value) > TARGET_MAX_LENGTH)
                abort();
        ask(model, &target, &access);
    }
    (void)access_allows(&access, parts[1], parts[2]);
    (void)access_knows_host(&access, parts[3]);
    ask_tags(parts[4], parts[5]);
    free(text);
    return 0;
}
