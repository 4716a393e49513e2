// SPDX-License-Identifier: Apache-2.0
/*
 * /metrics, for Prometheus: text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
#include "dashboard/answer_overview.h"
#include "dashboard/answers.h"

#include <stdio.h>
#include <string.h>

static void head(struct answer *answer, const char *name, const char *type, const char *help)
{
    answer_print(answer, "# HELP geophone_%s %s\n# TYPE geophone_%s %s\n", name, help, name, type);
}

/* A label's value: backslash, quotation mark and line feed are escaped; it must be UTF-8, so that of what
 * came from the wire only ASCII stays. */
static const char *label(const char *value, char text[static 160])
{
    size_t length = 0;
    for (const char *c = value; *c != '\0' && length < 156; c++) {
        if (*c == '\\' || *c == '"')
            text[length++] = '\\';
        text[length++] = (unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f ? '?' : *c;
    }
    text[length] = '\0';
    return text;
}

static void plain(struct answer *answer, const char *name, const char *type, const char *help, double value)
{
    head(answer, name, type, help);
    answer_print(answer, "geophone_%s %.15g\n", name, value);
}

static void write_sensors(const struct model *model, struct answer *answer)
{
    static const struct {
        enum statistic statistic;
        const char *name, *type, *help;
    } rows[] = {
        {STATISTIC_PACKETS, "packets_total", "counter", "Packets that a sensor has taken since its start."},
        {STATISTIC_BYTES, "bytes_total", "counter", "Bytes of these packets."},
        {STATISTIC_PPS, "packets_per_second", "gauge", "Packets a second, in the latest interval."},
        {STATISTIC_BPS, "bits_per_second", "gauge", "Bits a second, in the latest interval."},
        {STATISTIC_DROPS_TOTAL, "drops_total", "counter", "Packets that were lost since the sensor's start."},
        {STATISTIC_FLOWS_TOTAL, "flows_total", "counter", "Flows since the sensor's start."},
        {STATISTIC_ALERTS_TOTAL, "alerts_total", "counter", "Alerts since the sensor's start."},
        {STATISTIC_FLOWS, "flows", "gauge", "Flows in the table."},
        {STATISTIC_MINERS, "sensor_miners", "gauge", "Active miners as the sensor counts them."},
        {STATISTIC_QUEUE, "queue_events", "gauge", "Events that wait in the sensor's outputs."},
        {STATISTIC_LOST_EVENTS, "lost_events_total", "counter", "Events that the sensor could not deliver."},
        {STATISTIC_MEMORY, "sensor_memory_bytes", "gauge", "Resident memory of the sensor."},
    };
    char text[160];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        head(answer, rows[i].name, rows[i].type, rows[i].help);
        for (size_t j = 0; j < model_sensor_count(model); j++) {
            const struct sensor_view *sensor = model_sensor_at(model, j);
            answer_print(answer, "geophone_%s{sensor=\"%s\"} %.15g\n", rows[i].name,
                         label(sensor->name, text), sensor->latest[rows[i].statistic]);
        }
    }
    head(answer, "sensor_up", "gauge", "1 where the sensor's heartbeat is there.");
    for (size_t j = 0; j < model_sensor_count(model); j++)
        answer_print(answer, "geophone_sensor_up{sensor=\"%s\"} %d\n",
                     label(model_sensor_at(model, j)->name, text), model_sensor_at(model, j)->alive);
    head(answer, "sensor_last_seen_seconds", "gauge",
         "When the sensor's heartbeat was seen last, since 1970.");
    for (size_t j = 0; j < model_sensor_count(model); j++)
        answer_print(answer, "geophone_sensor_last_seen_seconds{sensor=\"%s\"} %.15g\n",
                     label(model_sensor_at(model, j)->name, text), model_sensor_at(model, j)->last_seen);
}

static void write_faults(const struct model *model, struct answer *answer)
{
    char text[160];
    head(answer, "capture_fault_share", "gauge", "Share of a fault in what a sensor is given, 0 to 1.");
    for (size_t j = 0; j < model_sensor_count(model); j++)
        for (size_t i = 0; i < SENSOR_FAULTS; i++)
            answer_print(answer, "geophone_capture_fault_share{sensor=\"%s\",fault=\"%s\"} %.15g\n",
                         label(model_sensor_at(model, j)->name, text), sensor_fault_name(i),
                         model_sensor_at(model, j)->faults[i].share);
}

static void write_tally(struct answer *answer, const struct tally *tally, const char *name,
                        const char *label_name, const char *member, const char *help)
{
    char text[160];
    head(answer, name, "gauge", help);
    for (size_t i = 0; i < tally->count; i++)
        answer_print(answer, "geophone_%s{%s=\"%s\"} %.15g\n", name, label_name,
                     label(tally->rows[i].value, text), *tally_member(&tally->rows[i], member));
}

static void write_findings(const struct overview *overview, struct answer *answer)
{
    plain(answer, "miners_active", "gauge", "Machines that mine, of all sensors.",
          (double)overview->miners_active);
    plain(answer, "contacts_active", "gauge", "Active contacts with pools that are no mining yet.",
          (double)overview->contacts_active);
    plain(answer, "sanctioned_active", "gauge", "Active incidents that the allow list covers.",
          (double)overview->sanctioned_active);
    plain(answer, "incidents", "gauge", "Incidents that are known, active or closed.",
          (double)overview->incidents);
    head(answer, "incidents_active", "gauge", "Active incidents by verdict.");
    answer_print(answer,
                 "geophone_incidents_active{verdict=\"confirmed\"} %zu\n"
                 "geophone_incidents_active{verdict=\"likely\"} %zu\n"
                 "geophone_incidents_active{verdict=\"suspected\"} %zu\n",
                 overview->confirmed, overview->likely, overview->suspected);
    write_tally(answer, &overview->coins, "hashrate", "coin", "hashrate",
                "Hashes (or solutions) a second of active miners.");
    write_tally(answer, &overview->coins, "coin_miners", "coin", "miners", "Active miners of a coin.");
    write_tally(answer, &overview->currencies, "cost_per_hour", "currency", "cost_hour",
                "What active mining costs an hour; an estimate.");
    write_tally(answer, &overview->currencies, "cost", "currency", "cost_total",
                "What the incidents that are known have cost so far; an estimate.");
}

void answer_metrics(const struct request *request, const struct model *model, struct answer *answer)
{
    (void)request;
    struct overview overview;
    const struct model_link *link = model_link(model);
    answer_begin_text(answer, "text/plain; version=0.0.4; charset=utf-8");
    overview_make(&overview, model);
    write_findings(&overview, answer);
    overview_done(&overview);
    write_sensors(model, answer);
    write_faults(model, answer);
    head(answer, "dashboard_info", "gauge", "The dashboard's version.");
    answer_print(answer, "geophone_dashboard_info{version=\"%s\"} 1\n", GEOPHONE_VERSION);
    plain(answer, "dashboard_redis_up", "gauge", "1 where Redis answers.", link->connected);
    plain(answer, "dashboard_updated_seconds", "gauge", "When Redis was read last, since 1970.",
          (double)link->updated_us / 1e6);
    plain(answer, "dashboard_model_bytes", "gauge", "Memory of incidents and their histories.",
          (double)model_bytes(model));
    plain(answer, "dashboard_incidents_forgotten_total", "counter",
          "Incidents that were beyond the dashboard's limits.", (double)model_forgotten(model));
}
