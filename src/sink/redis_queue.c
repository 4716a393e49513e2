// SPDX-License-Identifier: Apache-2.0
#include "sink/redis_queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct list {
    struct redis_message *first, *last;
};

struct redis_queue {
    pthread_mutex_t mutex; /* guards all below; never held while anything waits for the server */
    pthread_cond_t changed;
    struct list lists[REDIS_CLASS_COUNT];
    struct redis_queue_state state;
    size_t max_bytes;
    bool awake;
};

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
    pthread_condattr_destroy(&attributes);
    return queue;
}

void redis_queue_free(struct redis_queue *queue)
{
    if (queue == NULL)
        return;
    redis_queue_drop(queue, REDIS_CLASS_HEARTBEAT);
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

static size_t message_bytes(const struct redis_message *message)
{
    return sizeof *message + message->length;
}

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

/* With the mutex held. */
static void forget(struct redis_queue *queue, struct redis_message *message, uint64_t *counters)
{
    queue->state.waiting[message->class]--;
    queue->state.bytes -= message_bytes(message);
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

bool redis_queue_push(struct redis_queue *queue, enum redis_class class, enum event_type type,
                      unsigned commands, const char *bytes, size_t length)
{
    struct redis_message *message = create_message(class, type, commands, bytes, length);
    pthread_mutex_lock(&queue->mutex);
    if (class == REDIS_CLASS_HEARTBEAT && queue->lists[class].first != NULL)
        forget(queue, take_first(&queue->lists[class]), queue->state.dropped);
    bool fits = message != NULL && make_room(queue, class, message_bytes(message));
    if (fits) {
        append(&queue->lists[class], message);
        queue->state.waiting[class]++;
        queue->state.bytes += message_bytes(message);
        pthread_cond_signal(&queue->changed);
    } else if (class != REDIS_CLASS_HEARTBEAT) {
        queue->state.dropped[type]++;
    }
    pthread_mutex_unlock(&queue->mutex);
    if (!fits)
        free(message);
    return fits;
}

struct redis_message *redis_queue_take(struct redis_queue *queue, unsigned max_commands)
{
    struct list batch = {0};
    unsigned commands = 0;
    pthread_mutex_lock(&queue->mutex);
    for (int class = 0; class < REDIS_CLASS_COUNT; class ++)
        while (commands < max_commands && queue->lists[class].first != NULL) {
            struct redis_message *message = take_first(&queue->lists[class]);
            message->answered = message->refused = 0;
            commands += message->commands;
            append(&batch, message);
        }
    pthread_mutex_unlock(&queue->mutex);
    return batch.first;
}

void redis_queue_done(struct redis_queue *queue, struct redis_message *message, bool written)
{
    pthread_mutex_lock(&queue->mutex);
    forget(queue, message, written ? queue->state.written : queue->state.dropped);
    pthread_mutex_unlock(&queue->mutex);
}

void redis_queue_put_back(struct redis_queue *queue, struct redis_message *batch)
{
    struct list returned[REDIS_CLASS_COUNT] = {0};
    while (batch != NULL) {
        struct redis_message *next = batch->next;
        append(&returned[batch->class], batch);
        batch = next;
    }
    pthread_mutex_lock(&queue->mutex);
    for (int class = 0; class < REDIS_CLASS_COUNT; class ++) {
        struct list *list = &queue->lists[class];
        if (returned[class].first == NULL)
            continue;
        returned[class].last->next = list->first;
        if (list->last == NULL)
            list->last = returned[class].last;
        list->first = returned[class].first;
    }
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
    return true;
}

static void wait_for(struct redis_queue *queue, uint64_t timeout_ms, bool until_filled)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    uint64_t nanoseconds = (uint64_t)end.tv_nsec + timeout_ms % 1000 * 1000000;
    end.tv_sec += (time_t)(timeout_ms / 1000 + nanoseconds / 1000000000);
    end.tv_nsec = (long)(nanoseconds % 1000000000);
    pthread_mutex_lock(&queue->mutex);
    while (!queue->awake && !(until_filled && !is_empty(queue)))
        if (pthread_cond_timedwait(&queue->changed, &queue->mutex, &end) != 0)
            break;
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
    pthread_mutex_unlock(&queue->mutex);
}

void redis_queue_get_state(struct redis_queue *queue, struct redis_queue_state *state)
{
    pthread_mutex_lock(&queue->mutex);
    *state = queue->state;
    pthread_mutex_unlock(&queue->mutex);
}
