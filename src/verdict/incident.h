// SPDX-License-Identifier: Apache-2.0
/*
 * Incidents: one miner at one pool (endpoint or name) or for one wallet, over all its flows. Bounded in
 * number; when full, the one that was quiet for longest is closed. One thread.
 */
#ifndef VERDICT_INCIDENT_H
#define VERDICT_INCIDENT_H

#include "base/error.h"
#include "verdict/cost_meter.h"
#include "verdict/event.h"
#include "verdict/rate.h"

enum { INCIDENT_MAX_SUBJECT = 480 };

struct incidents;

struct incident {
    struct mining mining;    /* as events show it */
    struct flow_record flow; /* its latest flow */
    int64_t updated_us;      /* latest "opened" or "updated" event */
    int64_t mining_first_us,
        mining_last_us; /* first and latest mining message: what a hash rate is measured over */
    struct rate rate;
    enum verdict alerted;  /* the highest that an alert was raised with */
    bool answers_seen;     /* outcomes of shares are seen: accepted ones count */
    bool dirty;            /* changed since the latest event */
    uint8_t told_sanction; /* enum sanction_state in the latest event */
    uint8_t told_names;    /* how many of user, wallet, agent and redirect stood in the latest event */
    bool is_silenced;      /* an alert was not raised, as it is sanctioned */
    bool alert_silenced;   /* of a contact: its latest alert was not raised */
    uint32_t uncovered_by; /* the allow list, by its serial number, that does not cover all of its flows; 0:
                              none */
    /* of judge_cost.c */
    struct cost_meter *meter; /* of its machine, where that has a price; else NULL */
    double meter_hours;       /* its reading when the cost was last added up */
    struct cost machine;      /* the machine's price, and this incident's total */
    struct cost booked;       /* what budgets know of */
    uint64_t told_budget;     /* the limit that was told as passed; 0: none */
    /* of incident.c */
    uint64_t key, miner_key;
    struct incident *chain_next, *older, *newer;
    struct incident *miner_next; /* while miners are counted */
};

/* Called for each incident that is closed, before it is forgotten. */
typedef void incident_closed(void *context, struct incident *incident);

struct incidents *incidents_create(uint32_t max_incidents, const uint8_t secret[static 16],
                                   incident_closed *closed, void *context, struct error *error);
void incidents_free(struct incidents *incidents); /* without calling `closed` */

/*
 * The incident of a miner: by wallet where `subject` is one, by pool endpoint or pool name otherwise. Made
 * where there is none: *opened tells. NULL where memory is short. Marks it as the one that moved latest.
 */
struct incident *incidents_get(struct incidents *incidents, const struct address *miner, const char *subject,
                               int64_t now_us, bool *opened);

/* Closes those that have been quiet since before `before_us`; INT64_MAX: all. */
void incidents_close(struct incidents *incidents, int64_t before_us);

uint32_t incidents_count(const struct incidents *incidents);
/* How many miners the incidents have of which `counts` says so; each miner once. */
uint32_t incidents_count_miners(struct incidents *incidents, bool (*counts)(const struct incident *incident));

/* Calls `visit` for each, the one that moved latest first, until it returns false. */
void incidents_each(struct incidents *incidents, bool (*visit)(void *context, struct incident *incident),
                    void *context);

#endif
