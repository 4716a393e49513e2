// SPDX-License-Identifier: Apache-2.0
/*
 * Events as Redis commands (RESP, https://redis.io/docs/latest/develop/reference/protocol-spec/): the one
 * place where the keys of the sensor are known. Only absolute writes, so that a user with write permission
 * only will do and sending a command twice does no harm but a second stream entry; every key has a cap or a
 * time to live.
 */
#ifndef SINK_REDIS_REDIS_COMMANDS_H
#define SINK_REDIS_REDIS_COMMANDS_H

#include "sink/redis/redis_keys.h"
#include "sink/redis/redis_queue.h"
#include "sink/sink.h"

/* Replaces the text with the commands for `event`; there may be none. The first one carries the event, the
 * others serve its readers. */
void redis_commands_event(struct redis_text *text, const struct redis_keys *keys, const struct event *event);

/* Replaces the text with the signs of life: alive, meta, the list of sensors. `now_us`: wall clock. */
void redis_commands_heartbeat(struct redis_text *text, const struct redis_keys *keys,
                              const struct sink_environment *environment, int64_t now_us);

/* "pool.example:3333", the address where no name is known */
enum { REDIS_POOL_SIZE = 264 };
const char *redis_format_pool(const struct mining *mining, char text[static REDIS_POOL_SIZE]);

enum redis_class redis_class_of(enum event_type type);

#endif
