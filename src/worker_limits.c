// SPDX-License-Identifier: Apache-2.0
#include "worker_limits.h"

#include <string.h>

static uint32_t part(const struct worker_options *worker, uint64_t whole)
{
    enum { LEAST = 16 };
    uint64_t mine = whole / worker->count;
    return (uint32_t)(mine < LEAST ? LEAST : mine);
}

struct flow_limits worker_flow_limits(const struct worker_options *worker)
{
    const struct config *config = worker->config;
    return (struct flow_limits){
        .max_flows = part(worker, config->flow.max_flows),
        .new_timeout_s = (uint32_t)config->flow.new_timeout_s,
        .tcp_timeout_s = (uint32_t)config->flow.tcp_timeout_s,
        .other_timeout_s = (uint32_t)config->flow.other_timeout_s,
        .closed_timeout_s = (uint32_t)config->flow.closed_timeout_s,
        .mining_timeout_s = (uint32_t)config->flow.mining_timeout_s,
        .vlans = strcmp(config->flow.vlan_in_key, "auto") == 0  ? VLAN_AUTO
                 : strcmp(config->flow.vlan_in_key, "yes") == 0 ? VLAN_EXACT
                                                                : VLAN_IGNORED,
        .number = worker->number,
    };
}

struct inspector_limits worker_inspector_limits(const struct worker_options *worker)
{
    const struct config *config = worker->config;
    return (struct inspector_limits){
        .max_flows = part(worker, config->reassembly.max_flows),
        .max_sessions = part(worker, config->inspect.max_sessions),
        .max_partial = part(worker, config->inspect.partial_memory / 8192),
        .max_ndpi_flows = part(worker, config->inspect.ndpi_flows),
        .ndpi_packets = config->inspect.ndpi ? (uint32_t)config->inspect.ndpi_packets : 0,
        .ndpi_rationed = config->inspect.ndpi_ration,
        .wait = !capture_is_live(worker->capture),
        .reassembly = {.store_bytes = part(worker, config->reassembly.memory),
                       .direction_bytes = (uint32_t)config->reassembly.direction_memory,
                       .max_flows = part(worker, config->reassembly.max_flows)},
    };
}
