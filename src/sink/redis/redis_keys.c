// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_keys.h"

#include <stdio.h>
#include <string.h>

/* As Suricata's redis output names them (suricata.yaml, outputs, eve-log, redis, mode). */
struct redis_mode {
    const char *name;
    const char *key; /* where redis.key is empty; NULL: the stream of the sensor */
    void (*put)(struct redis_text *text, const struct redis_keys *keys, const struct event *event);
};

static void put_stream(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    redis_text_begin(text, "XADD");
    redis_text_put(text, keys->eve_key);
    redis_text_put(text, "MAXLEN");
    redis_text_put(text, "~");
    redis_text_put_number(text, keys->eve_length);
    redis_text_put(text, "*");
    redis_text_put(text, "eve");
    redis_text_put_bytes(text, event->json, event->json_length);
    redis_text_end(text);
}

static void put_one(struct redis_text *text, const char *command, const struct redis_keys *keys,
                    const struct event *event)
{
    redis_text_begin(text, command);
    redis_text_put(text, keys->eve_key);
    redis_text_put_bytes(text, event->json, event->json_length);
    redis_text_end(text);
}

static void put_list_trim(struct redis_text *text, const struct redis_keys *keys, const char *first,
                          const char *last)
{
    redis_text_begin(text, "LTRIM");
    redis_text_put(text, keys->eve_key);
    redis_text_put(text, first);
    redis_text_put(text, last);
    redis_text_end(text);
}

/* The newest record is the first of the list. */
static void put_list_head(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    char last[24];
    put_one(text, "LPUSH", keys, event);
    snprintf(last, sizeof last, "%llu", (unsigned long long)keys->eve_length - 1);
    put_list_trim(text, keys, "0", last);
}

/* The newest record is the last: readers that take from the head (BLPOP) have them in order. */
static void put_list_tail(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    char first[24];
    put_one(text, "RPUSH", keys, event);
    snprintf(first, sizeof first, "-%llu", (unsigned long long)keys->eve_length);
    put_list_trim(text, keys, first, "-1");
}

static void put_channel(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    put_one(text, "PUBLISH", keys, event);
}

static const struct redis_mode modes[] = {
    {"stream", NULL, put_stream},         {"xadd", NULL, put_stream},
    {"list", "suricata", put_list_head},  {"lpush", "suricata", put_list_head},
    {"rpush", "suricata", put_list_tail}, {"channel", "suricata", put_channel},
    {"publish", "suricata", put_channel},
};

static void init_mode(struct redis_keys *keys, const struct config *config)
{
    const char *key = config->redis.key;
    keys->mode = &modes[0];
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (config->redis.mode != NULL && strcmp(config->redis.mode, modes[i].name) == 0)
            keys->mode = &modes[i];
    if (key == NULL || key[0] == '\0')
        key = keys->mode->key;
    if (key != NULL)
        snprintf(keys->eve_key, sizeof keys->eve_key, "%s", key);
    else
        snprintf(keys->eve_key, sizeof keys->eve_key, "%s:eve", keys->base);
}

void redis_keys_init(struct redis_keys *keys, const struct config *config)
{
    *keys = (struct redis_keys){0};
    snprintf(keys->prefix, sizeof keys->prefix, "%s",
             config->redis.prefix != NULL && config->redis.prefix[0] != '\0' ? config->redis.prefix
                                                                             : "geophone");
    snprintf(keys->sensor, sizeof keys->sensor, "%s",
             config->sensor.name != NULL ? config->sensor.name : "sensor");
    for (char *c = keys->sensor; *c != '\0'; c++) /* a brace would end the hash tag, a colon the name */
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c) == NULL)
            *c = '_';
    snprintf(keys->base, sizeof keys->base, "%s:{%s}", keys->prefix, keys->sensor);
    keys->alerts_length = config->redis.alerts_length;
    keys->eve_length = config->redis.eve_length;
    keys->ts_length = config->redis.ts_length;
    keys->history_length = config->redis.history_length;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        keys->eve_types[type] =
            config_list_has(&config->redis.eve_types, event_type_name((enum event_type)type));
    init_mode(keys, config);
}

void redis_begin(struct redis_text *text, const char *command, const struct redis_keys *keys,
                 const char *name, const char *member)
{
    char key[REDIS_BASE_SIZE + 96];
    snprintf(key, sizeof key, "%s:%s%s%s", keys->base, name, member[0] != '\0' ? ":" : "", member);
    redis_text_begin(text, command);
    redis_text_put(text, key);
}

void redis_begin_stream(struct redis_text *text, const struct redis_keys *keys, const char *name,
                        uint64_t max_length)
{
    redis_begin(text, "XADD", keys, name, "");
    redis_text_put(text, "MAXLEN");
    redis_text_put(text, "~");
    redis_text_put_number(text, max_length);
    redis_text_put(text, "*");
}

void redis_put_expire(struct redis_text *text, const struct redis_keys *keys, const char *name,
                      const char *member, uint64_t seconds)
{
    redis_begin(text, "EXPIRE", keys, name, member);
    redis_text_put_number(text, seconds);
    redis_text_end(text);
}

void redis_put_trim(struct redis_text *text, const struct redis_keys *keys, const char *name,
                    const char *member, unsigned count)
{
    char last[24];
    redis_begin(text, "ZREMRANGEBYRANK", keys, name, member);
    redis_text_put(text, "0");
    snprintf(last, sizeof last, "-%u", count + 1);
    redis_text_put(text, last);
    redis_text_end(text);
}

void redis_put_eve(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    if (keys->eve_types[event->type] && event->json != NULL)
        keys->mode->put(text, keys, event);
}
