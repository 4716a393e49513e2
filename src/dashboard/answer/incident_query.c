// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/incident_query.h"

#include "base/text.h"
#include "dashboard/model/sensor_view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parameters that are filters: each is the column of that name. */
static const char *const filters[] = {"state",    "coin",          "verdict", "kind",     "dialect",
                                      "provider", "region",        "account", "sensor",   "pool",
                                      "wallet",   "pool_operator", "country", "miner_ip", "sanctioned"};

/* Where a search looks. */
static const char *const searched[] = {
    "id",    "miner_ip", "pool",     "pool_ip",       "pool_operator", "wallet", "worker", "user",
    "agent", "coin",     "instance", "instance_name", "account",       "region", "label",  "sensor"};

static bool read_count(const char *text, size_t max, size_t *count)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number > max)
        return false;
    *count = (size_t)number;
    return true;
}

static bool read_words(struct incident_query *query, const char *text)
{
    if (strlen(text) >= sizeof query->words_text)
        return false;
    text_copy(query->words_text, sizeof query->words_text, text);
    for (char *c = query->words_text; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    char *rest = query->words_text;
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        if (*word != '\0') {
            if (query->word_count == INCIDENT_QUERY_WORDS)
                return false;
            query->words[query->word_count++] = word;
        }
    return true;
}

static bool take(struct incident_query *query, const struct target_parameter *parameter, char *why,
                 size_t size)
{
    const char *name = parameter->name, *value = parameter->value;
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        if (strcmp(name, filters[i]) == 0) {
            struct incident_filter *filter = &query->filters[query->filter_count++];
            filter->name = name;
            filter->value = value;
            return incident_view_column(name, &filter->column);
        }
    bool is_good = true;
    if (strcmp(name, "q") == 0)
        is_good = read_words(query, value);
    else if (strcmp(name, "sort") == 0)
        is_good = incident_view_column(query->sort = value, &query->sort_column);
    else if (strcmp(name, "order") == 0)
        is_good = (query->ascending = strcmp(value, "asc") == 0) || strcmp(value, "desc") == 0;
    else if (strcmp(name, "offset") == 0)
        is_good = read_count(value, 100000000, &query->offset);
    else if (strcmp(name, "limit") == 0)
        is_good = read_count(value, INCIDENT_QUERY_LIMIT, &query->limit);
    else {
        snprintf(why, size, "there is no parameter of this name; docs/dashboard-api.md lists all");
        return false;
    }
    if (!is_good)
        snprintf(why, size, "the parameter %s cannot have this value; docs/dashboard-api.md says which",
                 name);
    return is_good;
}

bool incident_query_read(struct incident_query *query, const struct target *target, char *why, size_t size)
{
    *query = (struct incident_query){.sort = "last_seen", .limit = 50};
    incident_view_column(query->sort, &query->sort_column);
    for (size_t i = 0; i < target->count; i++)
        if (!take(query, &target->parameters[i], why, size))
            return false;
    return true;
}

/* "pool.example" is the pool of "pool.example:3333". */
static bool is_pool_name(const char *pool, const char *name)
{
    size_t length = strlen(name);
    return length > 0 && strncmp(pool, name, length) == 0 && pool[length] == ':' &&
           strchr(pool + length + 1, ':') == NULL;
}

static bool filter_matches(const struct incident_filter *filter, const struct incident_view *incident)
{
    const char *text = incident_column_text(filter->column, incident);
    if (text != NULL)
        return strcmp(text, filter->value) == 0 ||
               (strcmp(filter->name, "pool") == 0 && is_pool_name(text, filter->value));
    bool wanted = strcmp(filter->value, "1") == 0 || strcmp(filter->value, "true") == 0;
    return (incident_column_number(filter->column, incident) != 0) == wanted;
}

/* `word` is in small letters. */
static bool has_word(const char *text, const char *word)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (word[i] != '\0' && tolower((unsigned char)text[i]) == (unsigned char)word[i])
            i++;
        if (word[i] == '\0')
            return true;
    }
    return false;
}

static bool any_has_word(const struct incident_column *columns, size_t count,
                         const struct incident_view *incident, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (has_word(incident_column_text(columns[i], incident), word))
            return true;
    return false;
}

bool incident_query_matches(const struct incident_query *query, const struct incident_view *incident)
{
    struct incident_column columns[sizeof searched / sizeof searched[0]];
    /* of filters of one name any, of different names all */
    for (size_t i = 0; i < query->filter_count; i++) {
        bool any = false;
        for (size_t j = 0; j < query->filter_count && !any; j++)
            any = strcmp(query->filters[j].name, query->filters[i].name) == 0 &&
                  filter_matches(&query->filters[j], incident);
        if (!any)
            return false;
    }
    if (query->word_count == 0)
        return true;
    for (size_t i = 0; i < sizeof searched / sizeof searched[0]; i++)
        incident_view_column(searched[i], &columns[i]);
    for (size_t i = 0; i < query->word_count; i++)
        if (!any_has_word(columns, sizeof searched / sizeof searched[0], incident, query->words[i]))
            return false;
    return true;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct incident_query *query = context;
    const struct incident_view *left = *(const struct incident_view *const *)a,
                               *right = *(const struct incident_view *const *)b;
    const char *text = incident_column_text(query->sort_column, left);
    int order;
    if (text != NULL) {
        order = strcmp(text, incident_column_text(query->sort_column, right));
    } else {
        double difference = incident_column_number(query->sort_column, left) -
                            incident_column_number(query->sort_column, right);
        order = difference < 0 ? -1 : difference > 0;
    }
    if (!query->ascending)
        order = -order;
    if (order == 0)
        order = strcmp(left->id, right->id);
    return order != 0 ? order : strcmp(left->sensor->name, right->sensor->name);
}

void incident_query_sort(const struct incident_query *query, const struct incident_view **incidents,
                         size_t count)
{
    if (count > 1)
        qsort_r(incidents, count, sizeof *incidents, compare, (void *)(uintptr_t)query);
}
