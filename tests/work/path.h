// SPDX-License-Identifier: Apache-2.0
/*
 * Packets through flow table, reassembly and inspection, and what that costs.
 */
#ifndef TESTS_WORK_PATH_H
#define TESTS_WORK_PATH_H

#include "work.h"

#include "inspect/inspector.h"
#include "verdict/verdict.h"

static struct path {
    struct report_queue *queue;
    struct inspector *inspector;
    struct flow_table *table;
    uint32_t sequence[2];
    uint32_t client; /* number of the client's address */
    uint16_t client_port, server_port;
    uint8_t protocol;
    int64_t time_us;
    uint64_t packets, reports, conversations;
    bool keep; /* reports stay in the ring */
} path;

static void path_open(size_t ring_bytes)
{
    static const uint8_t secret[16] = {1};
    const struct inspector_limits limits = {
        .max_flows = 1 << 16,
        .max_sessions = 1 << 14,
        .max_partial = 1 << 10,
        .reassembly = {.store_bytes = 4 << 20, .direction_bytes = 1 << 16, .max_flows = 1 << 16},
    };
    const struct flow_limits flows = {1 << 16, 30, 300, 60, 10, 900, true, 0};
    struct error error;
    path = (struct path){.queue = report_queue_create(1, ring_bytes, true, &error),
                         .client_port = 40000,
                         .server_port = 3333,
                         .protocol = PROTOCOL_TCP,
                         .time_us = INT64_C(1767607200) * 1000000};
    assert_non_null(path.queue);
    path.inspector = inspector_create(&limits, report_queue_writer(path.queue, 0), &error);
    assert_non_null(path.inspector);
    path.table = flow_table_create(&flows, secret, inspector_flow_ended, path.inspector, &error);
    assert_non_null(path.table);
    inspector_set_table(path.inspector, path.table);
}

static void path_read(void)
{
    size_t worker;
    for (const struct report *report; !path.keep && (report = report_queue_peek(path.queue, &worker)) != NULL;
         report_queue_release(path.queue)) {
        path.reports++;
        path.conversations += report->type == REPORT_CONVERSATION;
    }
}

static void path_packet(enum direction direction, uint8_t flags, const void *bytes, size_t length)
{
    const uint8_t ends[2][4] = {
        {10, (uint8_t)(path.client >> 16), (uint8_t)(path.client >> 8), (uint8_t)path.client},
        {203, 0, 113, 5}};
    struct frame frame = {.time_us = path.time_us, .captured = (uint32_t)length, .length = (uint32_t)length};
    struct packet packet = {
        .frame = &frame,
        .source = address_from_ipv4(ends[direction]),
        .destination = address_from_ipv4(ends[!direction]),
        .source_port = direction == TO_SERVER ? path.client_port : path.server_port,
        .destination_port = direction == TO_SERVER ? path.server_port : path.client_port,
        .protocol = path.protocol,
        .ip_version = 4,
        .tcp_flags = flags,
        .tcp_sequence = path.sequence[direction],
        .tcp_acknowledgement = path.sequence[!direction],
        .payload = length > 0 ? bytes : NULL,
        .payload_captured = (uint32_t)length,
        .payload_length = (uint32_t)length,
        .ip_captured = (uint32_t)length + 40,
    };
    struct flow_lookup lookup;
    flow_table_prepare(path.table, &packet, &lookup);
    struct flow *flow = flow_table_get(path.table, &packet, &lookup, &direction);
    if (flow != NULL && inspector_wants(flow, &packet))
        inspector_packet(path.inspector, flow, direction, &packet);
    path.packets++;
    path_read();
}

static void path_handshake(void)
{
    path.sequence[0] = path.sequence[1] = 1000;
    path_packet(TO_SERVER, TCP_SYN, NULL, 0);
    path.sequence[0]++;
    path_packet(TO_CLIENT, TCP_SYN | TCP_ACK, NULL, 0);
    path.sequence[1]++;
}

/* In segments of `step` bytes. */
static void path_say(enum direction direction, const void *bytes, size_t length, size_t step)
{
    for (size_t at = 0; at < length; at += step) {
        size_t piece = length - at < step ? length - at : step;
        path_packet(direction, TCP_ACK, (const uint8_t *)bytes + at, piece);
        path.sequence[direction] += (uint32_t)piece;
        path.time_us += 1000;
    }
}

static void path_say_text(enum direction direction, const char *text)
{
    path_say(direction, text, strlen(text), SIZE_MAX / 2);
}

static void path_end(void)
{
    flow_table_flush(path.table);
    path_read();
}

static void path_close(void)
{
    flow_table_free(path.table);
    inspector_free(path.inspector);
    report_queue_free(path.queue);
}

/* The work of one direction's bytes in a connection of their own, behind what `opening` (may be NULL) and
 * `answer` say. */
static inline uint64_t path_stream(const char *opening, const char *answer, struct text *text, size_t step)
{
    path_open(1 << 20);
    path_handshake();
    if (opening != NULL)
        path_say_text(TO_SERVER, opening);
    if (answer != NULL)
        path_say_text(TO_CLIENT, answer);
    uint64_t before = work_so_far();
    path_say(TO_SERVER, text->bytes, text->length, step);
    path_end();
    uint64_t work = work_so_far() - before;
    path_close();
    text_done(text);
    return work;
}

#endif
