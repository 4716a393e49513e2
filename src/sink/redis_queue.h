// SPDX-License-Identifier: Apache-2.0
/*
 * Redis commands that wait to be sent, in bounded memory, between the verdict thread that pushes and the
 * Redis thread that takes. Thread-safe.
 *
 * A message is all the commands of one event. The most important class is taken first, each class in the
 * order in which it was pushed. When memory is full, the oldest message of the least important class makes
 * room; a message that is less important than all that waits is itself dropped. What was taken counts as
 * waiting until it is done or put back.
 */
#ifndef SINK_REDIS_QUEUE_H
#define SINK_REDIS_QUEUE_H

#include "verdict/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum redis_class {
    REDIS_CLASS_HEARTBEAT, /* alive, meta: only the latest waits, and it is no event */
    REDIS_CLASS_ALERT,
    REDIS_CLASS_INCIDENT,
    REDIS_CLASS_ORDINARY, /* flows and statistics */
    REDIS_CLASS_COUNT
};

struct redis_message {
    struct redis_message *next; /* of the queue, or of a batch */
    enum redis_class class;
    enum event_type type; /* without meaning for heartbeats */
    unsigned commands;    /* answers that will come */
    unsigned answered, refused;
    size_t length;
    char bytes[]; /* the commands, as RESP */
};

struct redis_queue;

struct redis_queue *redis_queue_create(size_t max_bytes); /* NULL: out of memory */
void redis_queue_free(struct redis_queue *queue);

/* Copies the commands. False where the message itself was dropped (and counted). */
bool redis_queue_push(struct redis_queue *queue, enum redis_class class, enum event_type type,
                      unsigned commands, const char *bytes, size_t length);

/* Takes messages with together at least one and about `max_commands` commands; NULL where nothing waits. The
 * caller gives each back with done or put_back. */
struct redis_message *redis_queue_take(struct redis_queue *queue, unsigned max_commands);

/* Frees the message; `written` says whether it counts as written or dropped. */
void redis_queue_done(struct redis_queue *queue, struct redis_message *message, bool written);

/* A batch that was not acknowledged becomes the first again, in its order. */
void redis_queue_put_back(struct redis_queue *queue, struct redis_message *batch);

/* Drops all that wait of the class and those less important; returns how many. */
uint64_t redis_queue_drop(struct redis_queue *queue, enum redis_class from);

/* Waits until there is something to take, queue_wake() is called, or the time is over. */
void redis_queue_wait(struct redis_queue *queue, uint64_t timeout_ms);
/* The same, but something to take does not end it: for pauses between attempts. */
void redis_queue_pause(struct redis_queue *queue, uint64_t timeout_ms);
void redis_queue_wake(struct redis_queue *queue); /* from then on waits end at once */

struct redis_queue_state {
    uint64_t waiting[REDIS_CLASS_COUNT]; /* messages, with those taken */
    uint64_t written[EVENT_TYPE_COUNT], dropped[EVENT_TYPE_COUNT];
    size_t bytes;
};
void redis_queue_get_state(struct redis_queue *queue, struct redis_queue_state *state);

#endif
