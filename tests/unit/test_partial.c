// SPDX-License-Identifier: Apache-2.0
/* Messages in pieces: the oldest makes room, those of flows with mining last. */
#include "inspect/partial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 3 };

static struct partial_store store;
static struct flow plain, mining;
static struct partial partials[2 * ROOM];

static int open(void **state)
{
    (void)state;
    memset(partials, 0, sizeof partials);
    plain = (struct flow){0};
    mining = (struct flow){.protected_ = true};
    assert_true(partial_store_init(&store, ROOM));
    return 0;
}

static int done(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof partials / sizeof partials[0]; i++)
        partial_drop(&store, &partials[i]);
    assert_int_equal(store.slab.used, 0);
    assert_null(store.oldest);
    assert_null(store.newest);
    partial_store_done(&store);
    return 0;
}

static enum json_result feed(struct flow *flow, struct partial *partial, const char *text,
                             const struct json_reader **message)
{
    size_t used;
    enum json_result result =
        partial_read(&store, flow, partial, (const uint8_t *)text, strlen(text), &used, message);
    assert_int_equal(used, strlen(text));
    return result;
}

static void begin(struct flow *flow, struct partial *partial)
{
    const struct json_reader *message;
    assert_int_equal(feed(flow, partial, "{\"method\":\"mining.", &message), JSON_MORE);
}

static void test_goes_on(void **state)
{
    (void)state;
    const struct json_reader *message;
    for (size_t i = 0; i < ROOM; i++)
        begin(&plain, &partials[i]);
    assert_int_equal(feed(&plain, &partials[1], "notify\"}", &message), JSON_COMPLETE);
    assert_string_equal(json_text(message, json_member(message, 0, "method")), "mining.notify");
    partial_drop(&store, &partials[1]);
    assert_null(partials[1].entry);
    assert_false(partials[1].lost);
    assert_int_equal(store.slab.used, ROOM - 1);
    assert_int_equal(feed(&plain, &partials[1], "{}", &message),
                     JSON_COMPLETE); /* in one piece: takes none */
    assert_int_equal(store.slab.used, ROOM - 1);
}

static void test_oldest_makes_room(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROOM + 2; i++)
        begin(&plain, &partials[i]);
    assert_true(partials[0].lost && partials[0].entry == NULL);
    assert_true(partials[1].lost && partials[1].entry == NULL);
    for (size_t i = 2; i < ROOM + 2; i++)
        assert_true(!partials[i].lost && partials[i].entry != NULL);
    assert_int_equal(store.evicted, 2);
    assert_int_equal(store.refused, 0);
}

static void test_mining_stays(void **state)
{
    (void)state;
    const struct json_reader *message;
    begin(&mining, &partials[0]);
    begin(&plain, &partials[1]);
    begin(&mining, &partials[2]);
    begin(&mining, &partials[3]);
    assert_true(partials[1].lost && !partials[0].lost && !partials[2].lost && !partials[3].lost);
    begin(&mining, &partials[4]); /* only mining is left: the new one is refused */
    assert_true(partials[4].lost && partials[4].entry == NULL);
    assert_int_equal(store.evicted, 1);
    assert_int_equal(store.refused, 1);
    assert_int_equal(feed(&mining, &partials[0], "notify\"}", &message), JSON_COMPLETE);
    assert_string_equal(json_text(message, json_member(message, 0, "method")), "mining.notify");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_goes_on),
        TEST(test_oldest_makes_room),
        TEST(test_mining_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
