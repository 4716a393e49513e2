// SPDX-License-Identifier: Apache-2.0
/* The server's flight: hello and certificate, whole and in pieces; the records below them are tested along.
 */
#include "protocol/tls_server.h"

#include "der.h"
#include "guarded.h"
#include "protocol/tls_handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct bytes {
    uint8_t bytes[100000];
    size_t length;
};

static struct der der;
static struct bytes flight, records;

static void append(struct bytes *to, const void *from, size_t length)
{
    memcpy(to->bytes + to->length, from, length);
    to->length += length;
}

static void append_number(struct bytes *to, size_t value, size_t width)
{
    for (size_t i = width; i-- > 0;)
        to->bytes[to->length++] = (uint8_t)(value >> (8 * i));
}

/* A ServerHello of that version; with supported_versions and ALPN where they are given. */
static void server_hello(unsigned version, unsigned supported, const char *alpn)
{
    static const uint8_t random[32];
    struct bytes extensions = {.length = 0};
    if (supported != 0) {
        append(&extensions, "\0\x2b\0\2", 4);
        append_number(&extensions, supported, 2);
    }
    if (alpn != NULL) {
        append_number(&extensions, 16, 2);
        append_number(&extensions, strlen(alpn) + 3, 2);
        append_number(&extensions, strlen(alpn) + 1, 2);
        append_number(&extensions, strlen(alpn), 1);
        append(&extensions, alpn, strlen(alpn));
    }
    size_t body = 2 + 32 + 1 + 3 + (extensions.length > 0 ? 2 + extensions.length : 0);
    append_number(&flight, 2, 1);
    append_number(&flight, body, 3);
    append_number(&flight, version, 2);
    append(&flight, random, sizeof random);
    append(&flight, "\0\xc0\x2f\0", 4);
    if (extensions.length > 0) {
        append_number(&flight, extensions.length, 2);
        append(&flight, extensions.bytes, extensions.length);
    }
}

/* The leaf in `der`, and a second certificate of that many bytes behind it. */
static void certificate_message(size_t second)
{
    static const uint8_t filler[40000];
    size_t list = 3 + der.length + (second > 0 ? 3 + second : 0);
    append_number(&flight, 11, 1);
    append_number(&flight, list + 3, 3);
    append_number(&flight, list, 3);
    append_number(&flight, der.length, 3);
    append(&flight, der.bytes, der.length);
    if (second > 0) {
        append_number(&flight, second, 3);
        append(&flight, filler, second);
    }
}

/* Cuts the flight into records of `size` bytes. */
static void wrap(size_t size)
{
    records.length = 0;
    for (size_t at = 0; at < flight.length; at += size) {
        size_t length = flight.length - at < size ? flight.length - at : size;
        append(&records, "\x16\3\3", 3);
        append_number(&records, length, 2);
        append(&records, flight.bytes + at, length);
    }
}

struct reading {
    struct tls_handshake handshake;
    struct tls_server_hello hello;
    struct x509_certificate certificate;
    unsigned hellos, certificates, others, rooms;
    bool not ;
};

static void take(struct reading *reading, const struct tls_message *message)
{
    if (message->type == TLS_SERVER_HELLO)
        reading->hellos += tls_read_server_hello(message->body, message->length, &reading->hello);
    else if (message->type == TLS_CERTIFICATE)
        reading->certificates += tls_read_certificate(message->body, message->length, &reading->certificate);
    else
        reading->others++;
}

static void feed(struct reading *reading, const uint8_t *from, size_t length)
{
    struct guarded guarded = guarded_copy(from, length);
    const uint8_t *bytes = guarded.bytes;
    struct tls_message message;
    for (bool more = !reading->not ; more;) {
        switch (tls_handshake_read(&reading->handshake, &bytes, &length, &message)) {
        case TLS_MESSAGE:
            take(reading, &message);
            break;
        case TLS_NO_ROOM:
            assert_null(reading->handshake.room);
            reading->handshake.room = malloc(TLS_ROOM); /* its end is watched by the sanitizers */
            reading->rooms++;
            break;
        case TLS_NOT:
            reading->not = true;
            more = false;
            break;
        case TLS_MORE:
            assert_int_equal(length, 0);
            more = false;
        }
    }
    guarded_free(&guarded);
}

static void begin(void)
{
    flight.length = 0;
    der_certificate(&der, "Example CA", "pool.example", "pool.example\0", 270);
}

static void end(struct reading *reading)
{
    free(reading->handshake.room);
}

static void expect_pool(struct reading *reading)
{
    assert_int_equal(reading->hellos, 1);
    assert_int_equal(reading->certificates, 1);
    assert_string_equal(reading->certificate.subject, "CN=pool.example");
    assert_string_equal(reading->certificate.hosts, "pool.example");
    end(reading);
}

static void test_versions_and_protocols(void **state)
{
    (void)state;
    static const struct {
        unsigned version, supported, chosen;
        const char *alpn, *shown;
    } rows[] = {
        {0x0303, 0, 0x0303, NULL, ""},         {0x0301, 0, 0x0301, NULL, ""},
        {0x0303, 0x0304, 0x0304, NULL, ""},    {0x0303, 0, 0x0303, "http/1.1", "http/1.1"},
        {0x0303, 0, 0x0303, "h\n\xff", "h??"}, {0x0303, 0x0304, 0x0304, "stratum", "stratum"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading reading = {.not = false};
        flight.length = 0;
        server_hello(rows[i].version, rows[i].supported, rows[i].alpn);
        wrap(16384);
        feed(&reading, records.bytes, records.length);
        assert_int_equal(reading.hellos, 1);
        assert_int_equal(reading.hello.version, rows[i].chosen);
        assert_string_equal(reading.hello.alpn, rows[i].shown);
        assert_int_equal(reading.rooms, 0);
    }
}

/* In one piece nothing is copied. */
static void test_whole(void **state)
{
    (void)state;
    struct reading reading = {.not = false};
    begin();
    server_hello(0x0303, 0, NULL);
    certificate_message(900);
    append(&flight, "\x0e\0\0\0", 4); /* ServerHelloDone */
    wrap(16384);
    feed(&reading, records.bytes, records.length);
    assert_int_equal(reading.rooms, 0);
    assert_int_equal(reading.others, 1);
    expect_pool(&reading);
}

static void test_split_at_each_byte(void **state)
{
    (void)state;
    static const size_t sizes[] = {16384, 100, 7};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        begin();
        server_hello(0x0303, 0, NULL);
        certificate_message(50);
        append(&flight, "\x0e\0\0\0", 4);
        wrap(sizes[i]);
        for (size_t cut = 0; cut <= records.length; cut++) {
            struct reading reading = {.not = false};
            feed(&reading, records.bytes, cut);
            feed(&reading, records.bytes + cut, records.length - cut);
            assert_false(reading.not );
            assert_int_equal(reading.others, 1);
            expect_pool(&reading);
        }
    }
}

static void test_byte_by_byte(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 5, 16384};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct reading reading = {.not = false};
        begin();
        server_hello(0x0303, 0, "h2");
        certificate_message(0);
        wrap(sizes[i]);
        for (size_t at = 0; at < records.length; at++)
            feed(&reading, records.bytes + at, 1);
        assert_int_equal(reading.rooms, 1);
        expect_pool(&reading);
    }
}

static void test_each_truncation_is_incomplete(void **state)
{
    (void)state;
    begin();
    server_hello(0x0303, 0, NULL);
    certificate_message(0);
    wrap(300);
    for (size_t length = 0; length < records.length; length++) {
        struct reading reading = {.not = false};
        feed(&reading, records.bytes, length);
        assert_false(reading.not );
        assert_int_equal(reading.certificates, 0);
        end(&reading);
    }
}

/* The longest certificate that is read, and one that is a byte too long; a chain may be longer than both. */
static void test_sixteen_kibibytes(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct reading reading = {.not = false};
        begin();
        size_t rest = der.length - 270;
        der_certificate(&der, "Example CA", "pool.example", "pool.example\0", TLS_ROOM - 6 - rest + over);
        assert_int_equal(der.length, TLS_ROOM - 6 + over);
        server_hello(0x0303, 0, NULL);
        certificate_message(30000);
        wrap(1000);
        for (size_t at = 0; at < records.length; at += 1448)
            feed(&reading, records.bytes + at, records.length - at < 1448 ? records.length - at : 1448);
        assert_int_equal(reading.certificates, over == 0);
        assert_int_equal(reading.not, over == 1);
        end(&reading);
    }
}

static void test_lengths_lie(void **state)
{
    (void)state;
    static const uint8_t values[] = {0, 1, 0x7f, 0xff};
    begin();
    server_hello(0x0303, 0, NULL);
    size_t message = flight.length;
    certificate_message(20);
    for (size_t i = message; i < message + 10; i++)
        for (size_t k = 0; k < sizeof values; k++) {
            struct reading reading = {.not = false};
            uint8_t kept = flight.bytes[i];
            flight.bytes[i] = values[k];
            wrap(200);
            flight.bytes[i] = kept;
            feed(&reading, records.bytes, 333);
            feed(&reading, records.bytes + 333, records.length - 333);
            assert_true(reading.certificates <= 1);
            end(&reading);
        }
}

/* What stands between a hello and a certificate, or is neither: no certificate is made up. */
static void test_other_records(void **state)
{
    (void)state;
    static const char *const ends[] = {"\x14\3\3\0\1\1", "\x17\3\3\0\1\1", "\x15\3\3\0\2\2\x28",
                                       "HTTP/1.1",       "\x16\3\3\0\0",   "\x16\3\3\x40\1"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct reading reading = {.not = false};
        begin();
        server_hello(0x0303, 0, NULL);
        wrap(16384);
        feed(&reading, records.bytes, records.length);
        feed(&reading, (const uint8_t *)ends[i], 5);
        assert_true(reading.not );
        assert_int_equal(reading.hellos, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions_and_protocols),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_split_at_each_byte),
        cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_each_truncation_is_incomplete),
        cmocka_unit_test(test_sixteen_kibibytes),
        cmocka_unit_test(test_lengths_lie),
        cmocka_unit_test(test_other_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
