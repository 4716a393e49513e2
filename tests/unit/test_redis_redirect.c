// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "guarded.h"
#include "redis/redis_redirect.h"
#include "redis/redis_text.h"

/* As `CLUSTER KEYSLOT` of a server answers. */
static void slots(void **state)
{
    static const struct {
        const char *key;
        int slot;
    } rows[] = {
        {"123456789", 12739}, /* the check value of the specification, 0x31c3 */
        {"foo", 12182},
        {"", 0},
        {"geophone:{edge1}:alerts", 9726},
        {"geophone:{edge1}", 9726},
        {"edge1", 9726},
        {"foo{}{bar}", 8363}, /* an empty tag is none */
        {"foo{{bar}}zap", 4015},
        {"foo{bar}{zap}", 5061},
        {"foo{bar", 15278},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct guarded guarded = guarded_copy(rows[i].key, strlen(rows[i].key));
        if (redis_slot((const char *)guarded.bytes, strlen(rows[i].key)) != rows[i].slot)
            fail_msg("%s: %d", rows[i].key, redis_slot((const char *)guarded.bytes, strlen(rows[i].key)));
        guarded_free(&guarded);
    }
}

static void commands(void **state)
{
    static const struct {
        const char *words[8];
        const char *key; /* NULL: none */
    } rows[] = {
        {{"XADD", "geophone:{edge1}:alerts", "*", "a", "b"}, "geophone:{edge1}:alerts"},
        {{"PUBLISH", "geophone:{edge1}:alert", "x"}, "geophone:{edge1}:alert"},
        {{"XREAD", "COUNT", "5", "STREAMS", "k", "$"}, "k"},
        {{"xread", "block", "5", "streams", "k", "$"}, "k"},
        {{"XREAD", "COUNT", "5", "k"}, NULL},
        {{"XREAD", "STREAMS"}, NULL},
        {{"PING"}, NULL},
        {{"SCAN", "0"}, NULL},
        {{"INFO", "server"}, NULL},
    };
    struct redis_text text = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        redis_text_reset(&text);
        redis_text_begin_empty(&text);
        for (size_t w = 0; w < 8 && rows[i].words[w] != NULL; w++)
            redis_text_put(&text, rows[i].words[w]);
        redis_text_end(&text);
        size_t one = text.length;
        int expected = rows[i].key != NULL ? redis_slot(rows[i].key, strlen(rows[i].key)) : REDIS_NO_SLOT;
        assert_int_equal(redis_command_slot(text.bytes, one), expected);
        redis_text_begin(&text, "PING");
        redis_text_end(&text);
        assert_int_equal(redis_command_length(text.bytes, text.length), one);
        for (size_t length = 0; length < one; length++) { /* cut anywhere */
            struct guarded guarded = guarded_copy(text.bytes, length);
            assert_int_equal(redis_command_length((const char *)guarded.bytes, length), 0);
            redis_command_slot((const char *)guarded.bytes, length);
            guarded_free(&guarded);
        }
    }
    redis_text_done(&text);
    assert_int_equal(redis_command_length("*1\r\n$99999999999999999999\r\nx\r\n", 31), 0);
    assert_int_equal(redis_command_length("*-1\r\n", 5), 0);
    assert_int_equal(redis_command_length("PING\r\n", 6), 0);
}

static void redirects(void **state)
{
    static const struct {
        const char *text;
        bool is_ask;
        int slot;
        const char *host;
        unsigned port;
    } rows[] = {
        {"MOVED 3999 127.0.0.1:6381", false, 3999, "127.0.0.1", 6381},
        {"ASK 16383 redis.example:1", true, 16383, "redis.example", 1},
        {"MOVED 0 2001:db8::1:7000", false, 0, "2001:db8::1", 7000},
        {"MOVED 0 :7000", false, 0, "", 7000},
    };
    static const char *const bad[] = {
        "",
        "MOVED",
        "MOVED ",
        "MOVED 1",
        "MOVED 1 ",
        "MOVED 1 h",
        "MOVED 1 h:",
        "MOVED 1 h:0",
        "MOVED 1 h:65536",
        "MOVED 1 h:1x",
        "MOVED 16384 h:1",
        "MOVED -1 h:1",
        "MOVED 99999999999999999999 h:1",
        "MOVED  h:1",
        "MOVED 1 ?:7000",
        "ASK",
        "ASKING 1 h:1",
        "ERR MOVED 1 h:1",
        "moved 1 h:1",
    };
    struct redis_redirect redirect;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t whole = strlen(rows[i].text);
        assert_true(redis_redirect_read(rows[i].text, whole, &redirect));
        assert_int_equal(redirect.is_ask, rows[i].is_ask);
        assert_int_equal(redirect.slot, rows[i].slot);
        assert_string_equal(redirect.address.host, rows[i].host);
        assert_int_equal(redirect.address.port, rows[i].port);
        for (size_t length = 0; length < whole; length++) {
            struct guarded guarded = guarded_copy(rows[i].text, length);
            redis_redirect_read((const char *)guarded.bytes, length, &redirect);
            guarded_free(&guarded);
        }
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (redis_redirect_read(bad[i], strlen(bad[i]), &redirect))
            fail_msg("%s was taken", bad[i]);
    assert_false(redis_redirect_read("MOVED 1 a\0b:1", 13, &redirect));
    char large[400];
    memset(large, 'h', sizeof large);
    memcpy(large, "MOVED 1 ", 8);
    memcpy(large + sizeof large - 2, ":1", 2);
    assert_false(redis_redirect_read(large, sizeof large, &redirect));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots),
        cmocka_unit_test(commands),
        cmocka_unit_test(redirects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
