// SPDX-License-Identifier: Apache-2.0
/*
 * The object `state` that each answer has.
 */
#ifndef DASHBOARD_ANSWER_ANSWER_STATE_H
#define DASHBOARD_ANSWER_ANSWER_STATE_H

#include "base/json_writer.h"
#include "dashboard/model/model.h"

void answer_write_state(struct json_writer *json, const struct model *model, int64_t now_us);

#endif
