// SPDX-License-Identifier: Apache-2.0
/*
 * Events to Redis: turned into commands here, on the verdict thread, which never waits; brought to the server
 * by the thread of redis_writer.c.
 */
#include "sink/redis/redis_commands.h"
#include "sink/redis/redis_spool.h"
#include "sink/redis/redis_top.h"
#include "sink/redis/redis_writer.h"
#include "sink/sink.h"

#include "base/clock.h"
#include "base/log.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    HEARTBEAT_S = 10,
    DRAIN_MS = 5000,
    DEFAULT_QUEUE_BYTES = 64 * 1024 * 1024,
};

struct redis {
    struct sink_environment environment;
    struct redis_keys keys;
    struct redis_text text;
    struct redis_top *top;
    struct redis_queue *queue; /* owned by the writer */
    struct redis_spool *spool; /* owned by the queue; NULL where there is none */
    struct redis_writer *writer;
    time_t last_heartbeat; /* monotonic */
};

static bool redis_wanted(const struct config *config)
{
    return config->redis.enabled;
}

static bool read_login(const struct redis *redis, struct redis_login *login, struct error *error)
{
    const struct config *config = redis->environment.config;
    char name[sizeof login->client_name];
    snprintf(name, sizeof name, "geophone-%s", redis->keys.sensor);
    const struct redis_settings settings = {
        .url = config->redis.url,
        .password_file = config->redis.password_file,
        .password = getenv("GEOPHONE_REDIS_PASSWORD"),
        .sentinel_user = config->redis.sentinel_user,
        .sentinel_password_file = config->redis.sentinel_password_file,
        .tls = {.ca_file = config->redis.tls_ca_file,
                .certificate_file = config->redis.tls_certificate_file,
                .key_file = config->redis.tls_key_file,
                .server_name = config->redis.tls_server_name,
                .unverified = !config->redis.tls_verify},
        .client_name = name,
        .timeout_ms = config->redis.timeout_ms,
    };
    if (!redis_login_read(login, &settings, error))
        return false;
    snprintf(login->home, sizeof login->home, "%s", redis->keys.base);
    return true;
}

static void push(struct redis *redis, enum redis_class class, enum event_type type)
{
    if (redis->text.commands > 0 && !redis->text.failed)
        redis_queue_push(redis->queue, class, type, redis->text.commands, redis->text.bytes,
                         redis->text.length);
}

static void push_heartbeat(struct redis *redis)
{
    redis_commands_heartbeat(&redis->text, &redis->keys, &redis->environment, clock_us(CLOCK_REALTIME));
    push(redis, REDIS_CLASS_HEARTBEAT, EVENT_STATS);
    redis->last_heartbeat = (time_t)(clock_us(CLOCK_MONOTONIC) / 1000000);
}

/* Without a spool all waits in memory: worth a warning, no reason to stay away. */
static void use_spool(struct redis *redis)
{
    const struct config *config = redis->environment.config;
    char path[PATH_MAX];
    struct error error = {.text = "the name of redis.spool-directory is too long"};
    if (!redis_spool_wanted(config, redis->environment.is_live))
        return;
    (void)redis_spool_make_directory(config); /* opening says why it is not there */
    if (redis_spool_path(config, path, sizeof path))
        redis->spool = redis_spool_open(path, config->redis.spool_size, &error);
    if (redis->spool == NULL) {
        log_warning("redis",
                    "%s; alerts that wait for Redis would be lost with the sensor: give "
                    "redis.spool-directory a place where "
                    "it may write, or set redis.spool to never",
                    error.text);
        return;
    }
    redis_queue_use_spool(redis->queue, redis->spool);
    struct redis_queue_state state;
    redis_queue_get_state(redis->queue, &state);
    uint64_t waiting = state.spooled[REDIS_CLASS_ALERT] + state.spooled[REDIS_CLASS_INCIDENT];
    if (waiting > 0)
        log_warning("redis", "%llu alerts and incident records wait in %s since before: they go first",
                    (unsigned long long)waiting, path);
}

static bool redis_open(void **self, const struct sink_environment *environment, struct error *error)
{
    struct redis_login login;
    struct redis *redis = calloc(1, sizeof *redis);
    if (redis == NULL)
        return error_set(error, STATUS_FAILED, "cannot open the Redis output: out of memory");
    redis->environment = *environment;
    redis_keys_init(&redis->keys, environment->config);
    if (!read_login(redis, &login, error))
        goto failed;
    uint64_t memory = environment->config->redis.queue_memory;
    redis->queue = redis_queue_create(memory > 0 ? memory : DEFAULT_QUEUE_BYTES);
    redis->top = redis_top_create();
    if (redis->queue == NULL || redis->top == NULL) {
        error_set(error, STATUS_FAILED, "cannot open the Redis output: out of memory");
        goto failed;
    }
    if (!environment->is_live)
        redis_queue_be_patient(redis->queue);
    use_spool(redis);
    push_heartbeat(redis);
    redis->writer = redis_writer_create(&login, redis->queue, error);
    explicit_bzero(&login, sizeof login);
    if (redis->writer == NULL)
        goto failed;
    *self = redis;
    return true;
failed:
    redis_queue_free(redis->queue);
    redis_text_done(&redis->text);
    redis_top_free(redis->top);
    free(redis);
    return false;
}

static bool redis_start(void *self, struct error *error)
{
    struct redis *redis = self;
    return (redis->spool == NULL || redis_spool_start(redis->spool, error)) &&
           redis_writer_start(redis->writer, error);
}

static void redis_emit(void *self, const struct event *event)
{
    struct redis *redis = self;
    bool is_stored = event->type != EVENT_FLOW || (event->json != NULL && redis->keys.eve_types[EVENT_FLOW]);
    if (is_stored)
        redis_commands_event(&redis->text, &redis->keys, event);
    redis_top_event(redis->top, &redis->text, &redis->keys, event);
    if (!is_stored)
        return;
    push(redis, redis_class_of(event->type), event->type);
}

static void redis_tick(void *self)
{
    struct redis *redis = self;
    if (clock_us(CLOCK_MONOTONIC) / 1000000 >= redis->last_heartbeat + HEARTBEAT_S)
        push_heartbeat(redis);
}

static void redis_get_statistics(void *self, struct sink_statistics *statistics)
{
    const struct redis *redis = self;
    struct redis_queue_state state;
    redis_queue_get_state(redis->queue, &state);
    memcpy(statistics->written, state.written, sizeof statistics->written);
    memcpy(statistics->dropped, state.dropped, sizeof statistics->dropped);
    statistics->queued = state.waiting[REDIS_CLASS_ALERT] + state.waiting[REDIS_CLASS_INCIDENT] +
                         state.waiting[REDIS_CLASS_ORDINARY];
    statistics->spooled = state.spooled[REDIS_CLASS_ALERT] + state.spooled[REDIS_CLASS_INCIDENT];
    statistics->unspooled = state.unspooled;
}

static bool redis_close(void *self)
{
    struct redis *redis = self;
    struct redis_queue_state state;
    redis_writer_stop(redis->writer, DRAIN_MS, &state);
    uint64_t spooled = state.spooled[REDIS_CLASS_ALERT] + state.spooled[REDIS_CLASS_INCIDENT];
    uint64_t alerts =
        state.waiting[REDIS_CLASS_ALERT] - state.spooled[REDIS_CLASS_ALERT] + state.dropped[EVENT_ALERT];
    uint64_t incidents = state.waiting[REDIS_CLASS_INCIDENT] - state.spooled[REDIS_CLASS_INCIDENT] +
                         state.dropped[EVENT_MINING];
    uint64_t others =
        state.waiting[REDIS_CLASS_ORDINARY] + state.dropped[EVENT_FLOW] + state.dropped[EVENT_STATS];
    if (spooled > 0)
        log_warning("redis",
                    "%llu alerts and incident records wait in the spool: the next start brings them to Redis",
                    (unsigned long long)spooled);
    if (alerts + incidents > 0)
        log_error("redis",
                  "not stored in Redis: %llu alerts, %llu incident records, %llu flow records and statistics",
                  (unsigned long long)alerts, (unsigned long long)incidents, (unsigned long long)others);
    else if (others > 0)
        log_warning("redis", "not stored in Redis: %llu flow records and statistics",
                    (unsigned long long)others);
    redis_text_done(&redis->text);
    redis_top_free(redis->top);
    free(redis);
    return alerts + incidents == 0; /* flow records may be dropped: that is no failure */
}

const struct sink sink_redis = {
    .name = "redis",
    .summary = "streams, states and statistics in a Redis or Valkey server",
    .reads_json = true,
    .wanted = redis_wanted,
    .open = redis_open,
    .start = redis_start,
    .emit = redis_emit,
    .tick = redis_tick,
    .get_statistics = redis_get_statistics,
    .close = redis_close,
};
