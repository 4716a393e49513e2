// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "guarded.h"
#include "protocol/proxy_header.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

/* The header is complete with its last byte and no earlier. */
static void read_whole(const void *bytes, size_t length, struct proxy_header *header)
{
    for (size_t cut = 0; cut < length; cut++) {
        struct guarded guarded = guarded_copy(bytes, cut);
        assert_int_equal(proxy_header_read(guarded.bytes, cut, header), PROXY_HEADER_MORE);
        guarded_free(&guarded);
    }
    struct guarded guarded = guarded_copy(bytes, length);
    assert_int_equal(proxy_header_read(guarded.bytes, length, header), length);
    guarded_free(&guarded);
}

static void assert_source(const struct proxy_header *header, const char *address, uint16_t port)
{
    char text[ADDRESS_TEXT_SIZE];
    assert_true(header->has_source);
    assert_string_equal(address_format(&header->source, text), address);
    assert_int_equal(header->source_port, port);
}

static void version_1(void **state)
{
    static const char v4[] = "PROXY TCP4 198.51.100.7 203.0.113.5 51234 3333\r\n";
    static const char v6[] = "PROXY TCP6 2001:db8::7 2001:db8::5 51234 3333\r\n";
    static const char unknown[] = "PROXY UNKNOWN\r\n";
    struct proxy_header header;
    (void)state;
    read_whole(v4, sizeof v4 - 1, &header);
    assert_source(&header, "198.51.100.7", 51234);
    assert_int_equal(header.version, 1);
    read_whole(v6, sizeof v6 - 1, &header);
    assert_source(&header, "2001:db8::7", 51234);
    read_whole(unknown, sizeof unknown - 1, &header);
    assert_false(header.has_source);
}

static void version_2(void **state)
{
    static const char v4[] = SIGNATURE "\x21\x11\x00\x0c\xc6\x33\x64\x07\xcb\x00\x71\x05\xc8\x22\x0d\x05";
    static const char local[] = SIGNATURE "\x20\x00\x00\x00";
    static const char v6[] =
        SIGNATURE "\x21\x21\x00\x27\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"
                  "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x05\xc8\x22\x0d\x05\x04\x00\x00";
    struct proxy_header header;
    (void)state;
    read_whole(v4, sizeof v4 - 1, &header);
    assert_source(&header, "198.51.100.7", 51234);
    assert_int_equal(header.version, 2);
    read_whole(local, sizeof local - 1, &header);
    assert_false(header.has_source);
    read_whole(v6, sizeof v6 - 1, &header); /* with an extension behind the addresses */
    assert_source(&header, "2001:db8::7", 51234);
}

static int read_text(const char *text, size_t length)
{
    struct proxy_header header;
    struct guarded guarded = guarded_copy(text, length);
    int read = proxy_header_read(guarded.bytes, length, &header);
    guarded_free(&guarded);
    return read;
}

#define assert_not(text) assert_int_equal(read_text(text, sizeof(text) - 1), PROXY_HEADER_NOT)

static void others(void **state)
{
    char endless[PROXY_HEADER_V1_MAX];
    (void)state;
    memset(endless, 'a', sizeof endless);
    memcpy(endless, "PROXY ", 6);
    assert_int_equal(read_text(endless, sizeof endless), PROXY_HEADER_NOT);
    assert_not("POST / HTTP/1.1\r\n");
    assert_not("PROXY \r\n");
    assert_not("PROXY TCP4 198.51.100.7 203.0.113.5 51234\r\n");
    assert_not("PROXY TCP4 198.51.100.7 203.0.113.5 51234 3333\n");
    assert_not("PROXY TCP4 198.51.100.7 203.0.113.5 512345 3333\r\n");
    assert_not("PROXY TCP4 198.51.100 203.0.113.5 51234 3333\r\n");
    assert_not("PROXY TCP4 198.51.100.7 203.0.113.5 51234 3333 4\r\n");
    assert_not("PROXY UDP4 198.51.100.7 203.0.113.5 51234 3333\r\n");
    assert_not("\r\n\r\nGET / HTTP/1.1\r\n");
    assert_not(SIGNATURE "\x31\x11\x00\x0c"); /* version 3 */
    assert_not(SIGNATURE "\x21\x11\xff\xff"); /* longer than any that is sent */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_1),
        cmocka_unit_test(version_2),
        cmocka_unit_test(others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
