// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/model.h"

#include "base/siphash.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 15 };

struct model {
    struct model_limits limits;
    struct model_link link;
    uint8_t secret[16];
    struct sensor_view *sensors[MODEL_MAX_SENSORS];
    size_t sensor_count;
    struct incident_view *buckets[BUCKETS];
    struct incident_view **incidents;
    size_t incident_count, incident_size, incident_bytes;
    uint64_t forgotten;
    double floor;                                 /* last_seen of the newest that was forgotten */
    struct model_alert *alerts[MODEL_MAX_ALERTS]; /* by time */
    size_t alert_count;
    struct model_top applications[MODEL_MAX_TOP];
    size_t application_count;
};

struct model *model_create(const struct model_limits *limits, struct error *error)
{
    struct model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the model");
        return NULL;
    }
    model->limits = *limits;
    model->link.loading = true;
    siphash_make_secret(model->secret);
    return model;
}

void model_free(struct model *model)
{
    if (model == NULL)
        return;
    for (size_t i = 0; i < model->incident_count; i++) {
        incident_view_done(model->incidents[i]);
        free(model->incidents[i]);
    }
    for (size_t i = 0; i < model->sensor_count; i++) {
        series_done(&model->sensors[i]->series);
        free(model->sensors[i]);
    }
    free(model->incidents);
    for (size_t i = 0; i < model->alert_count; i++)
        free(model->alerts[i]);
    free(model);
}

const struct model_link *model_link(const struct model *model)
{
    return &model->link;
}

bool model_set_link(struct model *model, const struct model_link *link)
{
    bool changed = link->connected != model->link.connected || link->loading != model->link.loading;
    model->link = *link;
    return changed;
}

const uint8_t *model_secret(const struct model *model)
{
    return model->secret;
}

/* ---- sensors ---- */

struct sensor_view *model_sensor_get(struct model *model, const char *name, size_t length)
{
    if (length == 0 || length >= SENSOR_NAME_SIZE || memchr(name, '\0', length) != NULL)
        return NULL;
    for (size_t i = 0; i < model->sensor_count; i++)
        if (memcmp(model->sensors[i]->name, name, length) == 0 && model->sensors[i]->name[length] == '\0')
            return model->sensors[i];
    struct sensor_view *sensor = model->sensor_count < MODEL_MAX_SENSORS ? calloc(1, sizeof *sensor) : NULL;
    if (sensor == NULL)
        return NULL;
    memcpy(sensor->name, name, length);
    sensor->number = model->sensor_count;
    model->sensors[model->sensor_count++] = sensor;
    return sensor;
}

struct sensor_view *model_sensor_at(const struct model *model, size_t number)
{
    return number < model->sensor_count ? model->sensors[number] : NULL;
}

size_t model_sensor_count(const struct model *model)
{
    return model->sensor_count;
}

/* ---- incidents ---- */

static uint64_t hash_of(const struct model *model, const char *id)
{
    return siphash(model->secret, id, strlen(id));
}

struct incident_view *model_incident_find(const struct model *model, const struct sensor_view *sensor,
                                          const char *id)
{
    uint64_t hash = hash_of(model, id);
    for (struct incident_view *incident = model->buckets[hash % BUCKETS]; incident != NULL;
         incident = incident->chain_next)
        if (incident->hash == hash && strcmp(incident->id, id) == 0 &&
            (sensor == NULL || incident->sensor == sensor))
            return incident;
    return NULL;
}

static struct incident_view *add(struct model *model, const struct sensor_view *sensor, const char *id)
{
    if (model->incident_count == model->incident_size) {
        size_t size = model->incident_size == 0 ? 256 : 2 * model->incident_size;
        struct incident_view **incidents = realloc(model->incidents, size * sizeof *incidents);
        if (incidents == NULL)
            return NULL;
        model->incidents = incidents;
        model->incident_size = size;
    }
    struct incident_view *incident = calloc(1, sizeof *incident);
    if (incident == NULL)
        return NULL;
    text_copy(incident->id, sizeof incident->id, id);
    incident->sensor = sensor;
    incident->hash = hash_of(model, incident->id);
    incident->place = model->incident_count;
    incident->chain_next = model->buckets[incident->hash % BUCKETS];
    model->buckets[incident->hash % BUCKETS] = incident;
    model->incidents[model->incident_count++] = incident;
    return incident;
}

void model_incident_forget(struct model *model, struct incident_view *incident)
{
    struct incident_view **link = &model->buckets[incident->hash % BUCKETS];
    while (*link != incident)
        link = &(*link)->chain_next;
    *link = incident->chain_next;
    struct incident_view *last = model->incidents[--model->incident_count];
    model->incidents[incident->place] = last;
    last->place = incident->place;
    if (incident->texts != NULL)
        model->incident_bytes -= sizeof *incident + incident_view_bytes(incident);
    incident_view_done(incident);
    free(incident);
}

static void note_miner(const struct model *model, struct incident_view *incident)
{
    char text[SENSOR_NAME_SIZE + 128];
    int length = snprintf(text, sizeof text, "%s %.15g %.64s", incident->sensor->name,
                          incident->numbers[INCIDENT_VNI], incident_view_text(incident, INCIDENT_MINER_IP));
    incident->miner = siphash(model->secret, text, (size_t)length);
}

void model_incident_add_point(struct model *model, struct incident_view *incident,
                              const struct history_point *point)
{
    model->incident_bytes += history_add(&incident->history, point);
}

static uint32_t count_of(double number)
{
    return number >= UINT32_MAX ? UINT32_MAX : number > 0 ? (uint32_t)number : 0;
}

/* How it stands now, where that is newer than the history: a sensor may not write one. */
static void add_state(struct model *model, struct incident_view *incident)
{
    const double *numbers = incident->numbers;
    const struct history *history = &incident->history;
    struct history_point point = {.time = numbers[INCIDENT_LAST_SEEN],
                                  .bytes = numbers[INCIDENT_BYTES],
                                  .hashrate = (float)incident->hashrate,
                                  .cost_total = (float)numbers[INCIDENT_COST_TOTAL],
                                  .shares_submitted = count_of(numbers[INCIDENT_SHARES_SUBMITTED]),
                                  .shares_accepted = count_of(numbers[INCIDENT_SHARES_ACCEPTED]),
                                  .shares_rejected = count_of(numbers[INCIDENT_SHARES_REJECTED])};
    if (point.time > 0 && (history->count == 0 || history->points[history->count - 1].time < point.time))
        model_incident_add_point(model, incident, &point);
}

enum model_change model_incident_put(struct model *model, struct sensor_view *sensor, const char *id,
                                     const struct incident_value values[static INCIDENT_FIELD_COUNT],
                                     struct incident_view **view)
{
    struct incident_view *incident = model_incident_find(model, sensor, id);
    bool is_new = incident == NULL, was_active = !is_new && incident->is_active, is_there = false;
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++)
        is_there = is_there || values[i].text != NULL;
    if (view != NULL)
        *view = NULL;
    if (!is_there) {
        if (!is_new)
            model_incident_forget(model, incident);
        return is_new ? MODEL_UNCHANGED : MODEL_CLOSED;
    }
    if (strlen(id) >= INCIDENT_ID_SIZE || (is_new && (incident = add(model, sensor, id)) == NULL))
        return MODEL_UNCHANGED;
    if (!is_new)
        model->incident_bytes -= sizeof *incident + incident_view_bytes(incident);
    if (!incident_view_fill(incident, values)) {
        if (is_new) {
            model_incident_forget(model, incident);
            return MODEL_UNCHANGED;
        }
    }
    model->incident_bytes += sizeof *incident + incident_view_bytes(incident);
    note_miner(model, incident);
    add_state(model, incident);
    if (view != NULL)
        *view = incident;
    return is_new ? MODEL_OPENED : was_active && !incident->is_active ? MODEL_CLOSED : MODEL_UPDATED;
}

struct incident_view *const *model_incidents(const struct model *model, size_t *count)
{
    *count = model->incident_count;
    return model->incidents;
}

static int by_last_seen(const void *a, const void *b)
{
    const struct incident_view *left = *(struct incident_view *const *)a,
                               *right = *(struct incident_view *const *)b;
    double difference = left->numbers[INCIDENT_LAST_SEEN] - right->numbers[INCIDENT_LAST_SEEN];
    return difference < 0 ? -1 : difference > 0;
}

/* A twentieth more than needed is forgotten, so that not every new incident costs a look at all. */
bool model_keep_limits(struct model *model)
{
    const struct model_limits *limits = &model->limits;
    if (model->incident_count <= limits->incidents && model->incident_bytes <= limits->bytes)
        return false;
    qsort(model->incidents, model->incident_count, sizeof *model->incidents, by_last_seen);
    size_t victims = 0, bytes = model->incident_bytes, left = model->incident_count;
    while (left > 0 && (left > limits->incidents - limits->incidents / 20 ||
                        bytes > limits->bytes - limits->bytes / 20)) {
        const struct incident_view *incident = model->incidents[victims++];
        model->floor = incident->numbers[INCIDENT_LAST_SEEN];
        bytes -= sizeof *incident + incident_view_bytes(incident);
        left--;
    }
    for (size_t i = 0; i < model->incident_count; i++)
        model->incidents[i]->place = i;
    /* from the newest victim to the oldest: the last of the list takes its place and is never a victim */
    for (size_t i = victims; i > 0; i--)
        model_incident_forget(model, model->incidents[i - 1]);
    model->forgotten += victims;
    return true;
}

size_t model_bytes(const struct model *model)
{
    return model->incident_bytes;
}

double model_floor(const struct model *model)
{
    return model->floor;
}

uint64_t model_forgotten(const struct model *model)
{
    return model->forgotten;
}

/* ---- alerts, applications ---- */

bool model_alert_add(struct model *model, const struct model_alert *alert)
{
    size_t at = model->alert_count;
    while (at > 0 && model->alerts[at - 1]->time > alert->time)
        at--;
    for (size_t i = at; i > 0 && model->alerts[i - 1]->time == alert->time; i--)
        if (strcmp(model->alerts[i - 1]->id, alert->id) == 0)
            return false; /* delivery is at least once */
    if (model->alert_count == MODEL_MAX_ALERTS) {
        if (at == 0)
            return false;
        free(model->alerts[0]);
        memmove(model->alerts, model->alerts + 1, --model->alert_count * sizeof *model->alerts);
        at--;
    }
    struct model_alert *copy = malloc(sizeof *copy);
    if (copy == NULL)
        return false;
    *copy = *alert;
    memmove(model->alerts + at + 1, model->alerts + at, (model->alert_count - at) * sizeof *model->alerts);
    model->alerts[at] = copy;
    model->alert_count++;
    return true;
}

const struct model_alert *model_alert_at(const struct model *model, size_t number)
{
    return number < model->alert_count ? model->alerts[model->alert_count - 1 - number] : NULL;
}

void model_set_applications(struct model *model, const struct model_top *rows, size_t count)
{
    model->application_count = count < MODEL_MAX_TOP ? count : MODEL_MAX_TOP;
    memcpy(model->applications, rows, model->application_count * sizeof *rows);
}

const struct model_top *model_applications(const struct model *model, size_t *count)
{
    *count = model->application_count;
    return model->applications;
}
