// SPDX-License-Identifier: Apache-2.0
/*
 * The names of the sensor's keys, and commands that many of them share. Writes of events as they are (EVE
 * records) go where redis.mode says: a stream, a list or a channel, the last two as Suricata's Redis output
 * does.
 */
#ifndef SINK_REDIS_REDIS_KEYS_H
#define SINK_REDIS_REDIS_KEYS_H

#include "config/config.h"
#include "redis/redis_text.h"
#include "verdict/event.h"

enum { REDIS_BASE_SIZE = 192, REDIS_HOUR_S = 3600, REDIS_DAY_S = 24 * REDIS_HOUR_S };

struct redis_mode; /* how EVE records are written */

/* What the configuration says about keys; filled once. */
struct redis_keys {
    char prefix[80];
    char sensor[64];            /* as it stands in keys: letters, digits, ".", "_" and "-" */
    char base[REDIS_BASE_SIZE]; /* "geophone:{sensor}" */
    uint64_t alerts_length, eve_length, ts_length, history_length;
    const struct redis_mode *mode;
    char eve_key[REDIS_BASE_SIZE + 8];
    bool eve_types[EVENT_TYPE_COUNT];
};

void redis_keys_init(struct redis_keys *keys, const struct config *config);

/* Begins a command on the sensor's key `name`, or "name:member" where that is not "". */
void redis_begin(struct redis_text *text, const char *command, const struct redis_keys *keys,
                 const char *name, const char *member);
/* XADD up to the first field; about the newest `max_length` entries are kept. */
void redis_begin_stream(struct redis_text *text, const struct redis_keys *keys, const char *name,
                        uint64_t max_length);
void redis_put_expire(struct redis_text *text, const struct redis_keys *keys, const char *name,
                      const char *member, uint64_t seconds);
/* Only the `count` members with the highest scores stay in a sorted set. */
void redis_put_trim(struct redis_text *text, const struct redis_keys *keys, const char *name,
                    const char *member, unsigned count);

/* The event's record, if the configuration wants records of its type and it has one. */
void redis_put_eve(struct redis_text *text, const struct redis_keys *keys, const struct event *event);

#endif
