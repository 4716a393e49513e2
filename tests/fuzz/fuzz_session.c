// SPDX-License-Identifier: Apache-2.0
/*
 * Messages of both sides of up to four connections, cut, repeated, out of order, with gaps, through the whole
 * sensor behind the decoder: flow table, reassembly, inspection, verdict, and every form of output. Checked:
 * the output is valid whatever was said, every flow is told of once at its end, and nothing is left.
 *
 * Input: two bytes of options (bit 0: midstream, bits 1 to 3: the port, bit 4: UDP, bit 5 and 6: the client
 * or the server is not seen; then the time between messages in tenths of a second), then messages: a byte
 * that says how (see below), a length of two bytes (big endian), the bytes. scripts/make-fuzz-seeds writes
 * such inputs.
 */
#include "memory_file.h"
#include "telling.h"

#include "inspect/inspector.h"
#include "verdict/judge.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

/* How a message comes. The connection stands in bits 1 and 2. */
enum {
    FROM_SERVER = 1,
    BEHIND_GAP = 8,
    IN_PIECES = 16,
    TWICE = 32,
    EARLY = 64,  /* its second half first */
    RANDOM = 128 /* the bytes say how many (two bytes, big endian) bytes without meaning to send */
};
enum { CONNECTIONS = 4, RING_BYTES = 1 << 18, MAX_RANDOM = 4096 };

struct run {
    struct report_queue *queue;
    struct inspector *inspector;
    struct flow_table *table;
    struct judge *judge;
    pthread_t thread;
    struct telling telling; /* the verdict thread's, as is flow_records */
    struct {
        uint32_t sequence[2];
        bool begun;
    } connections[CONNECTIONS];
    uint8_t options;
    int64_t time_us, step_us;
    uint32_t noise; /* state of the bytes without meaning */
    uint64_t flow_records;
};

/* ---- what does not change from input to input ---- */

static struct config config;
static struct capture *capture; /* of no frames: the judge asks it for names */
static char directory[64];

static void write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    require(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void open_capture(void)
{
    static const uint8_t header[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, [16] = 0xff, 0xff, [20] = 1};
    const char *path = memory_file(header, sizeof header);
    const struct capture_options options = {0};
    struct error error;
    capture = capture_open_files(&path, 1, &options, &error);
    require(capture != NULL);
}

static const char *const file_names[] = {"pool-domains.tsv", "pool-addresses.tsv", "tls-fingerprints.tsv"};

static void clean_up(void)
{
    char path[128];
    for (size_t i = 0; i < sizeof file_names / sizeof file_names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, file_names[i]);
        unlink(path);
    }
    rmdir(directory);
    capture_close(capture);
    config_done(&config);
}

/* A few pools, so that contacts are seen without thousands of rules being read for each input. */
static void prepare(void)
{
    struct error error;
    open_capture();
    snprintf(directory, sizeof directory, "/tmp/fuzz_session.XXXXXX");
    require(mkdtemp(directory) != NULL);
    atexit(clean_up);
    write_file("pool-domains.tsv", "pool.example\tsuffix\tpool\thigh\t2026\tXMR,BTC\tExample\tmade up\n"
                                   "node.example\texact\tnode\tlow\t2026\t-\t-\tmade up\n");
    write_file("pool-addresses.tsv", "203.0.113.6/32\t-\tpool\tmedium\t2026\tXMR\tExample\tmade up\n");
    write_file("tls-fingerprints.tsv", "c216e752cae6f8755fd27f561d031636\tExample\tlow\t2026\tmade up\n");
    require(config_init(&config, &error) && config_set(&config, "sensor.name", "fuzz", &error) &&
            config_set(&config, "signatures.directory", directory, &error) &&
            config_set(&config, "inspect.max-sessions", "8", &error) &&
            config_set(&config, "incident.max-incidents", "16", &error) &&
            config_set(&config, "redis.eve-types", "alert,mining,flow,stats", &error));
}

/* ---- packets ---- */

static void packet(struct run *run, unsigned connection, enum direction direction, uint8_t flags,
                   const uint8_t *bytes, size_t length)
{
    static const uint16_t ports[] = {3333, 53, 80, 443, 8080, 8332, 37889, 1080};
    uint8_t ends[2][4] = {{192, 0, 2, (uint8_t)(10 + connection / 2)},
                          {203, 0, 113, (uint8_t)(5 + connection)}};
    if (run->options & (direction == TO_SERVER ? 32 : 64))
        return;
    uint8_t *copy = copy_of(bytes, length);
    const uint32_t *sequence = run->connections[connection].sequence;
    uint16_t port = ports[run->options >> 1 & 7], client_port = (uint16_t)(40000 + connection);
    struct frame frame = {.time_us = run->time_us, .captured = (uint32_t)length, .length = (uint32_t)length};
    struct packet one = {
        .frame = &frame,
        .source = address_from_ipv4(ends[direction]),
        .destination = address_from_ipv4(ends[!direction]),
        .source_port = direction == TO_SERVER ? client_port : port,
        .destination_port = direction == TO_SERVER ? port : client_port,
        .protocol = run->options & 16 ? PROTOCOL_UDP : PROTOCOL_TCP,
        .ip_version = 4,
        .tcp_flags = flags,
        .tcp_sequence = sequence[direction],
        .tcp_acknowledgement = sequence[!direction],
        .payload = length > 0 ? copy : NULL,
        .payload_captured = (uint32_t)length,
        .payload_length = (uint32_t)length,
        .ip_captured = (uint32_t)length + 40,
    };
    struct flow_lookup lookup;
    flow_table_prepare(run->table, &one, &lookup);
    struct flow *flow = flow_table_get(run->table, &one, &lookup, &direction);
    if (flow != NULL && !flow->dismissed)
        inspector_packet(run->inspector, flow, direction, &one);
    copy_free(copy);
}

static void begin_connection(struct run *run, unsigned connection)
{
    run->connections[connection].begun = true;
    if (run->options & (1 | 16))
        return;
    packet(run, connection, TO_SERVER, TCP_SYN, NULL, 0);
    run->connections[connection].sequence[TO_SERVER]++;
    packet(run, connection, TO_CLIENT, TCP_SYN | TCP_ACK, NULL, 0);
    run->connections[connection].sequence[TO_CLIENT]++;
}

static void say(struct run *run, uint8_t how, const uint8_t *bytes, size_t length)
{
    unsigned connection = how >> 1 & 3;
    enum direction direction = how & FROM_SERVER ? TO_CLIENT : TO_SERVER;
    uint32_t *sequence = &run->connections[connection].sequence[direction];
    if (!run->connections[connection].begun)
        begin_connection(run, connection);
    if (how & BEHIND_GAP) {
        *sequence += 100;
        packet(run, connection, !direction, TCP_ACK, NULL, 0); /* the receiver has it */
    }
    uint32_t start = *sequence;
    size_t half = how & EARLY ? length / 2 : 0, step = how & IN_PIECES ? 1 + length / 64 : length;
    if (half > 0) {
        *sequence = start + (uint32_t)half;
        packet(run, connection, direction, TCP_ACK, bytes + half, length - half);
        *sequence = start;
        packet(run, connection, direction, TCP_ACK, bytes, half);
    }
    for (size_t at = 0; at < length && half == 0; at += step) {
        *sequence = start + (uint32_t)at;
        packet(run, connection, direction, TCP_ACK, bytes + at, length - at < step ? length - at : step);
    }
    *sequence = start;
    if (how & TWICE)
        packet(run, connection, direction, TCP_ACK, bytes, length);
    *sequence = start + (uint32_t)length;
    run->time_us += run->step_us;
    flow_table_advance(run->table, run->time_us);
    inspector_report_time(run->inspector, run->time_us, NULL);
}

/* Bytes that look like those of a cipher. */
static void say_noise(struct run *run, uint8_t how, const uint8_t *bytes, size_t length)
{
    static uint8_t noise[MAX_RANDOM];
    size_t count = length < 2 ? 0 : (size_t)(bytes[0] << 8 | bytes[1]) % MAX_RANDOM;
    for (size_t i = 0; i < count; i++) {
        run->noise = run->noise * 1664525 + 1013904223;
        noise[i] = (uint8_t)(run->noise >> 24);
    }
    say(run, how, noise, count);
}

/* ---- the judge's side ---- */

static void on_emit(void *context, struct event *event)
{
    struct run *run = context;
    if (event->type == EVENT_FLOW)
        run->flow_records++;
    tell(&run->telling, event);
}

static void on_tick(void *context)
{
    (void)context;
}

static void on_statistics(void *context, struct sensor_statistics *statistics)
{
    (void)context;
    (void)statistics;
}

static void *judge_thread(void *context)
{
    judge_run(context);
    return NULL;
}

static void open_judge(struct run *run)
{
    struct error error;
    const struct judge_outlet outlet = {run, on_emit, on_tick, on_tick, on_statistics};
    run->judge = judge_create(&config, capture, run->queue, &outlet, &error);
    require(run->judge != NULL);
    telling_open(&run->telling, &config);
    require(pthread_create(&run->thread, NULL, judge_thread, run->judge) == 0);
}

static void close_judge(struct run *run)
{
    pthread_join(run->thread, NULL);
    telling_close(&run->telling);
    judge_free(run->judge);
}

/* ---- one input ---- */

static void open_run(struct run *run, uint8_t options, uint8_t step)
{
    static const uint8_t secret[16] = {0};
    const struct inspector_limits limits = {
        .max_flows = 4,
        .max_sessions = 4,
        .max_partial = 4,
        .wait = true,
        .reassembly = {.store_bytes = 64 << 10, .direction_bytes = 16 << 10, .max_flows = 4},
    };
    const struct flow_limits flows = {16, 30, 300, 60, 10, 900, true, 0};
    struct error error;
    *run =
        (struct run){.queue = report_queue_create(1, RING_BYTES, true, &error),
                     .options = options,
                     .step_us = step * 100000,
                     .time_us = INT64_C(1767607200) * 1000000}; /* 2026-01-05, as in the golden scenarios */
    run->inspector = inspector_create(&limits, report_queue_writer(run->queue, 0), &error);
    require(run->queue != NULL && run->inspector != NULL);
    run->table = flow_table_create(&flows, secret, inspector_flow_ended, run->inspector, &error);
    require(run->table != NULL);
    inspector_set_table(run->inspector, run->table);
    open_judge(run);
}

static void close_run(struct run *run)
{
    struct worker_statistics statistics = {0};
    flow_table_flush(run->table);
    inspector_get_statistics(run->inspector, &statistics);
    flow_table_get_statistics(run->table, &statistics.flow);
    require(statistics.reassembly.memory_bytes == 0 && statistics.flow.active == 0);
    inspector_report_end(run->inspector, run->time_us);
    close_judge(run);
    require(statistics.dropped == 0 && run->flow_records == statistics.flow.created);
    flow_table_free(run->table);
    inspector_free(run->inspector);
    report_queue_free(run->queue);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (config.sensor.name == NULL)
        prepare();
    if (length < 2)
        return 0;
    struct run run;
    open_run(&run, bytes[0], bytes[1]);
    for (size_t at = 2; length - at > 3;) {
        uint8_t how = bytes[at];
        size_t size = (size_t)(bytes[at + 1] << 8 | bytes[at + 2]);
        at += 3;
        size = size < length - at ? size : length - at;
        (how & RANDOM ? say_noise : say)(&run, how, bytes + at, size);
        at += size;
    }
    close_run(&run);
    return 0;
}
