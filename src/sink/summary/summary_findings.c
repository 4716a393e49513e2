// SPDX-License-Identifier: Apache-2.0
#include "sink/summary/summary_findings.h"

#include <stdlib.h>
#include <string.h>

double summary_rank(const struct mining *mining)
{
    uint64_t shares = mining->shares_accepted > 0 ? mining->shares_accepted : mining->shares_submitted;
    double work = (double)(shares < 1000000000 ? shares : 1000000000);
    return (double)mining->verdict * 1e10 + work + mining->confidence;
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: identifiers are made by the sensor, not taken from the
 * wire. */
static struct summary_incident **bucket_of(struct summary_findings *findings, const char *identifier)
{
    uint32_t hash = 2166136261u;
    for (; *identifier != '\0'; identifier++)
        hash = (hash ^ (unsigned char)*identifier) * 16777619u;
    return &findings->buckets[hash % SUMMARY_BUCKETS];
}

static struct summary_incident *find(struct summary_findings *findings, const char *identifier)
{
    struct summary_incident *incident = *bucket_of(findings, identifier);
    while (incident != NULL && strcmp(incident->mining.incident, identifier) != 0)
        incident = incident->next;
    return incident;
}

static void unlink_incident(struct summary_findings *findings, struct summary_incident *incident)
{
    struct summary_incident **link = bucket_of(findings, incident->mining.incident);
    while (*link != incident)
        link = &(*link)->next;
    *link = incident->next;
}

static void link_incident(struct summary_findings *findings, struct summary_incident *incident)
{
    struct summary_incident **bucket = bucket_of(findings, incident->mining.incident);
    incident->next = *bucket;
    *bucket = incident;
}

static struct summary_incident *find_weakest(const struct summary_findings *findings)
{
    struct summary_incident *weakest = findings->incidents[0];
    for (size_t i = 1; i < findings->count; i++)
        if (summary_rank(&findings->incidents[i]->mining) < summary_rank(&weakest->mining))
            weakest = findings->incidents[i];
    return weakest;
}

/* The place of the weakest incident where the new one is stronger, else NULL. */
static struct summary_incident *make_room(struct summary_findings *findings, const struct mining *mining)
{
    if (summary_rank(mining) <= findings->floor)
        return NULL; /* without looking: a flood of contacts costs no search each */
    struct summary_incident *weakest = find_weakest(findings);
    findings->floor = summary_rank(&weakest->mining);
    if (summary_rank(mining) <= findings->floor)
        return NULL;
    unlink_incident(findings, weakest);
    findings->not_kept++;
    return weakest;
}

static struct summary_incident *create(struct summary_findings *findings)
{
    struct summary_incident *incident = calloc(1, sizeof *incident);
    if (incident == NULL)
        return NULL;
    findings->incidents[findings->count++] = incident;
    return incident;
}

/* Thinned out where they are full: the first and the latest stay. */
static void add_point(struct summary_incident *incident)
{
    struct summary_point point = {incident->mining.last_seen_us, incident->mining.shares_submitted};
    size_t count = incident->point_count;
    bool is_later = count == 0 || point.time_us > incident->points[count - 1].time_us;
    if (!is_later) {
        incident->points[count - 1].shares = point.shares;
        return;
    }
    if (count == SUMMARY_MAX_POINTS) {
        for (count = 0; count < SUMMARY_MAX_POINTS / 2; count++)
            incident->points[count] = incident->points[2 * count];
    }
    incident->points[count] = point;
    incident->point_count = count + 1;
}

static void note(struct summary_incident *incident, const struct event *event)
{
    incident->mining = *event->mining;
    incident->flow = event->flow;
    memcpy(incident->community_id, event->community_id, sizeof incident->community_id);
    incident->source_name = event->source_name;
    incident->source_is_live = event->source_is_live;
    incident->action = event->action;
    incident->time_us = event->time_us;
    summary_tunnel(&event->flow, incident->tunnel);
    add_point(incident);
}

static void add_incident(struct summary_findings *findings, const struct event *event)
{
    const struct mining *mining = event->mining;
    struct summary_incident *incident = find(findings, mining->incident);
    if (incident != NULL) {
        note(incident, event);
        return;
    }
    incident = findings->count < SUMMARY_MAX_INCIDENTS ? create(findings) : make_room(findings, mining);
    if (incident == NULL) {
        findings->not_kept += event->action == INCIDENT_OPENED;
        return;
    }
    if (event->action != INCIDENT_OPENED && findings->not_kept > 0)
        findings->not_kept--; /* it was counted when it was opened, too weak to be kept */
    incident->point_count = 0;
    note(incident, event);
    link_incident(findings, incident);
}

static void widen(struct summary_findings *findings, int64_t first_us, int64_t last_us)
{
    if (first_us > 0 && (findings->first_us == 0 || first_us < findings->first_us))
        findings->first_us = first_us;
    if (last_us > findings->last_us)
        findings->last_us = last_us;
}

void summary_findings_add(struct summary_findings *findings, const struct event *event)
{
    if (event->type == EVENT_ALERT) {
        findings->alerts++;
    } else if (event->type == EVENT_MINING && event->mining != NULL) {
        widen(findings, event->mining->first_seen_us, event->mining->last_seen_us);
        add_incident(findings, event);
    } else if (event->type == EVENT_FLOW) {
        findings->flows += event->flow.ended;
        widen(findings, event->flow.first_us, event->flow.last_us);
    } else if (event->type == EVENT_STATS && event->statistics != NULL) {
        findings->statistics = *event->statistics;
        findings->statistics.tunnels = NULL; /* they live as long as the event */
        findings->statistics.tunnel_tables = 0;
        findings->has_statistics = true;
    }
}

void summary_findings_done(struct summary_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free(findings->incidents[i]);
    findings->count = 0;
}
