// SPDX-License-Identifier: Apache-2.0
/*
 * Incidents for tests of the dashboard, and its answers as text.
 */
#ifndef TESTS_DASHBOARD_SAMPLES_H
#define TESTS_DASHBOARD_SAMPLES_H

#include <stdarg.h>
#include <string.h>

#include "dashboard/answer/answer.h"
#include "dashboard/feed/feed_publisher.h"
#include "dashboard/model/model.h"

struct sample_values {
    struct incident_value values[INCIDENT_FIELD_COUNT];
};

static inline void sample_set(struct sample_values *values, const char *name, const char *text)
{
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++)
        if (strcmp(incident_view_field(i), name) == 0) {
            values->values[i] = (struct incident_value){text, strlen(text)};
            return;
        }
    assert_non_null(NULL); /* no such field */
}

/* Values of an active incident; names and texts follow, up to NULL. */
static inline struct sample_values sample_values(const char *name, ...)
{
    static const char *const usual[][2] = {
        {"state", "active"},
        {"first_seen", "2026-11-22T09:30:12.123456+0000"},
        {"kind", "stratum"},
        {"last_seen", "2026-11-22T11:43:12.500000+0000"},
        {"dialect", "cryptonote"},
        {"verdict", "confirmed"},
        {"confidence", "0.98"},
        {"sanctioned", "0"},
        {"miner_ip", "192.0.2.10"},
        {"pool", "pool.example.net:3333"},
        {"coin", "XMR"},
        {"algorithm", "rx/0"},
        {"wallet", "4wallet"},
        {"worker", "build-01"},
        {"hashrate", "12000"},
        {"hashrate_10m", "9000"},
        {"cost_hour", "2.5"},
        {"cost_total", "100"},
        {"cost_currency", "USD"},
        {"bytes", "1000"},
        {"region", "eu-central-1"},
        {"account", "1234"},
        {"shares_submitted", "41"},
        {"shares_accepted", "40"},
        {"evidence", "30\tlogin with a Monero address\t\n60\tshare accepted by the pool\t40 of 41 shares"},
    };
    struct sample_values values = {0};
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++)
        values.values[i] = (struct incident_value){"", 0};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        sample_set(&values, usual[i][0], usual[i][1]);
    va_list more;
    va_start(more, name);
    for (; name != NULL; name = va_arg(more, const char *))
        sample_set(&values, name, va_arg(more, const char *));
    va_end(more);
    return values;
}

static inline struct model *sample_model(size_t max_incidents)
{
    struct model_limits limits = {.incidents = max_incidents, .bytes = 64 << 20};
    struct model *model = model_create(&limits, NULL);
    assert_non_null(model);
    return model;
}

static inline struct incident_view *sample_put(struct model *model, const char *sensor, const char *id,
                                               struct sample_values values)
{
    struct incident_view *view;
    struct sensor_view *from = model_sensor_get(model, sensor, strlen(sensor));
    assert_non_null(from);
    model_incident_put(model, from, id, values.values, &view);
    return view;
}

/* What a handler answers to a target; the caller frees with answer_done(). */
static inline const char *sample_ask(struct answer *answer, answer_handler *handler,
                                     const struct model *model, const char *raw, const char *rest)
{
    static struct target target;
    assert_true(target_read(&target, raw));
    struct feed_publisher *feeds = feed_publisher_create(&(struct feed_settings){0}, NULL);
    assert_non_null(feeds);
    struct request request = {.target = &target,
                              .rest = rest,
                              .if_none_match = "",
                              .now_us = INT64_C(1795352400000000),
                              .feeds = feeds};
    answer_init(answer);
    handler(&request, model, answer);
    feed_publisher_free(feeds);
    if (answer->text.length > 0) {
        answer_put(answer, "", 1);
        return answer->text.bytes;
    }
    return json_writer_text(&answer->json);
}

#endif
