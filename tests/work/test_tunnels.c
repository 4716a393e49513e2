// SPDX-License-Identifier: Apache-2.0
/*
 * Worst cases of tunnels: many ways, many in one another, headers of many small parts.
 */
#include "path.h"

#include "decode/decode.h"

enum { LINK_RAW = 101, HEADERS = 28 };

static struct decoder *decoder;

static void decoder_open(void)
{
    const struct decode_options options = {.fragment_bytes = 4 << 20, .fragment_timeout_ms = 30000};
    decoder = decoder_create(&options, NULL);
    assert_non_null(decoder);
}

static enum decode_result decode_bytes(const void *bytes, size_t length)
{
    const struct frame frame = {
        .data = bytes, .captured = (uint32_t)length, .length = (uint32_t)length, .link_type = LINK_RAW};
    struct packet packet;
    return decode(decoder, &frame, &packet);
}

static void put_outer(struct text *text, uint8_t protocol)
{
    const uint8_t head[20] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
    text_add_bytes(text, head, sizeof head);
}

static void put_udp(struct text *text, uint16_t port)
{
    const uint8_t head[8] = {0xc0, 0, (uint8_t)(port >> 8), (uint8_t)port};
    put_outer(text, PROTOCOL_UDP);
    text_add_bytes(text, head, sizeof head);
}

static void put_vxlan(struct text *text, uint32_t identifier)
{
    const uint8_t head[8] = {
        8, 0, 0, 0, (uint8_t)(identifier >> 16), (uint8_t)(identifier >> 8), (uint8_t)identifier};
    put_udp(text, 4789);
    text_add_bytes(text, head, sizeof head);
    text_add_bytes(text, "\2\0\0\0\0\4\2\0\0\0\0\3\x08\0", 14);
}

/* The work of one packet of these bytes. */
static uint64_t work_of_packet(struct text *text, enum decode_result expected)
{
    decoder_open();
    uint64_t before = work_so_far();
    assert_int_equal(decode_bytes(text->bytes, text->length), expected);
    uint64_t work = work_so_far() - before;
    decoder_free(decoder);
    text_done(text);
    return work;
}

/* Each packet comes a way of its own, TUNNEL_MAX_DEPTH tunnels deep. */
static uint64_t ways_of_many_tunnels(size_t count)
{
    decoder_open();
    uint64_t work = 0;
    for (size_t i = 0; i < count; i++) {
        struct text text = {0};
        for (int depth = 0; depth < TUNNEL_MAX_DEPTH; depth++)
            put_vxlan(&text, (uint32_t)i);
        put_udp(&text, 53);
        uint64_t before = work_so_far();
        assert_int_equal(decode_bytes(text.bytes, text.length), DECODE_PACKET);
        work += work_so_far() - before;
        text_done(&text);
    }
    assert_int_equal(decoder_statistics(decoder)->tunnels, count);
    decoder_free(decoder);
    return work;
}

/* More ways than are kept: those that are not cost no more. */
static uint64_t ways_that_are_not_kept(size_t count)
{
    struct text text = {0};
    decoder_open();
    put_vxlan(&text, 0);
    put_udp(&text, 53);
    uint64_t work = 0;
    for (size_t i = 0; i < TUNNEL_MAX_WAYS + count; i++) {
        uint8_t *identifier = (uint8_t *)text.bytes + HEADERS + 4;
        identifier[0] = (uint8_t)(i >> 16), identifier[1] = (uint8_t)(i >> 8), identifier[2] = (uint8_t)i;
        uint64_t before = work_so_far();
        assert_int_equal(decode_bytes(text.bytes, text.length), DECODE_PACKET);
        work += i >= TUNNEL_MAX_WAYS ? work_so_far() - before : 0;
    }
    assert_int_equal(decoder_statistics(decoder)->tunnels_refused, count);
    decoder_free(decoder);
    text_done(&text);
    return work;
}

/* As many VXLAN in one another as fit; all but TUNNEL_MAX_DEPTH are too many. */
static uint64_t tunnels_in_tunnels(size_t count)
{
    struct text text = {0};
    for (size_t i = 0; i < count; i++)
        put_vxlan(&text, (uint32_t)i);
    return work_of_packet(&text, DECODE_TOO_DEEP);
}

static uint64_t labels(size_t count)
{
    struct text text = {0};
    put_outer(&text, 47);
    text_add_bytes(&text, "\0\0\x88\x47", 4);
    for (size_t i = 0; i < count; i++)
        text_add_bytes(&text, "\0\x06\x40\x40", 4);
    return work_of_packet(&text, DECODE_TOO_DEEP);
}

/* TZSP whose tags are all padding, or all empty */
static uint64_t padding_tags(size_t count)
{
    struct text text = {0};
    put_udp(&text, 37008);
    text_add_bytes(&text, "\1\0\0\1", 4);
    for (size_t i = 0; i < count; i++)
        text_add_bytes(&text, i % 3 == 0 ? "\0" : "\x3c\0", i % 3 == 0 ? 1 : 2);
    return work_of_packet(&text, DECODE_MALFORMED);
}

static uint64_t extension_headers(size_t count)
{
    struct text text = {0};
    size_t length = 4 + 4 * count;
    const uint8_t head[12] = {0x34, 0xff, (uint8_t)(length >> 8), (uint8_t)length, 0, 0, 0, 1, 0, 0, 0, 0x85};
    put_udp(&text, 2152);
    text_add_bytes(&text, head, sizeof head);
    for (size_t i = 0; i < count; i++)
        text_add_bytes(&text, "\1\0\0\x85", 4);
    return work_of_packet(&text, DECODE_MALFORMED);
}

/* Options without a value: the header has room for 63 */
static uint64_t empty_options(size_t count)
{
    struct text text = {0};
    const uint8_t head[8] = {(uint8_t)(count < 63 ? count : 63), 0, 0x65, 0x58};
    put_udp(&text, 6081);
    text_add_bytes(&text, head, sizeof head);
    for (size_t i = 0; i < count; i++)
        text_add_bytes(&text, "\1\x08\1\0", 4);
    return work_of_packet(&text, count > 63 + 4 ? DECODE_NO_IP : DECODE_MALFORMED);
}

LINEAR(ways_of_many_tunnels, 1000)
LINEAR(ways_that_are_not_kept, 4000)
BOUNDED(tunnels_in_tunnels, 20)
BOUNDED(labels, 200)
LINEAR(padding_tags, 4000)
LINEAR(extension_headers, 4000)
BOUNDED(empty_options, 100)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_of_many_tunnels), cmocka_unit_test(test_ways_that_are_not_kept),
        cmocka_unit_test(test_tunnels_in_tunnels),   cmocka_unit_test(test_labels),
        cmocka_unit_test(test_padding_tags),         cmocka_unit_test(test_extension_headers),
        cmocka_unit_test(test_empty_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
