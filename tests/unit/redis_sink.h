// SPDX-License-Identifier: Apache-2.0
/*
 * The Redis sink before a server of our own, with what it says kept in a file: for the tests of the sink.
 */
#ifndef TESTS_UNIT_REDIS_SINK_H
#define TESTS_UNIT_REDIS_SINK_H

#include <cmocka.h>
#include <fcntl.h>

#include "event_samples.h"
#include "redis_server.h"
#include "sink/sink.h"

static struct redis_server server;
static struct config config;
static struct sink_environment environment;
static char url[160];
static int saved_stderr = -1;
static char messages_path[128];

static inline int begin(void **state)
{
    (void)state;
    if (!redis_server_is_installed())
        return 0;
    sample_config(&config);
    config.redis.enabled = true;
    config.redis.url = url;
    environment = (struct sink_environment){.config = &config,
                                            .version = "0.1.0",
                                            .inputs = "capture.pcap",
                                            .started_us = sample_time_us(0),
                                            .is_live = false};
    setenv("GEOPHONE_REDIS_PASSWORD", "sensor-secret", 1);
    if (!redis_server_prepare(&server))
        return 1;
    snprintf(url, sizeof url, "unix://sensor@%s", server.socket);
    snprintf(messages_path, sizeof messages_path, "%s/messages", server.directory);
    fflush(stderr);
    saved_stderr = dup(STDERR_FILENO);
    int fd = open(messages_path, O_CREAT | O_RDWR | O_APPEND, 0600);
    dup2(fd, STDERR_FILENO);
    close(fd);
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    if (!redis_server_is_installed())
        return 0;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    unlink(messages_path);
    redis_server_remove(&server);
    return 0;
}

static inline void need_server(void)
{
    if (redis_server_is_installed())
        return;
    print_message("skipped: redis-server is not installed\n");
    skip();
}

/* What the sensor said so far. */
static inline const char *messages(void)
{
    static char text[8192];
    FILE *file = fopen(messages_path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Waits until it says so. */
static inline bool says(const char *part)
{
    unsigned patience = 0;
    while (strstr(messages(), part) == NULL)
        if (!redis_look_again(&patience))
            return false;
    return true;
}

static inline size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static inline struct sinks *open_sinks(void)
{
    struct error error;
    struct sinks *sinks = sinks_open(&environment, &error);
    if (sinks == NULL || !sinks_start(sinks, &error))
        fail_msg("%s", error.text);
    return sinks;
}

static inline void emit(struct sinks *sinks, enum event_type type, int number)
{
    static struct sensor_statistics statistics = {.packets_per_second = 10};
    struct mining mining = sample_mining();
    struct event event = sample_event(type, type == EVENT_ALERT || type == EVENT_MINING ? &mining : NULL);
    event.statistics = type == EVENT_STATS ? &statistics : NULL;
    snprintf(event.alert_id, sizeof event.alert_id, "alert-%d", number);
    sinks_emit(sinks, &event);
}

static inline struct sink_statistics counted(struct sinks *sinks)
{
    struct sink_statistics statistics;
    sinks_get_statistics(sinks, &statistics);
    return statistics;
}

/* Waits until nothing is queued. */
static inline bool drained(struct sinks *sinks)
{
    unsigned patience = 0;
    while (counted(sinks).queued > 0)
        if (!redis_look_again(&patience))
            return false;
    return true;
}

static inline void assert_answer(const char *command, const char *expected)
{
    const char *answer = redis_ask(&server, command);
    if (strcmp(answer, expected) != 0)
        fail_msg("%s: \"%s\" instead of \"%s\"", command, answer, expected);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, begin, end)

#endif
