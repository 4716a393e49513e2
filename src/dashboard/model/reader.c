// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "base/log.h"
#include "dashboard/model/reader_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TICK_MS = 1000,
    SENSORS_EVERY = 2,  /* ticks: the list of sensors and their signs of life */
    INDEXES_EVERY = 60, /* all indexes: what streams did not tell of */
    APPLICATIONS_EVERY = 60,
    RETRY_MIN_MS = 200,
    RETRY_MAX_MS = 5000,
};

/* False where the thread is to end. */
static bool sleep_ms(struct reader *reader, int64_t ms)
{
    const struct timespec until = clock_after(CLOCK_MONOTONIC, ms);
    pthread_mutex_lock(&reader->lock);
    while (!reader->stopping && pthread_cond_timedwait(&reader->wake, &reader->lock, &until) == 0)
        ;
    bool goes_on = !reader->stopping;
    pthread_mutex_unlock(&reader->lock);
    return goes_on;
}

/* ---- commands ---- */

void reader_begin(struct reader *reader, const char *command, const struct sensor_view *sensor,
                  const char *key)
{
    char text[READER_KEY_SIZE];
    redis_text_begin(&reader->text, command);
    snprintf(text, sizeof text, "%s:{%s}:%s", reader->prefix, sensor->name, key);
    redis_text_put(&reader->text, text);
}

bool reader_send(struct reader *reader)
{
    bool sent =
        !reader->text.failed && (reader->text.length == 0 ||
                                 redis_client_send(reader->client, reader->text.bytes, reader->text.length));
    redis_text_reset(&reader->text);
    return sent || error_set(&reader->error, STATUS_FAILED, "out of memory for commands to Redis");
}

bool reader_next(struct reader *reader, const struct redis_value **value)
{
    *value = NULL;
    switch (redis_client_read(reader->client, value, &reader->error)) {
    case REDIS_ANSWER_DONE:
        return true;
    case REDIS_ANSWER_REFUSED:
        if (strcmp(reader->refused, reader->error.text) != 0) {
            snprintf(reader->refused, sizeof reader->refused, "%.250s", reader->error.text);
            log_warning("redis", "%s; docs/redis.md says which keys and rights are needed", reader->refused);
        }
        *value = NULL;
        return true;
    default:
        return false;
    }
}

/* ---- the connection ---- */

static void tell(struct board *board)
{
    board_lock(board);
    void (*changed)(void *) = board->changed;
    void *listener = board->listener;
    board_unlock(board);
    if (changed != NULL)
        changed(listener);
}

static void set_link(struct reader *reader, bool begin_anew)
{
    int64_t now_us = clock_us(CLOCK_REALTIME);
    board_lock(reader->board);
    reader_tell_link(reader, now_us, begin_anew);
    board_unlock(reader->board);
    tell(reader->board);
}

static void give_up(struct reader *reader)
{
    redis_client_close(reader->client);
    reader->client = NULL;
    if (reader->link.connected || reader->link.lost_us == 0) {
        reader->link.lost_us = clock_us(CLOCK_REALTIME);
        log_warning("redis", "%s; trying again", reader->error.text);
    }
    reader->link.connected = false;
    snprintf(reader->link.message, sizeof reader->link.message, "%s", reader->error.text);
    set_link(reader, false);
}

/* What Redis holds now; afterwards the streams tell what changes. */
static bool read_all(struct reader *reader)
{
    reader->refused[0] = '\0';
    if (!reader_read_sensors(reader) || !reader_begin_streams(reader) || !reader_read_indexes(reader) ||
        !reader_read_wanted(reader, false))
        return false;
    reader->link = (struct model_link){.connected = true, .updated_us = clock_us(CLOCK_REALTIME)};
    snprintf(reader->link.message, sizeof reader->link.message, "%s", reader->refused);
    reader->told.is_changed = true;
    set_link(reader, true);
    return true;
}

static bool tick(struct reader *reader, unsigned number)
{
    size_t known = model_sensor_count(reader->board->model);
    if (number % SENSORS_EVERY == 0 && (!reader_read_sensors(reader) || !reader_begin_streams(reader)))
        return false;
    bool has_new = model_sensor_count(reader->board->model) > known; /* they may have incidents already */
    if (!reader_follow_streams(reader) ||
        ((has_new || number % INDEXES_EVERY == 0) && !reader_read_indexes(reader)) ||
        !reader_read_wanted(reader, true))
        return false;
    if (number % APPLICATIONS_EVERY == 2 && !reader_read_applications(reader))
        return false;
    int64_t now_us = clock_us(CLOCK_REALTIME);
    reader->link.updated_us = now_us;
    snprintf(reader->link.message, sizeof reader->link.message, "%s", reader->refused);
    board_lock(reader->board);
    model_set_link(reader->board->model, &reader->link);
    reader->told.is_changed = model_keep_limits(reader->board->model) || reader->told.is_changed;
    reader_tell(reader, now_us);
    board_unlock(reader->board);
    return true;
}

/* Until the connection breaks or the thread is to end. Between ticks the past is read, in half of the time.
 */
static bool follow(struct reader *reader)
{
    bool more = true;
    if (!read_all(reader))
        return true;
    for (unsigned number = 1;; number++) {
        int64_t next_us = clock_us(CLOCK_MONOTONIC) + TICK_MS * 1000;
        if (!tick(reader, number))
            return true;
        tell(reader->board);
        for (int64_t now_us; (now_us = clock_us(CLOCK_MONOTONIC)) < next_us;) {
            if (more && !reader_read_past(reader, &more))
                return true;
            int64_t took_us = clock_us(CLOCK_MONOTONIC) - now_us, left_us = next_us - now_us - took_us;
            if (!sleep_ms(reader, more ? took_us / 1000 + 1 : left_us > 0 ? left_us / 1000 + 1 : 1))
                return false;
        }
        more = more || number % SENSORS_EVERY == 0;
    }
}

static void *run(void *context)
{
    struct reader *reader = context;
    int64_t wait_ms = RETRY_MIN_MS;
    for (;;) {
        reader->client = redis_client_connect(reader->login, &reader->error);
        if (reader->client != NULL) {
            if (!follow(reader))
                return NULL;
            wait_ms = RETRY_MIN_MS;
        }
        give_up(reader);
        /* browsers hear a heartbeat meanwhile */
        for (int64_t waited_ms = 0; waited_ms < wait_ms; waited_ms += TICK_MS) {
            tell(reader->board);
            if (!sleep_ms(reader, wait_ms - waited_ms < TICK_MS ? wait_ms - waited_ms : TICK_MS))
                return NULL;
        }
        wait_ms = 2 * wait_ms > RETRY_MAX_MS ? RETRY_MAX_MS : 2 * wait_ms;
    }
}

struct reader *reader_start(const struct redis_login *login, const char *prefix, struct board *board,
                            struct error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    pthread_condattr_t attributes;
    if (reader == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the reader of Redis");
        return NULL;
    }
    reader->board = board;
    reader->login = login;
    reader->prefix = prefix;
    reader->link.loading = true;
    pthread_mutex_init(&reader->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&reader->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&reader->thread, NULL, run, reader) == 0)
        return reader;
    error_set(error, STATUS_FAILED, "the thread that reads Redis cannot start: too many threads");
    free(reader);
    return NULL;
}

void reader_stop(struct reader *reader)
{
    if (reader == NULL)
        return;
    pthread_mutex_lock(&reader->lock);
    reader->stopping = true;
    pthread_cond_signal(&reader->wake);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    redis_client_close(reader->client);
    redis_text_done(&reader->text);
    free(reader->wanted);
    free(reader->told.overview);
    pthread_cond_destroy(&reader->wake);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}
