// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls.h"

#include "guarded.h"
#include "protocol/tls_handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Builds hellos: bytes are appended, lengths filled in behind. */
struct builder {
    uint8_t bytes[40000];
    size_t length;
};

static void u8(struct builder *b, unsigned value)
{
    b->bytes[b->length++] = (uint8_t)value;
}

static void u16(struct builder *b, unsigned value)
{
    u8(b, value >> 8);
    u8(b, value & 0xff);
}

static void u16s(struct builder *b, const uint16_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        u16(b, values[i]);
}

static size_t open_u16(struct builder *b)
{
    u16(b, 0);
    return b->length;
}

static void close_u16(struct builder *b, size_t from)
{
    size_t length = b->length - from;
    b->bytes[from - 2] = (uint8_t)(length >> 8);
    b->bytes[from - 1] = (uint8_t)length;
}

static void extension(struct builder *b, unsigned type, const void *body, size_t length)
{
    u16(b, type);
    u16(b, (unsigned)length);
    memcpy(b->bytes + b->length, body, length);
    b->length += length;
}

static void lists_extension(struct builder *b, unsigned type, const uint16_t *values, size_t count)
{
    u16(b, type);
    size_t outer = open_u16(b), inner = open_u16(b);
    u16s(b, values, count);
    close_u16(b, inner);
    close_u16(b, outer);
}

static void name_extension(struct builder *b, const char *name)
{
    u16(b, 0);
    size_t outer = open_u16(b), list = open_u16(b);
    u8(b, 0);
    size_t inner = open_u16(b);
    memcpy(b->bytes + b->length, name, strlen(name));
    b->length += strlen(name);
    close_u16(b, inner);
    close_u16(b, list);
    close_u16(b, outer);
}

static void alpn_extension(struct builder *b, const char *protocol)
{
    u16(b, 16);
    size_t outer = open_u16(b), list = open_u16(b);
    u8(b, (unsigned)strlen(protocol));
    memcpy(b->bytes + b->length, protocol, strlen(protocol));
    b->length += strlen(protocol);
    close_u16(b, list);
    close_u16(b, outer);
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What OpenSSL 3.0 says without any settings, as XMRig does. */
static const uint16_t ciphers[] = {
    4866,  4867, 4865,  49196, 49200, 159,   52393, 52392, 52394, 49195, 49199, 158, 49188, 49192, 107, 49187,
    49191, 103,  49162, 49172, 57,    49161, 49171, 51,    157,   156,   61,    60,  53,    47,    255};
static const uint16_t groups[] = {29, 23, 30, 25, 24, 256, 257, 258, 259, 260};
static const uint16_t signatures[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a,
                                      0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
                                      0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602};

enum grease { PLAIN, GREASE };

static void openssl_extensions(struct builder *b, enum grease grease)
{
    if (grease)
        extension(b, 0x1a1a, "", 0);
    extension(b, 11, "\3\0\1\2", 4);
    lists_extension(b, 10, groups, COUNT(groups));
    extension(b, 35, "", 0);
    extension(b, 22, "", 0);
    extension(b, 23, "", 0);
    lists_extension(b, 13, signatures, COUNT(signatures));
    if (grease)
        extension(b, 43, "\x0a\x4a\x4a\3\4\3\3\3\2\3\1", 11);
    else
        extension(b, 43, "\x8\3\4\3\3\3\2\3\1", 9);
    extension(b, 45, "\1\1", 2);
    extension(b, 51, "\0\0", 2);
}

/* The handshake message; its length stands at offset 1. */
static void begin_hello(struct builder *b, const uint16_t *list, size_t count)
{
    b->length = 0;
    u8(b, 1);
    u8(b, 0);
    u16(b, 0);
    u16(b, 0x0303);
    for (int i = 0; i < 32; i++)
        u8(b, 0x55);
    u8(b, 0); /* session */
    size_t from = open_u16(b);
    u16s(b, list, count);
    close_u16(b, from);
    u16(b, 0x0100); /* compression */
}

static void end_hello(struct builder *b)
{
    size_t length = b->length - 4;
    b->bytes[1] = (uint8_t)(length >> 16);
    b->bytes[2] = (uint8_t)(length >> 8);
    b->bytes[3] = (uint8_t)length;
}

/* Cuts `hello` into records of `size` bytes. */
static void wrap(const struct builder *hello, size_t size, struct builder *records)
{
    records->length = 0;
    for (size_t at = 0; at < hello->length; at += size) {
        size_t length = hello->length - at < size ? hello->length - at : size;
        u8(records, 22);
        u16(records, 0x0301);
        u16(records, (unsigned)length);
        memcpy(records->bytes + records->length, hello->bytes + at, length);
        records->length += length;
    }
}

static void openssl_hello(struct builder *records, size_t record_size, const char *name)
{
    struct builder hello;
    begin_hello(&hello, ciphers, COUNT(ciphers));
    size_t from = open_u16(&hello);
    if (name != NULL)
        name_extension(&hello, name);
    openssl_extensions(&hello, PLAIN);
    close_u16(&hello, from);
    end_hello(&hello);
    wrap(&hello, record_size, records);
}

/* Reads it twice: digests that are known from before say what is digested anew. */
static bool read_body(const struct tls_message *message, struct tls_client_hello *hello)
{
    static struct tls_digests known;
    struct tls_digests fresh;
    struct tls_client_hello again;
    if (known.secret[0] == 0)
        tls_digests_init(&known);
    tls_digests_init(&fresh);
    bool is_hello = tls_read_client_hello(message->body, message->length, &known, hello);
    assert_int_equal(tls_read_client_hello(message->body, message->length, &fresh, &again), is_hello);
    assert_memory_equal(&again, hello, sizeof again);
    return is_hello;
}

/* The first message of the bytes, if it is a hello. */
static enum tls_result read_hello(const uint8_t *bytes, size_t length, struct tls_client_hello *hello)
{
    struct tls_handshake handshake = {.room = NULL};
    struct tls_message message;
    memset(hello, 0, sizeof *hello);
    enum tls_result result = tls_handshake_read(&handshake, &bytes, &length, &message);
    if (result == TLS_NO_ROOM) {
        handshake.room = malloc(TLS_ROOM);
        result = tls_handshake_read(&handshake, &bytes, &length, &message);
    }
    if (result == TLS_MESSAGE && (message.type != TLS_CLIENT_HELLO || !read_body(&message, hello)))
        result = TLS_NOT;
    free(handshake.room);
    return result;
}

static enum tls_result read_guarded(const uint8_t *bytes, size_t length, struct tls_client_hello *hello)
{
    struct guarded guarded = guarded_copy(bytes, length);
    enum tls_result result = read_hello(guarded.bytes, length, hello);
    guarded_free(&guarded);
    return result;
}

static void test_begins(void **state)
{
    (void)state;
    const uint8_t good[] = {22, 3, 1}, bad[] = {22, 3, 9}, data[] = {23, 3, 3};
    assert_int_equal(tls_begins(good, 3), 1);
    assert_int_equal(tls_begins(good, 2), -1);
    assert_int_equal(tls_begins(good, 0), -1);
    assert_int_equal(tls_begins(bad, 3), 0);
    assert_int_equal(tls_begins(data, 1), 0);
}

static void test_openssl_hello(void **state)
{
    (void)state;
    struct builder records;
    struct tls_client_hello hello;
    openssl_hello(&records, 16384, NULL);
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    assert_string_equal(hello.ja3, "c216e752cae6f8755fd27f561d031636");
    assert_string_equal(hello.ja4, "t13i310900_e8f1e7e78f70_1f22a2ca17c4");
    assert_string_equal(hello.server_name, "");
    assert_string_equal(hello.alpn, "");
    assert_int_equal(hello.version, 0x0304);

    openssl_hello(&records, 16384, "Pool.EXAMPLE-1.org");
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    assert_string_equal(hello.ja3, "a3afc2c46ba4a7d7fbe1cfb7a3031c2f");
    assert_string_equal(hello.ja4, "t13d311000_e8f1e7e78f70_1f22a2ca17c4");
    assert_string_equal(hello.server_name, "pool.example-1.org");
}

static void test_each_prefix_wants_more(void **state)
{
    (void)state;
    struct builder records;
    struct tls_client_hello hello;
    size_t sizes[] = {1, 2, 3, 5, 100, 16384};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        openssl_hello(&records, sizes[i], "a.example");
        for (size_t length = 0; length < records.length; length += i < 4 ? 13 : 1)
            assert_int_equal(read_guarded(records.bytes, length, &hello), TLS_MORE);
        assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
        assert_string_equal(hello.server_name, "a.example");
        records.length += 3; /* what follows does not matter */
        assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    }
}

static void test_grease_is_no_feature(void **state)
{
    (void)state;
    struct builder body, records;
    struct tls_client_hello hello;
    uint16_t greased[COUNT(ciphers) + 1] = {0x2a2a};
    memcpy(greased + 1, ciphers, sizeof ciphers);
    begin_hello(&body, greased, COUNT(greased));
    size_t from = open_u16(&body);
    openssl_extensions(&body, GREASE);
    close_u16(&body, from);
    end_hello(&body);
    wrap(&body, 16384, &records);
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    assert_string_equal(hello.ja3, "c216e752cae6f8755fd27f561d031636");
    assert_string_equal(hello.ja4, "t13i310900_e8f1e7e78f70_1f22a2ca17c4");
    assert_int_equal(hello.version, 0x0304);
}

static void read_with_alpn(const char *protocol, struct tls_client_hello *hello)
{
    struct builder body, records;
    begin_hello(&body, ciphers, 3);
    size_t from = open_u16(&body);
    alpn_extension(&body, protocol);
    close_u16(&body, from);
    end_hello(&body);
    wrap(&body, 16384, &records);
    assert_int_equal(read_guarded(records.bytes, records.length, hello), TLS_MESSAGE);
}

static void test_alpn(void **state)
{
    (void)state;
    static const struct {
        const char *protocol, *shown, *ja4;
    } rows[] = {
        {"h2", "h2", "t12i0301h2_"},
        {"http/1.1", "http/1.1", "t12i0301h1_"},
        {"x", "x", "t12i0301xx_"},
        {"\xab"
         "b\xcd",
         "?b?", "t12i0301ad_"},
        {"a\xff", "a?", "t12i03016f_"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tls_client_hello hello;
        read_with_alpn(rows[i].protocol, &hello);
        assert_string_equal(hello.alpn, rows[i].shown);
        assert_memory_equal(hello.ja4, rows[i].ja4, strlen(rows[i].ja4));
        assert_string_equal(hello.ja4 + 24, "000000000000"); /* no other extension, no signatures */
    }
}

static void test_no_extensions(void **state)
{
    (void)state;
    struct builder body, records;
    struct tls_client_hello hello;
    begin_hello(&body, ciphers, 1);
    end_hello(&body);
    wrap(&body, 16384, &records);
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    assert_int_equal(hello.version, 0x0303);
    assert_memory_equal(hello.ja4, "t12i010000_", 11);
}

static void test_hostile_name(void **state)
{
    (void)state;
    struct builder records;
    struct tls_client_hello hello;
    openssl_hello(&records, 16384, "a b\"\n\x1b[31m\xff.c");
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    assert_string_equal(hello.server_name, "a?b????31m?.c");
    char longest[400];
    memset(longest, 'n', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    openssl_hello(&records, 16384, longest);
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    assert_int_equal(strlen(hello.server_name), TLS_MAX_NAME - 1);
}

static void test_too_many_ciphers_give_no_fingerprint(void **state)
{
    (void)state;
    struct builder body, records;
    struct tls_client_hello hello;
    uint16_t many[1000];
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = (uint16_t)i;
    begin_hello(&body, many, COUNT(many));
    end_hello(&body);
    wrap(&body, 16384, &records);
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
    assert_string_equal(hello.ja3, "");
    assert_string_equal(hello.ja4, "");
}

/* JA4 is of the sorted ciphers: their order on the wire tells nothing, each of them does. */
static void test_order_of_ciphers(void **state)
{
    (void)state;
    struct builder body, records;
    struct tls_client_hello hello;
    uint16_t many[400];
    char sorted[sizeof hello.ja4];
    for (size_t count = 1; count <= COUNT(many); count += count < 20 ? 1 : 19) {
        for (unsigned turn = 0; turn < 4; turn++) { /* upwards, downwards, scattered; one of them differs */
            for (size_t i = 0; i < count; i++)
                many[i] = (uint16_t)(0xc100 + (turn == 1 ? count - i : i + 1));
            for (size_t i = 0; turn == 2 && i < count; i++) {
                size_t other = i * 167 % count;
                uint16_t kept = many[i];
                many[i] = many[other];
                many[other] = kept;
            }
            many[count / 2] = (uint16_t)(many[count / 2] + (turn == 3 ? 0x1000 : 0));
            begin_hello(&body, many, count);
            end_hello(&body);
            wrap(&body, 16384, &records);
            assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_MESSAGE);
            if (turn == 0)
                memcpy(sorted, hello.ja4, sizeof sorted);
            assert_int_equal(strcmp(hello.ja4, sorted) == 0, turn < 3);
        }
    }
}

static void test_not(void **state)
{
    (void)state;
    struct builder records;
    struct tls_client_hello hello;
    openssl_hello(&records, 16384, NULL);
    static const struct {
        size_t offset;
        uint8_t value;
    } changes[] = {{0, 23}, {1, 2}, {3, 0x41}, {5, 2}, {6, 1}, {9, 2}};
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct builder changed = records;
        changed.bytes[changes[i].offset] = changes[i].value;
        assert_int_equal(read_guarded(changed.bytes, changed.length, &hello), TLS_NOT);
    }
    records.bytes[3] = records.bytes[4] = 0; /* a record without content */
    assert_int_equal(read_guarded(records.bytes, records.length, &hello), TLS_NOT);
    static const uint8_t longest[] = "\x16\3\1\x40\0\1\0\x40\0", too_long[] = "\x16\3\1\x40\0\1\0\x40\1";
    assert_int_equal(read_guarded(longest, 9, &hello), TLS_MORE);
    assert_int_equal(read_guarded(too_long, 9, &hello), TLS_NOT);
}

/* Each byte of a hello set to each of some values: never a crash, never a read behind the end. */
static void test_each_byte_changed(void **state)
{
    (void)state;
    struct builder records;
    struct tls_client_hello hello;
    openssl_hello(&records, 16384, "a.example");
    struct guarded guarded = guarded_copy(records.bytes, records.length);
    static const uint8_t values[] = {0, 1, 0x7f, 0xff};
    size_t hellos = 0;
    for (size_t i = 0; i < records.length; i++) {
        uint8_t kept = guarded.bytes[i];
        for (size_t k = 0; k < sizeof values; k++) {
            guarded.bytes[i] = values[k];
            hellos += read_hello(guarded.bytes, records.length, &hello) == TLS_MESSAGE;
            assert_true(strlen(hello.ja3) == 32 || hello.ja3[0] == '\0');
        }
        guarded.bytes[i] = kept;
    }
    assert_true(hellos > records.length); /* most bytes are values, not structure */
    guarded_free(&guarded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begins),
        cmocka_unit_test(test_openssl_hello),
        cmocka_unit_test(test_each_prefix_wants_more),
        cmocka_unit_test(test_grease_is_no_feature),
        cmocka_unit_test(test_alpn),
        cmocka_unit_test(test_no_extensions),
        cmocka_unit_test(test_hostile_name),
        cmocka_unit_test(test_too_many_ciphers_give_no_fingerprint),
        cmocka_unit_test(test_order_of_ciphers),
        cmocka_unit_test(test_not),
        cmocka_unit_test(test_each_byte_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
