// SPDX-License-Identifier: Apache-2.0
/*
 * Bytes become a sequence of segments, acknowledgements, flushes and releases of one flow. Checked: what is
 * handed on was sent, no byte is handed on twice, and no memory is left when the flow is released.
 */
#include "flow/reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

struct run {
    struct reassembler *reassembler;
    struct flow flow;
    uint64_t sent[2], handed_on[2];
    unsigned calls, release_at;
};

static void count_call(struct run *run, struct flow *flow)
{
    require(flow == &run->flow && flow->streams != NULL);
    if (++run->calls == run->release_at)
        reassembler_release(run->reassembler, flow);
}

/* Each byte that is sent tells its direction, see feed(). */
static void on_bytes(void *context, struct flow *flow, enum direction direction, const uint8_t *bytes,
                     size_t length)
{
    struct run *run = context;
    require(length >= 1);
    for (size_t i = 0; i < length; i++)
        require(bytes[i] == (direction == TO_SERVER ? 's' : 'c'));
    run->handed_on[direction] += length;
    require(run->handed_on[direction] <= run->sent[direction]);
    count_call(run, flow);
}

static void on_gap(void *context, struct flow *flow, enum direction direction, uint32_t missing)
{
    (void)direction;
    require(missing <= UINT32_C(4) << 20);
    count_call(context, flow);
}

/* One segment: where it lies (near the wrap-around, near the last one, anywhere), how long, how much of it is
 * there. */
static void feed(struct run *run, struct cursor *cursor, uint32_t last[2])
{
    static const uint8_t flags[] = {TCP_ACK, TCP_SYN, TCP_FIN | TCP_ACK, TCP_RST, 0, TCP_SYN | TCP_ACK};
    uint8_t how = cursor_u8(cursor);
    enum direction direction = how & 1;
    uint32_t offset = how & 2 ? cursor_u32_be(cursor) : (uint32_t)(int16_t)cursor_u16_be(cursor);
    uint32_t length = how & 4 ? cursor_u16_be(cursor) : cursor_u8(cursor);
    uint32_t missing = how & 8 ? cursor_u16_be(cursor) : 0;
    uint32_t captured = missing < length ? length - missing : 0;
    struct packet packet = {
        .tcp_flags = flags[(how >> 4) % 6],
        .tcp_sequence = last[direction] + offset,
        .tcp_acknowledgement = last[!direction] + cursor_u8(cursor),
        .payload_length = (how & 0xc0) == 0xc0 ? length << 8 : length,
        .payload_captured = captured,
    };
    uint8_t *payload = malloc(captured + 1); /* its own block, so that reading past it is seen */
    require(payload != NULL);
    memset(payload, direction == TO_SERVER ? 's' : 'c', captured);
    packet.payload = realloc(payload, captured > 0 ? captured : 1);
    last[direction] = packet.tcp_sequence + length;
    run->flow.last_us += (how >> 4) * 500000;
    run->sent[direction] += captured;
    reassembler_push(run->reassembler, &run->flow, direction, &packet);
    memset(payload = (uint8_t *)(uintptr_t)packet.payload, 'X', captured); /* it was only lent */
    free(payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct stream_handler handler = {on_bytes, on_gap};
    struct cursor cursor = cursor_of(bytes, size);
    uint8_t options = cursor_u8(&cursor);
    struct run run = {.release_at = cursor_u8(&cursor), .flow = {.id = 1}};
    const struct reassembly_limits limits = {
        .store_bytes = options & 1 ? 16 << 10 : 1 << 20,
        .direction_bytes = options & 2 ? 4 << 10 : 64 << 10,
        .max_flows = 2,
    };
    run.reassembler = reassembler_create(&limits, &handler, &run, NULL);
    require(run.reassembler != NULL);
    uint32_t last[2] = {UINT32_MAX - 100, UINT32_C(1) << 31};
    for (int direction = 0; direction < 2; direction++) {
        run.flow.tcp_start[direction] = last[direction];
        run.flow.tcp_flags[direction] = options & (4 << direction) ? TCP_SYN : 0;
    }
    const struct reassembly_statistics *statistics = reassembler_statistics(run.reassembler);
    while (cursor_left(&cursor) > 0 && !cursor_failed(&cursor)) {
        feed(&run, &cursor, last);
        require(statistics->memory_bytes <= limits.store_bytes + 2 * 64);
    }
    reassembler_flush(run.reassembler, &run.flow);
    require(statistics->memory_bytes <= 64);
    reassembler_release(run.reassembler, &run.flow);
    require(statistics->memory_bytes == 0 && statistics->flows == 0);
    reassembler_free(run.reassembler);
    return 0;
}
