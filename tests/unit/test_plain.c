// SPDX-License-Identifier: Apache-2.0
/*
 * The short way through the decoder says what the layers say: the same packet is given to it behind an
 * Ethernet header, with a VLAN tag or without, and to the layers as bare IP, which the short way does not
 * read.
 */
#include "decoding.h"

#include "decode/plain.h"

enum { ROUNDS = 20000 };

static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13; /* xorshift64, Marsaglia 2003 */
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % limit;
}

static void assert_same(const struct packet *plain, const struct packet *layers)
{
    assert_memory_equal(&plain->source, &layers->source, sizeof plain->source);
    assert_memory_equal(&plain->destination, &layers->destination, sizeof plain->destination);
    assert_int_equal(plain->source_port, layers->source_port);
    assert_int_equal(plain->destination_port, layers->destination_port);
    assert_int_equal(plain->protocol, layers->protocol);
    assert_int_equal(plain->ip_version, layers->ip_version);
    assert_int_equal(plain->tcp_flags, layers->tcp_flags);
    assert_int_equal(plain->tcp_window, layers->tcp_window);
    assert_int_equal(plain->tcp_sequence, layers->tcp_sequence);
    assert_int_equal(plain->tcp_acknowledgement, layers->tcp_acknowledgement);
    assert_ptr_equal(plain->ip, layers->ip);
    assert_int_equal(plain->ip_captured, layers->ip_captured);
    assert_ptr_equal(plain->payload, layers->payload);
    assert_int_equal(plain->payload_captured, layers->payload_captured);
    assert_int_equal(plain->payload_length, layers->payload_length);
    assert_int_equal(plain->reassembled, layers->reassembled);
    assert_int_equal(plain->tenant, layers->tenant);
    assert_int_equal(plain->flow_cookie, layers->flow_cookie);
    assert_null(plain->tunnel);
}

/* `tag` stands behind the addresses, where there is one. */
static void assert_vlan(const struct packet *plain, const uint8_t *tag, bool is_tagged)
{
    uint16_t identifier = is_tagged ? (uint16_t)(tag[2] << 8 | tag[3]) & 0x0fff : 0;
    assert_int_equal(plain->vlan_count, identifier != 0);
    assert_int_equal(plain->vlans[0], identifier);
    assert_int_equal(plain->vlans[1], 0);
}

/* Some bytes of the headers take another value, mostly one that means something there. */
static void disturb(uint8_t *bytes, size_t length)
{
    static const uint8_t values[] = {0, 1, 6, 17, 20, 28, 40, 0x20, 0x40, 0x45, 0x46, 0x50, 0x60, 0xf0, 0xff};
    for (uint32_t changes = random_below(4); changes > 0; changes--)
        bytes[12 + random_below((uint32_t)length - 12)] = values[random_below(sizeof values)];
}

static void compare(const char *hex, unsigned *taken)
{
    uint8_t bytes[MAX_INPUT];
    size_t length = bytes_of_hex(hex, bytes, sizeof bytes);
    for (int round = 0; round < ROUNDS / 2; round++) {
        uint8_t changed[MAX_INPUT];
        struct packet plain;
        memcpy(changed, bytes, length);
        disturb(changed, length);
        size_t captured = random_below(8) == 0 ? random_below((uint32_t)length + 1) : length;
        struct guarded guarded = guarded_copy(changed, captured);
        struct frame frame = {.data = guarded.bytes,
                              .captured = (uint32_t)captured,
                              .length = (uint32_t)(random_below(8) == 0 ? length : captured),
                              .link_type = LINK_ETHERNET};
        if (decode_plain(d.decoder, &frame, &plain)) {
            struct frame bare = frame;
            struct packet layers;
            bool is_tagged = guarded.bytes[12] == 0x81 && guarded.bytes[13] == 0;
            uint32_t before = is_tagged ? 18 : 14;
            bare.data += before;
            bare.captured -= before;
            bare.length -= before;
            bare.link_type = LINK_RAW;
            assert_int_equal(decode(d.decoder, &bare, &layers), DECODE_PACKET);
            assert_same(&plain, &layers);
            assert_vlan(&plain, guarded.bytes + 12, is_tagged);
            assert_ptr_equal(plain.frame, &frame);
            assert_ptr_equal(plain.inner.data, frame.data);
            assert_int_equal(plain.inner.length, frame.length);
            ++*taken;
        }
        guarded_free(&guarded);
    }
}

static void test_says_what_the_layers_say(void **state)
{
    (void)state;
    static const char *const packets[] = {
        MAC "0800" IPV4("002c", "0000", "06") TCP("50") "41424344 0000",
        MAC "0800" IPV4("001d", "0000", "11") UDP("0009") "41 0000",
        MAC "86dd" IPV6("0018", "06") TCP("50") "41424344 0000",
        MAC "86dd" IPV6("0009", "11") UDP("0009") "41 0000",
        MAC "8100 2007 0800" IPV4("002c", "0000", "06") TCP("50") "41424344 0000",
        MAC "8100 0000 86dd" IPV6("0009", "11") UDP("0009") "41 0000",
    };
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        unsigned taken = 0;
        compare(packets[i], &taken);
        assert_true(taken > ROUNDS / 8);
    }
}

static void test_leaves_the_rest_to_the_layers(void **state)
{
    (void)state;
    static const char *const others[] = {
        MAC "8100 0001 8100 0002 0800" IPV4("0028", "0000", "06") TCP("50"), /* two tags */
        MAC "88a8 0001 0800" IPV4("0028", "0000", "06") TCP("50"),           /* one of a provider */
        MAC "8100 0001 0800 4500",                                           /* one with nothing behind it */
        MAC "0800" IPV4("0028", "2000", "06") TCP("50"),                     /* a fragment */
        MAC "0800" IPV4("0028", "0001", "06") TCP("50"),                     /* its end */
        MAC "0800" IPV4("0029", "0000", "06") TCP("50"),                     /* more than there is */
        MAC "0800" IPV4("0028", "0000", "06") TCP("40"),                /* a header too short to be one */
        MAC "0800" IPV4("0028", "0000", "06") TCP("60"),                /* one too long */
        MAC "0800" IPV4("0028", "0000", "2f") TCP("50"),                /* GRE */
        MAC "0800" IPV4("001d", "0000", "11") "1388 12b5 0009 0000 41", /* VXLAN's port */
        MAC "0800" IPV4("001d", "0000", "11") UDP("0008") "41",         /* two lengths that disagree */
        MAC "86dd" IPV6("0014", "00") "0600 0000 0000 0000 1388 0035",  /* IPv6 with options */
        MAC "86dd" IPV6("0015", "06") TCP("50"),                        /* more than there is */
        MAC "86dd" IPV6("0000", "06") TCP("50"),                        /* a length that is not told */
        MAC "86dd"
            "40000000 0014 06 40" ADDRESSES6 TCP("50"), /* a version that is not 6 */
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        uint8_t bytes[MAX_INPUT];
        size_t length = bytes_of_hex(others[i], bytes, sizeof bytes);
        struct guarded guarded = guarded_copy(bytes, length);
        struct frame frame = {.data = guarded.bytes,
                              .captured = (uint32_t)length,
                              .length = (uint32_t)length,
                              .link_type = LINK_ETHERNET};
        struct packet packet;
        assert_false(decode_plain(d.decoder, &frame, &packet));
        guarded_free(&guarded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_says_what_the_layers_say),
        DECODING_TEST(test_leaves_the_rest_to_the_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
