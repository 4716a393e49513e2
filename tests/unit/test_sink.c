// SPDX-License-Identifier: Apache-2.0
/*
 * The fan-out, with JSON Lines as the sink to look at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event_samples.h"
#include "json_check.h"
#include "sink/sink.h"

static char directory[64], path[96], rotated[96];
static struct config config;
static struct sink_environment environment;

static int begin(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/geophone-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/events.json", directory);
    snprintf(rotated, sizeof rotated, "%s/events.json.1", directory);
    sample_config(&config);
    config.json.enabled = true;
    config.json.file = path;
    environment = (struct sink_environment){.config = &config,
                                            .version = "0.1.0",
                                            .inputs = "capture.pcap",
                                            .started_us = sample_time_us(0),
                                            .is_live = false};
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(path);
    unlink(rotated);
    return rmdir(directory);
}

static char *read_all(const char *name)
{
    static char text[1024 * 1024];
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

/* All lines whole and valid; returns how many. */
static size_t count_lines(const char *name)
{
    size_t count = 0;
    for (char *line = read_all(name), *next; *line != '\0'; line = next, count++) {
        next = strchr(line, '\n');
        assert_non_null(next);
        *next++ = '\0';
        assert_true(json_is_valid(line));
    }
    return count;
}

static void emit(struct sinks *sinks, enum event_type type)
{
    static struct mining mining;
    static struct sensor_statistics statistics;
    mining = sample_mining();
    struct event event = sample_event(type, type == EVENT_ALERT || type == EVENT_MINING ? &mining : NULL);
    event.statistics = type == EVENT_STATS ? &statistics : NULL;
    sinks_emit(sinks, &event);
}

static void only_chosen_types(void **state)
{
    struct error error;
    struct sink_statistics statistics;
    (void)state;
    config.events.types.count = 1; /* alert */
    struct sinks *sinks = sinks_open(&environment, &error);
    assert_non_null(sinks);
    emit(sinks, EVENT_FLOW);
    emit(sinks, EVENT_ALERT);
    emit(sinks, EVENT_STATS);
    sinks_get_statistics(sinks, &statistics);
    assert_int_equal(statistics.written[EVENT_ALERT], 1);
    assert_int_equal(statistics.written[EVENT_FLOW], 0);
    assert_true(sinks_close(sinks));
    assert_int_equal(count_lines(path), 1);
    assert_non_null(strstr(read_all(path), "\"event_type\":\"alert\""));
}

static void alerts_are_written_at_once_when_live(void **state)
{
    struct error error;
    (void)state;
    environment.is_live = true;
    struct sinks *sinks = sinks_open(&environment, &error);
    assert_non_null(sinks);
    emit(sinks, EVENT_FLOW);
    assert_int_equal(count_lines(path), 0);
    emit(sinks, EVENT_ALERT);
    assert_int_equal(count_lines(path), 2);
    emit(sinks, EVENT_FLOW);
    sinks_tick(sinks);
    assert_int_equal(count_lines(path), 3);
    assert_true(sinks_close(sinks));
}

static void rotation(void **state)
{
    struct error error;
    (void)state;
    struct sinks *sinks = sinks_open(&environment, &error);
    assert_non_null(sinks);
    emit(sinks, EVENT_FLOW);
    assert_int_equal(rename(path, rotated), 0);
    emit(sinks, EVENT_FLOW);
    sinks_reopen(sinks);
    emit(sinks, EVENT_ALERT);
    assert_true(sinks_close(sinks));
    assert_int_equal(count_lines(rotated), 2);
    assert_int_equal(count_lines(path), 1);
}

static void no_such_directory(void **state)
{
    struct error error;
    (void)state;
    config.json.file = (char[]){"/nonexistent/events.json"};
    assert_null(sinks_open(&environment, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_non_null(strstr(error.text, "/nonexistent/events.json: No such file"));
}

static void full_disk(void **state)
{
    struct error error;
    struct sink_statistics statistics;
    (void)state;
    config.json.file = (char[]){"/dev/full"};
    struct sinks *sinks = sinks_open(&environment, &error);
    assert_non_null(sinks);
    for (int i = 0; i < 1000; i++)
        emit(sinks, EVENT_FLOW);
    sinks_get_statistics(sinks, &statistics);
    assert_true(statistics.dropped[EVENT_FLOW] > 0);
    assert_int_equal(statistics.dropped[EVENT_FLOW] + statistics.written[EVENT_FLOW], 1000);
    assert_false(sinks_close(sinks));
}

/* A limit on the size of files stands for a disk that fills up and is cleared. */
static void disk_full_for_a_while(void **state)
{
    struct error error;
    struct sink_statistics statistics;
    struct rlimit before, tight;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    tight = (struct rlimit){100 * 1000, before.rlim_max};
    struct sinks *sinks = sinks_open(&environment, &error);
    assert_non_null(sinks);
    setrlimit(RLIMIT_FSIZE, &tight);
    for (int i = 0; i < 1000; i++)
        emit(sinks, EVENT_FLOW);
    setrlimit(RLIMIT_FSIZE, &before);
    for (int i = 0; i < 10; i++)
        emit(sinks, EVENT_ALERT);
    sinks_get_statistics(sinks, &statistics);
    assert_true(statistics.dropped[EVENT_FLOW] > 0);
    assert_false(sinks_close(sinks)); /* something was lost */
    assert_int_equal(count_lines(path), statistics.written[EVENT_FLOW] + statistics.written[EVENT_ALERT]);
    assert_int_equal(statistics.written[EVENT_ALERT], 10);
}

static void reader_of_standard_output_goes_away(void **state)
{
    struct error error;
    int pipe_ends[2], saved = dup(STDOUT_FILENO);
    (void)state;
    config.json.file = (char[]){"-"};
    struct sinks *sinks = sinks_open(&environment, &error);
    assert_non_null(sinks);
    assert_int_equal(pipe(pipe_ends), 0);
    fflush(stdout);
    dup2(pipe_ends[1], STDOUT_FILENO);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    for (int i = 0; i < 1000; i++)
        emit(sinks, EVENT_FLOW);
    bool closed = sinks_close(sinks);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    assert_true(closed); /* quietly: this is no failure */
}

static void closing_nothing(void **state)
{
    (void)state;
    assert_true(sinks_close(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_chosen_types, begin, end),
        cmocka_unit_test_setup_teardown(alerts_are_written_at_once_when_live, begin, end),
        cmocka_unit_test_setup_teardown(rotation, begin, end),
        cmocka_unit_test_setup_teardown(no_such_directory, begin, end),
        cmocka_unit_test_setup_teardown(full_disk, begin, end),
        cmocka_unit_test_setup_teardown(disk_full_for_a_while, begin, end),
        cmocka_unit_test_setup_teardown(reader_of_standard_output_goes_away, begin, end),
        cmocka_unit_test(closing_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
