// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answer_series.h"

#include "dashboard/answer/answer_state.h"
#include "dashboard/answer/answers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double newest_of(const struct model *model, const struct sensor_view *only)
{
    double newest = 0;
    for (size_t i = 0; i < model_sensor_count(model); i++) {
        const struct sensor_view *sensor = model_sensor_at(model, i);
        if ((only == NULL || sensor == only) && sensor->series.newest_s > newest)
            newest = sensor->series.newest_s;
    }
    return newest;
}

/* Now, or where nothing was told for so long that nothing would be seen: when something was. */
static double end_of(const struct model *model, const struct sensor_view *only, double span_s, int64_t now_us)
{
    double now_s = (double)now_us / 1e6, newest_s = newest_of(model, only);
    return newest_s > 0 && (newest_s < now_s - span_s || newest_s > now_s) ? newest_s : now_s;
}

static void add_sensors(struct series_window *window, const struct model *model,
                        const struct sensor_view *only)
{
    for (size_t i = 0; i < model_sensor_count(model); i++) {
        const struct sensor_view *sensor = model_sensor_at(model, i);
        if (only == NULL || sensor == only)
            series_window_add(window, &sensor->series);
    }
}

static void write_columns(const struct series_window *window, int step_s, struct json_writer *json)
{
    json_array(json, "time");
    for (size_t i = 0; i < window->count; i++)
        json_integer(json, NULL, (window->first + (int64_t)i) * step_s);
    json_array_end(json);
    for (int column = 0; column < SERIES_COLUMNS; column++) {
        json_array(json, statistic_name((enum statistic)column));
        for (size_t i = 0; i < window->count; i++)
            json_double(json, NULL,
                        window->told[i] ? window->values[i * SERIES_COLUMNS + (size_t)column] : NAN);
        json_array_end(json);
    }
}

static void write_series(const struct request *request, const struct model *model,
                         const struct sensor_view *only, unsigned long span_s, struct answer *answer)
{
    struct json_writer *json = &answer->json;
    struct series_window window;
    bool is_long = span_s > SERIES_SHORT_STEP_S * SERIES_SHORT_STEPS;
    int step_s = is_long ? SERIES_LONG_STEP_S : SERIES_SHORT_STEP_S;
    if (!series_window_init(&window, is_long, end_of(model, only, (double)span_s, request->now_us),
                            (double)span_s)) {
        answer_error(answer, 503, "out of memory; ask again later");
        return;
    }
    add_sensors(&window, model, only);
    json_object(json, NULL);
    answer_write_state(json, model, request->now_us);
    json_unsigned(json, "span", span_s);
    json_integer(json, "step", step_s);
    json_integer(json, "start", window.first * step_s);
    json_integer(json, "end", (window.first + (int64_t)window.count) * step_s);
    json_string(json, "sensor", only != NULL ? only->name : "");
    write_columns(&window, step_s, json);
    json_object_end(json);
    series_window_done(&window);
}

void answer_series(const struct request *request, const struct model *model, struct answer *answer)
{
    const char *span = target_value(request->target, "span"), *name = target_value(request->target, "sensor");
    const struct sensor_view *only = NULL;
    for (size_t i = 0; i < model_sensor_count(model) && name != NULL && name[0] != '\0'; i++)
        if (strcmp(model_sensor_at(model, i)->name, name) == 0)
            only = model_sensor_at(model, i);
    if (span == NULL)
        span = "3600";
    if (strcmp(span, "3600") != 0 && strcmp(span, "86400") != 0 && strcmp(span, "172800") != 0)
        answer_error(answer, 400, "span must be 3600, 86400 or 172800");
    else if (only == NULL && name != NULL && name[0] != '\0')
        answer_error(answer, 404, "no sensor of this name is known");
    else
        write_series(request, model, only, strtoul(span, NULL, 10), answer);
}

void series_write_newest(const struct model *model, struct json_writer *json)
{
    struct series_window window;
    double newest_s = newest_of(model, NULL);
    if (!series_window_init(&window, false, newest_s, SERIES_SHORT_STEP_S))
        return;
    add_sensors(&window, model, NULL);
    json_object(json, NULL);
    json_integer(json, "time", window.first * SERIES_SHORT_STEP_S);
    for (int column = 0; column < SERIES_COLUMNS; column++)
        json_double(json, statistic_name((enum statistic)column), window.values[column]);
    json_object_end(json);
    series_window_done(&window);
}
