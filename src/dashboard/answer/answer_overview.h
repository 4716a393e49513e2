// SPDX-License-Identifier: Apache-2.0
/*
 * All at a glance: for /api/v1/overview, the event `overview`, and /metrics.
 */
#ifndef DASHBOARD_ANSWER_ANSWER_OVERVIEW_H
#define DASHBOARD_ANSWER_ANSWER_OVERVIEW_H

#include "dashboard/answer/tally.h"
#include "dashboard/model/model.h"

struct overview {
    size_t incidents, incidents_active, contacts_active, sanctioned_active, miners_active;
    size_t confirmed, likely, suspected; /* active */
    struct tally coins;                  /* of active miners; the label is the unit of the hash rate */
    struct tally currencies;             /* of all that is not sanctioned */
    size_t sensors, sensors_alive;
    double now[STATISTICS]; /* of sensors that are alive; `packets` and `bytes` of all */
    double drops_hour, alerts_hour;
};

void overview_make(struct overview *overview, const struct model *model);
void overview_done(struct overview *overview);

/* The members of the answer but `state`. */
void overview_write(const struct overview *overview, const struct model *model, struct json_writer *json);

void answer_write_alert(const struct model_alert *alert, struct json_writer *json);

#endif
