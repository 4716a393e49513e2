// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answer_state.h"
#include "dashboard/answer/answers.h"
#include "dashboard/model/model.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct sensor_view *const *)a)->name,
                  (*(const struct sensor_view *const *)b)->name);
}

void answer_sensors(const struct request *request, const struct model *model, struct answer *answer)
{
    const struct sensor_view *sensors[MODEL_MAX_SENSORS];
    size_t count = model_sensor_count(model);
    for (size_t i = 0; i < count; i++)
        sensors[i] = model_sensor_at(model, i);
    qsort(sensors, count, sizeof sensors[0], by_name);
    json_object(&answer->json, NULL);
    answer_write_state(&answer->json, model, request->now_us);
    json_array(&answer->json, "sensors");
    for (size_t i = 0; i < count; i++)
        sensor_view_write(sensors[i], NULL, request->now_us, &answer->json);
    json_array_end(&answer->json);
    json_object_end(&answer->json);
}
