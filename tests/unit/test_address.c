// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct address parsed(const char *text)
{
    struct address address;
    assert_true(address_parse(text, &address));
    return address;
}

static void test_text_and_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "192.0.2.1", "0.0.0.0",     "255.255.255.255",      "::",
        "::1",       "2001:db8::1", "2001:db8:1:2:3:4:5:6", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct address address = parsed(texts[i]);
        char text[ADDRESS_TEXT_SIZE];
        assert_ptr_equal(address_format(&address, text), text);
        assert_string_equal(text, texts[i]);
        assert_int_equal(address_is_ipv4(&address), strchr(texts[i], '.') != NULL);
    }
}

/* Each byte's text, and any mixture of groups, as the C library writes them. */
static void test_text_as_the_library(void **state)
{
    (void)state;
    static const uint16_t groups[] = {0, 0, 0, 0x1, 0x20, 0x300, 0xabcd, 0xffff};
    uint32_t random = 1;
    for (unsigned i = 0; i < 256; i++) {
        uint8_t bytes[4] = {(uint8_t)i, (uint8_t)(i + 1), (uint8_t)(255 - i), (uint8_t)(i * 7)};
        struct address address = address_from_ipv4(bytes);
        char text[ADDRESS_TEXT_SIZE], expected[ADDRESS_TEXT_SIZE];
        inet_ntop(AF_INET, bytes, expected, sizeof expected);
        assert_string_equal(address_format(&address, text), expected);
    }
    for (unsigned i = 0; i < 20000; i++) {
        struct address address;
        char text[ADDRESS_TEXT_SIZE], expected[ADDRESS_TEXT_SIZE];
        for (size_t k = 0; k < 8; k++) {
            random = random * 1664525 + 1013904223;
            uint16_t group = groups[random >> 29];
            address.bytes[2 * k] = (uint8_t)(group >> 8);
            address.bytes[2 * k + 1] = (uint8_t)group;
        }
        if (address_is_ipv4(&address))
            continue;
        inet_ntop(AF_INET6, address.bytes, expected, sizeof expected);
        assert_string_equal(address_format(&address, text), expected);
    }
}

static void test_mapped_is_ipv4(void **state)
{
    (void)state;
    struct address mapped = parsed("::ffff:192.0.2.1"), plain = parsed("192.0.2.1");
    char text[ADDRESS_TEXT_SIZE];
    assert_true(address_equal(&mapped, &plain));
    assert_string_equal(address_format(&mapped, text), "192.0.2.1");
}

static void test_no_address(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "1.2.3",   "1.2.3.256",    "1.2.3.4.5", "01.2.3.4 ",
                                        "::g", "1::2::3", "fe80::1%eth0", "host",      "1.2.3.4/8"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct address address;
        assert_false(address_parse(texts[i], &address));
    }
}

static void test_order(void **state)
{
    (void)state;
    static const char *const ascending[] = {"::1", "9.255.255.255", "10.0.0.1", "10.0.0.2", "2001:db8::"};
    for (size_t i = 0; i + 1 < sizeof ascending / sizeof ascending[0]; i++) {
        struct address a = parsed(ascending[i]), b = parsed(ascending[i + 1]);
        assert_true(address_compare(&a, &b) < 0);
        assert_true(address_compare(&b, &a) > 0);
        assert_int_equal(address_compare(&a, &a), 0);
        assert_false(address_equal(&a, &b));
    }
}

/* Both edges of each range and the neighbours outside. */
static void test_local(void **state)
{
    (void)state;
    static const char *const local[] = {
        "0.0.0.0",    "0.255.255.255",   "10.0.0.0",    "10.255.255.255",
        "100.64.0.0", "100.127.255.255", "127.0.0.1",   "169.254.0.0",
        "172.16.0.0", "172.31.255.255",  "192.168.0.0", "192.168.255.255",
        "224.0.0.1",  "239.255.255.255", "::",          "::1",
        "fc00::",     "fdff:ffff::",     "fe80::",      "febf:ffff::",
        "ff02::1",
    };
    static const char *const global[] = {
        "1.0.0.0",         "9.255.255.255",   "11.0.0.0",    "100.63.255.255",  "100.128.0.0",
        "126.255.255.255", "128.0.0.0",       "169.253.0.0", "169.255.0.0",     "172.15.255.255",
        "172.32.0.0",      "192.167.255.255", "192.169.0.0", "223.255.255.255", "::2",
        "fbff::",          "fe00::",          "fe7f::",      "fec0::",          "2001:db8::1",
    };
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        struct address address = parsed(local[i]);
        assert_true(address_is_local(&address));
    }
    for (size_t i = 0; i < sizeof global / sizeof global[0]; i++) {
        struct address address = parsed(global[i]);
        assert_false(address_is_local(&address));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_back),  cmocka_unit_test(test_text_as_the_library),
        cmocka_unit_test(test_mapped_is_ipv4), cmocka_unit_test(test_no_address),
        cmocka_unit_test(test_order),          cmocka_unit_test(test_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
