// SPDX-License-Identifier: Apache-2.0
/*
 * For tests of the decoder: frames written in hexadecimal are laid against the end of a page and decoded.
 */
#ifndef TESTS_UNIT_DECODING_H
#define TESTS_UNIT_DECODING_H

#include "decode/decode.h"
#include "guarded.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { LINK_ETHERNET = 1, LINK_RAW = 101, MAX_INPUT = 4096 };

/* Pieces of frames. Addresses are 192.0.2.1 and 198.51.100.2, 2001:db8::1 and 2001:db8::2. */
#define MAC        "0200 0000 0002 0200 0000 0001 "
#define ADDRESSES4 "c000 0201 c633 6402 "
#define ADDRESSES6 "20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002 "
/* IPV4: total length, flags and offset, protocol. UDP: 5000 -> 53. TCP: 49153 -> 3333, PSH ACK. IPV4_UDP: 29
 * bytes. */
#define IPV4(total, flags, protocol) "4500 " total " 1234 " flags " 40 " protocol " 0000 " ADDRESSES4
#define IPV6(length, protocol)       "60000000 " length protocol " 40 " ADDRESSES6
#define UDP(length)                  "1388 0035 " length " 0000 "
#define TCP(offset)                  "c001 0d05 01020304 05060708 " offset "18 2000 0000 0000 "
#define IPV4_UDP                     IPV4("001d", "0000", "11") UDP("0009") "41 "

struct decoding {
    struct decoder *decoder;
    struct guarded input;
    struct frame frame;
    struct packet packet;
};

static struct decoding d;

static inline size_t bytes_of_hex(const char *hex, uint8_t *bytes, size_t size)
{
    size_t digits = 0;
    for (; *hex != '\0'; hex++) {
        if (isspace((unsigned char)*hex))
            continue;
        assert_true(isxdigit((unsigned char)*hex));
        uint8_t digit = (uint8_t)(isdigit((unsigned char)*hex) ? *hex - '0' : (*hex | 0x20) - 'a' + 10);
        assert_true(digits / 2 < size);
        bytes[digits / 2] = (uint8_t)(digits % 2 == 0 ? digit << 4 : bytes[digits / 2] | digit);
        digits++;
    }
    assert_int_equal(digits % 2, 0);
    return digits / 2;
}

/* Decodes the first `captured` bytes of a frame that had `length` on the wire. */
static inline enum decode_result decode_cut(uint16_t link_type, const uint8_t *bytes, size_t captured,
                                            size_t length)
{
    guarded_free(&d.input);
    d.input = guarded_copy(bytes, captured);
    d.frame.data = d.input.bytes;
    d.frame.captured = (uint32_t)captured;
    d.frame.length = (uint32_t)length;
    d.frame.link_type = link_type;
    return decode(d.decoder, &d.frame, &d.packet);
}

static inline enum decode_result decode_hex(uint16_t link_type, const char *hex)
{
    uint8_t bytes[MAX_INPUT];
    size_t length = bytes_of_hex(hex, bytes, sizeof bytes);
    return decode_cut(link_type, bytes, length, length);
}

/* Cuts the frame at every byte: too short ones must be called truncated, all others must give the same packet
 * but for what was captured of it. Returns how many bytes are enough. */
static inline size_t shortest_decoded(uint16_t link_type, const char *hex)
{
    uint8_t bytes[MAX_INPUT];
    size_t length = bytes_of_hex(hex, bytes, sizeof bytes), shortest = 0;
    assert_int_equal(decode_cut(link_type, bytes, length, length), DECODE_PACKET);
    struct packet whole = d.packet;
    for (size_t captured = length; captured-- > 0;) {
        enum decode_result result = decode_cut(link_type, bytes, captured, length);
        if (result != DECODE_PACKET) {
            assert_int_equal(result, DECODE_TRUNCATED);
            shortest = captured + 1 > shortest ? captured + 1 : shortest;
            continue;
        }
        assert_int_equal(shortest, 0); /* less never decodes where more did not */
        assert_int_equal(d.packet.payload_length, whole.payload_length);
        assert_true(d.packet.payload_captured <= whole.payload_captured);
        assert_int_equal(d.packet.source_port, whole.source_port);
        assert_int_equal(d.packet.destination_port, whole.destination_port);
        assert_int_equal(d.packet.protocol, whole.protocol);
        assert_true(address_equal(&d.packet.source, &whole.source));
    }
    return shortest;
}

static inline void assert_addresses(const char *source, const char *destination)
{
    char text[ADDRESS_TEXT_SIZE];
    assert_string_equal(address_format(&d.packet.source, text), source);
    assert_string_equal(address_format(&d.packet.destination, text), destination);
}

/* The packet that IPV4_UDP makes, whatever came before it. */
static inline void assert_ipv4_udp(void)
{
    assert_addresses("192.0.2.1", "198.51.100.2");
    assert_int_equal(d.packet.ip_version, 4);
    assert_int_equal(d.packet.protocol, PROTOCOL_UDP);
    assert_int_equal(d.packet.source_port, 5000);
    assert_int_equal(d.packet.destination_port, 53);
    assert_int_equal(d.packet.ip_captured, 29);
    assert_int_equal(d.packet.payload_length, 1);
    assert_int_equal(d.packet.payload_captured, 1);
    assert_int_equal(d.packet.payload[0], 'A');
}

static inline int decoding_setup(void **state)
{
    (void)state;
    struct decode_options options = {.fragment_bytes = 256 * 1024, .fragment_timeout_ms = 30000};
    d = (struct decoding){.decoder = decoder_create(&options, NULL), .input = guarded_copy("", 0)};
    return d.decoder == NULL;
}

static inline int decoding_teardown(void **state)
{
    (void)state;
    decoder_free(d.decoder);
    guarded_free(&d.input);
    return 0;
}

#define DECODING_TEST(function) cmocka_unit_test_setup_teardown(function, decoding_setup, decoding_teardown)

#endif
