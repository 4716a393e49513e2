// SPDX-License-Identifier: Apache-2.0
/*
 * What to do next about an incident, in sentences.
 */
#ifndef DASHBOARD_ANSWER_ADVICE_H
#define DASHBOARD_ANSWER_ADVICE_H

#include "dashboard/model/incident_view.h"

/* The array `advice`. `relatives`: other incidents of the same wallet or worker scheme. */
void advice_write(const struct incident_view *incident, size_t relatives, struct json_writer *json);

#endif
