// SPDX-License-Identifier: Apache-2.0
/*
 * What leaves the verdict thread: alerts, incidents, flow records, statistics.
 */
#include "verdict/judge_private.h"

#include "base/log.h"
#include "verdict/quality.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUDGET_SIGNATURE = 9100901 }; /* and one for each scope */

static void make_message(const struct judge *judge, const struct flow_record *flow,
                         struct community_message *message)
{
    community_id_message(&flow->client, flow->client_port, &flow->server, flow->server_port, flow->protocol,
                         (uint16_t)judge->config->events.community_id_seed, message);
}

/* Most reports are of flows, and two digests take little longer than one: the other is of the report that
 * this worker's next turn brings. */
void judge_digest(struct judge *judge, const struct report_flow *report, struct community_digest *digest)
{
    if (judge->ahead.report == report) {
        *digest = judge->ahead.digest;
        judge->ahead.report = NULL;
        return;
    }
    struct community_message messages[2];
    struct community_digest digests[2];
    const struct report *behind = report_queue_behind(judge->reports);
    bool is_flow = behind != NULL && behind->type == REPORT_FLOW;
    const void *ahead = is_flow ? behind : NULL; /* all of it, not its head only */
    judge->ahead.report = ahead;
    make_message(judge, &report->flow, &messages[0]);
    make_message(judge, is_flow ? &judge->ahead.report->flow : &report->flow, &messages[1]);
    community_id_digest_two(messages, digests);
    *digest = digests[0];
    judge->ahead.digest = digests[1];
}

static void hand_out(struct judge *judge, struct event *event, int64_t time_us)
{
    event->time_us = time_us;
    event->sensor = judge->config->sensor.name;
    judge->outlet.emit(judge->outlet.context, event);
}

static void hand_out_flow(struct judge *judge, struct event *event, const struct flow_record *flow,
                          const struct community_digest *digest, int64_t time_us)
{
    event->flow = *flow;
    event->source_name = capture_source_name(judge->capture, flow->source);
    event->source_is_live = capture_is_live(judge->capture);
    community_id_text(digest, event->community_id);
    hand_out(judge, event, time_us);
}

static void emit(struct judge *judge, struct event *event, const struct flow_record *flow, int64_t time_us)
{
    struct community_message message;
    struct community_digest digest;
    make_message(judge, flow, &message);
    community_id_digest(&message, &digest);
    hand_out_flow(judge, event, flow, &digest, time_us);
}

static void number_alert(struct judge *judge, struct event *event)
{
    snprintf(event->alert_id, sizeof event->alert_id, "%016llx%016llx",
             (unsigned long long)judge->alert_prefix, (unsigned long long)++judge->alert_serial);
    judge->alerts++;
}

void judge_emit_alert(struct judge *judge, struct incident *incident, const struct mining *mining,
                      const struct flow_record *flow, int64_t time_us)
{
    char signature[320];
    struct event event = {.type = EVENT_ALERT, .mining = mining};
    if (mining->verdict >= VERDICT_LIKELY)
        judge->found_mining = true;
    event.signature =
        describe_signature(mining, signature, sizeof signature, &event.signature_id, &event.severity);
    number_alert(judge, &event);
    if (event.severity > 1 && judge_is_place_new(mining))
        event.severity--;
    if (incident != NULL) {
        event.is_repeated = incident->alerted >= mining->verdict;
        incident->alerted = mining->verdict > incident->alerted ? mining->verdict : incident->alerted;
    }
    emit(judge, &event, flow, time_us);
}

void judge_emit_budget(struct judge *judge, struct incident *incident, const struct budget *budget)
{
    char signature[320];
    struct event event = {.type = EVENT_ALERT, .mining = &incident->mining, .budget = budget, .severity = 1};
    event.signature = cost_describe_budget(budget, signature, sizeof signature);
    event.signature_id = BUDGET_SIGNATURE + (uint32_t)budget->scope;
    number_alert(judge, &event);
    emit(judge, &event, &incident->flow, incident->mining_last_us);
}

static uint8_t names_known(const struct mining *mining)
{
    return (uint8_t)((mining->user[0] != '\0') + (mining->wallet[0] != '\0') + (mining->agent[0] != '\0') +
                     (mining->redirect[0] != '\0'));
}

bool judge_has_incident_news(const struct incident *incident)
{
    return incident->told_sanction != (uint8_t)incident->mining.sanction.state ||
           incident->told_names < names_known(&incident->mining);
}

void judge_emit_incident(struct judge *judge, struct incident *incident, enum incident_action action,
                         int64_t time_us)
{
    struct event event = {.type = EVENT_MINING, .mining = &incident->mining, .action = action};
    judge_cost_now(incident);
    incident->updated_us = time_us;
    incident->dirty = false;
    incident->told_sanction = (uint8_t)incident->mining.sanction.state;
    incident->told_names = names_known(&incident->mining);
    emit(judge, &event, &incident->flow, time_us);
}

void judge_emit_flow(struct judge *judge, const struct flow_record *flow,
                     const struct community_digest *digest, int64_t time_us)
{
    judge->flow_event.type = EVENT_FLOW;
    hand_out_flow(judge, &judge->flow_event, flow, digest, time_us);
}

/* ---- statistics ---- */

/* Of statm, proc(5): the second number, in pages. */
static uint64_t resident_bytes(const struct judge *judge)
{
    char line[128];
    ssize_t length = judge->memory_file < 0 ? -1 : pread(judge->memory_file, line, sizeof line - 1, 0);
    line[length < 0 ? 0 : length] = '\0';
    const char *resident = strchr(line, ' ');
    return resident == NULL ? 0 : strtoull(resident, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool is_mining(const struct incident *incident)
{
    return incident->mining.verdict >= VERDICT_LIKELY;
}

static bool add_incident(void *context, struct incident *incident)
{
    struct sensor_statistics *statistics = context;
    if (!is_mining(incident))
        return true;
    statistics->hashrate_hs += incident->mining.hashrate_hs;
    judge_cost_add(statistics, incident);
    judge_add_place(statistics, &incident->mining);
    return true;
}

static void add_rates(struct judge *judge, struct sensor_statistics *now)
{
    const struct sensor_statistics *then = &judge->previous;
    double seconds = (double)(now->uptime_us - then->uptime_us) / 1e6;
    if (seconds > 0) {
        now->packets_per_second = (double)(now->capture.frames - then->capture.frames) / seconds;
        now->bits_per_second = (double)(now->capture.bytes - then->capture.bytes) * 8 / seconds;
    }
    now->interval_flows = now->flow.created - then->flow.created;
    now->interval_drops = now->capture.kernel_drops - then->capture.kernel_drops +
                          now->capture.interface_drops - then->capture.interface_drops;
    now->interval_alerts = now->alerts - then->alerts;
}

static void add_sanctions(const struct judge *judge, struct sensor_statistics *now)
{
    const struct allowed_row *rows[SANCTIONS_MAX_SHOWN];
    now->sanction_count = allowed_busiest(judge->allowed, rows, SANCTIONS_MAX_SHOWN);
    for (size_t i = 0; i < now->sanction_count; i++) {
        struct sanction_count *count = &now->sanctions[i];
        snprintf(count->rule, sizeof count->rule, "%.60s:%u", allowed_file_name(judge->allowed),
                 rows[i]->line);
        count->incidents = rows[i]->incidents;
        count->alerts = rows[i]->alerts;
    }
}

/* A sensor that cannot look into what it sees says so, once. */
static void warn_of_full_tables(const struct judge *judge, const struct sensor_statistics *now)
{
    uint64_t lost = now->flow.evicted + now->flow.refused;
    if (now->flows_refused > 0 && judge->previous.flows_refused == 0)
        log_error("inspect",
                  "more flows are open than may be looked into: mining in the others is not seen; raise "
                  "reassembly.max-flows (now %llu)",
                  (unsigned long long)judge->config->reassembly.max_flows);
    if (now->sessions_refused > 0 && judge->previous.sessions_refused == 0)
        log_error(
            "inspect",
            "more conversations of mining are open than are followed: further ones raise no alert; raise "
            "inspect.max-sessions (now %llu), or look for who imitates miners",
            (unsigned long long)judge->config->inspect.max_sessions);
    if (lost > 0 && judge->previous.flow.evicted + judge->previous.flow.refused == 0)
        log_error(
            "flow",
            "more flows are open than the table holds: those that were quiet longest are ended early, and "
            "mining in them may be missed; raise flow.max-flows (now %llu), or look for a flood",
            (unsigned long long)judge->config->flow.max_flows);
}

void judge_emit_statistics(struct judge *judge)
{
    struct worker_statistics worker = {.pressure = {-1, -1}};
    const struct tunnel_table *tunnels[REPORT_QUEUE_MAX_WORKERS];
    size_t tables = 0;
    for (size_t i = 0; i < judge->worker_count; i++) {
        worker_statistics_add(&worker, &judge->workers[i]);
        if (judge->workers[i].tunnels == NULL) /* it has told nothing yet */
            continue;
        tunnels[tables++] = judge->workers[i].tunnels;
        capture_pressure_add(&worker.pressure, &judge->workers[i].pressure);
        if (judge->workers[i].ndpi_one_in - 1 > worker.ndpi_one_in - 1 || i == 0) /* 0 is the most */
            worker.ndpi_one_in = judge->workers[i].ndpi_one_in;
    }
    struct sensor_statistics now = {
        .uptime_us = judge->now_us - judge->first_us,
        .capture = worker.capture,
        .pressure = worker.pressure,
        .decode = worker.decode,
        .tunnels = tunnels,
        .tunnel_tables = tables,
        .flow = worker.flow,
        .reassembly = worker.reassembly,
        .inspected_flows = worker.inspected_flows,
        .json_messages = worker.json_messages,
        .sessions = worker.sessions,
        .flows_refused = worker.flows_refused,
        .sessions_refused = worker.sessions_refused + judge->dossiers_refused,
        .flows_revived = worker.flows_revived,
        .messages_evicted = worker.messages_evicted,
        .messages_refused = worker.messages_refused,
        .applications_asked = worker.applications_asked,
        .applications_named = worker.applications_named,
        .applications_shed = worker.applications_shed,
        .ndpi_one_in = worker.ndpi_one_in,
        .ndpi_share = worker.worker_ns > 0 ? (double)worker.ndpi_ns / (double)worker.worker_ns : 0,
        .copies = worker.copies,
        .cut_frames = worker.cut_frames,
        .reports_dropped = worker.dropped,
        .alerts = judge->alerts,
        .alerts_seen_elsewhere = judge->alerts_seen_elsewhere,
        .alerts_silenced = judge->alerts_silenced,
        .incidents_silenced = judge->incidents_silenced,
        .names_learned = judge->names_learned,
        .incidents_active = incidents_count(judge->incidents),
        .miners_active = incidents_count_miners(judge->incidents, is_mining),
        .memory_bytes = resident_bytes(judge),
    };
    incidents_each(judge->incidents, add_incident, &now);
    judge_cost_day(judge, &now);
    judge->outlet.add_statistics(judge->outlet.context, &now);
    add_rates(judge, &now);
    add_sanctions(judge, &now);
    judge_add_inventory(judge, &now);
    warn_of_full_tables(judge, &now);
    judge->previous = now;
    judge->previous.tunnels = NULL;
    struct event event = {.type = EVENT_STATS, .statistics = &now};
    hand_out(judge, &event, judge->now_us);
}
