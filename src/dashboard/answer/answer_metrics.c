// SPDX-License-Identifier: Apache-2.0
/*
 * /metrics, for Prometheus. What is of a sensor has the label `sensor`; no address, wallet, worker or pool is
 * a label, and of coins and currencies, which come from Redis, no more than METRICS_MAX_VALUES of a sensor.
 * What a sensor said last is not told once its heartbeat is gone, so that nobody takes it for what it says.
 */
#include "dashboard/answer/answer_feeds.h"
#include "dashboard/answer/answers.h"
#include "dashboard/feed/feed_publisher.h"
#include "dashboard/metrics/metrics_sums.h"
#include "dashboard/metrics/metrics_text.h"
#include "dashboard/model/model.h"

#include <stdlib.h>
#include <string.h>

static void plain(FILE *to, const char *name, enum metric_type type, const char *help, double value)
{
    metrics_family(to, name, type, help);
    metrics_sample(to, name, NULL, 0, value);
}

/* ---- sensors ---- */

static void write_of_sensor(FILE *to, const char *name, const struct sensor_view *sensor, double value)
{
    metrics_sample(to, name, &(struct metric_label){"sensor", sensor->name}, 1, value);
}

static void write_statistics(FILE *to, const struct model *model)
{
    static const struct {
        enum statistic statistic;
        const char *name;
        enum metric_type type;
        const char *help;
    } rows[] = {
#define SENSOR_METRIC(statistic, name, type, help) {STATISTIC_##statistic, name, METRIC_##type, help},
#include "dashboard/metrics/metrics.def"
#undef SENSOR_METRIC
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        metrics_family(to, rows[i].name, rows[i].type, rows[i].help);
        for (size_t j = 0; j < model_sensor_count(model); j++) {
            const struct sensor_view *sensor = model_sensor_at(model, j);
            if (sensor->alive)
                write_of_sensor(to, rows[i].name, sensor, sensor->latest[rows[i].statistic]);
        }
    }
}

static void write_lives(FILE *to, const struct model *model)
{
    static const char up[] = "geophone_sensor_up", info[] = "geophone_sensor_info",
                      seen[] = "geophone_sensor_last_seen_timestamp_seconds",
                      start[] = "geophone_sensor_start_time_seconds";
    size_t count = model_sensor_count(model);
    metrics_family(to, up, METRIC_GAUGE, "Whether the heartbeat of the sensor is there (1) or not (0).");
    for (size_t i = 0; i < count; i++)
        write_of_sensor(to, up, model_sensor_at(model, i), model_sensor_at(model, i)->alive);
    metrics_family(to, seen, METRIC_GAUGE, "When the heartbeat of the sensor was seen last, since 1970.");
    for (size_t i = 0; i < count; i++)
        write_of_sensor(to, seen, model_sensor_at(model, i), model_sensor_at(model, i)->last_seen);
    metrics_family(to, start, METRIC_GAUGE, "When the sensor was started, since 1970.");
    for (size_t i = 0; i < count; i++)
        if (model_sensor_at(model, i)->alive)
            write_of_sensor(to, start, model_sensor_at(model, i), model_sensor_at(model, i)->started);
    metrics_family(to, info, METRIC_GAUGE,
                   "Always 1; the labels say which version runs, and whether live or over a capture (read).");
    for (size_t i = 0; i < count; i++) {
        const struct sensor_view *sensor = model_sensor_at(model, i);
        metrics_sample(to, info,
                       (struct metric_label[]){
                           {"sensor", sensor->name}, {"version", sensor->version}, {"mode", sensor->mode}},
                       3, 1);
    }
}

static int level_of(const char *word)
{
    static const char *const levels[] = {"good", "fair", "poor"};
    for (int i = 0; i < 3; i++)
        if (strcmp(word, levels[i]) == 0)
            return i;
    return -1;
}

static void write_faults(FILE *to, const struct model *model)
{
    static const char ratio[] = "geophone_capture_fault_ratio", level[] = "geophone_capture_fault_level";
    for (int family = 0; family < 2; family++) {
        metrics_family(to, family == 0 ? ratio : level, METRIC_GAUGE,
                       family == 0 ? "Share of a fault in what the sensor is given, 0 to 1."
                                   : "How much that harms: 0 good, 1 fair, 2 poor.");
        for (size_t i = 0; i < model_sensor_count(model); i++)
            for (size_t k = 0; model_sensor_at(model, i)->alive && k < SENSOR_FAULTS; k++) {
                const struct sensor_fault *fault = &model_sensor_at(model, i)->faults[k];
                const struct metric_label labels[] = {{"sensor", model_sensor_at(model, i)->name},
                                                      {"fault", sensor_fault_name(k)}};
                if (level_of(fault->level) >= 0)
                    metrics_sample(to, family == 0 ? ratio : level, labels, 2,
                                   family == 0 ? fault->share : level_of(fault->level));
            }
    }
}

/* ---- incidents ---- */

/* Whether an incident counts for a family, and with how much. */
typedef bool incident_sum(const struct incident_view *incident, struct metrics_sum *sum);

static bool is_mining(const struct incident_view *incident)
{
    return incident->is_active && !incident->is_contact && !incident->is_sanctioned;
}

static bool sum_verdict(const struct incident_view *incident, struct metrics_sum *sum)
{
    sum->value = incident_view_text(incident, INCIDENT_VERDICT);
    return is_mining(incident);
}

static bool sum_others(const struct incident_view *incident, struct metrics_sum *sum)
{
    sum->value = incident->is_sanctioned ? "sanctioned" : "contact";
    return incident->is_active && !is_mining(incident);
}

static bool sum_hashes(const struct incident_view *incident, struct metrics_sum *sum)
{
    sum->value = incident_view_text(incident, INCIDENT_COIN);
    sum->unit = incident->hashrate_unit;
    sum->sum = incident->hashrate;
    return is_mining(incident) && incident->hashrate > 0;
}

static bool sum_cost_hour(const struct incident_view *incident, struct metrics_sum *sum)
{
    sum->value = incident_view_text(incident, INCIDENT_COST_CURRENCY);
    sum->sum = incident->numbers[INCIDENT_COST_HOUR];
    return is_mining(incident) && sum->value[0] != '\0';
}

static bool sum_cost(const struct incident_view *incident, struct metrics_sum *sum)
{
    sum->value = incident_view_text(incident, INCIDENT_COST_CURRENCY);
    sum->sum = incident->numbers[INCIDENT_COST_TOTAL];
    return !incident->is_sanctioned && sum->value[0] != '\0';
}

static bool write_sums(FILE *to, const struct model *model, const char *name, const char *label,
                       incident_sum *add, const char *help)
{
    struct metrics_sums sums = {0};
    size_t count;
    struct incident_view *const *incidents = model_incidents(model, &count);
    for (size_t i = 0; i < count; i++) {
        struct metrics_sum sum = {.sensor = incidents[i]->sensor->name, .sum = 1};
        if (!add(incidents[i], &sum))
            continue;
        if (sum.value[0] == '\0')
            sum.value = "unknown";
        metrics_sums_add(&sums, &sum);
    }
    metrics_sums_finish(&sums);
    metrics_family(to, name, METRIC_GAUGE, help);
    for (size_t i = 0; i < sums.count; i++) {
        const struct metrics_sum *sum = &sums.rows[i];
        const struct metric_label labels[] = {
            {"sensor", sum->sensor}, {label, sum->value}, {"unit", sum->unit}};
        metrics_sample(to, name, labels, sum->unit != NULL ? 3 : 2, sum->sum);
    }
    bool fine = !sums.failed;
    metrics_sums_done(&sums);
    return fine;
}

static bool write_incidents(FILE *to, const struct model *model)
{
    return write_sums(to, model, "geophone_active_incidents", "verdict", sum_verdict,
                      "Incidents of mining that go on, by verdict, without those that are sanctioned.") &&
           write_sums(
               to, model, "geophone_other_active_incidents", "kind", sum_others,
               "Incidents that go on and count for nothing: contacts with pools, and what is sanctioned.") &&
           write_sums(to, model, "geophone_hashes_per_second", "coin", sum_hashes,
                      "Hash rate of the incidents that go on; the unit is that of the coin.") &&
           write_sums(to, model, "geophone_cost_per_hour", "currency", sum_cost_hour,
                      "What the incidents that go on cost an hour; an estimate.") &&
           write_sums(to, model, "geophone_cost", "currency", sum_cost,
                      "What all incidents that Redis still keeps have cost so far; an estimate.");
}

/* ---- the dashboard itself ---- */

static void write_feeds(FILE *to, const struct feed_publisher *feeds)
{
    static const char entries[] = "geophone_feed_entries", withheld[] = "geophone_feed_withheld_entries",
                      changed[] = "geophone_feed_changed_timestamp_seconds";
    metrics_family(to, entries, METRIC_GAUGE, "Entries of a firewall feed.");
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++)
        metrics_sample(to, entries, &(struct metric_label){"feed", feed_format_at(i)->name}, 1,
                       (double)feed_publisher_document(feeds, i)->entries);
    metrics_family(to, changed, METRIC_GAUGE, "When a firewall feed changed last, since 1970.");
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++)
        metrics_sample(to, changed, &(struct metric_label){"feed", feed_format_at(i)->name}, 1,
                       (double)feed_publisher_document(feeds, i)->changed_s);
    metrics_family(to, withheld, METRIC_GAUGE, "Pools that are in no firewall feed, by the reason.");
    for (int guard = FEED_LISTED + 1; guard < FEED_GUARD_COUNT; guard++)
        metrics_sample(to, withheld,
                       &(struct metric_label){"reason", feed_guard_word((enum feed_guard)guard)}, 1,
                       (double)feed_publisher_withheld(feeds, (enum feed_guard)guard));
}

static void write_dashboard(FILE *to, const struct model *model)
{
    static const char info[] = "geophone_dashboard_info";
    const struct model_link *link = model_link(model);
    size_t count;
    model_incidents(model, &count);
    metrics_family(to, info, METRIC_GAUGE, "Always 1; the label says which version runs.");
    metrics_sample(to, info, &(struct metric_label){"version", GEOPHONE_VERSION}, 1, 1);
    plain(to, "geophone_dashboard_redis_up", METRIC_GAUGE, "Whether Redis answers (1) or not (0).",
          link->connected);
    plain(to, "geophone_dashboard_redis_read_timestamp_seconds", METRIC_GAUGE,
          "When Redis was read last, since 1970; 0: never.", (double)link->updated_us / 1e6);
    plain(to, "geophone_dashboard_incidents", METRIC_GAUGE, "Incidents in memory, active or closed.",
          (double)count);
    plain(to, "geophone_dashboard_incidents_bytes", METRIC_GAUGE, "Memory of incidents and their histories.",
          (double)model_bytes(model));
    plain(to, "geophone_dashboard_forgotten_incidents_total", METRIC_COUNTER,
          "Incidents that were beyond --max-incidents or --max-memory.", (double)model_forgotten(model));
}

void answer_metrics(const struct request *request, const struct model *model, struct answer *answer)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    if (to == NULL) {
        answer_error(answer, 503, "out of memory");
        return;
    }
    bool fine = write_incidents(to, model);
    write_lives(to, model);
    write_statistics(to, model);
    write_faults(to, model);
    if (answer_feeds_refresh(request, model))
        write_feeds(to, request->feeds);
    write_dashboard(to, model);
    fine = ferror(to) == 0 && fine;
    fine = fclose(to) == 0 && fine;
    answer_begin_text(answer, "text/plain; version=0.0.4; charset=utf-8");
    if (fine)
        answer_put(answer, text, length);
    else
        answer_error(answer, 503, "out of memory");
    free(text);
}
