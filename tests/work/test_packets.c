// SPDX-License-Identifier: Apache-2.0
/*
 * Worst cases of packets and flows: headers, fragments, tables, and a flow for each packet.
 */
#include "path.h"

#include "base/ring.h"
#include "decode/decode.h"

enum { LINK_RAW = 101 };

/* ---- decoding ---- */

static struct decoder *decoder;
static int64_t time_us = INT64_C(1767607200) * 1000000;

static void decode_bytes(const uint8_t *bytes, size_t length)
{
    const struct frame frame = {.data = bytes,
                                .time_us = time_us,
                                .captured = (uint32_t)length,
                                .length = (uint32_t)length,
                                .link_type = LINK_RAW};
    struct packet packet;
    decode(decoder, &frame, &packet);
}

static void decoder_open(void)
{
    const struct decode_options options = {.fragment_bytes = 4 << 20, .fragment_timeout_ms = 30000};
    decoder = decoder_create(&options, NULL);
    assert_non_null(decoder);
}

/* Extension headers, as many as fit; each names the next one as another like it. */
static uint64_t ipv6_extensions(size_t size)
{
    struct text text = {0};
    const uint8_t head[] = {0x60, 0, 0, 0, (uint8_t)(size >> 8), (uint8_t)size, 60, 64};
    text_add_bytes(&text, head, sizeof head);
    text_add_bytes(&text, "0123456789abcdef0123456789abcdef", 32);
    while (text.length < size + 40)
        text_add_bytes(&text, "\x3c\0\1\4\0\0\0\0", 8);
    decoder_open();
    uint64_t before = work_so_far();
    decode_bytes((uint8_t *)text.bytes, text.length);
    uint64_t work = work_so_far() - before;
    decoder_free(decoder);
    text_done(&text);
    return work;
}

/* IPv4 in IPv4 in IPv4: at a depth, decoding stops. */
static uint64_t tunnels(size_t size)
{
    struct text text = {0};
    for (size_t left = size; left >= 20; left -= 20) {
        const uint8_t head[20] = {
            0x45, 0, (uint8_t)(left >> 8), (uint8_t)left, 0, 0, 0, 0, 64, 4, 0, 0, 192, 0, 2, 1, 192, 0,
            2,    2};
        text_add_bytes(&text, head, sizeof head);
    }
    decoder_open();
    uint64_t before = work_so_far();
    decode_bytes((uint8_t *)text.bytes, text.length);
    uint64_t work = work_so_far() - before;
    decoder_free(decoder);
    text_done(&text);
    return work;
}

static void fragment(unsigned identifier, unsigned offset, bool more, size_t length)
{
    static uint8_t bytes[2000] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2};
    size_t total = 20 + length;
    bytes[2] = (uint8_t)(total >> 8), bytes[3] = (uint8_t)total;
    bytes[4] = (uint8_t)(identifier >> 8), bytes[5] = (uint8_t)identifier;
    bytes[6] = (uint8_t)((more ? 0x20 : 0) | offset >> 11), bytes[7] = (uint8_t)(offset >> 3);
    decode_bytes(bytes, total);
}

/* The last one first, eight bytes each: the datagram is whole with the first one. */
static uint64_t fragments_backwards(size_t size)
{
    decoder_open();
    uint64_t before = work_so_far();
    for (size_t i = size; i-- > 0;)
        fragment(1, (unsigned)i * 8, i + 1 < size, 8);
    uint64_t work = work_so_far() - before;
    assert_int_equal(decoder_statistics(decoder)->fragments_joined, 1);
    decoder_free(decoder);
    return work;
}

static uint64_t fragments_repeated(size_t size)
{
    decoder_open();
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i++)
        fragment(1, 1400 * (unsigned)(i % 40 + 1), true, 1400);
    uint64_t work = work_so_far() - before;
    decoder_free(decoder);
    return work;
}

static uint64_t fragments_overlapping(size_t size)
{
    decoder_open();
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i++)
        fragment((unsigned)(i / 3), 8 * (unsigned)(i % 3 + 1), true, 24);
    uint64_t work = work_so_far() - before;
    decoder_free(decoder);
    return work;
}

/* A datagram each, none of them ever whole: the table runs full. */
static uint64_t fragments_alone(size_t size)
{
    decoder_open();
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i++)
        fragment((unsigned)i, 64000, true, 8);
    uint64_t work = work_so_far() - before;
    decoder_free(decoder);
    return work;
}

BOUNDED(tunnels, 2000)
LINEAR(fragments_backwards, 2000)
LINEAR(fragments_repeated, 1000)
LINEAR(fragments_overlapping, 3000)
LINEAR(fragments_alone, 6000)

AT_MOST_LINEAR(ipv6_extensions, 4000)

/* ---- flows ---- */

/* `each` says what the n-th connection does. */
static uint64_t flows(size_t count, void (*each)(size_t n))
{
    path_open(1 << 26);
    uint64_t before = work_so_far();
    for (size_t i = 0; i < count; i++) {
        path.client = (uint32_t)i;
        path.sequence[0] = path.sequence[1] = 1;
        each(i);
        path.time_us += 1000;
        flow_table_advance(path.table, path.time_us);
    }
    path_end();
    uint64_t work = work_so_far() - before;
    assert_true(path.reports >= count);
    path_close();
    return work;
}

static void only_syn(size_t n)
{
    (void)n;
    path_packet(TO_SERVER, TCP_SYN, NULL, 0);
}

static void one_login(size_t n)
{
    char login[160];
    snprintf(login, sizeof login,
             "{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"user%zu.rig\",\"x\"]}\n", n);
    path_say_text(TO_SERVER, login);
}

static void begun_message(size_t n)
{
    (void)n;
    path_say_text(TO_SERVER, "{\"id\":1,\"method\":\"");
}

static void early_segment(size_t n)
{
    (void)n;
    path_handshake();
    path.sequence[0] += 100;
    path_say_text(TO_SERVER, "{\"id\":1}\n");
}

static void begun_head(size_t n)
{
    (void)n;
    path_say_text(TO_SERVER, "POST / HTTP/1.1\r\nHost: a\r\n");
}

static void same_ports_again(size_t n)
{
    path.client = 1;
    path.sequence[0] = (uint32_t)n << 20;
    path_packet(TO_SERVER, n % 2 == 0 ? TCP_SYN : TCP_RST, NULL, 0);
    path.reports++; /* not each of them ends a flow */
}

static void one_question(size_t n)
{
    char name[16];
    struct text text = {0};
    snprintf(name, sizeof name, "h%07zu", n);
    path.protocol = PROTOCOL_UDP;
    path.server_port = 53;
    text_add_bytes(&text, "\0\1\x81\x80\0\1\0\1\0\0\0\0\x08", 13);
    text_add(&text, name);
    text_add_bytes(&text, "\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\1\2\3\4", 21);
    path_packet(TO_CLIENT, 0, text.bytes, text.length);
    text_done(&text);
}

static uint64_t flow_of_one_packet(size_t size)
{
    return flows(size, only_syn);
}

static uint64_t flow_with_a_login(size_t size)
{
    return flows(size, one_login);
}

static uint64_t flow_with_a_begun_message(size_t size)
{
    return flows(size, begun_message);
}

static uint64_t flow_with_an_early_segment(size_t size)
{
    return flows(size, early_segment);
}

static uint64_t flow_with_a_begun_head(size_t size)
{
    return flows(size, begun_head);
}

static uint64_t flow_begun_again(size_t size)
{
    return flows(size, same_ports_again);
}

static uint64_t flow_with_a_question(size_t size)
{
    return flows(size, one_question);
}

/* All of them in the table at once, where `flow.max-flows` is smaller. */
static uint64_t flows_in_a_full_table(size_t size)
{
    return flows(size + (1 << 16), only_syn) - flows(1 << 16, only_syn);
}

LINEAR(flow_of_one_packet, 4000)
LINEAR(flow_with_a_login, 1000)
LINEAR(flow_with_a_begun_message, 2000)
LINEAR(flow_with_an_early_segment, 2000)
LINEAR(flow_with_a_begun_head, 2000)
LINEAR(flow_begun_again, 4000)
LINEAR(flow_with_a_question, 2000)
LINEAR(flows_in_a_full_table, 4000)

/* ---- ring ---- */

static uint64_t ring_records(size_t size)
{
    struct error error;
    struct ring *ring = ring_create(1 << 16, &error);
    assert_non_null(ring);
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i++) {
        size_t length = 8 + i * 7919 % 2000;
        while (ring_reserve(ring, length) == NULL) {
            assert_non_null(ring_peek(ring, &length));
            ring_release(ring);
        }
        ring_commit(ring, length);
    }
    uint64_t work = work_so_far() - before;
    ring_free(ring);
    return work;
}

LINEAR(ring_records, 4000)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ipv6_extensions),
        cmocka_unit_test(test_tunnels),
        cmocka_unit_test(test_fragments_backwards),
        cmocka_unit_test(test_fragments_repeated),
        cmocka_unit_test(test_fragments_overlapping),
        cmocka_unit_test(test_fragments_alone),
        cmocka_unit_test(test_flow_of_one_packet),
        cmocka_unit_test(test_flow_with_a_login),
        cmocka_unit_test(test_flow_with_a_begun_message),
        cmocka_unit_test(test_flow_with_an_early_segment),
        cmocka_unit_test(test_flow_with_a_begun_head),
        cmocka_unit_test(test_flow_begun_again),
        cmocka_unit_test(test_flow_with_a_question),
        cmocka_unit_test(test_flows_in_a_full_table),
        cmocka_unit_test(test_ring_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
