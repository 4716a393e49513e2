// SPDX-License-Identifier: Apache-2.0
/*
 * Tunnels in tunnels, fragments outside and inside of them, and what tells tenants apart (decode.c,
 * fragment.c).
 */
#include "tunnelled.h"

enum { LEVEL_LENGTH = 20 + 8 + 8 + 14 };

/* Frames that grow from the inside out. */
struct builder {
    uint8_t bytes[MAX_INPUT];
    size_t length;
};

static struct builder frame_of(const char *hex)
{
    struct builder frame;
    frame.length = bytes_of_hex(hex, frame.bytes, sizeof frame.bytes);
    return frame;
}

static void put_before(struct builder *frame, const char *hex)
{
    struct builder head = frame_of(hex);
    assert_true(head.length + frame->length <= sizeof frame->bytes);
    memmove(frame->bytes + head.length, frame->bytes, frame->length);
    memcpy(frame->bytes, head.bytes, head.length);
    frame->length += head.length;
}

/* Puts VXLAN around a frame; all lengths are given. */
static void wrap(struct builder *frame, unsigned identifier)
{
    char head[256];
    snprintf(head, sizeof head,
             MAC "0800 4500 %04zx 0001 0000 40 11 0000 0a00 0001 0a00 0002 "
                 "c000 12b5 %04zx 0000 0800 0000 %06x 00",
             frame->length + 36, frame->length + 16, identifier);
    put_before(frame, head);
}

static enum decode_result decode_frame(const struct builder *frame)
{
    return decode_cut(LINK_ETHERNET, frame->bytes, frame->length, frame->length);
}

static void test_as_deep_as_may_be(void **state)
{
    (void)state;
    struct builder frame = frame_of(INNER);
    for (unsigned depth = 1; depth <= TUNNEL_MAX_DEPTH; depth++) {
        wrap(&frame, depth);
        assert_int_equal(decode_frame(&frame), DECODE_PACKET);
        assert_ipv4_udp();
        assert_tunnel("vxlan", depth);
        for (unsigned i = 0; i < depth; i++)
            assert_identifier(&d.packet.tunnel->levels[i], TUNNEL_VNI, depth - i); /* outermost first */
        assert_int_equal(d.packet.tenant, TUNNEL_VNI << 28 | 1);                   /* the innermost one's */
        assert_inner(LINK_ETHERNET, INNER_LENGTH);
    }
    wrap(&frame, TUNNEL_MAX_DEPTH + 1);
    assert_int_equal(decode_frame(&frame), DECODE_TOO_DEEP);
    assert_int_equal(decoder_statistics(d.decoder)->results[DECODE_TOO_DEEP], 1);
    assert_int_equal(decoder_statistics(d.decoder)->tunnels, TUNNEL_MAX_DEPTH);
}

static void test_without_ethernet_in_between(void **state)
{
    (void)state;
    static const char *const heads[] = {OUTER_IP("04"), OUTER_IP("2f") "0000 0800 "};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct builder frame = frame_of(IPV4_UDP);
        for (unsigned depth = 1; depth <= TUNNEL_MAX_DEPTH; depth++)
            put_before(&frame, heads[i]);
        assert_int_equal(decode_cut(LINK_RAW, frame.bytes, frame.length, frame.length), DECODE_PACKET);
        assert_ipv4_udp();
        assert_int_equal(d.packet.tunnel->depth, TUNNEL_MAX_DEPTH);
        put_before(&frame, heads[i]);
        assert_int_equal(decode_cut(LINK_RAW, frame.bytes, frame.length, frame.length), DECODE_TOO_DEEP);
    }
}

static void test_every_cut_of_many(void **state)
{
    (void)state;
    struct builder frame = frame_of(INNER);
    for (unsigned depth = 1; depth <= TUNNEL_MAX_DEPTH; depth++)
        wrap(&frame, depth);
    size_t enough = TUNNEL_MAX_DEPTH * LEVEL_LENGTH + 14 + 28;
    for (size_t captured = 0; captured < frame.length; captured++)
        assert_int_equal(decode_cut(LINK_ETHERNET, frame.bytes, captured, frame.length),
                         captured < enough ? DECODE_TRUNCATED : DECODE_PACKET);
}

static void test_tags_belong_to_their_frame(void **state)
{
    (void)state;
    assert_int_equal(decode_hex(LINK_ETHERNET,
                                MAC "88a8 0005 8100 0006 0800 " OUTER_IP(
                                    "11") "c000 12b5 0000 0000 "
                                          "0800 0000 000001 00 " INNER_MAC "8100 0007 0800 " OUTER_IP(
                                              "2f") "2000 6558 00000200 " INNER_MAC
                                                    "8100 0008 8100 0009 0800" IPV4_UDP),
                     DECODE_PACKET);
    assert_ipv4_udp();
    const struct tunnel_level *levels = d.packet.tunnel->levels;
    assert_int_equal(d.packet.tunnel->depth, 2);
    assert_int_equal(levels[0].vlans[0], 5);
    assert_int_equal(levels[0].vlans[1], 6);
    assert_int_equal(levels[1].vlans[0], 7);
    assert_int_equal(levels[1].vlans[1], 0);
    assert_int_equal(d.packet.vlan_count, 2);
    assert_int_equal(d.packet.vlans[0], 8);
    assert_int_equal(d.packet.vlans[1], 9);
    assert_int_equal(d.packet.tenant, TUNNEL_VSID << 28 | 2);
}

static void test_the_innermost_identifier_that_tells_tenants(void **state)
{
    (void)state;
    const char *frame = OUTER_UDP("12b5") "0800 0000 000007 00 " INNER_MAC
                                          "0800 " OUTER_IP("2f") "2000 0800 00000009 " IPV4_UDP;
    assert_int_equal(decode_hex(LINK_ETHERNET, frame), DECODE_PACKET);
    assert_int_equal(d.packet.tenant, TUNNEL_VNI << 28 | 7); /* GRE's key is nobody's */
    static const uint32_t expected[] = {[TENANT_AUTO] = TUNNEL_VNI << 28 | 7,
                                        [TENANT_NONE] = 0,
                                        [TENANT_ANY] = (uint32_t)TUNNEL_KEY << 28 | 9};
    for (int tenant = TENANT_AUTO; tenant <= TENANT_ANY; tenant++) {
        struct decode_options options = {
            .fragment_bytes = 65536, .fragment_timeout_ms = 1000, .tenant = (enum decode_tenant)tenant};
        decoder_free(d.decoder);
        d.decoder = decoder_create(&options, NULL);
        assert_int_equal(decode_hex(LINK_ETHERNET, frame), DECODE_PACKET);
        assert_int_equal(d.packet.tenant, expected[tenant]);
    }
}

/* Cuts the IP packet behind `link` bytes of a frame into fragments of `size` bytes of content; decodes all.
 * Returns the answer to the last one. */
static enum decode_result decode_fragments(const struct builder *frame, size_t link, size_t size,
                                           bool backwards)
{
    const uint8_t *content = frame->bytes + link + 20;
    size_t length = frame->length - link - 20, count = (length + size - 1) / size;
    enum decode_result result = DECODE_NO_IP;
    for (size_t i = 0; i < count; i++) {
        size_t offset = (backwards ? count - 1 - i : i) * size;
        size_t piece = length - offset < size ? length - offset : size;
        struct builder fragment = {.length = link + 20 + piece};
        memcpy(fragment.bytes, frame->bytes, link + 20);
        memcpy(fragment.bytes + link + 20, content + offset, piece);
        fragment.bytes[link + 2] = (uint8_t)((20 + piece) >> 8),
                              fragment.bytes[link + 3] = (uint8_t)(20 + piece);
        fragment.bytes[link + 6] = (uint8_t)((offset + piece < length ? 0x20 : 0) | offset >> 11);
        fragment.bytes[link + 7] = (uint8_t)(offset >> 3);
        result = decode_frame(&fragment);
        if (i + 1 < count)
            assert_int_equal(result, DECODE_HELD);
    }
    return result;
}

static void test_fragments_outside(void **state)
{
    (void)state;
    for (int backwards = 0; backwards <= 1; backwards++) {
        struct builder frame = frame_of(INNER);
        wrap(&frame, 1);
        assert_int_equal(decode_fragments(&frame, 14, 24, backwards), DECODE_PACKET);
        assert_ipv4_udp();
        assert_tunnel("vxlan", 1);
        assert_inner(LINK_ETHERNET, INNER_LENGTH);
        assert_true(d.packet.reassembled); /* its bytes do not outlive the next packet */
    }
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER("04") IPV4_UDP), DECODE_PACKET);
    assert_false(d.packet.reassembled);
}

/* Two fragments of a packet, each in a tunnel of its own, itself in fragments. */
static void test_fragments_outside_and_inside(void **state)
{
    (void)state;
    static const char *const pieces[] = {INNER_MAC "0800" IPV4("0024", "2000", "11")
                                             UDP("0011") "4142434445464748",
                                         INNER_MAC "0800" IPV4("0015", "0002", "11") "49"};
    for (int twice = 0; twice < 2; twice++)
        for (size_t i = 0; i < 2; i++) {
            struct builder frame = frame_of(pieces[i]);
            wrap(&frame, 1);
            assert_int_equal(decode_fragments(&frame, 14, 16, i == 1), i == 0 ? DECODE_HELD : DECODE_PACKET);
        }
    assert_addresses("192.0.2.1", "198.51.100.2");
    assert_int_equal(d.packet.payload_length, 9);
    assert_memory_equal(d.packet.payload, "ABCDEFGHI", 9);
    assert_true(d.packet.reassembled);
    assert_tunnel("vxlan", 1);
    /* the last frame inside is still what it was, though the datagram around it was put together before */
    assert_inner(LINK_ETHERNET, 14 + 21);
    assert_int_equal(d.packet.inner.data[14 + 20], 'I');
    assert_int_equal(decoder_statistics(d.decoder)->fragments_joined, 6);
    assert_int_equal(decoder_statistics(d.decoder)->fragments_dropped, 0);
}

static void test_fragments_of_different_tenants_do_not_meet(void **state)
{
    (void)state;
    struct builder first =
        frame_of(INNER_MAC "0800" IPV4("0024", "2000", "11") UDP("0011") "4142434445464748");
    struct builder last = frame_of(INNER_MAC "0800" IPV4("0015", "0002", "11") "49");
    struct builder bare = last, deeper = last, other = last;
    wrap(&first, 1);
    assert_int_equal(decode_frame(&first), DECODE_HELD);
    assert_int_equal(decode_frame(&bare), DECODE_HELD);
    wrap(&other, 2);
    assert_int_equal(decode_frame(&other), DECODE_HELD);
    wrap(&deeper, 1);
    wrap(&deeper, 1);
    assert_int_equal(decode_frame(&deeper), DECODE_HELD);
    wrap(&last, 1);
    assert_int_equal(decode_frame(&last), DECODE_PACKET);
    assert_memory_equal(d.packet.payload, "ABCDEFGHI", 9);
}

static void test_ports_are_settings(void **state)
{
    (void)state;
    struct decode_port ports[2];
    struct error error;
    assert_true(decode_port_parse("vxlan:9999", &ports[0], &error));
    assert_true(decode_port_parse("geneve:4789", &ports[1], &error));
    struct decode_options options = {
        .fragment_bytes = 65536, .fragment_timeout_ms = 1000, .ports = ports, .port_count = 2};
    decoder_free(d.decoder);
    d.decoder = decoder_create(&options, NULL);
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER_UDP("270f") "0800 0000 000007 00 " INNER),
                     DECODE_PACKET);
    assert_int_equal(assert_tunnel("vxlan", 1)->destination_port, 9999);
    assert_int_equal(decode_hex(LINK_ETHERNET, OUTER_UDP("12b5") "0000 6558 000007 00 " INNER),
                     DECODE_PACKET);
    assert_tunnel("geneve", 1);
    assert_stays(OUTER_UDP("17c1") "0000 6558 000007 00 " INNER, PROTOCOL_UDP);
    static const char *const wrong[] = {"vxlan",
                                        "vxlan:",
                                        "vxlan:0",
                                        "vxlan:65536",
                                        "vxlan:-1",
                                        "vxlan: 1",
                                        "vxlan:+1",
                                        "vxlan:1x",
                                        "gre:1",
                                        "ethernet:1",
                                        ":1",
                                        "",
                                        "a-name-that-is-too-long:1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(decode_port_parse(wrong[i], &ports[0], &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_as_deep_as_may_be),
        DECODING_TEST(test_without_ethernet_in_between),
        DECODING_TEST(test_every_cut_of_many),
        DECODING_TEST(test_tags_belong_to_their_frame),
        DECODING_TEST(test_the_innermost_identifier_that_tells_tenants),
        DECODING_TEST(test_fragments_outside),
        DECODING_TEST(test_fragments_outside_and_inside),
        DECODING_TEST(test_fragments_of_different_tenants_do_not_meet),
        DECODING_TEST(test_ports_are_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
