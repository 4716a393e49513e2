// SPDX-License-Identifier: Apache-2.0
/*
 * The whole story of one incident.
 */
#include "dashboard/answer/advice.h"
#include "dashboard/answer/answer_overview.h"
#include "dashboard/answer/answer_state.h"
#include "dashboard/answer/answers.h"
#include "dashboard/answer/campaign.h"
#include "dashboard/answer/tally.h"

#include <stdlib.h>
#include <string.h>

enum { RELATED_SHOWN = 50, PLACES_SHOWN = 50, ALERTS_SHOWN = 50 };

/* ---- evidence ---- */

/* A line of the field `evidence`: weight, what, detail, between tabs. */
static void write_reason(const char *line, size_t length, struct json_writer *json)
{
    const char *end = line + length, *what = memchr(line, '\t', length);
    const char *detail = what == NULL ? NULL : memchr(what + 1, '\t', (size_t)(end - what - 1));
    if (detail == NULL)
        return;
    json_object(json, NULL);
    json_integer(json, "weight", strtol(line, NULL, 10));
    json_bytes(json, "what", what + 1, (size_t)(detail - what - 1));
    json_bytes(json, "detail", detail + 1, (size_t)(end - detail - 1));
    json_object_end(json);
}

static int by_weight(const void *a, const void *b)
{
    long left = strtol(*(const char *const *)a, NULL, 10), right = strtol(*(const char *const *)b, NULL, 10);
    return left < right ? 1 : left > right ? -1 : *(const char *const *)a < *(const char *const *)b ? -1 : 1;
}

static void write_evidence(const struct incident_view *incident, struct json_writer *json)
{
    const char *lines[64];
    size_t count = 0;
    for (const char *line = incident_view_text(incident, INCIDENT_EVIDENCE); *line != '\0' && count < 64;) {
        lines[count++] = line;
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    qsort(lines, count, sizeof lines[0], by_weight);
    json_array(json, "evidence");
    for (size_t i = 0; i < count; i++)
        write_reason(lines[i], strcspn(lines[i], "\n"), json);
    json_array_end(json);
}

/* ---- history, alerts ---- */

static double point_value(const struct history_point *point, int column)
{
    switch (column) {
    case 0:
        return point->time;
    case 1:
        return (double)point->hashrate;
    case 2:
        return point->shares_submitted;
    case 3:
        return point->shares_accepted;
    case 4:
        return point->shares_rejected;
    case 5:
        return (double)point->cost_total;
    default:
        return point->bytes;
    }
}

static void write_history(const struct history *history, struct json_writer *json)
{
    static const char *const columns[] = {
        "time", "hashrate", "shares_submitted", "shares_accepted", "shares_rejected", "cost_total", "bytes"};
    json_object(json, "history");
    for (int column = 0; column < (int)(sizeof columns / sizeof columns[0]); column++) {
        json_array(json, columns[column]);
        for (size_t i = 0; i < history->count; i++)
            json_double(json, NULL, point_value(&history->points[i], column));
        json_array_end(json);
    }
    json_object_end(json);
}

static void write_alerts(const struct incident_view *incident, const struct model *model,
                         struct json_writer *json)
{
    const struct model_alert *alert;
    size_t shown = 0;
    json_array(json, "alerts");
    for (size_t i = 0; shown < ALERTS_SHOWN && (alert = model_alert_at(model, i)) != NULL; i++)
        if (alert->sensor == incident->sensor && strcmp(alert->incident, incident->id) == 0) {
            answer_write_alert(alert, json);
            shown++;
        }
    json_array_end(json);
}

/* ---- where else ---- */

struct related {
    const struct incident_view *incident;
    unsigned shares;
};

static int by_shares(const void *a, const void *b)
{
    const struct related *left = a, *right = b;
    if (left->shares != right->shares)
        return left->shares < right->shares ? 1 : -1;
    double difference =
        right->incident->numbers[INCIDENT_LAST_SEEN] - left->incident->numbers[INCIDENT_LAST_SEEN];
    return difference < 0 ? -1 : difference > 0 ? 1 : strcmp(left->incident->id, right->incident->id);
}

static void write_related(const struct related *related, struct json_writer *json)
{
    static const enum incident_text texts[] = {
        INCIDENT_STATE,    INCIDENT_MINER_IP,      INCIDENT_WALLET,       INCIDENT_WORKER,
        INCIDENT_POOL,     INCIDENT_PROVIDER,      INCIDENT_ACCOUNT,      INCIDENT_REGION,
        INCIDENT_INSTANCE, INCIDENT_INSTANCE_NAME, INCIDENT_COST_CURRENCY};
    static const char *const names[] = {"state",    "miner_ip",      "wallet",       "worker",
                                        "pool",     "provider",      "account",      "region",
                                        "instance", "instance_name", "cost_currency"};
    const struct incident_view *incident = related->incident;
    json_object(json, NULL);
    json_string(json, "id", incident->id);
    json_string(json, "sensor", incident->sensor->name);
    json_array(json, "shares");
    if ((related->shares & CAMPAIGN_WALLET) != 0)
        json_string(json, NULL, "wallet");
    if ((related->shares & CAMPAIGN_WORKER_SCHEME) != 0)
        json_string(json, NULL, "worker_scheme");
    if ((related->shares & CAMPAIGN_POOL) != 0)
        json_string(json, NULL, "pool");
    json_array_end(json);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        json_string(json, names[i], incident_view_text(incident, texts[i]));
    json_double(json, "hashrate", incident->hashrate);
    json_string(json, "hashrate_unit", incident->hashrate_unit);
    json_double(json, "cost_hour", incident->numbers[INCIDENT_COST_HOUR]);
    json_double(json, "first_seen", incident->numbers[INCIDENT_FIRST_SEEN]);
    json_double(json, "last_seen", incident->numbers[INCIDENT_LAST_SEEN]);
    json_object_end(json);
}

static void write_names(struct tally *tally, const char *name, struct json_writer *json)
{
    tally_sort(tally, "incidents");
    json_array(json, name);
    for (size_t i = 0; i < tally->count && i < PLACES_SHOWN; i++)
        json_string(json, NULL, tally->rows[i].value);
    json_array_end(json);
}

/* Sums over those of the same hand: `count` of them, this one included. */
static void write_sums(const struct model *model, const struct related *hand, size_t count,
                       struct json_writer *json)
{
    struct tally all, places[3];
    static const char *const names[] = {"sensors", "accounts", "regions"};
    tally_init(&all, model_secret(model));
    for (int i = 0; i < 3; i++)
        tally_init(&places[i], model_secret(model));
    for (size_t i = 0; i < count; i++) {
        const struct incident_view *incident = hand[i].incident;
        const char *values[] = {incident->sensor->name, incident_view_text(incident, INCIDENT_ACCOUNT),
                                incident_view_text(incident, INCIDENT_REGION)};
        tally_add(&all, "", "", incident, incident_view_text(hand[0].incident, INCIDENT_COST_CURRENCY));
        for (int j = 0; j < 3; j++)
            if (values[j][0] != '\0')
                tally_add(&places[j], values[j], "", incident, NULL);
    }
    const struct tally_row none = {0}, *sum = all.count > 0 ? &all.rows[0] : &none;
    json_double(json, "miners", sum->miners);
    json_double(json, "incidents", sum->incidents);
    json_double(json, "hashrate", sum->hashrate);
    json_double(json, "cost_hour", sum->cost_hour);
    json_double(json, "cost_total", sum->cost_total);
    for (int i = 0; i < 3; i++) {
        write_names(&places[i], names[i], json);
        tally_done(&places[i]);
    }
    tally_done(&all);
}

/* Returns how many others are of the same hand. */
static size_t write_campaign(const struct incident_view *incident, const struct model *model,
                             struct answer *answer)
{
    struct json_writer *json = &answer->json;
    char scheme[CAMPAIGN_SCHEME_SIZE];
    size_t count, matched = 1, hand = 1;
    struct incident_view *const *incidents = model_incidents(model, &count);
    struct related *related = malloc((count + 1) * sizeof *related);
    if (related == NULL) {
        answer_error(answer, 503, "out of memory; ask again later");
        return 0;
    }
    /* itself first: it shares more with itself than any other */
    related[0] = (struct related){incident, CAMPAIGN_WALLET * 2};
    for (size_t i = 0; i < count; i++) {
        unsigned shares = incidents[i] == incident ? 0 : campaign_shares(incident, incidents[i]);
        if (shares != 0)
            related[matched++] = (struct related){incidents[i], shares};
    }
    qsort(related, matched, sizeof *related, by_shares);
    while (hand < matched && related[hand].shares > CAMPAIGN_POOL)
        hand++;
    campaign_scheme(incident_view_text(incident, INCIDENT_WORKER), scheme);
    json_object(json, "campaign");
    json_string(json, "wallet", incident_view_text(incident, INCIDENT_WALLET));
    json_string(json, "worker_scheme", scheme);
    json_string(json, "pool", incident_view_text(incident, INCIDENT_POOL));
    write_sums(model, related, hand, json);
    json_unsigned(json, "matched", matched - 1);
    json_array(json, "related");
    for (size_t i = 1; i < matched && i <= RELATED_SHOWN; i++)
        write_related(&related[i], json);
    json_array_end(json);
    json_object_end(json);
    free(related);
    return hand - 1;
}

static const struct incident_view *find(const struct request *request, const struct model *model)
{
    const char *name = target_value(request->target, "sensor");
    if (name == NULL || name[0] == '\0')
        return model_incident_find(model, NULL, request->rest);
    for (size_t i = 0; i < model_sensor_count(model); i++)
        if (strcmp(model_sensor_at(model, i)->name, name) == 0)
            return model_incident_find(model, model_sensor_at(model, i), request->rest);
    return NULL;
}

void answer_incident(const struct request *request, const struct model *model, struct answer *answer)
{
    struct json_writer *json = &answer->json;
    const struct incident_view *incident = find(request, model);
    if (incident == NULL) {
        answer_error(answer, 404, "no such incident is known, or it is known no longer");
        return;
    }
    json_object(json, NULL);
    answer_write_state(json, model, request->now_us);
    incident_view_write(incident, "incident", json);
    write_evidence(incident, json);
    write_history(&incident->history, json);
    write_alerts(incident, model, json);
    size_t relatives = write_campaign(incident, model, answer);
    if (answer->status != 200)
        return;
    advice_write(incident, relatives, json);
    json_object_end(json);
}
