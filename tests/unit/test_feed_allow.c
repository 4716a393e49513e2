// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_allow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "feed_samples.h"

static char path[] = "/tmp/test_feed_allow.XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 || close(descriptor) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static struct feed_allow *load(const char *text, size_t length, struct error *error)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
    *error = (struct error){.text = ""};
    return feed_allow_load(path, error);
}

static struct feed_allow *good(const char *text)
{
    struct error error;
    struct feed_allow *allow = load(text, strlen(text), &error);
    if (allow == NULL)
        fail_msg("%s", error.text);
    return allow;
}

static const char *of_address(const struct feed_allow *allow, const char *text)
{
    struct address address;
    assert_true(address_parse(text, &address));
    const char *reason = feed_allow_address(allow, &address, sample_now);
    return reason == NULL ? "" : reason;
}

static const char *of_name(const struct feed_allow *allow, const char *name)
{
    const char *reason = feed_allow_name(allow, name, sample_now);
    return reason == NULL ? "" : reason;
}

static void the_narrowest_row_counts(void **state)
{
    (void)state;
    struct feed_allow *allow = good("# ours\n"
                                    "198.51.100.0/24\t-\tour own\r\n"
                                    "\n"
                                    "198.51.100.9\t-\tthe mail server\n"
                                    "2001:db8::/32\t2026-12-31\tour own, too\n"
                                    "example.org\t-\tour names\n"
                                    "pool.example.org\t2026-01-05\tthe test pool");
    assert_int_equal(feed_allow_count(allow), 5);
    assert_string_equal(of_address(allow, "198.51.100.9"), "the mail server");
    assert_string_equal(of_address(allow, "198.51.100.10"), "our own");
    assert_string_equal(of_address(allow, "2001:db8::5"), "our own, too");
    assert_string_equal(of_address(allow, "203.0.113.9"), "");
    assert_string_equal(of_name(allow, "a.pool.example.org"), "the test pool");
    assert_string_equal(of_name(allow, "example.org"), "our names");
    assert_string_equal(of_name(allow, "notexample.org"), "");
    assert_string_equal(of_name(allow, "example.org.evil.test"), "");
    assert_string_equal(of_name(allow, ""), "");
    assert_string_equal(of_name(allow, "."), "");
    feed_allow_free(allow);
}

static void rows_end_with_their_day(void **state)
{
    (void)state;
    struct feed_allow *allow = good("198.51.100.9\t2026-01-04\told\n198.51.100.0/24\t2026-01-05\ttoday\n");
    struct address address;
    assert_true(address_parse("198.51.100.9", &address));
    assert_string_equal(feed_allow_address(allow, &address, sample_now), "today");
    assert_null(feed_allow_address(allow, &address, sample_now + DAY_US));
    feed_allow_free(allow);
}

static void bad_lines_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"198.51.100.9\n", ":1: not 3 columns"},
        {"#\n198.51.100.9\t-\t-\tx\n", ":2: not 3 columns"},
        {"198.51.100.9/24\t-\tx\n", ":1: the network has bits"},
        {"0.0.0.0/0\t-\tx\n", ":1: not an address"},
        {"10.0.0.256\t-\tx\n", ":1: not an address"},
        {"Example.org\t-\tx\n", ":1: not an address"},
        {"org\t-\tx\n", ":1: not an address"},
        {"\t-\tx\n", ":1: not an address"},
        {"example.org\t2026-02-30\tx\n", ":1: the last day"},
        {"example.org\tsoon\tx\n", ":1: the last day"},
        {"example.org\t-\t\n", ":1: the reason"},
        {"example.org\t-\ta\x1b[31m\n", ":1: the reason"},
        {"example.org\t-\ta\n10.0.0.0/8\t-\tb\nexample.org\t-\tc\n", ":3: named already in line 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error;
        assert_null(load(cases[i].text, strlen(cases[i].text), &error));
        if (strstr(error.text, cases[i].says) == NULL || strstr(error.text, path) == NULL)
            fail_msg("%s: %s", cases[i].text, error.text);
    }
    struct error error;
    assert_null(load("example.org\t-\ta\0b\n", 18, &error));
    assert_non_null(strstr(error.text, "NUL byte at offset 15"));
    assert_null(feed_allow_load("/nowhere/allow.tsv", &error));
    assert_non_null(strstr(error.text, "/nowhere/allow.tsv"));
}

static void every_cut_is_an_error_or_a_list(void **state)
{
    (void)state;
    static const char text[] = "198.51.100.0/24\t-\tour own\npool.example.org\t2026-01-05\tthe test pool\n";
    for (size_t length = 0; length < sizeof text; length++) {
        struct error error;
        struct feed_allow *allow = load(text, length, &error);
        assert_int_equal(allow == NULL, error.text[0] != '\0');
        feed_allow_free(allow);
    }
}

static void no_list_allows_nothing(void **state)
{
    (void)state;
    struct feed_allow *allow = good("");
    assert_string_equal(of_address(allow, "203.0.113.9"), "");
    assert_string_equal(of_name(allow, "pool.example.org"), "");
    feed_allow_free(allow);
    assert_string_equal(of_address(NULL, "203.0.113.9"), "");
    assert_string_equal(of_name(NULL, "pool.example.org"), "");
    assert_int_equal(feed_allow_count(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_narrowest_row_counts), cmocka_unit_test(rows_end_with_their_day),
        cmocka_unit_test(bad_lines_are_named),      cmocka_unit_test(every_cut_is_an_error_or_a_list),
        cmocka_unit_test(no_list_allows_nothing),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
