// SPDX-License-Identifier: Apache-2.0
/* When alerts leave the verdict thread, of files and live. */
#include "verdict/judge.h"

#include "base/bell.h"
#include "event_samples.h"
#include "inspect/dialect/dialect.h"
#include "inspect/fact.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 5000, NEVER_MS = 100, FIRST_PORT = 40000, PORTS = 20000 };

static struct config config;
static struct report_queue *reports;
static atomic_size_t alerts;

static void hear(void *context, struct event *event)
{
    (void)context;
    atomic_fetch_add(&alerts, event->type == EVENT_ALERT);
}

static void do_nothing(void *context)
{
    (void)context;
}

static void add_nothing(void *context, struct sensor_statistics *statistics)
{
    (void)context;
    (void)statistics;
}

static void *run(void *judge)
{
    judge_run(judge);
    return NULL;
}

/* A socket to which nobody sends. */
static struct capture *open_live(void)
{
    struct capture *capture = NULL;
    for (int i = 0; i < 10 && capture == NULL; i++) { /* another test may have the port */
        char text[32];
        const char *name = text;
        struct error error;
        snprintf(text, sizeof text, "vxlan:%d", FIRST_PORT + (getpid() * 10 + i) % PORTS);
        capture = capture_open_sockets(&name, 1, NULL, &error);
    }
    return capture;
}

static struct capture *open_file(void)
{
    static const uint8_t empty[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff, [20] = 1};
    char path[] = "/tmp/test_judge.XXXXXX";
    const char *name = path;
    struct error error;
    int descriptor = mkstemp(path);
    assert_int_equal(write(descriptor, empty, sizeof empty), sizeof empty);
    close(descriptor);
    struct capture *capture = capture_open_files(&name, 1, NULL, &error);
    unlink(path);
    return capture;
}

static void report(enum report_type type, int64_t time_us)
{
    static struct report_conversation whole;
    struct report_writer *writer = report_queue_writer(reports, 0);
    size_t size = type == REPORT_CONVERSATION ? sizeof whole : sizeof whole.report;
    whole = (struct report_conversation){
        .report = {.type = type, .time_us = time_us},
        .flow = {.id = 1,
                 .client = sample_address("192.0.2.10"),
                 .server = sample_address("203.0.113.7"),
                 .client_port = 40000,
                 .server_port = 3333,
                 .protocol = 6,
                 .ip_version = 4},
        .conversation = {.facts = fact_bit(FACT_MINER_SPEAKS) | fact_bit(FACT_SEVERAL_WORDS),
                         .dialect = dialects[0],
                         .first_us = time_us,
                         .last_us = time_us},
    };
    void *place = ring_reserve(writer->ring, size);
    assert_non_null(place);
    memcpy(place, &whole, size);
    ring_commit(writer->ring, size);
    report_writer_flush(writer);
}

/* How many alerts there are when the first one came, or it did not come in time. */
static size_t wait_for_alert(int patience_ms)
{
    for (int i = 0; i < patience_ms && atomic_load(&alerts) == 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return atomic_load(&alerts);
}

/* One report of mining and none after it: how many alerts come of it, before the end and after it. */
static void judge_one(struct capture *capture, const char *settle, int patience_ms, size_t counts[2])
{
    struct error error = {.text = ""};
    struct judge_outlet outlet = {NULL, hear, do_nothing, do_nothing, add_nothing};
    pthread_t thread;
    assert_non_null(capture);
    assert_true(config_init(&config, &error) && config_set(&config, "sensor.name", "x", &error) &&
                config_set(&config, "signatures.directory", "signatures", &error) &&
                config_set(&config, "alert.settle", settle, &error));
    atomic_store(&alerts, 0);
    reports = report_queue_create(1, 1 << 18, !capture_is_live(capture), &error);
    assert_non_null(reports);
    struct judge *judge = judge_create(&config, capture, reports, &outlet, &error);
    assert_non_null(judge);
    assert_int_equal(pthread_create(&thread, NULL, run, judge), 0);
    report(REPORT_CONVERSATION, sample_time_us(0));
    counts[0] = wait_for_alert(patience_ms);
    report(REPORT_END, sample_time_us(0));
    pthread_join(thread, NULL);
    counts[1] = atomic_load(&alerts);
    judge_free(judge);
    report_queue_free(reports);
    capture_close(capture);
    config_done(&config);
}

static void test_live_an_alert_waits_for_no_other_report(void **state)
{
    (void)state;
    size_t counts[2];
    judge_one(open_live(), "0ms", PATIENCE_MS, counts);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
}

static void test_live_an_alert_settles_by_packet_time(void **state)
{
    (void)state;
    size_t counts[2];
    judge_one(open_live(), "20ms", NEVER_MS, counts);
    assert_int_equal(counts[0], 0);
    assert_int_equal(counts[1], 1);
}

static void test_of_a_file_what_comes_at_the_same_time_counts(void **state)
{
    (void)state;
    size_t counts[2];
    judge_one(open_file(), "0ms", NEVER_MS, counts);
    assert_int_equal(counts[0], 0);
    assert_int_equal(counts[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_an_alert_waits_for_no_other_report),
        cmocka_unit_test(test_live_an_alert_settles_by_packet_time),
        cmocka_unit_test(test_of_a_file_what_comes_at_the_same_time_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
