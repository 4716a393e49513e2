// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_writer.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BATCH_LEAST = 16,    /* messages that are waited for, where none is urgent, */
    BATCH_MS = 50,       /* and for how long */
    BATCH_COMMANDS = 64, /* a deeper pipeline gains nothing more over a local socket */
    FIRST_PAUSE_MS = 100,
    LAST_PAUSE_MS = 5000,
    STOPPING_PAUSE_MS = 100,
    IDLE_MS = 1000,
    MOMENT_MS = 1000,
    LONGEST_STOP_MS = 60000, /* a service manager's patience often ends at 90 s */
    GRACE_MS = 500,          /* for the thread to come back from the server after the deadline */
};

struct redis_writer {
    struct redis_login login;
    struct redis_queue *queue;
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    _Atomic int64_t deadline_ms;    /* monotonic; 0: none yet; moves on while the server takes what waits */
    _Atomic int64_t patience_ms;    /* by so much, */
    _Atomic int64_t last_ms;        /* up to here */
    _Atomic int64_t moment_left_ms; /* before the deadline: when flow records are given up */
    /* of the thread alone: */
    struct redis_client *client;
    uint64_t pause_ms;
    unsigned random;
    bool attempted;
    bool up;      /* the latest batch was acknowledged */
    bool is_full; /* the server has no memory: one message at a time, so that none overtakes another */
    bool said_full;
    char complaint[512];     /* what was last said of the server; "" when all is well */
    uint64_t dropped_before; /* when the server was lost */
    bool said_refused[REDIS_CLASS_COUNT];
};

static int64_t now_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

static uint64_t dropped_events(const struct redis_queue_state *state)
{
    uint64_t dropped = 0;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        dropped += state->dropped[type];
    return dropped;
}

static uint64_t count_dropped(struct redis_writer *writer)
{
    struct redis_queue_state state;
    redis_queue_get_state(writer->queue, &state);
    return dropped_events(&state);
}

static uint64_t count_waiting(const struct redis_queue_state *state)
{
    return state->waiting[REDIS_CLASS_ALERT] + state->waiting[REDIS_CLASS_INCIDENT] +
           state->waiting[REDIS_CLASS_ORDINARY];
}

/* Says what is wrong, unless that was the last thing said. */
static void complain(struct redis_writer *writer, const struct error *error)
{
    if (writer->complaint[0] == '\0')
        writer->dropped_before = count_dropped(writer);
    if (strcmp(writer->complaint, error->text) != 0)
        log_error("redis", "%s; geophone goes on, keeps events and tries again", error->text);
    memcpy(writer->complaint, error->text, sizeof writer->complaint);
    uint64_t dropped = count_dropped(writer) - writer->dropped_before;
    if (dropped > 0 && !writer->said_full) {
        log_warning(
            "redis",
            "the memory for waiting events (redis.queue-memory) is full; flow records and statistics are "
            "dropped first, and counted");
        writer->said_full = true;
    }
}

/* The server answered: the end may wait. */
static void put_off_deadline(struct redis_writer *writer)
{
    if (!atomic_load(&writer->stopping))
        return;
    int64_t deadline_ms = now_ms() + atomic_load(&writer->patience_ms),
            last_ms = atomic_load(&writer->last_ms);
    atomic_store(&writer->deadline_ms, deadline_ms < last_ms ? deadline_ms : last_ms);
}

static void note_success(struct redis_writer *writer)
{
    writer->pause_ms = FIRST_PAUSE_MS;
    writer->up = true;
    writer->is_full = false;
    if (writer->complaint[0] == '\0')
        return;
    log_warning("redis", "the Redis server at %s takes events again; %llu were dropped meanwhile",
                writer->login.url.text, (unsigned long long)(count_dropped(writer) - writer->dropped_before));
    writer->complaint[0] = '\0';
    writer->said_full = false;
}

/* Doubles up to the longest pause; spread, so that many sensors do not come back at the same moment. */
static void pause_before_next(struct redis_writer *writer)
{
    if (atomic_load(&writer->stopping)) {
        struct timespec pause = {.tv_nsec = STOPPING_PAUSE_MS * 1000000L};
        nanosleep(&pause, NULL);
        return;
    }
    writer->random = writer->random * 1103515245u + 12345u;
    redis_queue_pause(writer->queue, writer->pause_ms * (75 + (writer->random >> 16) % 51) / 100);
    writer->pause_ms = writer->pause_ms * 2 > LAST_PAUSE_MS ? LAST_PAUSE_MS : writer->pause_ms * 2;
}

/* A server that took the latest batch may be back at once: only the next failure is worth a word and a pause.
 */
static void disconnect(struct redis_writer *writer, const struct error *error)
{
    redis_client_close(writer->client);
    writer->client = NULL;
    if (writer->up) {
        log_info("redis", "%s", error->text);
    } else {
        complain(writer, error);
        pause_before_next(writer);
    }
    writer->up = false;
}

static void connect_again(struct redis_writer *writer)
{
    struct error error;
    writer->attempted = true;
    writer->client = redis_client_connect(&writer->login, &error);
    if (writer->client == NULL) {
        complain(writer, &error);
        pause_before_next(writer);
    } else {
        log_info("redis", "connected to the Redis server at %s", writer->login.url.text);
    }
}

static void note_refused(struct redis_writer *writer, const struct redis_message *message,
                         const struct error *error)
{
    static const char *const names[REDIS_CLASS_COUNT] = {"signs of life", "alerts", "incidents",
                                                         "flows and statistics"};
    if (!writer->said_refused[message->class])
        log_error("redis", "%s (to a command for %s); what cannot be stored is counted as dropped",
                  error->text, names[message->class]);
    writer->said_refused[message->class] = true;
}

enum outcome {
    OUTCOME_WRITTEN,
    OUTCOME_PARTLY, /* the event is there, but the server had no memory for all that serves its readers */
    OUTCOME_REFUSED,
    OUTCOME_FULL,
    OUTCOME_BROKEN
};

/* Reads all answers to one message. Its first command carries the event; the others may fail. States are
 * absolute, and so are written again as a whole. */
static enum outcome receive(struct redis_writer *writer, struct redis_message *message, struct error *error)
{
    enum outcome outcome = OUTCOME_WRITTEN;
    for (unsigned i = 0; i < message->commands; i++) {
        struct error why;
        enum redis_answer answer = redis_client_receive(writer->client, &why);
        if (answer == REDIS_ANSWER_DONE) {
            put_off_deadline(writer);
            continue;
        }
        if (answer == REDIS_ANSWER_REFUSED)
            note_refused(writer, message, &why);
        if (answer == REDIS_ANSWER_REFUSED && i > 0)
            continue;
        *error = why;
        if (answer == REDIS_ANSWER_FULL && i > 0 && outcome != OUTCOME_FULL &&
            message->class != REDIS_CLASS_INCIDENT) {
            outcome = outcome == OUTCOME_WRITTEN ? OUTCOME_PARTLY : outcome;
            continue;
        }
        outcome = answer == REDIS_ANSWER_REFUSED ? OUTCOME_REFUSED
                  : answer == REDIS_ANSWER_FULL  ? OUTCOME_FULL
                                                 : OUTCOME_BROKEN;
        if (outcome == OUTCOME_BROKEN)
            return outcome;
    }
    return outcome;
}

static bool send_batch(struct redis_writer *writer, const struct redis_message *batch)
{
    bool sent = true;
    for (; batch != NULL && sent; batch = batch->next)
        sent = redis_client_send(writer->client, batch->bytes, batch->length);
    return sent;
}

/* What the server has no memory for: flows and statistics are given up, the rest stays. */
static void keep_or_drop(struct redis_writer *writer, struct redis_message *message,
                         struct redis_message **kept)
{
    if (message->class == REDIS_CLASS_ORDINARY) {
        redis_queue_done(writer->queue, message, false);
        return;
    }
    message->next = NULL;
    while (*kept != NULL)
        kept = &(*kept)->next;
    *kept = message;
}

static void deliver(struct redis_writer *writer, struct redis_message *batch)
{
    struct error error = {.status = STATUS_FAILED, .text = "out of memory"}, why;
    struct redis_message *kept = NULL;
    enum outcome outcome = OUTCOME_WRITTEN;
    if (!send_batch(writer, batch))
        outcome = OUTCOME_BROKEN;
    while (batch != NULL && outcome != OUTCOME_BROKEN) {
        struct redis_message *message = batch;
        enum outcome one = receive(writer, message, &why);
        if (one == OUTCOME_BROKEN || one == OUTCOME_FULL || one == OUTCOME_PARTLY) {
            outcome = one == OUTCOME_PARTLY ? OUTCOME_FULL : one;
            error = why;
        }
        if (one == OUTCOME_BROKEN)
            break;
        batch = message->next;
        if (one == OUTCOME_FULL)
            keep_or_drop(writer, message, &kept);
        else
            redis_queue_done(writer->queue, message, one != OUTCOME_REFUSED);
    }
    redis_queue_put_back(writer->queue, batch);
    redis_queue_put_back(writer->queue, kept);
    redis_queue_commit(writer->queue);
    if (outcome == OUTCOME_BROKEN) {
        disconnect(writer, &error);
    } else if (outcome == OUTCOME_FULL) {
        writer->is_full = true;
        redis_queue_drop(writer->queue, REDIS_CLASS_ORDINARY);
        complain(writer, &error);
        pause_before_next(writer);
    } else {
        note_success(writer);
    }
}

/* Alerts in memory wait for an absent server until the deadline, what can be missed or is in the spool only a
 * moment. */
static bool is_finished(struct redis_writer *writer)
{
    struct redis_queue_state state;
    if (!atomic_load(&writer->stopping))
        return false;
    int64_t left_ms = atomic_load(&writer->deadline_ms) - now_ms();
    if (left_ms <= 0)
        return true;
    redis_queue_get_state(writer->queue, &state);
    if (writer->client != NULL)
        return count_waiting(&state) == 0 && state.waiting[REDIS_CLASS_HEARTBEAT] == 0;
    uint64_t spooled = state.spooled[REDIS_CLASS_ALERT] + state.spooled[REDIS_CLASS_INCIDENT];
    bool may_leave = count_waiting(&state) == state.waiting[REDIS_CLASS_ORDINARY] + spooled;
    return writer->attempted && may_leave &&
           (count_waiting(&state) == 0 || left_ms <= atomic_load(&writer->moment_left_ms));
}

static void *run(void *context)
{
    struct redis_writer *writer = context;
    while (!is_finished(writer)) {
        struct redis_message *batch = NULL;
        if (writer->client != NULL)
            redis_queue_gather(writer->queue, BATCH_LEAST, BATCH_MS);
        if (writer->client == NULL)
            connect_again(writer);
        else if ((batch = redis_queue_take(writer->queue, writer->is_full ? 1 : BATCH_COMMANDS)) != NULL)
            deliver(writer, batch);
        else
            redis_queue_wait(writer->queue, IDLE_MS);
    }
    redis_client_close(writer->client);
    writer->client = NULL;
    return NULL;
}

struct redis_writer *redis_writer_create(const struct redis_login *login, struct redis_queue *queue,
                                         struct error *error)
{
    struct redis_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        error_set(error, STATUS_FAILED, "cannot open the Redis output: out of memory");
        return NULL;
    }
    writer->login = *login;
    writer->queue = queue;
    writer->pause_ms = FIRST_PAUSE_MS;
    writer->random = (unsigned)now_ms();
    atomic_init(&writer->stopping, false);
    atomic_init(&writer->deadline_ms, 0);
    atomic_init(&writer->moment_left_ms, 0);
    atomic_init(&writer->patience_ms, 0);
    atomic_init(&writer->last_ms, 0);
    return writer;
}

bool redis_writer_start(struct redis_writer *writer, struct error *error)
{
    sigset_t all, before; /* signals are for the threads that expect them */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&writer->thread, NULL, run, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    writer->started = failed == 0;
    return writer->started ||
           error_set(error, STATUS_FAILED, "cannot start the Redis thread: %s", strerror(failed));
}

static bool join_within(pthread_t thread, int64_t wait_ms)
{
    const struct timespec end = clock_after(CLOCK_REALTIME, wait_ms);
    return pthread_timedjoin_np(thread, NULL, &end) == 0;
}

void redis_writer_stop(struct redis_writer *writer, uint64_t deadline_ms, struct redis_queue_state *state)
{
    int64_t now = now_ms(), left_ms = (int64_t)deadline_ms + GRACE_MS;
    atomic_store(&writer->deadline_ms, now + (int64_t)deadline_ms);
    atomic_store(&writer->patience_ms, (int64_t)deadline_ms);
    atomic_store(&writer->last_ms, now + LONGEST_STOP_MS);
    atomic_store(&writer->moment_left_ms, (int64_t)deadline_ms - MOMENT_MS);
    atomic_store(&writer->stopping, true);
    redis_queue_wake(writer->queue);
    bool ended = !writer->started;
    for (; left_ms > 0 && !ended; left_ms = atomic_load(&writer->deadline_ms) + GRACE_MS - now_ms())
        ended = join_within(writer->thread, left_ms);
    redis_queue_get_state(writer->queue, state);
    if (!ended) { /* it hangs in the server or the resolver: the process ends soon, and its memory with it */
        pthread_detach(writer->thread);
        return;
    }
    redis_queue_free(writer->queue);
    redis_login_done(&writer->login);
    free(writer);
}
