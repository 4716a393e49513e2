// SPDX-License-Identifier: Apache-2.0
/*
 * What /metrics shares with the handlers of the firewall feeds.
 */
#ifndef DASHBOARD_ANSWER_ANSWER_FEEDS_H
#define DASHBOARD_ANSWER_ANSWER_FEEDS_H

#include "dashboard/answer/answer.h"
#include "dashboard/model/model.h"

/* Publishes anew where that is due. False until Redis was read once. */
bool answer_feeds_refresh(const struct request *request, const struct model *model);

#endif
