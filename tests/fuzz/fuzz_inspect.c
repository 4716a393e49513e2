// SPDX-License-Identifier: Apache-2.0
/*
 * Bytes become a conversation of two ends, with segments of any size, gaps, reordering and repetition, which
 * goes through flow table, reassembly and inspection. Checked: what is reported is whole and within bounds,
 * and nothing is left.
 *
 * Input: options (bit 0 no handshake, bit 1 UDP, bits 2 to 4 the port), then segments, each a byte that says
 * how and its payload up to a record separator (0x1e). Options and how are letters in the seeds: '@' is 0.
 */
#include "inspect/dialect/dialect.h"
#include "inspect/inspector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEPARATOR = 0x1e };

/* How a segment comes. */
enum { FROM_SERVER = 1, BEHIND_GAP = 2, IN_PIECES = 4, TWICE = 8, EARLY = 16 };

struct run {
    struct report_queue *queue;
    struct inspector *inspector;
    struct flow_table *table;
    uint32_t sequence[2];
    uint16_t port;
    uint8_t protocol;
    int64_t time_us;
};

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_text(const char *text, size_t size)
{
    require(memchr(text, '\0', size) != NULL);
}

static void check_amount(double amount)
{
    require(isfinite(amount) && amount >= 0);
}

static void check_conversation(const struct conversation *conversation)
{
    require(conversation->facts < fact_bit(FACT_COUNT));
    check_text(conversation->agent, sizeof conversation->agent);
    check_text(conversation->user, sizeof conversation->user);
    check_text(conversation->password, sizeof conversation->password);
    check_text(conversation->worker, sizeof conversation->worker);
    check_text(conversation->pool_name, sizeof conversation->pool_name);
    check_text(conversation->algorithm, sizeof conversation->algorithm);
    for (enum side side = SIDE_MINER; side < SIDE_COUNT; side++)
        check_text(conversation->methods[side], sizeof conversation->methods[side]);
    check_text(conversation->job_proof, sizeof conversation->job_proof);
    check_amount(conversation->difficulty);
    check_amount(conversation->hashrate_claimed_hs);
    check_amount(conversation->hashes_submitted);
    check_amount(conversation->hashes_accepted);
    if (conversation->dialect != NULL)
        check_text(conversation->dialect->name, 64);
}

static void read_reports(struct run *run)
{
    size_t worker;
    for (const struct report *report; (report = report_queue_peek(run->queue, &worker)) != NULL;
         report_queue_release(run->queue)) {
        require(report->type <= REPORT_END);
        if (report->type == REPORT_CONVERSATION)
            check_conversation(&((const struct report_conversation *)(const void *)report)->conversation);
        else if (report->type == REPORT_SIGHTING)
            check_text(((const struct report_sighting *)(const void *)report)->name, 256);
        else if (report->type == REPORT_ANSWER)
            require(((const struct report_answer *)(const void *)report)->address_count <= DNS_MAX_ADDRESSES);
    }
}

static void packet(struct run *run, enum direction direction, uint8_t flags, const uint8_t *bytes,
                   size_t length)
{
    static const uint8_t ends[2][4] = {{192, 0, 2, 10}, {203, 0, 113, 5}};
    uint8_t *copy = malloc(length + 1); /* its own block, so that reading past it is seen */
    require(copy != NULL);
    memcpy(copy, bytes, length);
    copy = realloc(copy, length > 0 ? length : 1);
    struct frame frame = {.time_us = run->time_us, .captured = (uint32_t)length, .length = (uint32_t)length};
    struct packet one = {
        .frame = &frame,
        .source = address_from_ipv4(ends[direction]),
        .destination = address_from_ipv4(ends[!direction]),
        .source_port = direction == TO_SERVER ? 40000 : run->port,
        .destination_port = direction == TO_SERVER ? run->port : 40000,
        .protocol = run->protocol,
        .ip_version = 4,
        .tcp_flags = flags,
        .tcp_sequence = run->sequence[direction],
        .tcp_acknowledgement = run->sequence[!direction],
        .payload = length > 0 ? copy : NULL,
        .payload_captured = (uint32_t)length,
        .payload_length = (uint32_t)length,
        .ip_captured = (uint32_t)length + 40,
    };
    struct flow_lookup lookup;
    flow_table_prepare(run->table, &one, &lookup);
    struct flow *flow = flow_table_get(run->table, &one, &lookup, &direction);
    require(flow != NULL);
    inspector_packet(run->inspector, flow, direction, &one);
    free(copy);
    read_reports(run);
    run->time_us += 20000;
}

static void say(struct run *run, uint8_t how, const uint8_t *bytes, size_t length)
{
    enum direction direction = how & FROM_SERVER ? TO_CLIENT : TO_SERVER;
    if (how & BEHIND_GAP) {
        run->sequence[direction] += 100;
        packet(run, direction == TO_SERVER ? TO_CLIENT : TO_SERVER, TCP_ACK, bytes,
               0); /* the receiver has it */
    }
    size_t half = how & EARLY ? length / 2 : 0, step = how & IN_PIECES ? 1 + length / 64 : length;
    uint32_t start = run->sequence[direction];
    if (half > 0) { /* the second half first */
        run->sequence[direction] = start + (uint32_t)half;
        packet(run, direction, TCP_ACK, bytes + half, length - half);
        run->sequence[direction] = start;
        packet(run, direction, TCP_ACK, bytes, half);
    }
    for (size_t at = 0; at < length && half == 0; at += step) {
        run->sequence[direction] = start + (uint32_t)at;
        packet(run, direction, TCP_ACK, bytes + at, length - at < step ? length - at : step);
    }
    if (how & TWICE) {
        run->sequence[direction] = start;
        packet(run, direction, TCP_ACK, bytes, length);
    }
    run->sequence[direction] = start + (uint32_t)length;
}

static void start(struct run *run, uint8_t options)
{
    static const uint16_t ports[] = {3333, 53, 80, 443, 8080, 8332, 37889, 1080};
    static const uint8_t secret[16] = {0};
    const struct inspector_limits limits = {
        .max_flows = 4,
        .max_sessions = 4,
        .max_partial = 4,
        .reassembly = {.store_bytes = 64 << 10, .direction_bytes = 16 << 10, .max_flows = 4},
    };
    const struct flow_limits flows = {16, 30, 300, 60, 10, 900, true, 0};
    struct error error;
    *run = (struct run){.queue = report_queue_create(1, 1 << 18, true, &error),
                        .time_us = INT64_C(1484652740) * 1000000};
    run->inspector = inspector_create(&limits, report_queue_writer(run->queue, 0), &error);
    require(run->queue != NULL && run->inspector != NULL);
    run->table = flow_table_create(&flows, secret, inspector_flow_ended, run->inspector, &error);
    require(run->table != NULL);
    inspector_set_table(run->inspector, run->table);
    run->protocol = options & 2 ? PROTOCOL_UDP : PROTOCOL_TCP;
    run->port = ports[options >> 2 & 7];
    if (options & 1 || run->protocol == PROTOCOL_UDP)
        return;
    packet(run, TO_SERVER, TCP_SYN, secret, 0);
    packet(run, TO_CLIENT, TCP_SYN | TCP_ACK, secret, 0);
    run->sequence[0]++;
    run->sequence[1]++;
}

static void end(struct run *run)
{
    flow_table_flush(run->table);
    read_reports(run);
    struct worker_statistics statistics = {0};
    inspector_get_statistics(run->inspector, &statistics);
    require(statistics.dropped == 0 && statistics.reassembly.memory_bytes == 0);
    flow_table_free(run->table);
    inspector_free(run->inspector);
    report_queue_free(run->queue);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 1)
        return 0;
    struct run run;
    start(&run, bytes[0]);
    for (size_t at = 1; at < size;) {
        uint8_t how = bytes[at++];
        const uint8_t *separator = memchr(bytes + at, SEPARATOR, size - at);
        size_t length = separator == NULL ? size - at : (size_t)(separator - (bytes + at));
        say(&run, how, bytes + at, length);
        at += length + 1;
    }
    end(&run);
    return 0;
}
