// SPDX-License-Identifier: Apache-2.0
/*
 * An incident as Redis holds it: the fields of incident_fields.def.
 */
#ifndef DASHBOARD_MODEL_INCIDENT_VIEW_H
#define DASHBOARD_MODEL_INCIDENT_VIEW_H

#include "base/json_writer.h"
#include "dashboard/model/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum incident_text {
#define TEXT(name, field, shown, bytes) INCIDENT_##name,
#define NUMBER(name, field, shown)
#define TIME(name, field, shown)
#include "dashboard/model/incident_fields.def"
#undef TEXT
#undef NUMBER
#undef TIME
    INCIDENT_TEXT_COUNT
};

/* Times are seconds since 1970. */
enum incident_number {
#define TEXT(name, field, shown, bytes)
#define NUMBER(name, field, shown) INCIDENT_##name,
#define TIME(name, field, shown)   INCIDENT_##name,
#include "dashboard/model/incident_fields.def"
#undef TEXT
#undef NUMBER
#undef TIME
    INCIDENT_NUMBER_COUNT
};

enum { INCIDENT_FIELD_COUNT = (int)INCIDENT_TEXT_COUNT + (int)INCIDENT_NUMBER_COUNT, INCIDENT_ID_SIZE = 40 };

struct sensor_view;

struct incident_view {
    char id[INCIDENT_ID_SIZE];
    const struct sensor_view *sensor;
    double numbers[INCIDENT_NUMBER_COUNT];
    char *texts; /* one after another, each with its NUL */
    uint32_t text_offsets[INCIDENT_TEXT_COUNT], texts_size;
    struct history history;
    /* made of these */
    uint64_t miner; /* a number for the machine: sensor, tunnel and address */
    double hashrate, hashrate_error;
    const char *hashrate_unit;
    bool is_active, is_contact, is_sanctioned;
    /* the model's */
    uint64_t hash;
    struct incident_view *chain_next;
    size_t place;
    /* the reader's */
    uint32_t round; /* of the look through the indexes that saw it last */
};

/* A value as it came; `text` NULL: there is none. */
struct incident_value {
    const char *text;
    size_t length;
};

/* The names of the fields in Redis, in the order in which incident_view_fill() takes their values. */
const char *incident_view_field(size_t number);

/* Fills texts and numbers anew. False, and nothing changed, where memory ran out. */
bool incident_view_fill(struct incident_view *view,
                        const struct incident_value values[static INCIDENT_FIELD_COUNT]);
void incident_view_done(struct incident_view *view);

static inline const char *incident_view_text(const struct incident_view *view, enum incident_text text)
{
    return view->texts + view->text_offsets[text];
}

/* Memory of it, without the struct. */
size_t incident_view_bytes(const struct incident_view *view);

/* A member of the rows of the API. */
struct incident_column {
    enum { INCIDENT_COLUMN_TEXT, INCIDENT_COLUMN_NUMBER, INCIDENT_COLUMN_OWN } kind;
    int index;
};

/* False where no row has such a member. */
bool incident_view_column(const char *name, struct incident_column *column);
/* The text of a column of texts, or of `id`, `sensor`, `hashrate_unit`; NULL where it is a number. */
const char *incident_column_text(struct incident_column column, const struct incident_view *view);
double incident_column_number(struct incident_column column, const struct incident_view *view);

/* One row; `name` as for json_object(). */
void incident_view_write(const struct incident_view *view, const char *name, struct json_writer *json);

/* "2026-01-05T09:30:20.132000+0000" in seconds since 1970; 0 where it is none. */
double incident_view_time(const char *text);

#endif
