// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/incident_view.h"

#include "dashboard/model/sensor_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum field_kind { TEXT_FIELD, NUMBER_FIELD, TIME_FIELD };

static const struct field {
    enum field_kind kind;
    const char *name, *shown;
    size_t max; /* bytes of a text */
    int index;
} fields[] = {
#define TEXT(name, field, shown, bytes) {TEXT_FIELD, field, shown, bytes, INCIDENT_##name},
#define NUMBER(name, field, shown)      {NUMBER_FIELD, field, shown, 0, INCIDENT_##name},
#define TIME(name, field, shown)        {TIME_FIELD, field, shown, 0, INCIDENT_##name},
#include "dashboard/model/incident_fields.def"
#undef TEXT
#undef NUMBER
#undef TIME
};

/* Columns that are no field of Redis. */
enum own_column {
    OWN_ID,
    OWN_SENSOR,
    OWN_HASHRATE,
    OWN_HASHRATE_ERROR,
    OWN_HASHRATE_UNIT,
    OWN_SANCTIONED,
    OWN_COUNT
};
static const char *const own_columns[] = {
    [OWN_ID] = "id",
    [OWN_SENSOR] = "sensor",
    [OWN_HASHRATE] = "hashrate",
    [OWN_HASHRATE_ERROR] = "hashrate_error",
    [OWN_HASHRATE_UNIT] = "hashrate_unit",
    [OWN_SANCTIONED] = "sanctioned",
};

const char *incident_view_field(size_t number)
{
    return fields[number].name;
}

double incident_view_time(const char *text)
{
    struct tm tm = {0};
    char *end = strptime(text, "%Y-%m-%dT%H:%M:", &tm);
    if (end == NULL || tm.tm_year < 70)
        return 0;
    double seconds = strtod(end, &end);
    if (!(seconds >= 0 && seconds < 61) || strcmp(end, "+0000") != 0)
        return 0;
    return (double)timegm(&tm) + seconds;
}

static double read_number(const struct incident_value *value)
{
    char text[48];
    if (value->text == NULL || value->length == 0 || value->length >= sizeof text)
        return 0;
    memcpy(text, value->text, value->length);
    text[value->length] = '\0';
    char *end;
    double number = strtod(text, &end);
    return *end == '\0' && isfinite(number) ? number : 0;
}

static double read_time(const struct incident_value *value)
{
    char text[48];
    if (value->text == NULL || value->length >= sizeof text)
        return 0;
    memcpy(text, value->text, value->length);
    text[value->length] = '\0';
    return incident_view_time(text);
}

/* A copy that ends with a NUL, at the end of a character where it was cut; a NUL inside becomes a blank. */
static size_t copy_text(char *to, const struct incident_value *value, size_t max)
{
    size_t length = value->text == NULL ? 0 : value->length;
    if (length > max)
        for (length = max; length > 0 && ((unsigned char)value->text[length] & 0xc0) == 0x80;)
            length--;
    for (size_t i = 0; i < length; i++)
        to[i] = (char)(value->text[i] == '\0' ? ' ' : value->text[i]);
    to[length] = '\0';
    return length + 1;
}

/* As base/humanise.h says it for people. */
static const char *unit_of(const char *algorithm)
{
    return strncasecmp(algorithm, "equihash", 8) == 0 ? "Sol/s" : "H/s";
}

static void derive(struct incident_view *view)
{
    const double *numbers = view->numbers;
    bool is_recent = numbers[INCIDENT_HASHRATE_10M] > 0;
    view->hashrate = numbers[is_recent ? INCIDENT_HASHRATE_10M : INCIDENT_HASHRATE];
    view->hashrate_error = numbers[is_recent ? INCIDENT_HASHRATE_10M_ERROR : INCIDENT_HASHRATE_ERROR];
    view->hashrate_unit = unit_of(incident_view_text(view, INCIDENT_ALGORITHM));
    view->is_active = strcmp(incident_view_text(view, INCIDENT_STATE), "active") == 0;
    view->is_contact = strcmp(incident_view_text(view, INCIDENT_KIND), "pool-contact") == 0;
    view->is_sanctioned = numbers[INCIDENT_SANCTIONED] != 0;
}

bool incident_view_fill(struct incident_view *view,
                        const struct incident_value values[static INCIDENT_FIELD_COUNT])
{
    size_t size = 0;
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++)
        if (fields[i].kind == TEXT_FIELD)
            size += (values[i].length < fields[i].max ? values[i].length : fields[i].max) + 1;
    char *texts = malloc(size);
    if (texts == NULL)
        return false;
    free(view->texts);
    view->texts = texts;
    view->texts_size = (uint32_t)size;
    uint32_t at = 0;
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++)
        switch (fields[i].kind) {
        case TEXT_FIELD:
            view->text_offsets[fields[i].index] = at;
            at += (uint32_t)copy_text(texts + at, &values[i], fields[i].max);
            break;
        case NUMBER_FIELD:
            view->numbers[fields[i].index] = read_number(&values[i]);
            break;
        case TIME_FIELD:
            view->numbers[fields[i].index] = read_time(&values[i]);
            break;
        }
    derive(view);
    return true;
}

void incident_view_done(struct incident_view *view)
{
    free(view->texts);
    view->texts = NULL;
    history_done(&view->history);
}

size_t incident_view_bytes(const struct incident_view *view)
{
    return view->texts_size + history_bytes(&view->history);
}

bool incident_view_column(const char *name, struct incident_column *column)
{
    for (int i = 0; i < OWN_COUNT; i++)
        if (strcmp(name, own_columns[i]) == 0) {
            *column = (struct incident_column){INCIDENT_COLUMN_OWN, i};
            return true;
        }
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++)
        if (fields[i].shown[0] != '\0' && strcmp(name, fields[i].shown) == 0) {
            *column = (struct incident_column){fields[i].kind == TEXT_FIELD ? INCIDENT_COLUMN_TEXT
                                                                            : INCIDENT_COLUMN_NUMBER,
                                               fields[i].index};
            return true;
        }
    return false;
}

const char *incident_column_text(struct incident_column column, const struct incident_view *view)
{
    if (column.kind == INCIDENT_COLUMN_TEXT)
        return incident_view_text(view, (enum incident_text)column.index);
    if (column.kind == INCIDENT_COLUMN_NUMBER)
        return NULL;
    return column.index == OWN_ID              ? view->id
           : column.index == OWN_SENSOR        ? view->sensor->name
           : column.index == OWN_HASHRATE_UNIT ? view->hashrate_unit
                                               : NULL;
}

double incident_column_number(struct incident_column column, const struct incident_view *view)
{
    if (column.kind == INCIDENT_COLUMN_NUMBER)
        return view->numbers[column.index];
    return column.kind == INCIDENT_COLUMN_TEXT  ? 0
           : column.index == OWN_HASHRATE       ? view->hashrate
           : column.index == OWN_HASHRATE_ERROR ? view->hashrate_error
           : column.index == OWN_SANCTIONED     ? view->is_sanctioned
                                                : 0;
}

void incident_view_write(const struct incident_view *view, const char *name, struct json_writer *json)
{
    json_object(json, name);
    json_string(json, "id", view->id);
    json_string(json, "sensor", view->sensor->name);
    json_double(json, "hashrate", view->hashrate);
    json_double(json, "hashrate_error", view->hashrate_error);
    json_string(json, "hashrate_unit", view->hashrate_unit);
    json_boolean(json, "sanctioned", view->is_sanctioned);
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++) {
        if (fields[i].shown[0] == '\0')
            continue;
        if (fields[i].kind == TEXT_FIELD)
            json_string(json, fields[i].shown, incident_view_text(view, (enum incident_text)fields[i].index));
        else
            json_double(json, fields[i].shown, view->numbers[fields[i].index]);
    }
    json_object_end(json);
}
