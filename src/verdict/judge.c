// SPDX-License-Identifier: Apache-2.0
#include "verdict/judge.h"

#include "base/log.h"
#include "base/siphash.h"
#include "verdict/judge_private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    NAMES_MAX = 1 << 17,      /* addresses whose names are remembered */
    WAIT_MS = 50,             /* the longest sleep: sinks are ticked at least so often */
    TURN = 1024,              /* reports between two ticks while there is much to do */
    SWEEP_EVERY_US = 1000000, /* how often quiet incidents are looked for */
};

/* ---- life ---- */

static void on_closed(void *context, struct incident *incident)
{
    struct judge *judge = context;
    judge_cost_end(judge, incident);
    judge_emit_incident(judge, incident, INCIDENT_CLOSED, judge->now_us);
}

/* What is read from files, and again on request: all of it or nothing. */
struct knowledge {
    struct pools *pools;
    struct tls_fingerprints *fingerprints;
    struct allowed *allowed;
    struct geo *geo;
    struct prices *prices;
};

static void free_knowledge(struct knowledge *knowledge)
{
    pools_free(knowledge->pools);
    tls_fingerprints_free(knowledge->fingerprints);
    allowed_free(knowledge->allowed);
    geo_close(knowledge->geo);
    prices_free(knowledge->prices);
}

static bool load_knowledge(const struct config *config, struct knowledge *knowledge, struct error *error)
{
    const char *directory = config->signatures.directory;
    *knowledge = (struct knowledge){.pools = pools_load(directory, error)};
    if (knowledge->pools != NULL)
        knowledge->fingerprints = tls_fingerprints_load(directory, error);
    if (knowledge->fingerprints != NULL)
        knowledge->allowed = allowed_load(directory, config->signatures.allowed, error);
    if (knowledge->allowed != NULL)
        knowledge->prices = prices_load(directory, config->cost.currency, error);
    if (knowledge->prices != NULL)
        knowledge->geo =
            geo_open((const char *const *)config->geo.databases.items, config->geo.databases.count, error);
    if (knowledge->geo == NULL) {
        free_knowledge(knowledge);
        *knowledge = (struct knowledge){0};
    }
    return knowledge->geo != NULL;
}

static void take_knowledge(struct judge *judge, const struct knowledge *knowledge)
{
    judge->pools = knowledge->pools;
    judge->fingerprints = knowledge->fingerprints;
    judge->allowed = knowledge->allowed;
    judge->geo = knowledge->geo;
    judge->prices = knowledge->prices;
}

struct judge *judge_create(const struct config *config, const struct capture *capture,
                           struct report_queue *reports, const struct judge_outlet *outlet,
                           struct error *error)
{
    struct judge *judge = calloc(1, sizeof *judge);
    if (judge == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the verdict thread");
        return NULL;
    }
    judge->memory_file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    uint8_t secret[16];
    siphash_make_secret(secret);
    memcpy(&judge->alert_prefix, secret, sizeof judge->alert_prefix);
    siphash_make_secret(secret);
    judge->config = config;
    judge->capture = capture;
    judge->reports = reports;
    judge->worker_count = report_queue_workers(reports);
    siphash_make_secret(judge->seen_secret);
    judge->outlet = *outlet;
    judge->dossiers = dossiers_create((uint32_t)config->inspect.max_sessions);
    judge->incidents =
        incidents_create((uint32_t)config->incident.max_incidents, secret, on_closed, judge, error);
    judge->proxies = proxies_create(secret);
    judge->meters = cost_meters_create(secret);
    memcpy(judge->account_secret, secret, sizeof judge->account_secret);
    judge->names = names_create(NAMES_MAX, secret, error);
    judge->tls_notes = tls_notes_create();
    struct knowledge knowledge;
    bool loaded = load_knowledge(config, &knowledge, error);
    take_knowledge(judge, &knowledge);
    struct places *places = loaded ? places_load(config, error) : NULL;
    if (places != NULL) {
        judge_take_places(judge, places);
        judge->firsts = first_places_open(config->places.state_file, error);
    }
    judge->allowed_serial = 1;
    bool made = judge->dossiers != NULL && judge->proxies != NULL && judge->tls_notes != NULL &&
                judge->meters != NULL && endings_init(&judge->endings);
    if (!made)
        error_set(error, STATUS_FAILED, "out of memory for the verdict thread");
    if (judge->firsts == NULL || !made || judge->incidents == NULL || judge->names == NULL) {
        judge_free(judge);
        return NULL;
    }
    return judge;
}

void judge_free(struct judge *judge)
{
    if (judge == NULL)
        return;
    waiting_free(&judge->waiting);
    endings_done(&judge->endings);
    dossiers_free(judge->dossiers);
    incidents_free(judge->incidents);
    names_free(judge->names);
    proxies_free(judge->proxies);
    tls_notes_free(judge->tls_notes);
    tls_fingerprints_free(judge->fingerprints);
    pools_free(judge->pools);
    allowed_free(judge->allowed);
    geo_close(judge->geo);
    places_free(judge->places);
    places_free(atomic_load(&judge->new_places));
    first_places_free(judge->firsts);
    prices_free(judge->prices);
    cost_meters_free(judge->meters);
    if (judge->memory_file >= 0)
        close(judge->memory_file);
    free(judge);
}

void judge_request_reload(struct judge *judge, const struct config *config)
{
    /* inventories may be large: they are loaded here, and the verdict thread goes on meanwhile */
    struct error error;
    struct places *places = places_load(config, &error);
    if (places == NULL)
        log_error("places", "%s; the places that were loaded before stay in use", error.text);
    else
        places_free(atomic_exchange(&judge->new_places, places));
    atomic_store(&judge->reload, config);
}

void judge_request_statistics(struct judge *judge)
{
    atomic_store(&judge->statistics_wanted, true);
}

bool judge_found_mining(const struct judge *judge)
{
    return judge->found_mining;
}

static void reload(struct judge *judge, const struct config *config)
{
    struct error error;
    struct knowledge knowledge,
        before = {judge->pools, judge->fingerprints, judge->allowed, judge->geo, judge->prices};
    struct places *places = atomic_exchange(&judge->new_places, NULL);
    if (places != NULL)
        judge_take_places(judge, places);
    if (load_knowledge(config, &knowledge, &error)) {
        judge->config = config;
        free_knowledge(&before);
        take_knowledge(judge, &knowledge);
        judge_mark_pools(judge);
        judge->allowed_serial++;
        judge->expired_are_told = false;
        log_info("signatures", "loaded again: %zu rules, %zu TLS fingerprints, %zu rows of the allow list",
                 pools_count(judge->pools), tls_fingerprints_count(judge->fingerprints),
                 allowed_count(judge->allowed));
        judge_warn_expired(judge);
        judge_sanctions_again(judge);
    } else {
        log_error("signatures", "%s; what was loaded before stays in use", error.text);
    }
    judge->outlet.reopen(judge->outlet.context);
}

/* ---- time ---- */

static void alerts_due(struct judge *judge, int64_t until_us)
{
    for (struct waiting_entry *entry; (entry = waiting_take(&judge->waiting, until_us)) != NULL;) {
        if (entry->contact != NULL) {
            judge_contact_due(judge, entry->contact);
        } else {
            judge_alert_due(judge, entry->flow_id);
            judge_tls_due(judge, entry->flow_id);
        }
        waiting_entry_free(entry);
    }
}

struct sweep {
    struct judge *judge;
    int64_t update_us;
};

/* Incidents that moved since their latest event get an "updated" one; the list is in order of movement. */
static bool update_incident(void *context, struct incident *incident)
{
    struct sweep *sweep = context;
    if (incident->mining.last_seen_us < sweep->judge->swept_us - sweep->update_us)
        return false;
    if (incident->dirty && sweep->judge->now_us - incident->updated_us >= sweep->update_us)
        judge_emit_incident(sweep->judge, incident, INCIDENT_UPDATED, sweep->judge->now_us);
    return true;
}

static void sweep_incidents(struct judge *judge)
{
    int64_t passed = judge->now_us - judge->swept_us;
    if (passed >= 0 && passed < SWEEP_EVERY_US)
        return;
    struct sweep sweep = {judge, (int64_t)judge->config->incident.update_interval_s * 1000000};
    incidents_each(judge->incidents, update_incident, &sweep);
    incidents_close(judge->incidents,
                    judge->now_us - (int64_t)judge->config->incident.close_after_s * 1000000);
    judge->swept_us = judge->now_us;
}

/* What was due before goes out without knowing of what comes with this time, however many frames came at
 * once. */
static void move_clock(struct judge *judge, int64_t time_us)
{
    if (judge->first_us == 0)
        judge->first_us = judge->swept_us = time_us;
    judge->now_us = time_us;
    alerts_due(judge, time_us);
}

static void set_time(struct judge *judge, int64_t time_us)
{
    move_clock(judge, time_us);
    judge_warn_expired(judge);
    judge_warn_age(judge);
    sweep_incidents(judge);
}

/* ---- reports ---- */

static void take_answer(struct judge *judge, const struct report_answer *report)
{
    for (size_t i = 0; i < report->address_count; i++)
        judge_learn_name(judge, &report->client, &report->addresses[i], report->name, report->report.time_us);
    judge->names_learned += report->address_count;
}

/* Statistics are told when the last worker has told its own. */
static void take_time(struct judge *judge, const struct report_time *report, size_t worker)
{
    set_time(judge, report->report.time_us);
    if (!report->has_statistics)
        return;
    judge->workers[worker] = report->statistics;
    if (worker + 1 == judge->worker_count)
        judge_emit_statistics(judge);
}

static void take_flow(struct judge *judge, const struct report_flow *report)
{
    struct community_digest digest;
    judge_digest(judge, report, &digest); /* first: what follows does not wait for it */
    if (!report->flow.noted && !judge_may_be_contact(judge, &report->flow)) {
        judge_emit_flow(judge, &report->flow, &digest, report->flow.last_us);
    } else if (!report_is_of_expiry(&report->report)) {
        judge_flow_ended(judge, &report->flow, &digest);
    } else {
        judge_note_record(judge, report, &digest);
    }
}

static void take(struct judge *judge, const struct report *report, size_t worker)
{
    const void *whole = report;
    if (judge->endings.count > 0 && report->order != judge->endings.order)
        judge_endings(judge);
    if (report->time_us > judge->now_us && !report_is_of_expiry(report)) /* which shows a time before */
        move_clock(judge, report->time_us);
    switch ((enum report_type)report->type) {
    case REPORT_CONVERSATION:
        judge_conversation(judge, whole);
        break;
    case REPORT_PROOF:
        judge_proof(judge, whole);
        break;
    case REPORT_SIGHTING:
        judge_sighting(judge, whole);
        break;
    case REPORT_TLS:
        judge_tls(judge, whole);
        break;
    case REPORT_ANSWER:
        take_answer(judge, whole);
        break;
    case REPORT_FLOW:
        take_flow(judge, whole);
        break;
    case REPORT_TIME:
        take_time(judge, whole, worker);
        break;
    case REPORT_END:
        break;
    }
}

static void attend(struct judge *judge)
{
    const struct config *config = atomic_exchange(&judge->reload, NULL);
    if (config != NULL)
        reload(judge, config);
    if (atomic_exchange(&judge->statistics_wanted, false))
        judge_emit_statistics(judge);
    judge->outlet.tick(judge->outlet.context);
}

bool judge_take_some(struct judge *judge)
{
    const struct report *report = NULL;
    size_t worker, taken = 0;
    for (; taken < TURN && (report = report_queue_peek(judge->reports, &worker)) != NULL; taken++) {
        take(judge, report, worker);
        report_queue_release(judge->reports);
    }
    /* live, nobody knows when the next report comes: what is due now does not wait for it; of files it does,
     * so that what is told does not depend on how fast they are read */
    if (report == NULL && capture_is_live(judge->capture)) {
        judge_endings(judge);
        alerts_due(judge, judge->now_us);
    }
    attend(judge);
    return taken > 0;
}

void judge_run(struct judge *judge)
{
    judge_take_some(judge);
    while (!report_queue_ended(judge->reports)) {
        report_queue_wait(judge->reports, WAIT_MS);
        judge_take_some(judge);
    }
    judge_endings(judge);
    alerts_due(judge, INT64_MAX);
    incidents_close(judge->incidents, INT64_MAX);
    judge_emit_statistics(judge);
}
