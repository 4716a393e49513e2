// SPDX-License-Identifier: Apache-2.0
/*
 * One conversation that two mirrors show is two flows, with other tunnels, tags or interfaces, but one alert:
 * it is known by its Community ID. Where the addresses are used twice, as two customers may, their flows
 * hardly are at the same time.
 */
#include "verdict/judge_private.h"

#include "base/siphash.h"

#include <string.h>

enum { WINDOW_US = 60000000 };

/* Whether the flows were seen at different places. */
static bool is_elsewhere(const struct seen_alert *seen, const struct flow_record *flow)
{
    return seen->flow_id != flow->id &&
           (seen->tunnels[0] != flow->tunnels[0] || seen->tunnels[1] != flow->tunnels[1] ||
            memcmp(seen->vlans, flow->vlans, sizeof seen->vlans) != 0 || seen->source != flow->source);
}

bool judge_is_seen_elsewhere(struct judge *judge, const struct mining *mining, const struct flow_record *flow,
                             int64_t time_us)
{
    struct seen_alert now = {.time_us = time_us,
                             .flow_id = flow->id,
                             .tunnels = {flow->tunnels[0], flow->tunnels[1]},
                             .vlans = {flow->vlans[0], flow->vlans[1]},
                             .source = flow->source,
                             .verdict = mining->verdict};
    community_id(&flow->client, flow->client_port, &flow->server, flow->server_port, flow->protocol, 0,
                 now.community_id);
    uint64_t hash = siphash(judge->seen_secret, now.community_id, strlen(now.community_id));
    struct seen_alert *seen = &judge->seen_alerts[hash % JUDGE_SEEN_ALERTS];
    bool same = strcmp(seen->community_id, now.community_id) == 0 && seen->verdict >= mining->verdict &&
                time_us - seen->time_us < WINDOW_US && seen->time_us - time_us < WINDOW_US;
    if (same && is_elsewhere(seen, flow))
        return true;
    *seen = now;
    return false;
}
