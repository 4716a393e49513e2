// SPDX-License-Identifier: Apache-2.0
/*
 * What the summary knows of a run: the latest state of each incident, the last statistics, and a few counts.
 * Bounded: when full, the weakest incident (verdict, then shares) makes room for a stronger one and is only
 * counted.
 */
#ifndef SINK_SUMMARY_SUMMARY_FINDINGS_H
#define SINK_SUMMARY_SUMMARY_FINDINGS_H

#include "sink/summary/summary_tunnel.h"
#include "verdict/event.h"

#include <stddef.h>

enum { SUMMARY_MAX_INCIDENTS = 1000, SUMMARY_BUCKETS = 2048, SUMMARY_MAX_POINTS = 64 };

/* How far an incident had come at a moment. */
struct summary_point {
    int64_t time_us;
    uint64_t shares; /* sent until then */
};

struct summary_incident {
    struct mining mining;
    char tunnel[SUMMARY_TUNNEL_SIZE]; /* in which it was seen last; "" for none */
    struct flow_record flow;          /* its latest */
    char community_id[COMMUNITY_ID_SIZE];
    const char *source_name; /* as in struct event: valid as long as the capture is open; NULL: unknown */
    bool source_is_live;
    enum incident_action action; /* the latest */
    int64_t time_us;             /* of the latest event */
    size_t point_count;          /* when they are full, every second one goes */
    struct summary_point points[SUMMARY_MAX_POINTS];
    struct summary_incident *next; /* of the bucket */
};

struct summary_findings {
    struct summary_incident *incidents[SUMMARY_MAX_INCIDENTS];
    struct summary_incident *buckets[SUMMARY_BUCKETS]; /* by incident identifier */
    size_t count;
    uint64_t not_kept; /* incidents that are only counted */
    double floor;      /* no kept incident was weaker when last looked at; 0: not looked at */
    uint64_t alerts, flows;
    int64_t first_us, last_us; /* packet times seen in flows and incidents; 0: none */
    bool has_statistics;
    struct sensor_statistics statistics;
};

void summary_findings_add(struct summary_findings *findings, const struct event *event);
void summary_findings_done(struct summary_findings *findings);

/* What else is known of one of the findings' incidents. */
static inline const struct summary_incident *summary_findings_incident(const struct mining *mining)
{
    return (const struct summary_incident *)((const char *)mining -
                                             offsetof(struct summary_incident, mining));
}

/* Larger is stronger: the verdict first, then how much work was seen. */
double summary_rank(const struct mining *mining);

#endif
