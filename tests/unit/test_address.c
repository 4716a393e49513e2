// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

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
        cmocka_unit_test(test_text_and_back), cmocka_unit_test(test_mapped_is_ipv4),
        cmocka_unit_test(test_no_address),    cmocka_unit_test(test_order),
        cmocka_unit_test(test_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
