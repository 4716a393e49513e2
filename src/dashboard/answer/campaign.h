// SPDX-License-Identifier: Apache-2.0
/*
 * What incidents share that belong to one hand: the wallet, the scheme of workers' names, the pool.
 */
#ifndef DASHBOARD_ANSWER_CAMPAIGN_H
#define DASHBOARD_ANSWER_CAMPAIGN_H

#include "dashboard/model/incident_view.h"

enum campaign_share { CAMPAIGN_WALLET = 4, CAMPAIGN_WORKER_SCHEME = 2, CAMPAIGN_POOL = 1 };

enum { CAMPAIGN_SCHEME_SIZE = 136 };

/* "rig-017" is "rig-#": runs of digits become one '#'. "" where that says nothing of whose it is: no digit or
 * nearly nothing else, and words that are everywhere ("worker1"). */
void campaign_scheme(const char *worker, char scheme[static CAMPAIGN_SCHEME_SIZE]);

/* What two incidents share, as a sum of enum campaign_share; 0: nothing. */
unsigned campaign_shares(const struct incident_view *a, const struct incident_view *b);

#endif
