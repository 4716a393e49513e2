// SPDX-License-Identifier: Apache-2.0
/*
 * What browsers are told: at most one event of each kind a tick.
 */
#include "base/text.h"
#include "dashboard/answer/answer_overview.h"
#include "dashboard/answer/answer_series.h"
#include "dashboard/answer/answer_state.h"
#include "dashboard/model/reader_private.h"

#include <stdlib.h>
#include <string.h>

void reader_note_incident(struct reader *reader, const struct sensor_view *sensor, const char *id,
                          enum model_change change)
{
    struct reader_told *told = &reader->told;
    told->opened += change == MODEL_OPENED;
    told->updated += change == MODEL_UPDATED;
    told->closed += change == MODEL_CLOSED;
    told->is_changed = true;
    if (told->incident_count == READER_TOLD) {
        told->more_incidents = true;
        return;
    }
    struct reader_wanted *incident = &told->incidents[told->incident_count++];
    incident->sensor = model_sensor_at(reader->board->model, sensor->number);
    text_copy(incident->id, sizeof incident->id, id);
}

void reader_note_alert(struct reader *reader, const struct model_alert *alert)
{
    struct reader_told *told = &reader->told;
    told->is_changed = true;
    if (told->alert_count < READER_TOLD)
        told->alerts[told->alert_count++] = *alert;
}

static void tell_alerts(struct reader *reader, struct json_writer *json)
{
    struct reader_told *told = &reader->told;
    if (told->alert_count == 0)
        return;
    json_object(json, NULL);
    json_array(json, "alerts");
    for (size_t i = 0; i < told->alert_count; i++)
        answer_write_alert(&told->alerts[i], json);
    json_array_end(json);
    json_object_end(json);
    news_add(&reader->board->news, "alerts", json);
    told->alert_count = 0;
}

static void tell_incidents(struct reader *reader, struct json_writer *json)
{
    struct reader_told *told = &reader->told;
    if (told->opened + told->updated + told->closed == 0)
        return;
    json_object(json, NULL);
    json_unsigned(json, "opened", told->opened);
    json_unsigned(json, "updated", told->updated);
    json_unsigned(json, "closed", told->closed);
    json_boolean(json, "more", told->more_incidents);
    json_array(json, "incidents");
    for (size_t i = 0; i < told->incident_count; i++) {
        const struct incident_view *incident =
            model_incident_find(reader->board->model, told->incidents[i].sensor, told->incidents[i].id);
        if (incident != NULL)
            incident_view_write(incident, NULL, json);
    }
    json_array_end(json);
    json_object_end(json);
    news_add(&reader->board->news, "incidents", json);
    told->incident_count = told->opened = told->updated = told->closed = 0;
    told->more_incidents = false;
}

static void tell_sensors(struct reader *reader, struct json_writer *json, int64_t now_us)
{
    size_t changed = 0;
    for (size_t i = 0; i < model_sensor_count(reader->board->model); i++)
        changed += reader->cursors[i].is_changed;
    if (changed == 0)
        return;
    json_object(json, NULL);
    json_boolean(json, "more", changed > READER_TOLD);
    json_array(json, "sensors");
    size_t told = 0;
    for (size_t i = 0; i < model_sensor_count(reader->board->model); i++) {
        if (reader->cursors[i].is_changed && told++ < READER_TOLD)
            sensor_view_write(model_sensor_at(reader->board->model, i), NULL, now_us, json);
        reader->cursors[i].is_changed = false;
    }
    json_array_end(json);
    json_object_end(json);
    news_add(&reader->board->news, "sensors", json);
}

static void tell_series(struct reader *reader, struct json_writer *json)
{
    double newest_s = 0;
    for (size_t i = 0; i < model_sensor_count(reader->board->model); i++) {
        double time_s = model_sensor_at(reader->board->model, i)->series.newest_s;
        newest_s = time_s > newest_s ? time_s : newest_s;
    }
    if (newest_s <= reader->told.series_s)
        return;
    reader->told.series_s = newest_s;
    series_write_newest(reader->board->model, json);
    news_add(&reader->board->news, "series", json);
}

/* Only where it says something else than last time; the object `state` is not looked at. */
static void tell_overview(struct reader *reader, struct json_writer *json, int64_t now_us)
{
    struct overview overview;
    if (!reader->told.is_changed)
        return;
    reader->told.is_changed = false;
    overview_make(&overview, reader->board->model);
    json_object(json, NULL);
    overview_write(&overview, reader->board->model, json);
    json_object_end(json);
    const char *text = json_writer_text(json);
    bool is_new = text != NULL && (reader->told.overview == NULL || strcmp(text, reader->told.overview) != 0);
    if (is_new) {
        free(reader->told.overview);
        reader->told.overview = strdup(text);
    }
    json_writer_reset(json);
    if (is_new) {
        json_object(json, NULL);
        answer_write_state(json, reader->board->model, now_us);
        overview_write(&overview, reader->board->model, json);
        json_object_end(json);
        news_add(&reader->board->news, "overview", json);
    }
    overview_done(&overview);
}

void reader_tell(struct reader *reader, int64_t now_us)
{
    struct json_writer json;
    json_writer_init(&json);
    tell_alerts(reader, &json);
    tell_incidents(reader, &json);
    tell_sensors(reader, &json, now_us);
    tell_series(reader, &json);
    tell_overview(reader, &json, now_us);
    json_writer_done(&json);
}

void reader_tell_link(struct reader *reader, int64_t now_us, bool begin_anew)
{
    struct json_writer json;
    bool is_other = model_set_link(reader->board->model, &reader->link);
    for (int i = 0; i < 2; i++) {
        if (i == 0 ? !is_other : !begin_anew)
            continue;
        json_writer_init(&json);
        json_object(&json, NULL);
        answer_write_state(&json, reader->board->model, now_us);
        json_object_end(&json);
        news_add(&reader->board->news, i == 0 ? "state" : "reset", &json);
        json_writer_done(&json);
    }
    if (begin_anew) /* what was noted while all was read is part of it */
        reader->told.incident_count = reader->told.opened = reader->told.updated = reader->told.closed = 0;
}
