// SPDX-License-Identifier: Apache-2.0
/*
 * The newest point of all sensors together, for the event `series`.
 */
#ifndef DASHBOARD_ANSWER_ANSWER_SERIES_H
#define DASHBOARD_ANSWER_ANSWER_SERIES_H

#include "dashboard/model/model.h"

void series_write_newest(const struct model *model, struct json_writer *json);

#endif
