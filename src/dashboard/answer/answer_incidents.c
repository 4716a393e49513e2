// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answer_state.h"
#include "dashboard/answer/answers.h"
#include "dashboard/answer/incident_query.h"
#include "dashboard/answer/tally.h"

#include <stdlib.h>

enum { FACET_VALUES = 50 };

static void write_facet(const struct model *model, const char *name, struct json_writer *json)
{
    size_t count;
    struct tally tally;
    struct incident_column column;
    struct incident_view *const *incidents = model_incidents(model, &count);
    incident_view_column(name, &column);
    tally_init(&tally, model_secret(model));
    for (size_t i = 0; i < count; i++) {
        struct tally_row *row = tally_get(&tally, incident_column_text(column, incidents[i]), "");
        if (row != NULL)
            row->incidents++;
    }
    tally_sort(&tally, "incidents");
    json_array(json, name);
    for (size_t i = 0; i < tally.count && i < FACET_VALUES; i++) {
        json_object(json, NULL);
        json_string(json, "value", tally.rows[i].value);
        json_double(json, "count", tally.rows[i].incidents);
        json_object_end(json);
    }
    json_array_end(json);
    tally_done(&tally);
}

static void write_facets(const struct model *model, struct json_writer *json)
{
    static const char *const names[] = {"coin",   "verdict", "region", "account",
                                        "sensor", "pool",    "state",  "kind"};
    json_object(json, "facets");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        write_facet(model, names[i], json);
    json_object_end(json);
}

/* The incidents that are asked for, in order; the caller frees. NULL: out of memory. */
static const struct incident_view **select_incidents(const struct incident_query *query,
                                                     const struct model *model, size_t *matched)
{
    size_t count;
    struct incident_view *const *incidents = model_incidents(model, &count);
    const struct incident_view **found = malloc((count + 1) * sizeof *found);
    *matched = 0;
    if (found == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (incident_query_matches(query, incidents[i]))
            found[(*matched)++] = incidents[i];
    incident_query_sort(query, found, *matched);
    return found;
}

void answer_incidents(const struct request *request, const struct model *model, struct answer *answer)
{
    struct json_writer *json = &answer->json;
    struct incident_query query;
    char why[200];
    size_t total, matched;
    if (!incident_query_read(&query, request->target, why, sizeof why)) {
        answer_error(answer, 400, "%s", why);
        return;
    }
    const struct incident_view **found = select_incidents(&query, model, &matched);
    if (found == NULL) {
        answer_error(answer, 503, "out of memory; ask again later");
        return;
    }
    model_incidents(model, &total);
    json_object(json, NULL);
    answer_write_state(json, model, request->now_us);
    json_unsigned(json, "total", total);
    json_unsigned(json, "matched", matched);
    json_unsigned(json, "offset", query.offset);
    json_unsigned(json, "limit", query.limit);
    json_string(json, "sort", query.sort);
    json_string(json, "order", query.ascending ? "asc" : "desc");
    write_facets(model, json);
    json_array(json, "incidents");
    for (size_t i = query.offset; i < matched && i - query.offset < query.limit; i++)
        incident_view_write(found[i], NULL, json);
    json_array_end(json);
    json_object_end(json);
    free(found);
}
