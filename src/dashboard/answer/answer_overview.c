// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answer_overview.h"

#include "dashboard/answer/answer_state.h"
#include "dashboard/answer/answers.h"

#include <string.h>

enum { ALERTS_SHOWN = 10 };

/* Who mines, and whom nobody allowed to. */
static bool is_miner(const struct incident_view *incident)
{
    return incident->is_active && !incident->is_contact && !incident->is_sanctioned;
}

static void count_incident(struct overview *overview, struct tally *all, const struct incident_view *incident)
{
    const char *verdict = incident_view_text(incident, INCIDENT_VERDICT);
    overview->incidents++;
    if (!incident->is_sanctioned)
        tally_add(&overview->currencies, incident_view_text(incident, INCIDENT_COST_CURRENCY), "", incident,
                  NULL);
    if (!incident->is_active)
        return;
    overview->sanctioned_active += incident->is_sanctioned;
    if (incident->is_sanctioned)
        return;
    overview->incidents_active++;
    overview->contacts_active += incident->is_contact;
    overview->confirmed += strcmp(verdict, "confirmed") == 0;
    overview->likely += strcmp(verdict, "likely") == 0;
    overview->suspected += strcmp(verdict, "suspected") == 0;
    if (!is_miner(incident))
        return;
    tally_add(all, "", "", incident, NULL);
    tally_add(&overview->coins, incident_view_text(incident, INCIDENT_COIN), incident->hashrate_unit,
              incident, NULL);
}

static void count_sensor(struct overview *overview, const struct sensor_view *sensor)
{
    overview->sensors++;
    overview->sensors_alive += sensor->alive;
    for (int i = 0; i < STATISTICS; i++)
        overview->now[i] += i == STATISTIC_PACKETS || i == STATISTIC_BYTES || i == STATISTIC_LOST_EVENTS
                                ? sensor->latest[i]
                                : sensor_view_now(sensor, (enum statistic)i);
    overview->drops_hour += series_last_hour(&sensor->series, STATISTIC_DROPS);
    overview->alerts_hour += series_last_hour(&sensor->series, STATISTIC_ALERTS);
}

void overview_make(struct overview *overview, const struct model *model)
{
    size_t count;
    struct tally all;
    struct incident_view *const *incidents = model_incidents(model, &count);
    *overview = (struct overview){0};
    tally_init(&overview->coins, model_secret(model));
    tally_init(&overview->currencies, model_secret(model));
    tally_init(&all, model_secret(model));
    for (size_t i = 0; i < count; i++)
        count_incident(overview, &all, incidents[i]);
    overview->miners_active = all.count > 0 ? (size_t)all.rows[0].miners : 0;
    tally_done(&all);
    for (size_t i = 0; i < model_sensor_count(model); i++)
        count_sensor(overview, model_sensor_at(model, i));
    tally_sort(&overview->coins, "miners");
    tally_sort(&overview->currencies, "cost_total");
}

void overview_done(struct overview *overview)
{
    tally_done(&overview->coins);
    tally_done(&overview->currencies);
}

void answer_write_alert(const struct model_alert *alert, struct json_writer *json)
{
    json_object(json, NULL);
    json_string(json, "id", alert->id);
    json_string(json, "sensor", alert->sensor->name);
    json_double(json, "time", alert->time);
    json_string(json, "signature", alert->signature);
    json_unsigned(json, "signature_id", alert->signature_id);
    json_unsigned(json, "severity", alert->severity);
    json_string(json, "incident", alert->incident);
    json_string(json, "verdict", alert->verdict);
    json_string(json, "miner_ip", alert->miner_ip);
    json_string(json, "pool", alert->pool);
    json_string(json, "coin", alert->coin);
    json_string(json, "budget", alert->budget);
    json_object_end(json);
}

static void write_money(const struct overview *overview, struct json_writer *json)
{
    json_array(json, "coins");
    for (size_t i = 0; i < overview->coins.count; i++) {
        const struct tally_row *row = &overview->coins.rows[i];
        json_object(json, NULL);
        json_string(json, "coin", row->value);
        json_string(json, "hashrate_unit", row->label);
        json_double(json, "miners", row->miners);
        json_double(json, "hashrate", row->hashrate);
        json_double(json, "cost_hour", row->cost_hour);
        json_object_end(json);
    }
    json_array_end(json);
    json_array(json, "costs");
    for (size_t i = 0; i < overview->currencies.count; i++) {
        const struct tally_row *row = &overview->currencies.rows[i];
        if (row->value[0] == '\0')
            continue; /* nobody knew what it costs */
        json_object(json, NULL);
        json_string(json, "currency", row->value);
        json_double(json, "hour", row->cost_hour);
        json_double(json, "total", row->cost_total);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_traffic(const struct overview *overview, struct json_writer *json)
{
    static const enum statistic shown[] = {STATISTIC_PACKETS,    STATISTIC_BYTES, STATISTIC_PPS,
                                           STATISTIC_BPS,        STATISTIC_FLOWS, STATISTIC_DROPS,
                                           STATISTIC_LOST_EVENTS};
    json_object(json, "sensors");
    json_unsigned(json, "known", overview->sensors);
    json_unsigned(json, "alive", overview->sensors_alive);
    json_object_end(json);
    json_object(json, "traffic");
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        json_double(json, statistic_name(shown[i]), overview->now[shown[i]]);
    json_double(json, "drops_hour", overview->drops_hour);
    json_double(json, "alerts_hour", overview->alerts_hour);
    json_object_end(json);
}

void overview_write(const struct overview *overview, const struct model *model, struct json_writer *json)
{
    const struct model_alert *alert;
    json_string(json, "version", GEOPHONE_VERSION);
    json_unsigned(json, "miners_active", overview->miners_active);
    json_unsigned(json, "incidents_active", overview->incidents_active);
    json_unsigned(json, "incidents", overview->incidents);
    json_unsigned(json, "contacts_active", overview->contacts_active);
    json_unsigned(json, "sanctioned_active", overview->sanctioned_active);
    json_object(json, "verdicts");
    json_unsigned(json, "confirmed", overview->confirmed);
    json_unsigned(json, "likely", overview->likely);
    json_unsigned(json, "suspected", overview->suspected);
    json_object_end(json);
    write_money(overview, json);
    write_traffic(overview, json);
    json_array(json, "alerts");
    for (size_t i = 0; i < ALERTS_SHOWN && (alert = model_alert_at(model, i)) != NULL; i++)
        answer_write_alert(alert, json);
    json_array_end(json);
}

void answer_overview(const struct request *request, const struct model *model, struct answer *answer)
{
    struct overview overview;
    overview_make(&overview, model);
    json_object(&answer->json, NULL);
    answer_write_state(&answer->json, model, request->now_us);
    overview_write(&overview, model, &answer->json);
    json_object_end(&answer->json);
    overview_done(&overview);
}
