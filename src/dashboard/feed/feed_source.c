// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_source.h"

#include <stdlib.h>

static int64_t microseconds(double seconds)
{
    static const double most = 9e12; /* beyond the year 280000: somebody's nonsense */
    return seconds > 0 && seconds < most ? (int64_t)(seconds * 1e6) : 0;
}

static void take(const struct incident_view *incident, struct feed_sighting *sighting)
{
    double as_number = incident->numbers[INCIDENT_ASN];
    *sighting = (struct feed_sighting){
        .sensor = incident->sensor->name,
        .incident = incident->id,
        .kind = incident_view_text(incident, INCIDENT_KIND),
        .dialect = incident_view_text(incident, INCIDENT_DIALECT),
        .carrier = incident_view_text(incident, INCIDENT_CARRIER),
        .coin = incident_view_text(incident, INCIDENT_COIN),
        .miner = incident_view_text(incident, INCIDENT_MINER_IP),
        .wallet = incident_view_text(incident, INCIDENT_WALLET),
        .pool = incident_view_text(incident, INCIDENT_POOL),
        .pool_ip = incident_view_text(incident, INCIDENT_POOL_IP),
        .name_from = incident_view_text(incident, INCIDENT_POOL_NAME_FROM),
        .other_name = incident_view_text(incident, INCIDENT_POOL_OTHER_NAME),
        .as_org = incident_view_text(incident, INCIDENT_AS_ORG),
        .as_number = as_number > 0 && as_number <= UINT32_MAX ? (uint32_t)as_number : 0,
        .verdict = feed_verdict_read(incident_view_text(incident, INCIDENT_VERDICT)),
        .confidence = incident->numbers[INCIDENT_CONFIDENCE],
        .first_us = microseconds(incident->numbers[INCIDENT_FIRST_SEEN]),
        .last_us = microseconds(incident->numbers[INCIDENT_LAST_SEEN]),
        .sanctioned =
            incident->is_sanctioned ? incident_view_text(incident, INCIDENT_SANCTIONED_REASON) : NULL,
        .evidence = incident_view_text(incident, INCIDENT_EVIDENCE),
    };
}

bool feed_source_read(const struct model *model, struct feed_sighting **sightings, size_t *count)
{
    struct incident_view *const *incidents = model_incidents(model, count);
    *sightings = malloc((*count + 1) * sizeof **sightings);
    for (size_t i = 0; *sightings != NULL && i < *count; i++)
        take(incidents[i], &(*sightings)[i]);
    return *sightings != NULL;
}
