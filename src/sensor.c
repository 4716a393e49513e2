// SPDX-License-Identifier: Apache-2.0
/*
 * The threads, and what they share: workers take packets through worker.c, the verdict thread takes what they
 * report through verdict/judge.c; of regular files the workers do that as well. Read this file first, then
 * those two.
 */
#include "sensor.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/siphash.h"
#include "inspect/dialect/dialect_library.h"
#include "inspect/inspector.h"
#include "sink/sink.h"
#include "verdict/judge.h"
#include "worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RING_BYTES = 8 << 20, /* of all workers: some 4,000 conversations, or 30,000 flow records */
    /* of each: nothing is lost where it is full, and it stays in the processor's cache; several wait for one
     * another's reports */
    FILE_RING_BYTES = 1 << 20,
    ALONE_RING_BYTES = 256 << 10,
};

struct seat {
    struct sensor *sensor;
    struct worker *worker;
    struct capture *capture;
    pthread_t thread;
};

struct sensor {
    struct report_queue *reports;
    struct sinks *sinks;
    struct judge *judge;
    struct sink_environment environment;
    struct dialect_library *dialects; /* touched at the start, and by sensor_reload() */
    struct seat seats[REPORT_QUEUE_MAX_WORKERS];
    size_t worker_count;
    bool workers_judge; /* there is no verdict thread */
    pthread_t verdict_thread;
    pthread_t starter;
    _Atomic size_t ended; /* workers */
    _Atomic bool done;
    _Atomic uint64_t ticks; /* of the verdict */
};

/* ---- the workers' threads ---- */

static void *worker_thread(void *context)
{
    struct seat *seat = context;
    struct error ignored;
    struct sensor *sensor = seat->sensor;
    worker_run(seat->worker);
    for (size_t i = 0; worker_failed(seat->worker, &ignored) && i < sensor->worker_count; i++)
        capture_stop(sensor->seats[i].capture); /* half a sensor would go unnoticed */
    if (atomic_fetch_add(&sensor->ended, 1) + 1 < sensor->worker_count)
        return NULL;
    if (sensor->workers_judge)
        judge_run(sensor->judge);
    atomic_store(&sensor->done, true);
    pthread_kill(sensor->starter, SENSOR_DONE_SIGNAL);
    return NULL;
}

/* ---- the verdict thread ---- */

static void *verdict_thread(void *context)
{
    struct sensor *sensor = context;
    judge_run(sensor->judge);
    return NULL;
}

static bool take_some(void *context)
{
    return judge_take_some(((struct sensor *)context)->judge);
}

static void outlet_emit(void *context, struct event *event)
{
    sinks_emit(((struct sensor *)context)->sinks, event);
}

static void outlet_tick(void *context)
{
    struct sensor *sensor = context;
    sinks_tick(sensor->sinks);
    atomic_fetch_add_explicit(&sensor->ticks, 1, memory_order_relaxed);
}

static void outlet_reopen(void *context)
{
    sinks_reopen(((struct sensor *)context)->sinks);
}

static void outlet_add_statistics(void *context, struct sensor_statistics *statistics)
{
    struct sink_statistics sinks;
    sinks_get_statistics(((struct sensor *)context)->sinks, &sinks);
    memcpy(statistics->sink_dropped, sinks.dropped, sizeof statistics->sink_dropped);
    statistics->sink_queue = sinks.queued;
    statistics->sink_spooled = sinks.spooled;
    statistics->sink_unspooled = sinks.unspooled;
}

/* ---- life ---- */

/* Reads the dialect files, and lays down what they make of the dialects for the workers to take. */
static bool load_dialects(struct sensor *sensor, const struct config *config, struct error *error)
{
    struct dialect_set *sets[REPORT_QUEUE_MAX_WORKERS];
    size_t loaded = 0, count = 0;
    while (loaded < sensor->worker_count) { /* each worker owns what it reads by */
        sets[loaded] = dialect_library_load(sensor->dialects, config->signatures.directory, error);
        if (sets[loaded] == NULL)
            break;
        loaded++;
    }
    bool complete = loaded == sensor->worker_count;
    if (complete && loaded > 0)
        dialect_set_entries(sets[0], &count);
    for (size_t i = 0; i < loaded; i++) {
        if (complete)
            dialect_exchange_hand(worker_dialects(sensor->seats[i].worker), sets[i]);
        else
            dialect_set_free(sets[i]);
    }
    if (complete)
        log_info("signatures", "loaded: %zu dialects, %zu of them built in", count, dialect_count);
    return complete;
}

static bool create_workers(struct sensor *sensor, const struct sensor_options *options, struct error *error)
{
    uint8_t secret[16];
    uint64_t share_secret;
    siphash_make_secret(secret);
    memcpy(&share_secret, secret, sizeof share_secret);
    for (size_t i = 0; i < options->capture_count; i++) {
        struct worker_options worker = {
            .config = options->config,
            .capture = options->captures[i],
            .reports = report_queue_writer(sensor->reports, i),
            .number = (uint8_t)i,
            .count = (uint8_t)options->capture_count,
            .share_secret = share_secret,
        };
        sensor->seats[i] = (struct seat){
            .sensor = sensor, .worker = worker_create(&worker, error), .capture = options->captures[i]};
        if (sensor->seats[i].worker == NULL)
            return false;
        sensor->worker_count++;
    }
    sensor->dialects = dialect_library_create();
    if (sensor->dialects == NULL)
        return error_set(error, STATUS_FAILED, "out of memory for the dialects");
    return load_dialects(sensor, options->config, error);
}

/* Workers that read regular files judge between their batches, whoever comes to it: a tenth less processor
 * time on small packets, for reports are judged in the cache that they were written in, and no thread more
 * than cores that were asked for. Pipes may keep a worker waiting while alerts are due. */
static bool workers_may_judge(const struct sensor_options *options)
{
    struct capture_statistics statistics;
    capture_get_statistics(options->captures[0], &statistics);
    return !capture_is_live(options->captures[0]) && statistics.bytes_total > 0;
}

static bool create_queue(struct sensor *sensor, const struct sensor_options *options, struct error *error)
{
    bool is_live = capture_is_live(options->captures[0]);
    sensor->workers_judge = workers_may_judge(options);
    size_t bytes = is_live ? RING_BYTES / options->capture_count
                   : sensor->workers_judge && options->capture_count == 1 ? ALONE_RING_BYTES
                                                                          : FILE_RING_BYTES;
    sensor->reports = report_queue_create(options->capture_count, bytes, !is_live, error);
    if (sensor->reports != NULL && sensor->workers_judge)
        report_queue_read_by_writers(sensor->reports, take_some, sensor);
    return sensor->reports != NULL;
}

struct sensor *sensor_create(const struct sensor_options *options, struct error *error)
{
    struct sensor *sensor = calloc(1, sizeof *sensor);
    if (sensor == NULL) {
        error_set(error, STATUS_FAILED, "out of memory");
        return NULL;
    }
    sensor->environment = (struct sink_environment){
        .config = options->config,
        .version = GEOPHONE_VERSION,
        .inputs = options->inputs,
        .command = options->command,
        .started_us = clock_us(CLOCK_REALTIME),
        .is_live = capture_is_live(options->captures[0]),
    };
    if (!create_queue(sensor, options, error) || !create_workers(sensor, options, error))
        goto failed;
    struct judge_outlet outlet = {sensor, outlet_emit, outlet_tick, outlet_reopen, outlet_add_statistics};
    sensor->judge = judge_create(options->config, options->captures[0], sensor->reports, &outlet, error);
    if (sensor->judge == NULL)
        goto failed;
    sensor->sinks = sinks_open(&sensor->environment, error); /* last: closing the summary prints it */
    if (sensor->sinks == NULL)
        goto failed;
    return sensor;
failed:
    sensor_free(sensor);
    return NULL;
}

/* Only so many workers could be started. They are told to stop, and not to wait for what the others would
 * report; the verdict thread learns that no more is to be expected. */
static void end_started(struct sensor *sensor, size_t started)
{
    for (size_t i = 0; i < sensor->worker_count; i++) {
        capture_stop(sensor->seats[i].capture);
        if (i >= started)
            report_writer_reach(report_queue_writer(sensor->reports, i), UINT64_MAX);
    }
    for (size_t i = 0; i < sensor->worker_count; i++) {
        if (i < started)
            pthread_join(sensor->seats[i].thread, NULL);
        else
            worker_run(sensor->seats[i].worker); /* comes to its end soon */
    }
    if (!sensor->workers_judge)
        pthread_join(sensor->verdict_thread, NULL);
}

bool sensor_start(struct sensor *sensor, struct error *error)
{
    if (!sinks_start(sensor->sinks, error))
        return false;
    sensor->starter = pthread_self();
    if (!sensor->workers_judge && pthread_create(&sensor->verdict_thread, NULL, verdict_thread, sensor) != 0)
        return error_set(error, STATUS_FAILED,
                         "cannot start the verdict thread: too many threads on this machine");
    for (size_t i = 0; i < sensor->worker_count; i++) {
        struct seat *seat = &sensor->seats[i];
        if (pthread_create(&seat->thread, NULL, worker_thread, seat) == 0)
            continue;
        end_started(sensor, i);
        return error_set(error, STATUS_FAILED,
                         "cannot start a worker thread: too many threads on this machine");
    }
    return true;
}

bool sensor_is_done(const struct sensor *sensor)
{
    return atomic_load(&sensor->done);
}

/* Frames of a kind that nobody can read are a failure only where there were no others. */
static bool any_failed(const struct sensor *sensor, struct error *error)
{
    size_t saw_nothing = 0;
    for (size_t i = 0; i < sensor->worker_count; i++)
        if (worker_failed(sensor->seats[i].worker, error))
            return true;
    for (size_t i = 0; i < sensor->worker_count; i++)
        saw_nothing += worker_saw_nothing(sensor->seats[i].worker);
    return saw_nothing == sensor->worker_count && worker_explain_nothing(sensor->seats[0].worker, error);
}

bool sensor_finish(struct sensor *sensor, struct error *error)
{
    for (size_t i = 0; i < sensor->worker_count; i++)
        pthread_join(sensor->seats[i].thread, NULL);
    if (!sensor->workers_judge)
        pthread_join(sensor->verdict_thread, NULL);
    bool written = sinks_close(sensor->sinks);
    sensor->sinks = NULL;
    if (any_failed(sensor, error))
        return false;
    return written ||
           error_set(error, STATUS_FAILED, "not all events could be written: see the messages before");
}

bool sensor_found_mining(const struct sensor *sensor)
{
    return judge_found_mining(sensor->judge);
}

void sensor_reload(struct sensor *sensor, const struct config *config)
{
    struct error error;
    if (!load_dialects(sensor, config, &error))
        log_error("signatures", "%s; the dialects that were loaded before stay in use", error.text);
    judge_request_reload(sensor->judge, config);
}

void sensor_write_statistics(struct sensor *sensor)
{
    if (!sensor->environment.is_live) {
        judge_request_statistics(sensor->judge); /* a worker may wait for its input */
        return;
    }
    for (size_t i = 0; i < sensor->worker_count; i++) /* they come by every moment */
        worker_request_statistics(sensor->seats[i].worker);
}

size_t sensor_get_beats(const struct sensor *sensor, uint64_t *beats)
{
    for (size_t i = 0; i < sensor->worker_count; i++)
        beats[i] = worker_beats(sensor->seats[i].worker);
    beats[sensor->worker_count] = atomic_load_explicit(&sensor->ticks, memory_order_relaxed);
    return sensor->worker_count + 1;
}

void sensor_free(struct sensor *sensor)
{
    if (sensor == NULL)
        return;
    sinks_close(sensor->sinks);
    judge_free(sensor->judge);
    for (size_t i = 0; i < sensor->worker_count; i++)
        worker_free(sensor->seats[i].worker);
    report_queue_free(sensor->reports);
    dialect_library_free(sensor->dialects); /* last: reports, dossiers and sinks point into it */
    free(sensor);
}
