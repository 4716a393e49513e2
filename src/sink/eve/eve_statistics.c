// SPDX-License-Identifier: Apache-2.0
/*
 * The object `stats`: counters since the start, under Suricata's names where it counts the same
 * (doc/userguide/performance/statistics of Suricata); `mining` and `output` are ours.
 */
#include "sink/eve/eve_parts.h"

#include "verdict/quality.h"

static void write_capture(struct json_writer *writer, const struct capture_statistics *capture,
                          const struct capture_pressure *pressure)
{
    json_object(writer, "capture");
    json_unsigned(writer, "kernel_packets", capture->frames + capture->kernel_drops);
    json_unsigned(writer, "kernel_drops", capture->kernel_drops);
    json_unsigned(writer, "kernel_ifdrops", capture->interface_drops);
    json_unsigned(writer, "filtered", capture->filtered);
    json_unsigned(writer, "faults", capture->faults);
    if (pressure->lag_us >= 0)
        json_unsigned(writer, "lag_ms", (uint64_t)pressure->lag_us / 1000);
    if (pressure->queue_permille >= 0)
        json_double(writer, "queue_full", (double)pressure->queue_permille / 1000);
    json_object_end(writer);
}

/* Headers of tunnels, each under the tunnel's name. */
static void write_layers(struct json_writer *writer, const struct decode_statistics *decode)
{
    bool is_tunnel;
    const char *name;
    for (size_t place = 0; (name = decode_layer_name(place, &is_tunnel)) != NULL; place++)
        if (is_tunnel)
            json_unsigned(writer, name, decode->layers[place]);
    json_unsigned(writer, "tunnelled", decode->tunnelled);
    json_unsigned(writer, "tunnels_refused", decode->tunnels_refused);
}

static void write_decoder(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    const struct decode_statistics *decode = &statistics->decode;
    const uint64_t *results = decode->results;
    json_object(writer, "decoder");
    json_unsigned(writer, "pkts", statistics->capture.frames);
    json_unsigned(writer, "bytes", statistics->capture.bytes);
    json_unsigned(writer, "invalid",
                  results[DECODE_TRUNCATED] + results[DECODE_MALFORMED] + results[DECODE_TOO_DEEP]);
    json_unsigned(writer, "truncated", results[DECODE_TRUNCATED]);
    json_unsigned(writer, "malformed", results[DECODE_MALFORMED]);
    json_unsigned(writer, "too_many_layers", results[DECODE_TOO_DEEP]);
    json_unsigned(writer, "unsupported", results[DECODE_UNSUPPORTED]);
    json_unsigned(writer, "no_ip", results[DECODE_NO_IP]);
    json_unsigned(writer, "ipv4", decode->ipv4);
    json_unsigned(writer, "ipv6", decode->ipv6);
    json_unsigned(writer, "tcp", decode->tcp);
    json_unsigned(writer, "udp", decode->udp);
    json_unsigned(writer, "icmp", decode->icmp);
    json_unsigned(writer, "other", decode->other);
    json_unsigned(writer, "vlan", decode->vlan);
    write_layers(writer, decode);
    json_object_end(writer);
    json_object(writer, "defrag");
    json_unsigned(writer, "fragments", decode->fragments);
    json_unsigned(writer, "reassembled", decode->fragments_joined);
    json_unsigned(writer, "dropped", decode->fragments_dropped);
    json_object_end(writer);
}

static void write_flows(struct json_writer *writer, const struct flow_statistics *flow)
{
    json_object(writer, "flow");
    json_unsigned(writer, "total", flow->created);
    json_unsigned(writer, "active", flow->active);
    json_unsigned(writer, "timed_out", flow->timed_out);
    json_unsigned(writer, "evicted", flow->evicted);
    json_unsigned(writer, "memcap", flow->refused); /* Suricata: flows that could not be had for the limit */
    json_unsigned(writer, "protected", flow->protected_);
    json_unsigned(writer, "memuse", flow->memory_bytes);
    json_object_end(writer);
}

static void write_reassembly(struct json_writer *writer, const struct reassembly_statistics *reassembly)
{
    json_object(writer, "tcp");
    json_unsigned(writer, "active_sessions", reassembly->flows);
    json_unsigned(writer, "segments", reassembly->segments);
    json_unsigned(writer, "segments_early", reassembly->segments_early);
    json_unsigned(writer, "segments_old", reassembly->segments_old);
    json_unsigned(writer, "reassembly_gap", reassembly->gaps);
    json_unsigned(writer, "gap_bytes", reassembly->gap_bytes);
    json_unsigned(writer, "segment_memcap_drop", reassembly->store_full);
    json_unsigned(writer, "ssn_memcap_drop", reassembly->flows_refused);
    json_unsigned(writer, "reassembly_memuse", reassembly->memory_bytes);
    json_object_end(writer);
}

/* Rows of the allow list that kept something from being alerted. */
static void write_sanctions(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    if (statistics->sanction_count == 0)
        return;
    json_array(writer, "sanctions");
    for (size_t i = 0; i < statistics->sanction_count; i++) {
        json_object(writer, NULL);
        json_string(writer, "rule", statistics->sanctions[i].rule);
        json_unsigned(writer, "incidents", statistics->sanctions[i].incidents);
        json_unsigned(writer, "alerts", statistics->sanctions[i].alerts);
        json_object_end(writer);
    }
    json_array_end(writer);
}

/* Where active incidents are, and how old what is known of it. */
static void write_places(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    if (statistics->place_rules == 0 && statistics->inventory_files == 0)
        return;
    json_object(writer, "places");
    json_unsigned(writer, "rules", statistics->place_rules);
    json_unsigned(writer, "inventories", statistics->inventory_files);
    if (statistics->inventory_files > 0) {
        json_unsigned(writer, "machines", statistics->inventory_machines);
        json_unsigned(writer, "interfaces", statistics->inventory_interfaces);
        json_unsigned(writer, "oldest_age", statistics->inventory_age_s);
    }
    json_array(writer, "active");
    for (size_t i = 0; i < statistics->place_count; i++) {
        const struct place_sum *sum = &statistics->places[i];
        json_object(writer, NULL);
        json_string_if(writer, "provider", sum->provider);
        json_string_if(writer, "account", sum->account);
        json_string_if(writer, "region", sum->region);
        json_unsigned(writer, "incidents", sum->incidents);
        json_double(writer, "hashrate_hs", eve_round(sum->hashrate_hs));
        json_double(writer, "cost_hour", eve_round(sum->cost_hour));
        json_double(writer, "cost_hour_low", eve_round(sum->cost_hour_low));
        json_double(writer, "cost_hour_high", eve_round(sum->cost_hour_high));
        json_object_end(writer);
    }
    json_array_end(writer);
    if (statistics->incidents_elsewhere > 0)
        json_unsigned(writer, "incidents_elsewhere", statistics->incidents_elsewhere);
    json_object_end(writer);
}

/* Estimates: what all active incidents cost an hour, and what was spent today. */
static void write_costs(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    json_double(writer, "cost_hour", eve_round(statistics->cost_hour));
    json_double(writer, "cost_hour_low", eve_round(statistics->cost_hour_low));
    json_double(writer, "cost_hour_high", eve_round(statistics->cost_hour_high));
    json_double(writer, "cost_day", eve_round(statistics->cost_day));
    json_string_if(writer, "cost_currency", statistics->cost_currency);
}

static void write_mining(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    json_object(writer, "mining");
    json_unsigned(writer, "inspected_flows", statistics->inspected_flows);
    json_unsigned(writer, "json_messages", statistics->json_messages);
    json_unsigned(writer, "sessions", statistics->sessions);
    json_unsigned(writer, "incidents_active", statistics->incidents_active);
    json_unsigned(writer, "miners_active", statistics->miners_active);
    json_double(writer, "hashrate_hs", eve_round(statistics->hashrate_hs));
    write_costs(writer, statistics);
    json_unsigned(writer, "incidents_sanctioned", statistics->incidents_silenced);
    json_unsigned(writer, "alerts_sanctioned", statistics->alerts_silenced);
    write_sanctions(writer, statistics);
    write_places(writer, statistics);
    json_unsigned(writer, "names_learned", statistics->names_learned);
    json_unsigned(writer, "flows_refused", statistics->flows_refused);
    json_unsigned(writer, "sessions_refused", statistics->sessions_refused);
    json_unsigned(writer, "flows_revived", statistics->flows_revived);
    json_unsigned(writer, "messages_evicted", statistics->messages_evicted);
    json_unsigned(writer, "messages_refused", statistics->messages_refused);
    json_unsigned(writer, "ndpi_asked", statistics->applications_asked);
    json_unsigned(writer, "ndpi_named", statistics->applications_named);
    json_unsigned(writer, "ndpi_shed", statistics->applications_shed);
    json_unsigned(writer, "ndpi_one_in", statistics->ndpi_one_in);
    json_double(writer, "ndpi_share", eve_round(statistics->ndpi_share));
    json_object_end(writer);
}

static void write_output(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    json_object(writer, "output");
    json_unsigned(writer, "queue", statistics->sink_queue);
    json_unsigned(writer, "spooled", statistics->sink_spooled);
    json_unsigned(writer, "unspooled", statistics->sink_unspooled);
    json_unsigned(writer, "reports_dropped", statistics->reports_dropped);
    json_object(writer, "dropped");
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        json_unsigned(writer, event_type_name((enum event_type)type), statistics->sink_dropped[type]);
    json_object_end(writer);
    json_object_end(writer);
}

static void write_quality(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    struct quality faults[QUALITY_FAULTS];
    quality_assess(statistics, faults);
    json_object(writer, "quality");
    for (int i = 0; i < QUALITY_FAULTS; i++) {
        json_object(writer, faults[i].fault);
        json_unsigned(writer, "count", faults[i].count);
        json_double(writer, "share", eve_round(faults[i].share));
        json_string(writer, "level", quality_level_name(faults[i].level));
        if (faults[i].level != QUALITY_GOOD)
            json_string(writer, "advice", faults[i].advice);
        json_object_end(writer);
    }
    json_object_end(writer);
}

void eve_write_statistics(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    json_object(writer, "stats");
    json_unsigned(writer, "uptime",
                  statistics->uptime_us > 0 ? (uint64_t)statistics->uptime_us / 1000000 : 0);
    write_capture(writer, &statistics->capture, &statistics->pressure);
    write_quality(writer, statistics);
    write_decoder(writer, statistics);
    eve_write_tunnels(writer, statistics);
    write_flows(writer, &statistics->flow);
    write_reassembly(writer, &statistics->reassembly);
    json_object(writer, "detect");
    json_unsigned(writer, "alert", statistics->alerts);
    json_unsigned(writer, "alert_seen_elsewhere", statistics->alerts_seen_elsewhere);
    json_object_end(writer);
    write_mining(writer, statistics);
    write_output(writer, statistics);
    json_unsigned(writer, "memuse", statistics->memory_bytes);
    json_double(writer, "pps", eve_round(statistics->packets_per_second));
    json_double(writer, "bps", eve_round(statistics->bits_per_second));
    json_object_end(writer);
}
