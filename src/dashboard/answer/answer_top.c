// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answer_state.h"
#include "dashboard/answer/answers.h"
#include "dashboard/answer/tally.h"
#include "dashboard/model/model.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *column, *label; /* columns of incidents */
} dimensions[] = {
    {"pools", "pool", "pool_operator"},
    {"operators", "pool_operator", "country"},
    {"wallets", "wallet", "coin"},
    {"coins", "coin", "algorithm"},
    {"countries", "country", "country"},
    {"networks", "as_org", "country"},
    {"accounts", "account", "provider"},
    {"regions", "region", "provider"},
    {"instances", "instance", "instance_name"},
    {"software", "agent", "algorithm"},
    {"miners", "miner_ip", "instance_name"},
    {"sensors", "sensor", "region"},
};

/* Money of different currencies cannot be added up: that which most incidents have. */
static const char *currency_of(const struct model *model)
{
    size_t count;
    struct tally tally;
    struct incident_view *const *incidents = model_incidents(model, &count);
    const char *currency = "";
    tally_init(&tally, model_secret(model));
    for (size_t i = 0; i < count; i++) {
        const char *value = incident_view_text(incidents[i], INCIDENT_COST_CURRENCY);
        struct tally_row *row = value[0] == '\0' ? NULL : tally_get(&tally, value, "");
        if (row != NULL)
            row->incidents++;
    }
    tally_sort(&tally, "incidents");
    if (tally.count > 0)
        currency = tally.rows[0].value;
    tally_done(&tally);
    return currency;
}

static void fill(struct tally *tally, const struct model *model, size_t dimension, const char *state,
                 const char *currency)
{
    size_t count;
    struct incident_column column, label;
    struct incident_view *const *incidents = model_incidents(model, &count);
    incident_view_column(dimensions[dimension].column, &column);
    incident_view_column(dimensions[dimension].label, &label);
    for (size_t i = 0; i < count; i++) {
        const char *value = incident_column_text(column, incidents[i]);
        if (value[0] == '\0' || incidents[i]->is_sanctioned ||
            (state != NULL && state[0] != '\0' &&
             strcmp(state, incident_view_text(incidents[i], INCIDENT_STATE)) != 0))
            continue;
        tally_add(tally, value, incident_column_text(label, incidents[i]), incidents[i], currency);
    }
}

static void write_row(const char *value, const char *label, const struct tally_row *row,
                      struct json_writer *json)
{
    json_object(json, NULL);
    json_string(json, "value", value);
    json_string(json, "label", label);
    json_double(json, "incidents", row->incidents);
    json_double(json, "miners", row->miners);
    json_double(json, "hashrate", row->hashrate);
    json_double(json, "cost_hour", row->cost_hour);
    json_double(json, "cost_total", row->cost_total);
    json_double(json, "bytes", row->bytes);
    json_object_end(json);
}

static void begin(const struct request *request, const struct model *model, const char *by, size_t total,
                  const char *currency, struct json_writer *json)
{
    json_object(json, NULL);
    answer_write_state(json, model, request->now_us);
    json_string(json, "dimension", request->rest);
    json_string(json, "by", by);
    json_unsigned(json, "total", total);
    json_string(json, "currency", currency);
    json_array(json, "top");
}

static void write_incidents(const struct request *request, const struct model *model, size_t dimension,
                            const char *by, size_t limit, struct answer *answer)
{
    struct tally tally;
    const char *currency = currency_of(model);
    tally_init(&tally, model_secret(model));
    fill(&tally, model, dimension, target_value(request->target, "state"), currency);
    tally_sort(&tally, by);
    begin(request, model, by, tally.count, currency, &answer->json);
    for (size_t i = 0; i < tally.count && i < limit; i++)
        write_row(tally.rows[i].value, tally.rows[i].label, &tally.rows[i], &answer->json);
    json_array_end(&answer->json);
    json_object_end(&answer->json);
    tally_done(&tally);
}

static void write_applications(const struct request *request, const struct model *model, size_t limit,
                               struct answer *answer)
{
    size_t count;
    const struct model_top *rows = model_applications(model, &count);
    begin(request, model, "bytes", count, "", &answer->json);
    for (size_t i = 0; i < count && i < limit; i++)
        write_row(rows[i].value, "", &(struct tally_row){.bytes = rows[i].bytes}, &answer->json);
    json_array_end(&answer->json);
    json_object_end(&answer->json);
}

void answer_top(const struct request *request, const struct model *model, struct answer *answer)
{
    const char *by = target_value(request->target, "by"), *limit = target_value(request->target, "limit");
    struct tally_row probe;
    unsigned long wanted = limit == NULL ? 10 : strtoul(limit, NULL, 10);
    if (by == NULL)
        by = "miners";
    if (tally_member(&probe, by) == NULL || wanted < 1 || wanted > 100) {
        answer_error(
            answer, 400,
            "by must be miners, incidents, hashrate, cost_hour, cost_total or bytes; limit 1 to 100");
        return;
    }
    if (strcmp(request->rest, "applications") == 0) {
        write_applications(request, model, wanted, answer);
        return;
    }
    for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; i++)
        if (strcmp(request->rest, dimensions[i].name) == 0) {
            write_incidents(request, model, i, by, wanted, answer);
            return;
        }
    answer_error(answer, 404, "there is no such dimension; docs/dashboard-api.md lists all");
}
