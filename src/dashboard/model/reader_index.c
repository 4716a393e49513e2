// SPDX-License-Identifier: Apache-2.0
/*
 * Sensors with their signs of life, and incidents: the indexes, and the hashes behind them.
 */
#include "base/text.h"
#include "dashboard/model/reader_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SENSOR_COMMANDS = 3,
    INDEX_MAX = 10000,
    WANTED_MAX = 65536, /* the next look through the indexes finds what is beyond it */
};

static double number_of(const struct redis_value *value)
{
    return value == NULL || value->type != REDIS_VALUE_TEXT ? 0 : strtod(value->text, NULL);
}

static void take_text(char *to, size_t size, const struct redis_value *pairs, const char *name)
{
    const struct redis_value *value = pairs == NULL ? NULL : redis_value_find(pairs, name);
    if (value != NULL && value->type == REDIS_VALUE_TEXT)
        text_copy(to, size, value->text);
}

/* ---- sensors ---- */

/* Names and times, the latest first. */
static void take_list(struct reader *reader, const struct redis_value *list)
{
    board_lock(reader->board);
    for (size_t i = 0; list != NULL && i + 1 < list->count; i += 2) {
        struct sensor_view *sensor =
            model_sensor_get(reader->board->model, list->items[i].text, list->items[i].length);
        if (sensor != NULL)
            sensor->last_seen = number_of(&list->items[i + 1]);
    }
    board_unlock(reader->board);
}

static void take_alive(struct reader *reader, struct sensor_view *sensor, const struct redis_value *value)
{
    bool alive = value != NULL && value->type == REDIS_VALUE_TEXT;
    if (alive != sensor->alive)
        reader->cursors[sensor->number].is_changed = reader->told.is_changed = true;
    sensor->alive = alive;
}

static void take_meta(struct sensor_view *sensor, const struct redis_value *pairs)
{
    char started[48] = "";
    take_text(sensor->version, sizeof sensor->version, pairs, "version");
    take_text(sensor->mode, sizeof sensor->mode, pairs, "mode");
    take_text(sensor->interfaces, sizeof sensor->interfaces, pairs, "interfaces");
    take_text(started, sizeof started, pairs, "started");
    sensor->started = incident_view_time(started);
}

static void take_quality(struct sensor_view *sensor, const struct redis_value *pairs)
{
    for (size_t i = 0; pairs != NULL && i < SENSOR_FAULTS; i++) {
        struct sensor_fault *fault = &sensor->faults[i];
        char name[64];
        take_text(fault->level, sizeof fault->level, pairs, sensor_fault_name(i));
        snprintf(name, sizeof name, "%s_share", sensor_fault_name(i));
        fault->share = number_of(redis_value_find(pairs, name));
        snprintf(name, sizeof name, "%s_advice", sensor_fault_name(i));
        take_text(fault->advice, sizeof fault->advice, pairs, name);
    }
}

/* Those of the numbers from `first` on, as many as a pipeline holds. */
static bool read_some_sensors(struct reader *reader, size_t first, size_t end)
{
    static const char *const commands[SENSOR_COMMANDS] = {"GET", "HGETALL", "HGETALL"};
    static const char *const keys[SENSOR_COMMANDS] = {"alive", "meta", "quality"};
    const struct redis_value *value;
    for (size_t i = first; i < end; i++)
        for (int j = 0; j < SENSOR_COMMANDS; j++) {
            reader_begin(reader, commands[j], model_sensor_at(reader->board->model, i), keys[j]);
            redis_text_end(&reader->text);
        }
    if (!reader_send(reader))
        return false;
    for (size_t i = first; i < end; i++)
        for (int j = 0; j < SENSOR_COMMANDS; j++) {
            if (!reader_next(reader, &value))
                return false;
            struct sensor_view *sensor = model_sensor_at(reader->board->model, i);
            board_lock(reader->board);
            if (j == 0)
                take_alive(reader, sensor, value);
            else if (j == 1)
                take_meta(sensor, value);
            else
                take_quality(sensor, value);
            board_unlock(reader->board);
        }
    return true;
}

bool reader_read_sensors(struct reader *reader)
{
    char key[READER_KEY_SIZE], last[24];
    const struct redis_value *value;
    snprintf(key, sizeof key, "%s:sensors", reader->prefix);
    snprintf(last, sizeof last, "%d", MODEL_MAX_SENSORS - 1);
    const char *words[] = {"ZREVRANGE", key, "0", last, "WITHSCORES"};
    redis_text_begin(&reader->text, words[0]);
    for (size_t i = 1; i < sizeof words / sizeof words[0]; i++)
        redis_text_put(&reader->text, words[i]);
    redis_text_end(&reader->text);
    if (!reader_send(reader) || !reader_next(reader, &value))
        return false;
    take_list(reader, value);
    size_t count = model_sensor_count(reader->board->model), step = READER_BATCH / SENSOR_COMMANDS;
    for (size_t first = 0; first < count; first += step)
        if (!read_some_sensors(reader, first, first + step < count ? first + step : count))
            return false;
    return true;
}

/* ---- indexes of incidents ---- */

void reader_want(struct reader *reader, struct sensor_view *sensor, const char *id, size_t length)
{
    if (length == 0 || length >= INCIDENT_ID_SIZE || memchr(id, '\0', length) != NULL ||
        reader->wanted_count == WANTED_MAX)
        return;
    /* one that moved often stands at the end of the list, mostly */
    for (size_t i = reader->wanted_count, looked = 0; i > 0 && looked < 64; i--, looked++)
        if (reader->wanted[i - 1].sensor == sensor && strncmp(reader->wanted[i - 1].id, id, length) == 0 &&
            reader->wanted[i - 1].id[length] == '\0')
            return;
    if (reader->wanted_count == reader->wanted_size) {
        size_t size = reader->wanted_size == 0 ? 256 : 2 * reader->wanted_size;
        struct reader_wanted *wanted = realloc(reader->wanted, size * sizeof *wanted);
        if (wanted == NULL)
            return; /* the next look through the indexes finds it */
        reader->wanted = wanted;
        reader->wanted_size = size;
    }
    struct reader_wanted *one = &reader->wanted[reader->wanted_count++];
    one->sensor = sensor;
    memcpy(one->id, id, length);
    one->id[length] = '\0';
}

/* Identifiers and times. */
static void take_index(struct reader *reader, struct sensor_view *sensor, const struct redis_value *list)
{
    struct model *model = reader->board->model;
    double floor = model_floor(model);
    for (size_t i = 0; list != NULL && i + 1 < list->count; i += 2) {
        const struct redis_value *id = &list->items[i];
        double score = number_of(&list->items[i + 1]);
        struct incident_view *incident =
            id->type == REDIS_VALUE_TEXT ? model_incident_find(model, sensor, id->text) : NULL;
        if (incident != NULL)
            incident->round = reader->round;
        /* what was forgotten for want of room is not read again and again */
        if (incident == NULL ? score > floor : fabs(incident->numbers[INCIDENT_LAST_SEEN] - score) > 0.001)
            reader_want(reader, sensor, id->text, id->length);
    }
}

/* What stands in no index any more was there too long, or Redis began anew. */
static void forget_others(struct reader *reader)
{
    size_t count;
    struct model *model = reader->board->model;
    board_lock(reader->board);
    struct incident_view *const *incidents = model_incidents(model, &count);
    for (size_t i = count; i > 0; i--)
        if (incidents[i - 1]->round != reader->round) {
            reader_note_incident(reader, incidents[i - 1]->sensor, incidents[i - 1]->id, MODEL_CLOSED);
            model_incident_forget(model, incidents[i - 1]);
        }
    board_unlock(reader->board);
}

bool reader_read_indexes(struct reader *reader)
{
    size_t count = model_sensor_count(reader->board->model);
    char last[24];
    bool refused = false;
    const struct redis_value *value;
    snprintf(last, sizeof last, "%d", INDEX_MAX - 1);
    reader->round++;
    for (size_t i = 0; i < count; i++) {
        struct sensor_view *sensor = model_sensor_at(reader->board->model, i);
        reader_begin(reader, "ZREVRANGE", sensor, "incidents");
        redis_text_put(&reader->text, "0");
        redis_text_put(&reader->text, last);
        redis_text_put(&reader->text, "WITHSCORES");
        redis_text_end(&reader->text);
    }
    if (!reader_send(reader))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!reader_next(reader, &value))
            return false;
        refused = refused || value == NULL;
        board_lock(reader->board);
        take_index(reader, model_sensor_at(reader->board->model, i), value);
        board_unlock(reader->board);
    }
    if (!refused)
        forget_others(reader);
    return true;
}

/* ---- hashes of incidents ---- */

static void take_incident(struct reader *reader, const struct reader_wanted *wanted,
                          const struct redis_value *list, bool tells)
{
    struct incident_value values[INCIDENT_FIELD_COUNT];
    struct incident_view *view;
    if (list == NULL || list->count != INCIDENT_FIELD_COUNT)
        return;
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++) {
        bool is_there = list->items[i].type == REDIS_VALUE_TEXT;
        values[i] = (struct incident_value){is_there ? list->items[i].text : NULL,
                                            is_there ? list->items[i].length : 0};
    }
    board_lock(reader->board);
    enum model_change change =
        model_incident_put(reader->board->model, wanted->sensor, wanted->id, values, &view);
    if (view != NULL)
        view->round = reader->round;
    if (tells && change != MODEL_UNCHANGED)
        reader_note_incident(reader, wanted->sensor, wanted->id, change);
    board_unlock(reader->board);
}

static bool read_some_wanted(struct reader *reader, const struct reader_wanted *wanted, size_t count,
                             bool tells)
{
    const struct redis_value *value;
    for (size_t i = 0; i < count; i++) {
        char key[INCIDENT_ID_SIZE + 16];
        snprintf(key, sizeof key, "incident:%s", wanted[i].id);
        reader_begin(reader, "HMGET", wanted[i].sensor, key);
        for (size_t field = 0; field < INCIDENT_FIELD_COUNT; field++)
            redis_text_put(&reader->text, incident_view_field(field));
        redis_text_end(&reader->text);
    }
    if (!reader_send(reader))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!reader_next(reader, &value))
            return false;
        take_incident(reader, &wanted[i], value, tells);
    }
    board_lock(reader->board);
    reader->told.is_changed = model_keep_limits(reader->board->model) || reader->told.is_changed;
    board_unlock(reader->board);
    return true;
}

bool reader_read_wanted(struct reader *reader, bool tells)
{
    size_t count = reader->wanted_count;
    for (size_t first = 0; first < count; first += READER_BATCH)
        if (!read_some_wanted(reader, reader->wanted + first,
                              count - first < READER_BATCH ? count - first : READER_BATCH, tells))
            return false; /* they are wanted still */
    reader->wanted_count = 0;
    return true;
}

/* ---- applications ---- */

static size_t add_application(struct model_top *rows, size_t count, const struct redis_value *name,
                              double bytes)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].value, name->text) == 0) {
            rows[i].bytes += bytes;
            return count;
        }
    if (count == 2 * MODEL_MAX_TOP)
        return count;
    text_copy(rows[count].value, sizeof rows[count].value, name->text);
    rows[count].bytes = bytes;
    return count + 1;
}

static int by_bytes(const void *a, const void *b)
{
    const struct model_top *left = a, *right = b;
    return left->bytes < right->bytes   ? 1
           : left->bytes > right->bytes ? -1
                                        : strcmp(left->value, right->value);
}

/* The hour of the sensor's newest packets, and the one before it. */
static void ask_hour(struct reader *reader, const struct sensor_view *sensor, int ago)
{
    char key[48], hour[16];
    struct tm tm;
    time_t time = (time_t)sensor->series.newest_s - ago * 3600;
    gmtime_r(&time, &tm);
    strftime(hour, sizeof hour, "%Y%m%d%H", &tm);
    snprintf(key, sizeof key, "top:application:%s", hour);
    reader_begin(reader, "ZREVRANGE", sensor, key);
    redis_text_put(&reader->text, "0");
    redis_text_put(&reader->text, "49");
    redis_text_put(&reader->text, "WITHSCORES");
    redis_text_end(&reader->text);
}

bool reader_read_applications(struct reader *reader)
{
    struct model_top rows[2 * MODEL_MAX_TOP];
    size_t count = 0, asked = 0;
    const struct redis_value *value;
    for (size_t i = 0; i < model_sensor_count(reader->board->model); i++) {
        const struct sensor_view *sensor = model_sensor_at(reader->board->model, i);
        for (int ago = 0; ago < 2 && sensor->series.newest_s > 0; ago++, asked++)
            ask_hour(reader, sensor, ago);
    }
    if (!reader_send(reader))
        return false;
    for (size_t i = 0; i < asked; i++) {
        if (!reader_next(reader, &value))
            return false;
        for (size_t j = 0; value != NULL && j + 1 < value->count; j += 2)
            count = add_application(rows, count, &value->items[j], number_of(&value->items[j + 1]));
    }
    qsort(rows, count, sizeof rows[0], by_bytes);
    board_lock(reader->board);
    model_set_applications(reader->board->model, rows, count);
    board_unlock(reader->board);
    return true;
}
