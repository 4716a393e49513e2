// SPDX-License-Identifier: Apache-2.0
/*
 * The thread that brings queued commands to the Redis server: in pipelined batches, each acknowledged before
 * it counts as written, sent again after a broken connection, with pauses between attempts to connect. Says
 * once when the server is lost and once when it is back.
 */
#ifndef SINK_REDIS_REDIS_WRITER_H
#define SINK_REDIS_REDIS_WRITER_H

#include "base/error.h"
#include "redis/redis_client.h"
#include "sink/redis/redis_queue.h"

struct redis_writer;

/* Takes over the queue. NULL with `error` filled when memory ran out. */
struct redis_writer *redis_writer_create(const struct redis_login *login, struct redis_queue *queue,
                                         struct error *error);

/* Starts the thread; once. */
bool redis_writer_start(struct redis_writer *writer, struct error *error);

/* Where the thread was started: sends what waits until nothing is left, or the server has taken nothing for
 * `deadline_ms`, or a minute is over, and ends the thread. Frees writer and queue. `state` is what the queue
 * counted at the end. */
void redis_writer_stop(struct redis_writer *writer, uint64_t deadline_ms, struct redis_queue_state *state);

#endif
