// SPDX-License-Identifier: Apache-2.0
#include "protocol/x509.h"

#include "der.h"
#include "guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct der der;

static bool read_guarded(const uint8_t *bytes, size_t length, struct x509_certificate *certificate)
{
    struct guarded guarded = guarded_copy(bytes, length);
    bool good = x509_read(guarded.bytes, length, certificate);
    guarded_free(&guarded);
    return good;
}

static void test_names(void **state)
{
    (void)state;
    struct x509_certificate read;
    der_certificate(&der, "Example CA", "pool.example", "Pool.Example\0*.pool.example\0", 270);
    assert_true(read_guarded(der.bytes, der.length, &read));
    assert_string_equal(read.subject, "CN=pool.example");
    assert_string_equal(read.issuer, "CN=Example CA");
    assert_false(read.self_signed);
    assert_int_equal(read.hosts_length, 38);
    assert_memory_equal(read.hosts, "pool.example\0*.pool.example\000192.0.2.7", 38);
    assert_false(read.hosts_left_out);
}

/* As xmrig-proxy makes one for itself: version 1, without extensions. */
static void test_common_name_stands_in(void **state)
{
    (void)state;
    struct x509_certificate read;
    der_certificate(&der, "localhost", "localhost", "", 270);
    assert_true(read_guarded(der.bytes, der.length, &read));
    assert_true(read.self_signed);
    assert_int_equal(read.hosts_length, sizeof "localhost");
    assert_string_equal(read.hosts, "localhost");
}

static void test_hostile_texts(void **state)
{
    (void)state;
    struct x509_certificate read;
    der_certificate(&der, "a, CN=b\\\n", "a\x1b[31m\"/\xff.example", "", 1);
    assert_true(read_guarded(der.bytes, der.length, &read));
    assert_string_equal(read.issuer, "CN=a\\, CN=b\\\\?");
    assert_string_equal(read.subject, "CN=a?[31m\"/\xff.example");
    assert_string_equal(read.hosts, "a??31m???.example");
    der_certificate(&der, "x", "good.example", "", 1);
    uint8_t *at = memmem(der.bytes, der.length, "good.", 5);
    assert_non_null(at);
    at[4] = '\0'; /* a NUL hides nothing behind it */
    assert_true(read_guarded(der.bytes, der.length, &read));
    assert_string_equal(read.hosts, "good?example");
    char longest[1000];
    memset(longest, 'n', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    der_certificate(&der, longest, longest, "", 1);
    assert_true(read_guarded(der.bytes, der.length, &read));
    assert_int_equal(strlen(read.subject), X509_NAME_SIZE - 1);
    assert_int_equal(read.hosts_length, 0);
    assert_true(read.hosts_left_out);
}

static void test_other_attributes(void **state)
{
    (void)state;
    static const struct {
        uint8_t attribute, tag;
        const char *shown;
    } rows[] = {
        {10, 0x13, "O=v"}, {11, 0x16, "OU=v"}, {6, 0x13, "C=v"}, {7, 0x0c, "L=v"},
        {8, 0x14, "ST=v"}, {5, 0x13, ""},      {3, 0x1e, ""}}; /* a serial number, two bytes a character */
    struct x509_certificate read;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        der.length = 0;
        der_put(&der, 0x02, "\1", 1);
        der_put(&der, 0x30, "", 0);
        der_name(&der, rows[i].attribute, rows[i].tag, "v", 1);
        der_put(&der, 0x30, "", 0);
        der_common_name(&der, "subject");
        der_put(&der, 0x30, "", 0);
        der_wrap(&der, 0, 0x30);
        der_wrap(&der, 0, 0x30);
        assert_true(read_guarded(der.bytes, der.length, &read));
        assert_string_equal(read.issuer, rows[i].shown);
    }
}

/* More names than are kept: those that fit, and that there are more. */
static void test_many_names(void **state)
{
    (void)state;
    static char names[40000];
    struct x509_certificate read;
    size_t length = 0;
    for (unsigned n = 0; n < 1200; n++)
        length += (size_t)sprintf(names + length, "host%04u.example", n) + 1;
    names[length] = '\0';
    der_certificate(&der, "x", "y", names, 1);
    assert_true(read_guarded(der.bytes, der.length, &read));
    assert_true(read.hosts_left_out);
    assert_in_range(read.hosts_length, X509_HOSTS_SIZE - 40, X509_HOSTS_SIZE);
    assert_int_equal(read.hosts[read.hosts_length - 1], '\0');
}

static void test_each_truncation_is_refused(void **state)
{
    (void)state;
    struct x509_certificate read;
    der_certificate(&der, "Example CA", "pool.example", "pool.example\0*.pool.example\0", 20);
    for (size_t length = 0; length < der.length; length++)
        assert_false(read_guarded(der.bytes, length, &read));
}

/* Each byte set to each of some values, lengths among them: what is read stays in its bounds. */
static void test_each_byte_lies(void **state)
{
    (void)state;
    static const uint8_t values[] = {0, 1, 0x30, 0x7f, 0x80, 0x84, 0x85, 0xff};
    struct x509_certificate read;
    size_t good = 0, bad = 0;
    der_certificate(&der, "Example CA", "pool.example", "pool.example\0*.pool.example\0", 20);
    struct guarded guarded = guarded_copy(der.bytes, der.length);
    for (size_t i = 0; i < der.length; i++) {
        uint8_t kept = guarded.bytes[i];
        for (size_t k = 0; k < sizeof values; k++) {
            guarded.bytes[i] = values[k];
            if (!x509_read(guarded.bytes, der.length, &read)) {
                bad++;
                continue;
            }
            good++;
            assert_true(strlen(read.subject) < sizeof read.subject && read.hosts_length <= sizeof read.hosts);
            assert_true(read.hosts_length == 0 || read.hosts[read.hosts_length - 1] == '\0');
        }
        guarded.bytes[i] = kept;
    }
    assert_true(good > der.length && bad > der.length);
    guarded_free(&guarded);
}

/* Sequences in sequences, 16 KiB of them: the walk goes one path of fixed depth. */
static void test_deep_nesting(void **state)
{
    (void)state;
    struct x509_certificate read;
    der.length = 0;
    while (der.length < 16384)
        der_wrap(&der, 0, 0x30);
    assert_false(read_guarded(der.bytes, der.length, &read));
    memset(der.bytes, 0x30, 4096);
    assert_false(read_guarded(der.bytes, 4096, &read));
    static const uint8_t endless[] = {0x30, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01};
    assert_false(read_guarded(endless, sizeof endless, &read));
    static const uint8_t huge[] = {0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30, 0x00};
    assert_false(read_guarded(huge, sizeof huge, &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),          cmocka_unit_test(test_common_name_stands_in),
        cmocka_unit_test(test_hostile_texts),  cmocka_unit_test(test_other_attributes),
        cmocka_unit_test(test_many_names),     cmocka_unit_test(test_each_truncation_is_refused),
        cmocka_unit_test(test_each_byte_lies), cmocka_unit_test(test_deep_nesting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
