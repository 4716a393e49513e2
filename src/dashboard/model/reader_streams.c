// SPDX-License-Identifier: Apache-2.0
/*
 * The streams of each sensor: alerts, statistics over time, the history of incidents. New entries are
 * followed; older ones are read back piece by piece.
 */
#include "base/text.h"
#include "dashboard/model/reader_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ALERTS = 20, /* of each sensor at the start */
    FOLLOWED = 500,    /* entries of a stream at once */
    FOLLOWED_SENSORS = 20,
    PAST_PIECE = 500,
    PAST_SENSORS = 2, /* at once */
};

static double number_of(const struct redis_value *pairs, const char *name)
{
    const struct redis_value *value = redis_value_find(pairs, name);
    return value == NULL || value->type != REDIS_VALUE_TEXT ? 0 : strtod(value->text, NULL);
}

static const char *text_of(const struct redis_value *pairs, const char *name)
{
    const struct redis_value *value = redis_value_find(pairs, name);
    return value == NULL ? "" : value->text;
}

/* An entry of a stream is its identifier and its fields. */
static const struct redis_value *fields_of(const struct redis_value *entry)
{
    bool is_entry = entry->type == REDIS_VALUE_LIST && entry->count == 2 &&
                    entry->items[0].type == REDIS_VALUE_TEXT && entry->items[1].type == REDIS_VALUE_LIST;
    return is_entry ? &entry->items[1] : NULL;
}

static void take_alert(struct reader *reader, const struct sensor_view *sensor,
                       const struct redis_value *fields, bool tells)
{
    struct model_alert alert = {.sensor = sensor,
                                .time = incident_view_time(text_of(fields, "time")),
                                .signature_id = (unsigned)strtoul(text_of(fields, "signature_id"), NULL, 10),
                                .severity = (unsigned)strtoul(text_of(fields, "severity"), NULL, 10)};
    text_copy(alert.id, sizeof alert.id, text_of(fields, "id"));
    text_copy(alert.incident, sizeof alert.incident, text_of(fields, "incident"));
    text_copy(alert.signature, sizeof alert.signature, text_of(fields, "signature"));
    text_copy(alert.verdict, sizeof alert.verdict, text_of(fields, "verdict"));
    text_copy(alert.miner_ip, sizeof alert.miner_ip, text_of(fields, "miner_ip"));
    text_copy(alert.pool, sizeof alert.pool, text_of(fields, "pool"));
    text_copy(alert.coin, sizeof alert.coin, text_of(fields, "coin"));
    text_copy(alert.budget, sizeof alert.budget, text_of(fields, "budget"));
    if (model_alert_add(reader->board->model, &alert) && tells)
        reader_note_alert(reader, &alert);
}

static void take_statistics(struct reader *reader, struct sensor_view *sensor,
                            const struct redis_value *fields)
{
    double values[STATISTICS], time_s = number_of(fields, "time");
    for (int i = 0; i < STATISTICS; i++)
        values[i] = number_of(fields, statistic_name((enum statistic)i));
    if (time_s >= sensor->series.newest_s) {
        memcpy(sensor->latest, values, sizeof values);
        reader->cursors[sensor->number].is_changed = reader->told.is_changed = true;
    }
    series_add(&sensor->series, time_s, values);
}

static uint32_t count_of(const struct redis_value *fields, const char *name)
{
    double number = number_of(fields, name);
    return number >= UINT32_MAX ? UINT32_MAX : number > 0 ? (uint32_t)number : 0;
}

static void take_history(struct reader *reader, struct sensor_view *sensor, const struct redis_value *fields,
                         bool is_new)
{
    const struct redis_value *id = redis_value_find(fields, "incident");
    if (id == NULL || id->type != REDIS_VALUE_TEXT)
        return;
    struct history_point point = {.time = number_of(fields, "time"),
                                  .bytes = number_of(fields, "bytes"),
                                  .hashrate = (float)number_of(fields, "hashrate"),
                                  .cost_total = (float)number_of(fields, "cost_total"),
                                  .shares_submitted = count_of(fields, "shares_submitted"),
                                  .shares_accepted = count_of(fields, "shares_accepted"),
                                  .shares_rejected = count_of(fields, "shares_rejected")};
    struct incident_view *incident = model_incident_find(reader->board->model, sensor, id->text);
    if (incident != NULL && point.time > 0)
        model_incident_add_point(reader->board->model, incident, &point);
    if (is_new)
        reader_want(reader, sensor, id->text, id->length);
}

/* ---- the start ---- */

static void remember(char to[static READER_STREAM_ID_SIZE], const struct redis_value *entry)
{
    if (entry->items[0].length < READER_STREAM_ID_SIZE)
        text_copy(to, READER_STREAM_ID_SIZE, entry->items[0].text);
}

/* The latest entries of a stream, newest first. */
static void take_first(struct reader *reader, struct sensor_view *sensor, int stream,
                       const struct redis_value *list)
{
    struct reader_cursor *cursor = &reader->cursors[sensor->number];
    char *const ends[] = {cursor->alerts, cursor->ts, cursor->history};
    char *const begins[] = {NULL, cursor->ts_from, cursor->history_from};
    text_copy(ends[stream], READER_STREAM_ID_SIZE, "0-0");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct redis_value *fields = fields_of(&list->items[i]);
        if (fields == NULL)
            continue;
        if (i == 0)
            remember(ends[stream], &list->items[i]);
        if (begins[stream] != NULL)
            remember(begins[stream], &list->items[i]);
        if (stream == 0)
            take_alert(reader, sensor, fields, !reader->link.loading);
        else if (stream == 1)
            take_statistics(reader, sensor, fields);
        else
            take_history(reader, sensor, fields, false);
    }
}

static bool begin_some(struct reader *reader, struct sensor_view *const *sensors, size_t count)
{
    static const char *const keys[] = {"alerts", "ts", "history"};
    static const unsigned counts[] = {FIRST_ALERTS, 1, 1};
    const struct redis_value *value;
    for (size_t i = 0; i < count; i++)
        for (int stream = 0; stream < 3; stream++) {
            reader_begin(reader, "XREVRANGE", sensors[i], keys[stream]);
            redis_text_put(&reader->text, "+");
            redis_text_put(&reader->text, "-");
            redis_text_put(&reader->text, "COUNT");
            redis_text_put_number(&reader->text, counts[stream]);
            redis_text_end(&reader->text);
        }
    if (!reader_send(reader))
        return false;
    for (size_t i = 0; i < count; i++)
        for (int stream = 0; stream < 3; stream++) {
            if (!reader_next(reader, &value))
                return false;
            board_lock(reader->board);
            take_first(reader, sensors[i], stream, value);
            board_unlock(reader->board);
            reader->cursors[sensors[i]->number].is_begun = stream == 2;
        }
    return true;
}

bool reader_begin_streams(struct reader *reader)
{
    struct sensor_view *sensors[FOLLOWED_SENSORS];
    size_t waiting = 0, count = model_sensor_count(reader->board->model);
    for (size_t i = 0; i < count; i++) {
        if (!reader->cursors[i].is_begun)
            sensors[waiting++] = model_sensor_at(reader->board->model, i);
        if (waiting == FOLLOWED_SENSORS || (waiting > 0 && i + 1 == count)) {
            if (!begin_some(reader, sensors, waiting))
                return false;
            waiting = 0;
        }
    }
    return true;
}

/* ---- what is new ---- */

static void ask_new(struct reader *reader, const struct sensor_view *sensor)
{
    static const char *const keys[] = {"alerts", "ts", "history"};
    const struct reader_cursor *cursor = &reader->cursors[sensor->number];
    char key[READER_KEY_SIZE];
    redis_text_begin(&reader->text, "XREAD");
    redis_text_put(&reader->text, "COUNT");
    redis_text_put_number(&reader->text, FOLLOWED);
    redis_text_put(&reader->text, "STREAMS");
    for (int i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "%s:{%s}:%s", reader->prefix, sensor->name, keys[i]);
        redis_text_put(&reader->text, key);
    }
    redis_text_put(&reader->text, cursor->alerts);
    redis_text_put(&reader->text, cursor->ts);
    redis_text_put(&reader->text, cursor->history);
    redis_text_end(&reader->text);
}

/* One stream of the answer: its key and its entries. */
static void take_new(struct reader *reader, struct sensor_view *sensor, const struct redis_value *stream)
{
    struct reader_cursor *cursor = &reader->cursors[sensor->number];
    if (stream->type != REDIS_VALUE_LIST || stream->count != 2 || stream->items[1].type != REDIS_VALUE_LIST)
        return;
    const char *key = strrchr(stream->items[0].text, ':');
    const struct redis_value *entries = &stream->items[1];
    for (size_t i = 0; key != NULL && i < entries->count; i++) {
        const struct redis_value *fields = fields_of(&entries->items[i]);
        if (fields == NULL)
            continue;
        if (strcmp(key, ":alerts") == 0) {
            take_alert(reader, sensor, fields, true);
            remember(cursor->alerts, &entries->items[i]);
        } else if (strcmp(key, ":ts") == 0) {
            take_statistics(reader, sensor, fields);
            remember(cursor->ts, &entries->items[i]);
        } else if (strcmp(key, ":history") == 0) {
            take_history(reader, sensor, fields, true);
            remember(cursor->history, &entries->items[i]);
        }
    }
}

bool reader_follow_streams(struct reader *reader)
{
    const struct redis_value *value;
    size_t count = model_sensor_count(reader->board->model);
    for (size_t first = 0; first < count; first += FOLLOWED_SENSORS) {
        size_t end = first + FOLLOWED_SENSORS < count ? first + FOLLOWED_SENSORS : count;
        for (size_t i = first; i < end; i++)
            ask_new(reader, model_sensor_at(reader->board->model, i));
        if (!reader_send(reader))
            return false;
        for (size_t i = first; i < end; i++) {
            if (!reader_next(reader, &value))
                return false;
            board_lock(reader->board);
            for (size_t j = 0; value != NULL && j < value->count; j++)
                take_new(reader, model_sensor_at(reader->board->model, i), &value->items[j]);
            board_unlock(reader->board);
        }
    }
    return true;
}

/* ---- the past ---- */

static void ask_past(struct reader *reader, const struct sensor_view *sensor, const char *key,
                     const char *from)
{
    char before[READER_STREAM_ID_SIZE + 1];
    snprintf(before, sizeof before, "(%s", from);
    reader_begin(reader, "XREVRANGE", sensor, key);
    redis_text_put(&reader->text, before);
    redis_text_put(&reader->text, "-");
    redis_text_put(&reader->text, "COUNT");
    redis_text_put_number(&reader->text, PAST_PIECE);
    redis_text_end(&reader->text);
}

/* `from` moves back, and becomes "" where there is nothing more of use. */
static void take_past(struct reader *reader, struct sensor_view *sensor, bool is_ts, char *from,
                      const struct redis_value *list)
{
    size_t count = list == NULL ? 0 : list->count;
    double oldest = sensor->series.newest_s;
    for (size_t i = 0; i < count; i++) {
        const struct redis_value *fields = fields_of(&list->items[i]);
        if (fields == NULL)
            continue;
        remember(from, &list->items[i]);
        oldest = number_of(fields, "time");
        if (is_ts)
            take_statistics(reader, sensor, fields);
        else
            take_history(reader, sensor, fields, false);
    }
    if (count < PAST_PIECE ||
        (is_ts && oldest < sensor->series.newest_s - SERIES_LONG_STEP_S * SERIES_LONG_STEPS))
        from[0] = '\0';
}

bool reader_read_past(struct reader *reader, bool *more)
{
    struct {
        struct sensor_view *sensor;
        bool is_ts;
        char *from;
    } asked[2 * PAST_SENSORS];
    const struct redis_value *value;
    size_t count = model_sensor_count(reader->board->model), asks = 0, looked = 0;
    for (; looked < count && asks < 2 * PAST_SENSORS - 1; looked++) {
        size_t number = reader->backfill++ % count;
        struct sensor_view *sensor = model_sensor_at(reader->board->model, number);
        struct reader_cursor *cursor = &reader->cursors[number];
        for (int is_ts = 0; is_ts < 2; is_ts++) {
            char *from = is_ts ? cursor->ts_from : cursor->history_from;
            if (from[0] == '\0')
                continue;
            ask_past(reader, sensor, is_ts ? "ts" : "history", from);
            asked[asks].sensor = sensor;
            asked[asks].is_ts = is_ts;
            asked[asks++].from = from;
        }
    }
    *more = asks > 0;
    if (!reader_send(reader))
        return false;
    for (size_t i = 0; i < asks; i++) {
        if (!reader_next(reader, &value))
            return false;
        board_lock(reader->board);
        take_past(reader, asked[i].sensor, asked[i].is_ts, asked[i].from, value);
        board_unlock(reader->board);
    }
    return true;
}
