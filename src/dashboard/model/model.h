// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of Redis: sensors, incidents, alerts, values over time, and whether the server answers. In
 * memory, with bounds; written by the thread that reads Redis, read by handlers. No locks: board.h has one.
 */
#ifndef DASHBOARD_MODEL_MODEL_H
#define DASHBOARD_MODEL_MODEL_H

#include "base/error.h"
#include "dashboard/model/incident_view.h"
#include "dashboard/model/sensor_view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MODEL_MAX_SENSORS = 1000, /* as many as geophone:sensors keeps */
    MODEL_MAX_ALERTS = 2000,  /* the newest of all sensors */
    MODEL_MAX_TOP = 200,      /* values kept of a dimension of traffic */
};

struct model_limits {
    size_t incidents; /* at most; those seen longest ago are forgotten */
    size_t bytes;     /* of their texts and histories */
};

/* The connection to Redis. Times are of the clock on the wall, 0: never. */
struct model_link {
    bool connected;
    bool loading;       /* until all was read once */
    int64_t updated_us; /* when Redis was read last */
    int64_t lost_us;    /* since when it does not answer */
    char message[512];  /* why */
};

struct model_alert {
    char id[40], incident[INCIDENT_ID_SIZE], signature[160], verdict[16], miner_ip[64], pool[280], coin[32],
        budget[16];
    const struct sensor_view *sensor;
    double time;
    unsigned signature_id, severity;
};

enum model_change { MODEL_UNCHANGED, MODEL_OPENED, MODEL_UPDATED, MODEL_CLOSED };

struct model;

struct model *model_create(const struct model_limits *limits, struct error *error);
void model_free(struct model *model); /* NULL is fine */

const struct model_link *model_link(const struct model *model);
/* True where that changes what is told: connected or not, loading or not. */
bool model_set_link(struct model *model, const struct model_link *link);

/* Finds or makes; NULL where there are too many, the name is too long, or memory ran out. Sensors are never
 * forgotten: pointers to them stay good. */
struct sensor_view *model_sensor_get(struct model *model, const char *name, size_t length);
struct sensor_view *model_sensor_at(const struct model *model, size_t number);
size_t model_sensor_count(const struct model *model);

/* Takes the values of an incident's hash; all without a text: forgets it. `view` (may be NULL) is the
 * incident. */
enum model_change model_incident_put(struct model *model, struct sensor_view *sensor, const char *id,
                                     const struct incident_value values[static INCIDENT_FIELD_COUNT],
                                     struct incident_view **view);
void model_incident_forget(struct model *model, struct incident_view *incident);
void model_incident_add_point(struct model *model, struct incident_view *incident,
                              const struct history_point *point);
/* Without `sensor`: of any. NULL where there is none. */
struct incident_view *model_incident_find(const struct model *model, const struct sensor_view *sensor,
                                          const char *id);
/* All, in no order; good until the next change. */
struct incident_view *const *model_incidents(const struct model *model, size_t *count);
/* Forgets what is beyond the limits; true where something was. The list is good again afterwards. */
bool model_keep_limits(struct model *model);

/* False where it is there already, or older than all that are kept. */
bool model_alert_add(struct model *model, const struct model_alert *alert);
/* The n-th newest (0: the newest); NULL where there is none. */
const struct model_alert *model_alert_at(const struct model *model, size_t number);

/* Traffic by application, as the sensors tell it: replaced as a whole. */
struct model_top {
    char value[64];
    double bytes;
};
void model_set_applications(struct model *model, const struct model_top *rows, size_t count);
const struct model_top *model_applications(const struct model *model, size_t *count);

/* For tables over texts from the wire. */
const uint8_t *model_secret(const struct model *model);
size_t model_bytes(const struct model *model);
double model_floor(const struct model *model);       /* when the newest of these was seen last */
uint64_t model_forgotten(const struct model *model); /* incidents that were beyond the limits */

#endif
