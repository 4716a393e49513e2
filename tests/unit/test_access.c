// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dashboard/access.h"

static struct access access_of(const char *line, bool *is_good, struct error *error)
{
    char path[] = "/tmp/geophone-token-XXXXXX";
    struct access access = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line));
    close(fd);
    *is_good = access_read_token(&access, path, error);
    unlink(path);
    return access;
}

static void tokens(void **state)
{
    bool is_good;
    struct error error;
    (void)state;
    struct access access = access_of("0123456789abcdef\n", &is_good, &error);
    assert_true(is_good);
    assert_string_equal(access.token, "0123456789abcdef");
    assert_int_equal(strlen(access.cookie), 64);
    access_of("short\n", &is_good, &error);
    assert_false(is_good);
    assert_non_null(strstr(error.text, "16"));
    access_of("", &is_good, &error);
    assert_false(is_good);
    access_of("0123456789 abcdef", &is_good, &error);
    assert_false(is_good);
    assert_false(access_read_token(&access, "/nonexistent", &error));
    assert_int_equal(error.status, STATUS_NO_INPUT);
}

static void who_may(void **state)
{
    bool is_good;
    char cookie[200];
    (void)state;
    struct access open = {0}, access = access_of("0123456789abcdef\r\n", &is_good, NULL);
    assert_true(access_allows(&open, NULL, NULL));
    assert_false(access_allows(&access, NULL, NULL));
    assert_true(access_allows(&access, "Bearer 0123456789abcdef", NULL));
    assert_true(access_allows(&access, "bearer 0123456789abcdef", NULL));
    assert_false(access_allows(&access, "Bearer 0123456789abcdeg", NULL));
    assert_false(access_allows(&access, "Bearer 0123456789abcde", NULL));
    assert_false(access_allows(&access, "Bearer 0123456789abcdefg", NULL));
    assert_false(access_allows(&access, "Bearer ", NULL));
    assert_true(
        access_allows(&access, "Basic YW55OjAxMjM0NTY3ODlhYmNkZWY=", NULL)); /* any:0123456789abcdef */
    assert_false(access_allows(&access, "Basic YW55OjAxMjM0NTY3ODlhYmNkZWc=", NULL));
    assert_false(access_allows(&access, "Basic ????", NULL));
    assert_false(access_allows(&access, "Basic ", NULL));
    assert_false(access_allows(&access, "Digest 0123456789abcdef", NULL));
    snprintf(cookie, sizeof cookie, "a=b; " ACCESS_COOKIE_NAME "=%s", access.cookie);
    assert_true(access_allows(&access, NULL, cookie));
    cookie[strlen(cookie) - 1] ^= 1;
    assert_false(access_allows(&access, NULL, cookie));
    snprintf(cookie, sizeof cookie, "x" ACCESS_COOKIE_NAME "=%s", access.cookie);
    assert_false(access_allows(&access, NULL, cookie));
    assert_false(
        access_allows(&access, NULL, ACCESS_COOKIE_NAME "=0123456789abcdef")); /* it is not the token */
    assert_false(access_allows(&access, NULL, ";;; =;"));
}

static void a_long_basic_does_no_harm(void **state)
{
    bool is_good;
    char header[4000] = "Basic ";
    (void)state;
    struct access access = access_of("0123456789abcdef", &is_good, NULL);
    memset(header + 6, 'A', sizeof header - 7);
    assert_false(access_allows(&access, header, NULL));
}

static void hosts(void **state)
{
    static const char *const good[] = {"127.0.0.1",      "127.0.0.1:8480",     "[::1]:8480",
                                       "[::1]",          "localhost",          "LOCALHOST:80",
                                       "192.0.2.8:8480", "sensor.example.net", "Sensor.Example.Net:443"};
    static const char *const bad[] = {"",
                                      "evil.example",
                                      "evil.example:8480",
                                      "localhost.evil.example",
                                      "127.0.0.1.evil.example",
                                      "[::1",
                                      "[evil]",
                                      "127.0.0.1:80:90",
                                      "localhost:8a",
                                      ":8480",
                                      "1",
                                      "[]:80",
                                      "sensor.example.net.evil.example"};
    struct access access = {.hosts = {"sensor.example.net"}, .host_count = 1};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(access_knows_host(&access, good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(access_knows_host(&access, bad[i]));
    assert_false(access_knows_host(&access, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens),
        cmocka_unit_test(who_may),
        cmocka_unit_test(a_long_basic_does_no_harm),
        cmocka_unit_test(hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
