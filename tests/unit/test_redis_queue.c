// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink/redis_queue.h"

enum { BODY = 200, ROOM = 10 }; /* ten messages of that size fit */

static struct redis_queue *queue;
static struct redis_queue_state counted;

static int begin(void **state)
{
    (void)state;
    queue = redis_queue_create(ROOM * (sizeof(struct redis_message) + BODY));
    return queue == NULL;
}

static int end(void **state)
{
    (void)state;
    redis_queue_free(queue);
    return 0;
}

static bool push(enum redis_class class, int number)
{
    static const enum event_type types[] = {EVENT_STATS, EVENT_ALERT, EVENT_MINING, EVENT_FLOW};
    char body[BODY] = "";
    snprintf(body, sizeof body, "%d", number);
    return redis_queue_push(queue, class, types[class], 1, body, sizeof body);
}

/* Takes one message and tells its number; -1: none. */
static int take(void)
{
    struct redis_message *message = redis_queue_take(queue, 1);
    if (message == NULL)
        return -1;
    assert_null(message->next);
    int number = (int)strtol(message->bytes, NULL, 10);
    redis_queue_done(queue, message, true);
    return number;
}

static void important_first_and_in_order(void **state)
{
    (void)state;
    push(REDIS_CLASS_ORDINARY, 1);
    push(REDIS_CLASS_INCIDENT, 2);
    push(REDIS_CLASS_ALERT, 3);
    push(REDIS_CLASS_ALERT, 4);
    push(REDIS_CLASS_ORDINARY, 5);
    assert_int_equal(take(), 3);
    assert_int_equal(take(), 4);
    assert_int_equal(take(), 2);
    assert_int_equal(take(), 1);
    assert_int_equal(take(), 5);
    assert_int_equal(take(), -1);
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.bytes, 0);
    assert_int_equal(counted.written[EVENT_ALERT], 2);
}

static void flows_make_room_for_alerts(void **state)
{
    (void)state;
    for (int i = 0; i < ROOM; i++)
        assert_true(push(REDIS_CLASS_ORDINARY, i));
    assert_true(push(REDIS_CLASS_ALERT, 100));
    assert_true(push(REDIS_CLASS_INCIDENT, 200));
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.dropped[EVENT_FLOW], 2);
    assert_int_equal(counted.dropped[EVENT_ALERT], 0);
    assert_int_equal(take(), 100);
    assert_int_equal(take(), 200);
    assert_int_equal(take(), 2); /* the oldest two went */
}

static void flows_never_displace_alerts(void **state)
{
    (void)state;
    for (int i = 0; i < ROOM; i++)
        assert_true(push(REDIS_CLASS_ALERT, i));
    assert_false(push(REDIS_CLASS_ORDINARY, 100));
    assert_false(push(REDIS_CLASS_INCIDENT, 200));
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.dropped[EVENT_FLOW], 1);
    assert_int_equal(counted.dropped[EVENT_MINING], 1);
    assert_int_equal(counted.dropped[EVENT_ALERT], 0);
    assert_true(push(REDIS_CLASS_ALERT, 300)); /* the latest is kept, the oldest is dropped and counted */
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.dropped[EVENT_ALERT], 1);
    assert_int_equal(take(), 1);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        push((enum redis_class)(1 + i % 3), i);
        redis_queue_get_state(queue, &counted);
        assert_true(counted.bytes <= ROOM * (sizeof(struct redis_message) + BODY));
    }
    char large[(ROOM + 1) * (BODY + sizeof(struct redis_message))] = "";
    assert_false(redis_queue_push(queue, REDIS_CLASS_ALERT, EVENT_ALERT, 1, large, sizeof large));
    redis_queue_get_state(queue, &counted);
    uint64_t waiting = counted.waiting[REDIS_CLASS_ALERT];
    assert_true(waiting > 0); /* what cannot fit at all displaces nothing */
}

static void taken_counts_until_done(void **state)
{
    (void)state;
    for (int i = 0; i < ROOM; i++)
        push(REDIS_CLASS_ORDINARY, i);
    struct redis_message *batch = redis_queue_take(queue, ROOM);
    assert_false(push(REDIS_CLASS_ORDINARY, 100));
    redis_queue_put_back(queue, batch);
    assert_int_equal(take(), 0);
    assert_true(push(REDIS_CLASS_ORDINARY, 101));
}

static void put_back_keeps_the_order(void **state)
{
    (void)state;
    push(REDIS_CLASS_ORDINARY, 3);
    push(REDIS_CLASS_ALERT, 1);
    push(REDIS_CLASS_ALERT, 2);
    struct redis_message *batch = redis_queue_take(queue, 64);
    push(REDIS_CLASS_ALERT, 10);
    push(REDIS_CLASS_ORDINARY, 30);
    redis_queue_put_back(queue, batch);
    static const int order[] = {1, 2, 10, 3, 30, -1};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        assert_int_equal(take(), order[i]);
}

static void put_back_into_an_empty_queue(void **state)
{
    (void)state;
    push(REDIS_CLASS_ALERT, 1);
    redis_queue_put_back(queue, redis_queue_take(queue, 64));
    push(REDIS_CLASS_ALERT, 2);
    assert_int_equal(take(), 1);
    assert_int_equal(take(), 2);
    redis_queue_put_back(queue, NULL);
    assert_int_equal(take(), -1);
}

static void only_the_latest_heartbeat_waits(void **state)
{
    (void)state;
    push(REDIS_CLASS_HEARTBEAT, 1);
    push(REDIS_CLASS_HEARTBEAT, 2);
    assert_int_equal(take(), 2);
    assert_int_equal(take(), -1);
    redis_queue_get_state(queue, &counted);
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        assert_int_equal(counted.dropped[type] + counted.written[type], 0); /* it is no event */
}

static void *push_many(void *context)
{
    (void)context;
    for (int i = 0; i < 20000; i++)
        push(REDIS_CLASS_ORDINARY, i);
    return NULL;
}

static void two_threads(void **state)
{
    pthread_t thread;
    uint64_t taken = 0;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, push_many, NULL), 0);
    do {
        redis_queue_wait(queue, 50);
        for (struct redis_message *batch = redis_queue_take(queue, 4), *next; batch != NULL;
             batch = next, taken++) {
            next = batch->next;
            redis_queue_done(queue, batch, true);
        }
        redis_queue_get_state(queue, &counted);
    } while (taken + counted.dropped[EVENT_FLOW] < 20000);
    pthread_join(thread, NULL);
    assert_int_equal(counted.written[EVENT_FLOW], taken);
    assert_int_equal(counted.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(important_first_and_in_order, begin, end),
        cmocka_unit_test_setup_teardown(flows_make_room_for_alerts, begin, end),
        cmocka_unit_test_setup_teardown(flows_never_displace_alerts, begin, end),
        cmocka_unit_test_setup_teardown(memory_is_bounded, begin, end),
        cmocka_unit_test_setup_teardown(taken_counts_until_done, begin, end),
        cmocka_unit_test_setup_teardown(put_back_keeps_the_order, begin, end),
        cmocka_unit_test_setup_teardown(put_back_into_an_empty_queue, begin, end),
        cmocka_unit_test_setup_teardown(only_the_latest_heartbeat_waits, begin, end),
        cmocka_unit_test_setup_teardown(two_threads, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
