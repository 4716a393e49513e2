// SPDX-License-Identifier: Apache-2.0
/*
 * A sensor as Redis holds it: signs of life, what it says of itself, and its statistics.
 */
#ifndef DASHBOARD_MODEL_SENSOR_VIEW_H
#define DASHBOARD_MODEL_SENSOR_VIEW_H

#include "base/json_writer.h"
#include "dashboard/model/series.h"

#include <stdbool.h>
#include <stddef.h>

enum { SENSOR_FAULTS = 8, SENSOR_NAME_SIZE = 64 };

struct sensor_fault {
    char level[8]; /* "good", "fair", "poor", or "" */
    double share;
    char advice[400];
};

struct sensor_view {
    char name[SENSOR_NAME_SIZE];
    size_t number; /* of the model; never changes */
    bool alive;
    double last_seen, started; /* seconds since 1970 */
    char version[32], mode[8], interfaces[256];
    struct sensor_fault faults[SENSOR_FAULTS];
    double latest[STATISTICS];
    struct series series;
};

/* The words of the hash `quality`: drops, one_sided, ... */
const char *sensor_fault_name(size_t number);
/* The worst level of all faults; "" where none is known. */
const char *sensor_view_level(const struct sensor_view *sensor);

/* The latest value of a gauge or count; 0 where the sensor no longer lives. */
double sensor_view_now(const struct sensor_view *sensor, enum statistic statistic);

/* One row of /api/v1/sensors; `name` as for json_object(). */
void sensor_view_write(const struct sensor_view *sensor, const char *name, int64_t now_us,
                       struct json_writer *json);

#endif
