// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_queue.h"

#include "base/clock.h"
#include "sink/redis/redis_spool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct list {
    struct redis_message *first, *last;
};

struct redis_queue {
    pthread_mutex_t mutex; /* guards all below; never held while anything waits for the server or the disk */
    pthread_cond_t changed, room;
    struct list lists[REDIS_CLASS_COUNT];
    struct redis_queue_state state;
    size_t max_bytes;
    bool awake;
    uint64_t gathering;        /* so many flow records and statistics are waited for; 0: any */
    bool is_patient, gave_up;  /* the server has taken nothing for too long */
    int64_t progress_ms;       /* when it last took something; 0: never */
    struct redis_spool *spool; /* or NULL; then also: */
    struct list returned;      /* read from the spool, and put back */
    unsigned taken_in_memory;  /* alerts and incidents that are not in the spool */
};

/* ---- lists ---- */

static void append(struct list *list, struct redis_message *message)
{
    message->next = NULL;
    if (list->last == NULL)
        list->first = message;
    else
        list->last->next = message;
    list->last = message;
}

static struct redis_message *take_first(struct list *list)
{
    struct redis_message *message = list->first;
    if (message == NULL)
        return NULL;
    list->first = message->next;
    if (list->first == NULL)
        list->last = NULL;
    message->next = NULL;
    return message;
}

/* What is appended to the one becomes the beginning of the other. */
static void prepend(struct list *list, struct list *before)
{
    if (before->first == NULL)
        return;
    before->last->next = list->first;
    if (list->last == NULL)
        list->last = before->last;
    list->first = before->first;
    *before = (struct list){0};
}

/* ---- life ---- */

struct redis_queue *redis_queue_create(size_t max_bytes)
{
    pthread_condattr_t attributes;
    struct redis_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    queue->max_bytes = max_bytes;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->changed, &attributes);
    pthread_cond_init(&queue->room, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void redis_queue_free(struct redis_queue *queue)
{
    if (queue == NULL)
        return;
    redis_queue_drop(queue, REDIS_CLASS_HEARTBEAT);
    for (struct redis_message *message; (message = take_first(&queue->returned)) != NULL;)
        free(message); /* it is still in the spool */
    redis_spool_close(queue->spool);
    pthread_cond_destroy(&queue->changed);
    pthread_cond_destroy(&queue->room);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

void redis_queue_use_spool(struct redis_queue *queue, struct redis_spool *spool)
{
    queue->spool = spool;
    for (int class = 0; class < REDIS_CLASS_COUNT; class ++) {
        uint64_t unread = redis_spool_unread(spool, (enum redis_class) class);
        queue->state.waiting[class] += unread;
        queue->state.spooled[class] += unread;
    }
}

void redis_queue_be_patient(struct redis_queue *queue)
{
    queue->is_patient = true;
}

/* ---- pushing ---- */

static int64_t now_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

static struct timespec moment(int64_t ms)
{
    return (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000 * 1000000)};
}

static bool is_important(enum redis_class class)
{
    return class == REDIS_CLASS_ALERT || class == REDIS_CLASS_INCIDENT;
}

static size_t message_bytes(const struct redis_message *message)
{
    return sizeof *message + message->length;
}

/* With the mutex held. */
static void forget(struct redis_queue *queue, struct redis_message *message, uint64_t *counters)
{
    queue->state.waiting[message->class]--;
    if (message->spooled != 0) {
        queue->state.spooled[message->class]--;
        redis_spool_done(queue->spool, message->spooled);
    } else {
        queue->state.bytes -= message_bytes(message);
        pthread_cond_signal(&queue->room);
    }
    if (message->class != REDIS_CLASS_HEARTBEAT)
        counters[message->type]++;
    free(message);
}

/* Makes `bytes` fit by dropping what is at most as important as `class`. With the mutex held. */
static bool make_room(struct redis_queue *queue, enum redis_class class, size_t bytes)
{
    if (bytes > queue->max_bytes)
        return false;
    for (int victim = REDIS_CLASS_COUNT - 1; victim >= (int)class; victim--)
        while (queue->state.bytes + bytes > queue->max_bytes && queue->lists[victim].first != NULL)
            forget(queue, take_first(&queue->lists[victim]), queue->state.dropped);
    return queue->state.bytes + bytes <= queue->max_bytes;
}

static struct redis_message *create_message(enum redis_class class, enum event_type type, unsigned commands,
                                            const char *bytes, size_t length)
{
    struct redis_message *message = malloc(sizeof *message + length);
    if (message == NULL)
        return NULL;
    *message = (struct redis_message){.class = class, .type = type, .commands = commands, .length = length};
    memcpy(message->bytes, bytes, length);
    return message;
}

/* What waits in the spool is older than alerts and incidents in memory. With the mutex held. */
static bool spool_waits(const struct redis_queue *queue)
{
    return queue->returned.first != NULL ||
           (queue->spool != NULL && redis_spool_unread(queue->spool, REDIS_CLASS_ALERT) +
                                            redis_spool_unread(queue->spool, REDIS_CLASS_INCIDENT) >
                                        0);
}

/* What is more important than flow records and statistics is not kept waiting for more. With the mutex held.
 */
static bool is_worth_taking(const struct redis_queue *queue)
{
    for (int class = 0; class < REDIS_CLASS_ORDINARY; class ++)
        if (queue->lists[class].first != NULL)
            return true;
    return queue->state.waiting[REDIS_CLASS_ORDINARY] >= queue->gathering || spool_waits(queue);
}

/* With the mutex held. */
static void wait_for_room(struct redis_queue *queue, size_t bytes)
{
    int64_t begin_ms = now_ms();
    while (!queue->gave_up && !queue->awake && bytes <= queue->max_bytes &&
           queue->state.bytes + bytes > queue->max_bytes) {
        int64_t patience_ms = queue->progress_ms == 0 ? REDIS_FIRST_PATIENCE_MS : REDIS_PATIENCE_MS;
        int64_t since_ms = queue->progress_ms > begin_ms ? queue->progress_ms : begin_ms;
        struct timespec end = moment(since_ms + patience_ms);
        if (now_ms() >= since_ms + patience_ms)
            queue->gave_up = true;
        else
            (void)pthread_cond_timedwait(&queue->room, &queue->mutex, &end);
    }
}

/* Moves alerts and incidents that wait in memory alone into the spool, in their order. False where some stay.
 */
static bool empty_into_spool(struct redis_queue *queue)
{
    struct list waiting[REDIS_CLASS_COUNT] = {0};
    pthread_mutex_lock(&queue->mutex);
    bool may_move = queue->taken_in_memory == 0; /* else those taken, put back, would come too late */
    for (int class = REDIS_CLASS_ALERT; may_move && class <= REDIS_CLASS_INCIDENT; class ++) {
        waiting[class] = queue->lists[class];
        queue->lists[class] = (struct list){0};
    }
    pthread_mutex_unlock(&queue->mutex);
    bool fits = may_move;
    for (int class = REDIS_CLASS_ALERT; class <= REDIS_CLASS_INCIDENT; class ++)
        while (fits && waiting[class].first != NULL &&
               (fits = redis_spool_append(queue->spool, waiting[class].first))) {
            struct redis_message *message = take_first(&waiting[class]);
            pthread_mutex_lock(&queue->mutex);
            queue->state.bytes -= message_bytes(message);
            queue->state.spooled[class]++;
            pthread_mutex_unlock(&queue->mutex);
            free(message);
        }
    pthread_mutex_lock(&queue->mutex);
    for (int class = REDIS_CLASS_ALERT; class <= REDIS_CLASS_INCIDENT; class ++)
        prepend(&queue->lists[class], &waiting[class]);
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
    return fits;
}

/* Counted before it is written, as it may be taken at once. */
static bool push_to_spool(struct redis_queue *queue, const struct redis_message *message)
{
    bool fits = empty_into_spool(queue);
    pthread_mutex_lock(&queue->mutex);
    queue->state.waiting[message->class] += fits;
    queue->state.spooled[message->class] += fits;
    pthread_mutex_unlock(&queue->mutex);
    bool written = fits && redis_spool_append(queue->spool, message);
    pthread_mutex_lock(&queue->mutex);
    queue->state.waiting[message->class] -= fits && !written;
    queue->state.spooled[message->class] -= fits && !written;
    queue->state.unspooled += !written;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
    return written;
}

bool redis_queue_push(struct redis_queue *queue, enum redis_class class, enum event_type type,
                      unsigned commands, const char *bytes, size_t length)
{
    struct redis_message *message = create_message(class, type, commands, bytes, length);
    if (message != NULL && queue->spool != NULL && is_important(class) && push_to_spool(queue, message)) {
        free(message);
        return true;
    }
    pthread_mutex_lock(&queue->mutex);
    if (message != NULL && queue->is_patient && class != REDIS_CLASS_HEARTBEAT)
        wait_for_room(queue, message_bytes(message));
    if (class == REDIS_CLASS_HEARTBEAT && queue->lists[class].first != NULL)
        forget(queue, take_first(&queue->lists[class]), queue->state.dropped);
    bool fits = message != NULL && make_room(queue, class, message_bytes(message));
    if (fits) {
        append(&queue->lists[class], message);
        queue->state.waiting[class]++;
        queue->state.bytes += message_bytes(message);
        if (is_worth_taking(queue))
            pthread_cond_signal(&queue->changed);
    } else if (class != REDIS_CLASS_HEARTBEAT) {
        queue->state.dropped[type]++;
    }
    pthread_mutex_unlock(&queue->mutex);
    if (!fits)
        free(message);
    return fits;
}

/* ---- taking ---- */

/* Adds messages of a list to the batch. With the mutex held. */
static void take_some(struct redis_queue *queue, struct list *list, struct list *batch, unsigned *commands,
                      unsigned max)
{
    while (*commands < max && list->first != NULL) {
        struct redis_message *message = take_first(list);
        message->answered = message->refused = 0;
        *commands += message->commands;
        queue->taken_in_memory += is_important(message->class) && message->spooled == 0;
        append(batch, message);
    }
}

/* The same from the spool, which may have to wait for the disk. */
static void read_some(struct redis_queue *queue, struct list *batch, unsigned *commands, unsigned max)
{
    uint64_t lost[REDIS_CLASS_COUNT] = {0};
    struct redis_message *message;
    while (*commands < max && (message = redis_spool_read(queue->spool, lost)) != NULL) {
        *commands += message->commands;
        append(batch, message);
    }
    pthread_mutex_lock(&queue->mutex);
    for (int class = 0; class < REDIS_CLASS_COUNT; class ++) {
        queue->state.waiting[class] -= lost[class];
        queue->state.spooled[class] -= lost[class];
    }
    queue->state.dropped[EVENT_ALERT] += lost[REDIS_CLASS_ALERT];
    queue->state.dropped[EVENT_MINING] += lost[REDIS_CLASS_INCIDENT];
    pthread_mutex_unlock(&queue->mutex);
}

struct redis_message *redis_queue_take(struct redis_queue *queue, unsigned max_commands)
{
    struct list batch = {0};
    unsigned commands = 0;
    pthread_mutex_lock(&queue->mutex);
    take_some(queue, &queue->lists[REDIS_CLASS_HEARTBEAT], &batch, &commands, max_commands);
    take_some(queue, &queue->returned, &batch, &commands, max_commands);
    pthread_mutex_unlock(&queue->mutex);
    if (queue->spool != NULL)
        read_some(queue, &batch, &commands, max_commands);
    pthread_mutex_lock(&queue->mutex);
    for (int class = REDIS_CLASS_ALERT; class < REDIS_CLASS_COUNT && !spool_waits(queue); class ++)
        take_some(queue, &queue->lists[class], &batch, &commands, max_commands);
    pthread_mutex_unlock(&queue->mutex);
    return batch.first;
}

/* With the mutex held. */
static void note_returned(struct redis_queue *queue, const struct redis_message *message)
{
    queue->taken_in_memory -= is_important(message->class) && message->spooled == 0;
}

void redis_queue_done(struct redis_queue *queue, struct redis_message *message, bool written)
{
    pthread_mutex_lock(&queue->mutex);
    note_returned(queue, message);
    if (written) {
        queue->progress_ms = now_ms();
        queue->gave_up = false;
    }
    forget(queue, message, written ? queue->state.written : queue->state.dropped);
    pthread_mutex_unlock(&queue->mutex);
}

void redis_queue_commit(struct redis_queue *queue)
{
    if (queue->spool != NULL)
        redis_spool_commit(queue->spool);
}

void redis_queue_put_back(struct redis_queue *queue, struct redis_message *batch)
{
    struct list returned[REDIS_CLASS_COUNT] = {0}, to_spool = {0};
    pthread_mutex_lock(&queue->mutex);
    while (batch != NULL) {
        struct redis_message *next = batch->next;
        note_returned(queue, batch);
        append(batch->spooled != 0 ? &to_spool : &returned[batch->class], batch);
        batch = next;
    }
    prepend(&queue->returned, &to_spool);
    for (int class = 0; class < REDIS_CLASS_COUNT; class ++)
        prepend(&queue->lists[class], &returned[class]);
    pthread_mutex_unlock(&queue->mutex);
}

uint64_t redis_queue_drop(struct redis_queue *queue, enum redis_class from)
{
    uint64_t count = 0;
    pthread_mutex_lock(&queue->mutex);
    for (int class = (int)from; class < REDIS_CLASS_COUNT; class ++)
        for (; queue->lists[class].first != NULL; count++)
            forget(queue, take_first(&queue->lists[class]), queue->state.dropped);
    pthread_mutex_unlock(&queue->mutex);
    return count;
}

static bool is_empty(const struct redis_queue *queue)
{
    for (int class = 0; class < REDIS_CLASS_COUNT; class ++)
        if (queue->lists[class].first != NULL)
            return false;
    return !spool_waits(queue);
}

static void wait_for(struct redis_queue *queue, uint64_t timeout_ms, bool until_filled)
{
    struct timespec end = moment(now_ms() + (int64_t)timeout_ms);
    pthread_mutex_lock(&queue->mutex);
    while (!queue->awake && !(until_filled && !is_empty(queue)))
        if (pthread_cond_timedwait(&queue->changed, &queue->mutex, &end) != 0)
            break;
    pthread_mutex_unlock(&queue->mutex);
}

void redis_queue_gather(struct redis_queue *queue, unsigned messages, uint64_t timeout_ms)
{
    struct timespec end = moment(now_ms() + (int64_t)timeout_ms);
    pthread_mutex_lock(&queue->mutex);
    queue->gathering = messages;
    while (!queue->awake && !is_empty(queue) && !is_worth_taking(queue))
        if (pthread_cond_timedwait(&queue->changed, &queue->mutex, &end) != 0)
            break;
    queue->gathering = 0;
    pthread_mutex_unlock(&queue->mutex);
}

void redis_queue_wait(struct redis_queue *queue, uint64_t timeout_ms)
{
    wait_for(queue, timeout_ms, true);
}

void redis_queue_pause(struct redis_queue *queue, uint64_t timeout_ms)
{
    wait_for(queue, timeout_ms, false);
}

void redis_queue_wake(struct redis_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->awake = true;
    pthread_cond_signal(&queue->changed);
    pthread_cond_signal(&queue->room);
    pthread_mutex_unlock(&queue->mutex);
}

void redis_queue_get_state(struct redis_queue *queue, struct redis_queue_state *state)
{
    pthread_mutex_lock(&queue->mutex);
    *state = queue->state;
    pthread_mutex_unlock(&queue->mutex);
}
