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

enum { PATIENCE_MS = 60000, NEVER_MS = 100, FIRST_PORT = 40000, PORTS = 20000 };

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

/* ---- flows that end together ---- */

enum { FLOWS = 4, HEARD_MAX = 64 };

static struct {
    enum event_type type;
    uint16_t port;
    uint64_t packets;
} heard[HEARD_MAX];
static size_t heard_count;

static void remember(void *context, struct event *event)
{
    (void)context;
    if (event->type != EVENT_ALERT && event->type != EVENT_MINING)
        return;
    assert_true(heard_count < HEARD_MAX);
    heard[heard_count].type = event->type;
    heard[heard_count].packets = event->flow.packets[TO_SERVER];
    heard[heard_count++].port = event->flow.client_port;
}

static void put(size_t worker, const void *report, size_t size)
{
    struct report_writer *writer = report_queue_writer(reports, worker);
    void *place = ring_reserve(writer->ring, size);
    assert_non_null(place);
    memcpy(place, report, size);
    ring_commit(writer->ring, size);
}

/* All are of one miner at one pool, so of one incident. */
static void tell_flow(size_t worker, unsigned number, uint64_t order, bool ended)
{
    static struct report_conversation told;
    told = (struct report_conversation){
        .report = {.type = REPORT_CONVERSATION, .time_us = sample_time_us(0), .order = order},
        .ended = ended,
        .flow = {.id = 1 + number * REPORT_QUEUE_MAX_WORKERS + worker,
                 .client = sample_address("192.0.2.10"),
                 .server = sample_address("203.0.113.7"),
                 .client_port = (uint16_t)(40000 + number),
                 .server_port = 3333,
                 .protocol = 6,
                 .ip_version = 4,
                 .noted = true,
                 .mining = true,
                 .ended = ended,
                 .packets = {1 + ended, 1},
                 .first_us = sample_time_us(0) - number % 2,
                 .last_us = sample_time_us(0)},
        .conversation = {.facts = fact_bit(FACT_MINER_SPEAKS) | fact_bit(FACT_SEVERAL_WORDS),
                         .dialect = dialects[0],
                         .first_us = sample_time_us(0),
                         .last_us = sample_time_us(0)},
    };
    put(worker, &told, sizeof told);
    struct report_flow last = {.report = told.report, .flow = told.flow};
    last.report.type = REPORT_FLOW;
    if (ended)
        put(worker, &last, sizeof last);
}

/* The flows begin to mine one after the other, and end with one frame. Which worker has one, and in which
 * order they end there, the bits of `owners` and `turned` say. */
static void judge_flows(unsigned owners, bool turned)
{
    struct error error = {.text = ""};
    struct judge_outlet outlet = {NULL, remember, do_nothing, do_nothing, add_nothing};
    struct capture *capture = open_file();
    assert_true(config_init(&config, &error) && config_set(&config, "sensor.name", "x", &error) &&
                config_set(&config, "signatures.directory", "signatures", &error));
    reports = report_queue_create(2, 1 << 20, true, &error);
    struct judge *judge = judge_create(&config, capture, reports, &outlet, &error);
    assert_non_null(judge);
    heard_count = 0;
    for (unsigned i = 0; i < FLOWS; i++)
        tell_flow(owners >> i & 1, i, i * REPORT_PHASES + REPORT_OF_PACKET, false);
    for (unsigned i = 0; i < FLOWS; i++) {
        unsigned number = turned ? FLOWS - 1 - i : i;
        tell_flow(owners >> number & 1, number, FLOWS * REPORT_PHASES + REPORT_OF_EXPIRY, true);
    }
    struct report end = {
        .type = REPORT_END, .time_us = sample_time_us(0), .order = FLOWS * REPORT_PHASES + REPORT_OF_TIME};
    put(0, &end, sizeof end);
    put(1, &end, sizeof end);
    judge_run(judge);
    judge_free(judge);
    report_queue_free(reports);
    capture_close(capture);
    config_done(&config);
}

static void test_flows_that_end_together_come_in_the_order_of_the_capture(void **state)
{
    (void)state;
    static const uint16_t ports[FLOWS] = {40001, 40003, 40000, 40002}; /* as they began */
    for (unsigned owners = 0; owners < 1 << FLOWS; owners++) {
        judge_flows(owners, owners % 3 == 0);
        assert_int_equal(heard_count, 2 * FLOWS + 1);
        for (size_t i = 0; i < FLOWS; i++) {
            assert_int_equal(heard[2 * i].type, EVENT_ALERT);
            assert_int_equal(heard[2 * i].port, ports[i]);
            assert_int_equal(heard[2 * i].packets, 2);
            assert_int_equal(heard[2 * i + 1].type, EVENT_MINING); /* opened, then moved by each */
            assert_int_equal(heard[2 * i + 1].port, ports[i]);
        }
        assert_int_equal(heard[heard_count - 1].type, EVENT_MINING); /* closed */
        assert_int_equal(heard[heard_count - 1].port, ports[FLOWS - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_an_alert_waits_for_no_other_report),
        cmocka_unit_test(test_live_an_alert_settles_by_packet_time),
        cmocka_unit_test(test_of_a_file_what_comes_at_the_same_time_counts),
        cmocka_unit_test(test_flows_that_end_together_come_in_the_order_of_the_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
