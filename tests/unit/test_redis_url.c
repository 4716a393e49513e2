// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "guarded.h"
#include "redis/redis_url.h"

static void good(void **state)
{
    static const struct {
        const char *text, *host, *path, *user;
        uint16_t port;
        unsigned database;
    } rows[] = {
        {"redis://127.0.0.1", "127.0.0.1", "", "", 6379, 0},
        {"redis://sensor@redis.example:7000/3", "redis.example", "", "sensor", 7000, 3},
        {"redis://[2001:db8::1]:7000/", "2001:db8::1", "", "", 7000, 0},
        {"redis://[::1]", "::1", "", "", 6379, 0},
        {"redis://:7000", "127.0.0.1", "", "", 7000, 0},
        {"localhost:6380", "localhost", "", "", 6380, 0},
        {"unix:///run/redis.sock?db=2", "", "/run/redis.sock", "", 0, 2},
        {"unix://sensor@/run/redis.sock", "", "/run/redis.sock", "sensor", 0, 0},
        {"/run/redis.sock", "", "/run/redis.sock", "", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redis_url url;
        struct error error = {.text = ""};
        if (!redis_url_read(rows[i].text, &url, &error))
            fail_msg("%s: %s", rows[i].text, error.text);
        assert_int_equal(url.kind, REDIS_SINGLE);
        assert_int_equal(url.address_count, 1);
        assert_string_equal(url.addresses[0].host, rows[i].host);
        assert_string_equal(url.addresses[0].path, rows[i].path);
        assert_string_equal(url.user, rows[i].user);
        assert_int_equal(url.addresses[0].port, rows[i].port);
        assert_false(url.tls);
        assert_int_equal(url.database, rows[i].database);
        assert_null(strstr(url.text, "sensor"));
    }
}

static void several_servers(void **state)
{
    static const struct {
        const char *text, *first, *last, *master;
        enum redis_kind kind;
        bool tls;
        unsigned count, database;
    } rows[] = {
        {"redis-sentinel://u@s1,s2:5,[::1]/mymaster", "s1:26379", "[::1]:26379", "mymaster", REDIS_SENTINEL,
         false, 3, 0},
        {"rediss-sentinel://s1:7/m?db=3", "s1:7", "s1:7", "m", REDIS_SENTINEL, true, 1, 3},
        {"redis-cluster://u@n1:7000,n2", "n1:7000", "n2:6379", "", REDIS_CLUSTER, false, 2, 0},
        {"rediss-cluster://n1/", "n1:6379", "n1:6379", "", REDIS_CLUSTER, true, 1, 0},
        {"rediss://u@h:7/2", "h:7", "h:7", "", REDIS_SINGLE, true, 1, 2},
        {"redis-cluster://a,b,c,d,e,f,g,h", "a:6379", "h:6379", "", REDIS_CLUSTER, false, 8, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redis_url url;
        struct error error = {.text = ""};
        if (!redis_url_read(rows[i].text, &url, &error))
            fail_msg("%s: %s", rows[i].text, error.text);
        assert_int_equal(url.kind, rows[i].kind);
        assert_int_equal(url.tls, rows[i].tls);
        assert_int_equal(url.address_count, rows[i].count);
        assert_int_equal(url.database, rows[i].database);
        assert_string_equal(url.addresses[0].text, rows[i].first);
        assert_string_equal(url.addresses[rows[i].count - 1].text, rows[i].last);
        assert_string_equal(url.master, rows[i].master);
    }
}

static void bad(void **state)
{
    static const char *const rows[] = {
        "",
        "redis://h:0",
        "redis://h:65536",
        "redis://h:abc",
        "redis://h/one",
        "redis://h/1?x=2",
        "redis://[::1",
        "redis://[::1]x",
        "http://h",
        "unix://",
        "unix://h/path",
        "unix:///p?db=",
        "unix:///p?cluster=1",
        "redis://h/99999999",
        "redis://h1,h2",
        "redis-sentinel://s1,s2",
        "redis-sentinel://s1/",
        "redis-sentinel://s1/m?x=1",
        "redis-sentinel://s1:0/m",
        "redis-sentinel://u:p@s1/m",
        "redis-cluster://n1/1",
        "redis-cluster://n1?db=1",
        "redis-cluster://a,b,c,d,e,f,g,h,i",
        "redis-cluster://a,[::1,b",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redis_url url;
        struct error error = {.text = ""};
        if (redis_url_read(rows[i], &url, &error))
            fail_msg("%s was accepted", rows[i]);
        assert_int_equal(error.status, STATUS_CONFIGURATION);
        assert_non_null(strstr(error.text, "redis.url"));
    }
}

static void password_is_refused_and_not_repeated(void **state)
{
    struct redis_url url;
    struct error error;
    (void)state;
    assert_false(redis_url_read("redis://sensor:s3cret@host", &url, &error));
    assert_null(strstr(error.text, "s3cret"));
    assert_non_null(strstr(error.text, "GEOPHONE_REDIS_PASSWORD"));
    assert_false(redis_url_read("unix://:s3cret@/run/redis.sock", &url, &error));
    assert_null(strstr(error.text, "s3cret"));
}

static void cut_anywhere(void **state)
{
    static const char *const rows[] = {
        "redis://sensor@[2001:db8::1]:7000/3", "unix://sensor@/run/redis.sock?db=12",
        "redis-sentinel://u@s1:1,[::1]:2,s3/master?db=1", "rediss-cluster://u@[2001:db8::1]:7000,n2:7001"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t length = 0; length <= strlen(rows[i]); length++) {
            char text[64] = "";
            struct redis_url url;
            memcpy(text, rows[i], length);
            struct guarded guarded = guarded_copy(text, length + 1);
            redis_url_read((const char *)guarded.bytes, &url, NULL);
            guarded_free(&guarded);
        }
}

static void too_long(void **state)
{
    char text[1024] = "redis://";
    struct redis_url url;
    (void)state;
    memset(text + 8, 'a', 300);
    assert_false(redis_url_read(text, &url, NULL));
    memcpy(text, "unix:///", 8);
    assert_false(redis_url_read(text, &url, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good),         cmocka_unit_test(several_servers),
        cmocka_unit_test(bad),          cmocka_unit_test(password_is_refused_and_not_repeated),
        cmocka_unit_test(cut_anywhere), cmocka_unit_test(too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
