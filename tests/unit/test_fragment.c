// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"

enum { SECOND_US = 1000000 };

/* A datagram to be sent in pieces: a UDP header (4000 -> 3333) and numbered bytes. */
static uint8_t datagram[65535];

static void make_datagram(size_t length)
{
    for (size_t i = 0; i < length; i++)
        datagram[i] = (uint8_t)(i * 7 + i / 256);
    const uint8_t header[8] = {0x0f, 0xa0, 0x0d, 0x05, (uint8_t)(length >> 8), (uint8_t)length, 0, 0};
    memcpy(datagram, header, sizeof header);
}

static enum decode_result send4_in(const char *link, uint16_t id, size_t offset, size_t length, bool more)
{
    static uint8_t frame[65535 + 64];
    size_t header = bytes_of_hex(link, frame, sizeof frame);
    uint8_t *ip = frame + header;
    bytes_of_hex(IPV4("0000", "0000", "11"), ip, 20);
    size_t total = 20 + length, flags = offset / 8 | (more ? 0x2000 : 0);
    ip[2] = (uint8_t)(total >> 8), ip[3] = (uint8_t)total;
    ip[4] = (uint8_t)(id >> 8), ip[5] = (uint8_t)id;
    ip[6] = (uint8_t)(flags >> 8), ip[7] = (uint8_t)flags;
    memcpy(ip + 20, datagram + offset, length);
    return decode_cut(header > 0 ? LINK_ETHERNET : LINK_RAW, frame, header + total, header + total);
}

static enum decode_result send4(uint16_t id, size_t offset, size_t length, bool more)
{
    return send4_in("", id, offset, length, more);
}

static enum decode_result send6(uint32_t id, size_t offset, size_t length, bool more)
{
    uint8_t frame[2048];
    bytes_of_hex(IPV6("0000", "2c") "11000000", frame, sizeof frame);
    size_t payload = 8 + length, flags = offset | more;
    frame[4] = (uint8_t)(payload >> 8), frame[5] = (uint8_t)payload;
    frame[42] = (uint8_t)(flags >> 8), frame[43] = (uint8_t)flags;
    frame[44] = (uint8_t)(id >> 24), frame[45] = (uint8_t)(id >> 16);
    frame[46] = (uint8_t)(id >> 8), frame[47] = (uint8_t)id;
    memcpy(frame + 48, datagram + offset, length);
    return decode_cut(LINK_RAW, frame, 48 + length, 48 + length);
}

static void assert_whole(size_t length)
{
    size_t header = d.packet.ip_version == 4 ? 20 : 40;
    assert_true(d.packet.reassembled);
    assert_int_equal(d.packet.source_port, 4000);
    assert_int_equal(d.packet.destination_port, 3333);
    assert_int_equal(d.packet.payload_length, length - 8);
    assert_int_equal(d.packet.payload_captured, length - 8);
    assert_memory_equal(d.packet.payload, datagram + 8, length - 8);
    assert_int_equal(d.packet.ip_captured, header + length);
    assert_ptr_equal(d.packet.payload, d.packet.ip + header + 8);
}

static const struct decode_statistics *statistics(void)
{
    return decoder_statistics(d.decoder);
}

static void test_in_order(void **state)
{
    (void)state;
    make_datagram(3000);
    assert_int_equal(send4(1, 0, 1480, true), DECODE_HELD);
    assert_int_equal(send4(1, 1480, 1480, true), DECODE_HELD);
    assert_int_equal(send4(1, 2960, 40, false), DECODE_PACKET);
    assert_whole(3000);
    assert_int_equal(statistics()->fragments, 3);
    assert_int_equal(statistics()->fragments_joined, 1);
    assert_int_equal(statistics()->fragments_dropped, 0);
    assert_int_equal(statistics()->results[DECODE_HELD], 2);
    /* the header describes the whole datagram */
    assert_int_equal(d.packet.ip[0], 0x45);
    assert_int_equal(d.packet.ip[2] << 8 | d.packet.ip[3], 3020);
    assert_int_equal(d.packet.ip[6] | d.packet.ip[7], 0);
    assert_int_equal(d.packet.ip[9], PROTOCOL_UDP);
}

static void test_every_order(void **state)
{
    (void)state;
    static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const size_t lengths[3] = {16, 16, 9};
    make_datagram(41);
    for (uint16_t i = 0; i < 6; i++) {
        for (size_t version = 4; version <= 6; version += 2) {
            for (size_t j = 0; j < 3; j++) {
                size_t piece = orders[i][j];
                enum decode_result result = version == 4 ? send4(i, piece * 16, lengths[piece], piece < 2)
                                                         : send6(i, piece * 16, lengths[piece], piece < 2);
                assert_int_equal(result, j == 2 ? DECODE_PACKET : DECODE_HELD);
            }
            assert_whole(41);
        }
    }
}

static void test_greatest_datagram(void **state)
{
    (void)state;
    make_datagram(65515);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(send4(1, i * 8184, 8184, true), DECODE_HELD);
    assert_int_equal(send4(1, 65472, 43, false), DECODE_PACKET);
    assert_whole(65515);
    /* one byte more than an IPv4 datagram can have ("ping of death") */
    assert_int_equal(send4(2, 65472, 44, false), DECODE_MALFORMED);
}

static void test_tiny_fragments_backwards(void **state)
{
    (void)state;
    make_datagram(4096);
    for (size_t at = 4088; at > 0; at -= 8)
        assert_int_equal(send4(1, at, 8, at < 4088), DECODE_HELD);
    assert_int_equal(send4(1, 0, 8, true), DECODE_PACKET);
    assert_whole(4096);
}

static void test_repetition_is_ignored(void **state)
{
    (void)state;
    make_datagram(100);
    assert_int_equal(send4(1, 48, 52, false), DECODE_HELD);
    assert_int_equal(send4(1, 48, 52, false), DECODE_HELD);
    assert_int_equal(send4(1, 0, 24, true), DECODE_HELD);
    assert_int_equal(send4(1, 0, 24, true), DECODE_HELD);
    assert_int_equal(send4(1, 24, 24, true), DECODE_PACKET);
    assert_whole(100);
    assert_int_equal(statistics()->fragments_overlapping, 0);
}

static void test_overlap_gives_the_datagram_up(void **state)
{
    (void)state;
    make_datagram(100);
    assert_int_equal(send4(1, 0, 32, true), DECODE_HELD);
    assert_int_equal(send4(1, 24, 24, true), DECODE_MALFORMED);
    assert_int_equal(send4(1, 32, 68, false), DECODE_HELD); /* also what comes later */
    assert_int_equal(send4(1, 0, 32, true), DECODE_HELD);
    assert_int_equal(send6(1, 0, 32, true), DECODE_HELD);
    assert_int_equal(send6(1, 24, 24, true), DECODE_MALFORMED);
    assert_int_equal(send6(1, 32, 68, false), DECODE_HELD);
    assert_int_equal(send6(1, 0, 32, true), DECODE_HELD);
    assert_int_equal(statistics()->fragments_overlapping, 2);
    assert_int_equal(statistics()->fragments_dropped, 8);
    assert_int_equal(statistics()->fragments_joined, 0);
}

static void test_same_bytes_with_other_content(void **state)
{
    (void)state;
    make_datagram(100);
    assert_int_equal(send4(1, 0, 32, true), DECODE_HELD);
    datagram[31] ^= 1;
    assert_int_equal(send4(1, 0, 32, true), DECODE_MALFORMED);
    assert_int_equal(statistics()->fragments_overlapping, 1);
}

static void test_contradicting_ends(void **state)
{
    (void)state;
    make_datagram(200);
    assert_int_equal(send4(1, 48, 52, false), DECODE_HELD);
    assert_int_equal(send4(1, 104, 8, true), DECODE_MALFORMED); /* behind the end */
    assert_int_equal(send4(2, 48, 52, false), DECODE_HELD);
    assert_int_equal(send4(2, 104, 8, false), DECODE_MALFORMED); /* another end */
    assert_int_equal(send4(3, 104, 8, true), DECODE_HELD);
    assert_int_equal(send4(3, 48, 52, false), DECODE_MALFORMED); /* an end before what was seen */
    assert_int_equal(statistics()->fragments_overlapping, 3);
}

static void test_what_no_stack_sends(void **state)
{
    (void)state;
    make_datagram(100);
    assert_int_equal(send4(1, 0, 0, true), DECODE_MALFORMED);  /* no data */
    assert_int_equal(send4(1, 0, 20, true), DECODE_MALFORMED); /* no multiple of 8 */
    assert_int_equal(send4(1, 8, 0, false), DECODE_MALFORMED);
    assert_int_equal(send4(1, 8, 12, false), DECODE_HELD);
}

static void test_other_datagrams_are_kept_apart(void **state)
{
    (void)state;
    make_datagram(100);
    assert_int_equal(send4(1, 0, 48, true), DECODE_HELD);
    assert_int_equal(send4(2, 48, 52, false), DECODE_HELD);                          /* identification */
    assert_int_equal(send4_in(MAC "8100 0007 0800", 1, 48, 52, false), DECODE_HELD); /* VLAN */
    assert_int_equal(decode_hex(LINK_RAW, IPV4("0018", "0006", "06") "01020304"),
                     DECODE_HELD); /* protocol, and id */
    assert_int_equal(send4_in(MAC "8100 0007 0800", 1, 0, 48, true), DECODE_PACKET);
    assert_whole(100);
    assert_int_equal(d.packet.vlans[0], 7);
    assert_int_equal(send4(1, 48, 52, false), DECODE_PACKET);
    assert_whole(100);
}

static void test_cut_fragment(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t length =
        bytes_of_hex(IPV4("0024", "2000", "11") UDP("0010") "4142434445464748", bytes, sizeof bytes);
    for (size_t captured = 0; captured < length; captured++)
        assert_int_equal(decode_cut(LINK_RAW, bytes, captured, length), DECODE_TRUNCATED);
    assert_int_equal(statistics()->fragments_dropped, 16); /* where the IP header was there */
    assert_int_equal(decode_cut(LINK_RAW, bytes, length, length), DECODE_HELD);
}

static void test_padding_is_no_data(void **state)
{
    (void)state;
    assert_int_equal(
        decode_hex(LINK_ETHERNET, MAC "0800" IPV4("001c", "2000", "11") UDP("0009") "ffffffffffff"),
        DECODE_HELD);
    assert_int_equal(decode_hex(LINK_ETHERNET, MAC "0800" IPV4("0015", "0001", "11") "41"
                                                                                     "ffffffffffff"),
                     DECODE_PACKET);
    assert_int_equal(d.packet.payload_length, 1);
    assert_int_equal(d.packet.payload[0], 'A');
}

static void test_timeout_by_packet_time(void **state)
{
    (void)state;
    make_datagram(100);
    d.frame.time_us = 1000 * (int64_t)SECOND_US;
    assert_int_equal(send4(1, 0, 48, true), DECODE_HELD);
    d.frame.time_us += 30 * SECOND_US;
    assert_int_equal(send4(1, 48, 52, false), DECODE_PACKET);

    assert_int_equal(send4(2, 0, 48, true), DECODE_HELD);
    d.frame.time_us += 30 * SECOND_US + 1;
    assert_int_equal(send4(2, 48, 52, false), DECODE_HELD);
    assert_int_equal(statistics()->fragments_dropped, 1);
    assert_int_equal(send4(2, 0, 48, true), DECODE_PACKET); /* begun anew */
    assert_whole(100);
}

static void test_timeout_ends_giving_up(void **state)
{
    (void)state;
    make_datagram(100);
    assert_int_equal(send4(1, 0, 48, true), DECODE_HELD);
    assert_int_equal(send4(1, 40, 60, false), DECODE_MALFORMED);
    d.frame.time_us += 31 * SECOND_US;
    assert_int_equal(send4(1, 0, 48, true), DECODE_HELD);
    assert_int_equal(send4(1, 48, 52, false), DECODE_PACKET);
}

static void test_steps_of_the_clock(void **state)
{
    (void)state;
    static const int64_t steps[] = {-3600 * (int64_t)SECOND_US, 3600 * (int64_t)SECOND_US, INT64_MAX,
                                    INT64_MIN, 0};
    make_datagram(100);
    for (uint16_t i = 0; i < 5; i++) {
        assert_int_equal(send4(i, 0, 48, true), DECODE_HELD);
        d.frame.time_us = steps[i];
        assert_int_equal(send4(i, 48, 52, false), DECODE_HELD); /* the first half is too old, or too young */
        assert_int_equal(send4(i, 0, 48, true), DECODE_PACKET);
    }
    assert_int_equal(statistics()->fragments_dropped, 5);
    /* a small step back harms nobody */
    d.frame.time_us = 100 * SECOND_US;
    assert_int_equal(send4(9, 0, 48, true), DECODE_HELD);
    d.frame.time_us -= SECOND_US;
    assert_int_equal(send4(9, 48, 52, false), DECODE_PACKET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECODING_TEST(test_in_order),
        DECODING_TEST(test_every_order),
        DECODING_TEST(test_greatest_datagram),
        DECODING_TEST(test_tiny_fragments_backwards),
        DECODING_TEST(test_repetition_is_ignored),
        DECODING_TEST(test_overlap_gives_the_datagram_up),
        DECODING_TEST(test_same_bytes_with_other_content),
        DECODING_TEST(test_contradicting_ends),
        DECODING_TEST(test_what_no_stack_sends),
        DECODING_TEST(test_other_datagrams_are_kept_apart),
        DECODING_TEST(test_cut_fragment),
        DECODING_TEST(test_padding_is_no_data),
        DECODING_TEST(test_timeout_by_packet_time),
        DECODING_TEST(test_timeout_ends_giving_up),
        DECODING_TEST(test_steps_of_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
