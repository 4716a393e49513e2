// SPDX-License-Identifier: Apache-2.0
/*
 * For tests of inspect/: two ends talk through a real flow table, reassembler and inspector, and what the
 * inspector reports is read back from a real ring.
 */
#ifndef TESTS_UNIT_INSPECTING_H
#define TESTS_UNIT_INSPECTING_H

#include "guarded.h"
#include "inspect/application.h"
#include "inspect/dialect/dialect.h"
#include "inspect/inspector.h"
#include "verdict/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MAX_SEEN_NAMES = 32 };

struct inspecting {
    struct report_queue *queue;
    struct inspector *inspector;
    struct flow_table *table;
    uint32_t sequence[2];
    uint16_t client_port, server_port;
    uint8_t protocol;
    size_t step; /* bytes a segment at most; 0: as said */
    int hidden;  /* a direction that the sensor does not see; -1: none */
    int64_t time_us;
    /* what was reported */
    struct conversation conversation; /* the latest */
    unsigned conversations, flows, answers, names;
    bool ended;
    struct {
        uint8_t how;
        char name[256];
    } seen[MAX_SEEN_NAMES];
    struct report_answer answer;
    struct report_tls tls; /* the latest */
    unsigned handshakes;   /* how many of these */
    uint16_t application;  /* of the flow that ended */
};

static struct inspecting i;

static void inspecting_open(void)
{
    static const uint8_t secret[16] = {1};
    const struct inspector_limits limits = {
        .max_flows = 16,
        .max_sessions = 8,
        .max_partial = 4,
        .reassembly = {.store_bytes = 1 << 20, .direction_bytes = 1 << 17, .max_flows = 16},
    };
    const struct flow_limits flows = {16, 30, 300, 60, 10, 900, true, 0};
    struct error error = {0};
    memset(&i, 0, sizeof i);
    i.queue = report_queue_create(1, 1 << 20, true, &error);
    assert_non_null(i.queue);
    i.inspector = inspector_create(&limits, report_queue_writer(i.queue, 0), &error);
    assert_non_null(i.inspector);
    i.table = flow_table_create(&flows, secret, inspector_flow_ended, i.inspector, &error);
    assert_non_null(i.table);
    inspector_set_table(i.inspector, i.table);
    i.client_port = 40000;
    i.server_port = 3333;
    i.protocol = PROTOCOL_TCP;
    i.hidden = -1;
    i.time_us = INT64_C(1767607200) * 1000000; /* 2026-01-05 10:00:00 */
}

static inline void inspecting_read_report(const struct report *report)
{
    if (report->type == REPORT_CONVERSATION) {
        const struct report_conversation *one = (const void *)report;
        i.conversation = one->conversation;
        i.conversations++;
        i.ended |= one->ended;
    } else if (report->type == REPORT_SIGHTING) {
        const struct report_sighting *one = (const void *)report;
        assert_true(i.names < MAX_SEEN_NAMES);
        i.seen[i.names].how = one->how;
        memcpy(i.seen[i.names++].name, one->name, sizeof one->name);
    } else if (report->type == REPORT_TLS) {
        const struct report_tls *one = (const void *)report;
        memcpy(&i.tls, one, offsetof(struct report_tls, hosts) + one->hosts_length);
        i.handshakes++;
    } else if (report->type == REPORT_ANSWER) {
        i.answer = *(const struct report_answer *)(const void *)report;
        i.answers++;
    } else if (report->type == REPORT_FLOW) {
        i.flows++;
        i.application = ((const struct report_flow *)(const void *)report)->flow.application;
    }
}

static inline void inspecting_read(void)
{
    size_t worker;
    for (const struct report *report; (report = report_queue_peek(i.queue, &worker)) != NULL;
         report_queue_release(i.queue))
        inspecting_read_report(report);
}

/* One packet; its payload lies against the end of a page. */
static inline void inspecting_packet(enum direction direction, uint8_t flags, const void *bytes,
                                     size_t length)
{
    static const uint8_t miner[4] = {192, 0, 2, 10}, pool[4] = {203, 0, 113, 5};
    struct guarded payload = guarded_copy(bytes, length);
    bool up = direction == TO_SERVER;
    struct frame frame = {.time_us = i.time_us, .captured = (uint32_t)length, .length = (uint32_t)length};
    struct packet packet = {
        .frame = &frame,
        .source = address_from_ipv4(up ? miner : pool),
        .destination = address_from_ipv4(up ? pool : miner),
        .source_port = up ? i.client_port : i.server_port,
        .destination_port = up ? i.server_port : i.client_port,
        .protocol = i.protocol,
        .ip_version = 4,
        .tcp_flags = flags,
        .tcp_sequence = i.sequence[direction],
        .tcp_acknowledgement = i.sequence[direction_reverse(direction)],
        .payload = length > 0 ? payload.bytes : NULL,
        .payload_captured = (uint32_t)length,
        .payload_length = (uint32_t)length,
        .ip_captured = (uint32_t)length + 40,
    };
    i.sequence[direction] += (uint32_t)length + ((flags & TCP_SYN) != 0);
    if ((int)direction != i.hidden) {
        struct flow_lookup lookup;
        enum direction found;
        flow_table_prepare(i.table, &packet, &lookup);
        struct flow *flow = flow_table_get(i.table, &packet, &lookup, &found);
        assert_non_null(flow);
        inspector_packet(i.inspector, flow, found, &packet);
    }
    guarded_free(&payload);
    inspecting_read();
}

/* The handshake; without it the flow is seen from its middle. */
static inline void inspecting_handshake(void)
{
    inspecting_packet(TO_SERVER, TCP_SYN, "", 0);
    inspecting_packet(TO_CLIENT, TCP_SYN | TCP_ACK, "", 0);
    inspecting_packet(TO_SERVER, TCP_ACK, "", 0);
}

static inline void say_bytes(enum direction direction, const void *bytes, size_t length)
{
    size_t step = i.step == 0 || i.protocol != PROTOCOL_TCP ? length : i.step;
    for (size_t at = 0; at < length; at += step) {
        inspecting_packet(direction, TCP_ACK, (const char *)bytes + at,
                          length - at < step ? length - at : step);
        i.time_us += 1000;
    }
}

/* Lines as they are: with their line feeds. */
static inline void miner_says(const char *text)
{
    say_bytes(TO_SERVER, text, strlen(text));
}

static inline void pool_says(const char *text)
{
    say_bytes(TO_CLIENT, text, strlen(text));
}

/* Bytes that the sensor does not see and the receiver acknowledges. */
static inline void lost(enum direction direction, uint32_t length)
{
    i.sequence[direction] += length;
    inspecting_packet(direction_reverse(direction), TCP_ACK, "", 0);
}

static inline void inspecting_end(void)
{
    flow_table_flush(i.table);
    inspecting_read();
}

static inline void inspecting_close(void)
{
    inspecting_end();
    struct worker_statistics statistics = {0};
    inspector_get_statistics(i.inspector, &statistics);
    assert_int_equal(statistics.dropped, 0);
    assert_int_equal(statistics.reassembly.memory_bytes, 0); /* nothing is left of a flow */
    flow_table_free(i.table);
    inspector_free(i.inspector);
    report_queue_free(i.queue);
}

static inline bool has(enum fact fact)
{
    return (i.conversation.facts & fact_bit(fact)) != 0;
}

static inline enum verdict verdict_now(void)
{
    return i.conversations == 0 ? VERDICT_NONE : verdict_weigh(i.conversation.facts).verdict;
}

static inline const char *dialect_now(void)
{
    return i.conversation.dialect == NULL ? "" : i.conversation.dialect->name;
}

#endif
