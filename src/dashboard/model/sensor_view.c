// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/sensor_view.h"

#include <string.h>

/* As verdict/quality.c has them. */
static const char *const faults[SENSOR_FAULTS] = {"drops",     "one_sided", "duplicates", "gaps",
                                                  "truncated", "reordered", "unreadable", "clock_steps"};

const char *sensor_fault_name(size_t number)
{
    return faults[number];
}

const char *sensor_view_level(const struct sensor_view *sensor)
{
    static const char *const levels[] = {"", "good", "fair", "poor"};
    size_t worst = 0;
    for (size_t i = 0; i < SENSOR_FAULTS; i++)
        for (size_t level = worst + 1; level < sizeof levels / sizeof levels[0]; level++)
            if (strcmp(sensor->faults[i].level, levels[level]) == 0)
                worst = level;
    return levels[worst];
}

double sensor_view_now(const struct sensor_view *sensor, enum statistic statistic)
{
    return sensor->alive ? sensor->latest[statistic] : 0;
}

static void write_quality(const struct sensor_view *sensor, struct json_writer *json)
{
    json_array(json, "quality");
    for (size_t i = 0; i < SENSOR_FAULTS; i++) {
        json_object(json, NULL);
        json_string(json, "fault", faults[i]);
        json_string(json, "level", sensor->faults[i].level);
        json_double(json, "share", sensor->faults[i].share);
        json_string(json, "advice", sensor->faults[i].advice);
        json_object_end(json);
    }
    json_array_end(json);
}

void sensor_view_write(const struct sensor_view *sensor, const char *name, int64_t now_us,
                       struct json_writer *json)
{
    int64_t now_s = now_us / 1000000;
    double running = sensor->alive && sensor->started > 0 ? (double)now_s - sensor->started : 0;
    json_object(json, name);
    json_string(json, "name", sensor->name);
    json_boolean(json, "alive", sensor->alive);
    json_double(json, "last_seen", sensor->last_seen);
    json_string(json, "version", sensor->version);
    json_string(json, "mode", sensor->mode);
    json_string(json, "interfaces", sensor->interfaces);
    json_double(json, "started", sensor->started);
    json_integer(json, "running", running > 0 ? (int64_t)running : 0);
    json_double(json, "updated", sensor->series.newest_s);
    for (int i = 0; i < STATISTICS; i++)
        json_double(json, statistic_name((enum statistic)i), sensor->latest[i]);
    json_double(json, "drops_hour", series_last_hour(&sensor->series, STATISTIC_DROPS));
    json_double(json, "alerts_hour", series_last_hour(&sensor->series, STATISTIC_ALERTS));
    json_string(json, "level", sensor_view_level(sensor));
    write_quality(sensor, json);
    json_object_end(json);
}
