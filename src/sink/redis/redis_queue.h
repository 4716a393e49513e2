// SPDX-License-Identifier: Apache-2.0
/*
 * Redis commands that wait to be sent, in bounded memory and in a spool, between the verdict thread that
 * pushes and the Redis thread that takes.
 *
 * A message is all the commands of one event. The most important class is taken first, each class in the
 * order in which it was pushed. When memory is full, the oldest message of the least important class makes
 * room; a message that is less important than all that waits is itself dropped. What was taken counts as
 * waiting until it is done or put back.
 *
 * With a spool, alerts and incidents wait there, together in their order, and take no memory. Where it has no
 * room they wait in memory, and so do all that come after them, until they found a place in the spool or the
 * server took them: the order holds.
 */
#ifndef SINK_REDIS_REDIS_QUEUE_H
#define SINK_REDIS_REDIS_QUEUE_H

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
    uint64_t spooled;     /* its number in the spool; 0: it waits in memory alone */
    unsigned answered, refused;
    size_t length;
    char bytes[]; /* the commands, as RESP */
};

struct redis_queue;
struct redis_spool;

struct redis_queue *redis_queue_create(size_t max_bytes); /* NULL: out of memory */
void redis_queue_free(struct redis_queue *queue);         /* with the spool; NULL is fine */

/* Before the first message. The queue takes the spool over; what waits in it goes first. */
void redis_queue_use_spool(struct redis_queue *queue, struct redis_spool *spool);

/* Before the first message: pushing waits where memory is full, for as long as the server took something
 * within REDIS_PATIENCE_MS; where it has never taken anything, within REDIS_FIRST_PATIENCE_MS. For captures
 * that are read from files: they can wait. */
void redis_queue_be_patient(struct redis_queue *queue);
enum { REDIS_PATIENCE_MS = 60000, REDIS_FIRST_PATIENCE_MS = 5000 };

/* One thread. Copies the commands. False where the message itself was dropped (and counted). */
bool redis_queue_push(struct redis_queue *queue, enum redis_class class, enum event_type type,
                      unsigned commands, const char *bytes, size_t length);

/* One thread, which may be another: takes messages with together at least one and about `max_commands`
 * commands; NULL where nothing waits. It gives each back with done or put_back. */
struct redis_message *redis_queue_take(struct redis_queue *queue, unsigned max_commands);

/* Frees the message; `written` says whether it counts as written or dropped. */
void redis_queue_done(struct redis_queue *queue, struct redis_message *message, bool written);
/* After some of those: notes in the spool that they need not be kept. */
void redis_queue_commit(struct redis_queue *queue);

/* A batch that was not acknowledged becomes the first again, in its order. */
void redis_queue_put_back(struct redis_queue *queue, struct redis_message *batch);

/* Drops all that wait of the class and those less important; returns how many. */
uint64_t redis_queue_drop(struct redis_queue *queue, enum redis_class from);

/* Where something waits, and nothing of it is urgent (flow records and statistics are not): waits for more,
 * until so many messages wait or the time is over. */
void redis_queue_gather(struct redis_queue *queue, unsigned messages, uint64_t timeout_ms);

/* Waits until there is something to take, queue_wake() is called, or the time is over. */
void redis_queue_wait(struct redis_queue *queue, uint64_t timeout_ms);
/* The same, but something to take does not end it: for pauses between attempts. */
void redis_queue_pause(struct redis_queue *queue, uint64_t timeout_ms);
void redis_queue_wake(struct redis_queue *queue); /* from then on waits end at once */

struct redis_queue_state {
    uint64_t waiting[REDIS_CLASS_COUNT]; /* messages, with those taken and those in the spool */
    uint64_t spooled[REDIS_CLASS_COUNT]; /* of these, in the spool: they outlive the sensor */
    uint64_t unspooled;                  /* alerts and incidents that found no room in the spool, so far */
    uint64_t written[EVENT_TYPE_COUNT], dropped[EVENT_TYPE_COUNT];
    size_t bytes; /* of memory */
};
void redis_queue_get_state(struct redis_queue *queue, struct redis_queue_state *state);

#endif
