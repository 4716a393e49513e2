// SPDX-License-Identifier: Apache-2.0
/*
 * What is asked of the table of incidents: search, filters, order, page.
 */
#ifndef DASHBOARD_ANSWER_INCIDENT_QUERY_H
#define DASHBOARD_ANSWER_INCIDENT_QUERY_H

#include "dashboard/model/incident_view.h"
#include "dashboard/target.h"

enum { INCIDENT_QUERY_WORDS = 8, INCIDENT_QUERY_LIMIT = 500 };

struct incident_filter {
    struct incident_column column;
    const char *name, *value; /* of the parameter */
};

/* Texts are the target's. */
struct incident_query {
    struct incident_filter filters[TARGET_MAX_PARAMETERS];
    size_t filter_count;
    const char *words[INCIDENT_QUERY_WORDS]; /* in small letters */
    size_t word_count;
    char words_text[512];
    const char *sort;
    struct incident_column sort_column;
    bool ascending;
    size_t offset, limit;
};

/* False with a sentence for who asked. */
bool incident_query_read(struct incident_query *query, const struct target *target, char *why, size_t size);

bool incident_query_matches(const struct incident_query *query, const struct incident_view *incident);

/* Sorts; those that are equal by their identifiers. */
void incident_query_sort(const struct incident_query *query, const struct incident_view **incidents,
                         size_t count);

#endif
