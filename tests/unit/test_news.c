// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/stream.h"

enum { SECOND_US = 1000000 };

static struct board board;
static struct stream_state stream;
static char read_text[65536];

static int begin(void **state)
{
    struct model_limits limits = {.incidents = 10, .bytes = 1 << 20};
    (void)state;
    return board_init(&board, &limits, NULL) ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    stream_done(&stream);
    board_done(&board);
    return 0;
}

static void add(const char *event, int number)
{
    struct json_writer json;
    json_writer_init(&json);
    json_object(&json, NULL);
    json_integer(&json, "n", number);
    json_object_end(&json);
    news_add(&board.news, event, &json);
    json_writer_done(&json);
}

/* All that waits, in pieces of 7 bytes. */
static const char *drain(int64_t now_us)
{
    size_t length = 0, got;
    while (length + 7 < sizeof read_text &&
           (got = stream_read(&stream, &board, now_us, read_text + length, 7)) > 0)
        length += got;
    read_text[length] = '\0';
    return read_text;
}

static void first_a_greeting_then_what_is_new(void **state)
{
    (void)state;
    add("before", 1);
    stream_init(&stream, &board, NULL, 0);
    const char *text = drain(0);
    assert_non_null(strstr(text, "event: hello\ndata: {\"state\":{"));
    assert_non_null(strstr(text, "\"resumed\":false"));
    assert_null(strstr(text, "before"));
    assert_false(stream_has_more(&stream, &board, 0));
    add("incidents", 2);
    assert_true(stream_has_more(&stream, &board, 0));
    char expected[100];
    snprintf(expected, sizeof expected, "id: %s-2\nevent: incidents\ndata: {\"n\":2}\n\n", board.news.boot);
    assert_string_equal(drain(0), expected);
}

static void who_comes_back_gets_what_was_missed(void **state)
{
    char seen[64];
    (void)state;
    for (int i = 1; i <= 5; i++)
        add("incidents", i);
    snprintf(seen, sizeof seen, "%s-3", board.news.boot);
    stream_init(&stream, &board, seen, 0);
    const char *text = drain(0);
    assert_non_null(strstr(text, "\"resumed\":true"));
    assert_null(strstr(text, "{\"n\":3}"));
    assert_true(strstr(text, "{\"n\":4}") < strstr(text, "{\"n\":5}"));
}

static void who_cannot_go_on_begins_anew(void **state)
{
    static const char *const seen[] = {"", "x", "0123456789abcdef-3", "-", "\xff"};
    char late[64];
    (void)state;
    add("incidents", 1);
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        stream_init(&stream, &board, seen[i], 0);
        assert_non_null(strstr(drain(0), "event: reset\n"));
    }
    snprintf(late, sizeof late, "%s-99", board.news.boot); /* not yet */
    stream_init(&stream, &board, late, 0);
    assert_non_null(strstr(drain(0), "event: reset\n"));
    snprintf(late, sizeof late, "%s-1x", board.news.boot);
    stream_init(&stream, &board, late, 0);
    assert_non_null(strstr(drain(0), "event: reset\n"));
}

static void who_is_too_slow_begins_anew(void **state)
{
    (void)state;
    stream_init(&stream, &board, NULL, 0);
    drain(0);
    for (int i = 0; i < NEWS_KEPT + 10; i++)
        add("incidents", i);
    const char *text = drain(0);
    assert_non_null(strstr(text, "event: reset\n"));
    assert_null(strstr(text, "event: incidents\n"));
    assert_null(news_get(&board.news, 1));
    assert_non_null(news_get(&board.news, board.news.next - 1));
    assert_null(news_get(&board.news, board.news.next));
}

static void bytes_are_bounded(void **state)
{
    char *large = malloc(3 << 20);
    struct json_writer json;
    (void)state;
    memset(large, 'x', (3 << 20) - 1);
    large[(3 << 20) - 1] = '\0';
    json_writer_init(&json);
    for (int i = 0; i < 20; i++) {
        json_string(&json, NULL, large);
        news_add(&board.news, "large", &json);
        assert_true(board.news.bytes <= NEWS_MAX_BYTES);
    }
    json_writer_done(&json);
    free(large);
}

static void silence_is_broken(void **state)
{
    (void)state;
    stream_init(&stream, &board, NULL, 0);
    drain(0);
    assert_string_equal(drain(14 * SECOND_US), "");
    assert_true(stream_has_more(&stream, &board, 15 * SECOND_US));
    assert_string_equal(drain(15 * SECOND_US), "event: heartbeat\ndata: {\"time\":15}\n\n");
    assert_string_equal(drain(16 * SECOND_US), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_a_greeting_then_what_is_new, begin, end),
        cmocka_unit_test_setup_teardown(who_comes_back_gets_what_was_missed, begin, end),
        cmocka_unit_test_setup_teardown(who_cannot_go_on_begins_anew, begin, end),
        cmocka_unit_test_setup_teardown(who_is_too_slow_begins_anew, begin, end),
        cmocka_unit_test_setup_teardown(bytes_are_bounded, begin, end),
        cmocka_unit_test_setup_teardown(silence_is_broken, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
