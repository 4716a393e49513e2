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

#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "sink/redis/redis_queue.h"
#include "sink/redis/redis_spool.h"

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

/* A command with the number in it. */
static bool push(enum redis_class class, int number)
{
    static const enum event_type types[] = {EVENT_STATS, EVENT_ALERT, EVENT_MINING, EVENT_FLOW};
    char body[BODY];
    memset(body, '.', sizeof body);
    snprintf(body, sizeof body, "*1\r\n$188\r\n%08d", number);
    body[strlen(body)] = '.';
    memcpy(body + BODY - 2, "\r\n", 2);
    return redis_queue_push(queue, class, types[class], 1, body, sizeof body);
}

/* Takes one message and tells its number; -1: none. */
static int take(void)
{
    struct redis_message *message = redis_queue_take(queue, 1);
    if (message == NULL)
        return -1;
    assert_null(message->next);
    int number = (int)strtol(message->bytes + 10, NULL, 10);
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

/* ---- with a spool ---- */

static char spool_path[64];

static struct redis_spool *open_spool(void)
{
    struct error error;
    struct redis_spool *spool = redis_spool_open(spool_path, 1 << 20, &error);
    if (spool == NULL)
        fail_msg("%s", error.text);
    return spool;
}

static int begin_with_spool(void **state)
{
    snprintf(spool_path, sizeof spool_path, "/tmp/geophone-queue-%d.spool", (int)getpid());
    unlink(spool_path);
    if (begin(state) != 0)
        return 1;
    redis_queue_use_spool(queue, open_spool());
    return 0;
}

static int end_with_spool(void **state)
{
    end(state);
    return unlink(spool_path);
}

static void restart(void)
{
    redis_queue_free(queue);
    queue = redis_queue_create(ROOM * (sizeof(struct redis_message) + BODY));
    assert_non_null(queue);
    redis_queue_use_spool(queue, open_spool());
}

/* From now on nothing can be written to files beyond what they hold. */
static void limit_files(bool limited)
{
    static struct rlimit before;
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    if (limited)
        getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    if (limited)
        limit.rlim_cur = 1;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000};
    nanosleep(&pause, NULL);
}

static void spooled_alerts_take_no_memory(void **state)
{
    (void)state;
    for (int i = 0; i < 10 * ROOM; i++)
        assert_true(push(i % 2 == 0 ? REDIS_CLASS_ALERT : REDIS_CLASS_INCIDENT, i));
    assert_true(push(REDIS_CLASS_ORDINARY, 1000));
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.waiting[REDIS_CLASS_ALERT] + counted.waiting[REDIS_CLASS_INCIDENT], 10 * ROOM);
    assert_int_equal(counted.spooled[REDIS_CLASS_ALERT] + counted.spooled[REDIS_CLASS_INCIDENT], 10 * ROOM);
    assert_int_equal(counted.dropped[EVENT_ALERT] + counted.dropped[EVENT_MINING], 0);
    for (int i = 0; i < 10 * ROOM; i++)
        assert_int_equal(take(), i); /* both classes in their order */
    assert_int_equal(take(), 1000);
    assert_int_equal(take(), -1);
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.bytes, 0);
    assert_int_equal(counted.waiting[REDIS_CLASS_ALERT] + counted.spooled[REDIS_CLASS_ALERT], 0);
}

static void what_was_not_acknowledged_outlives_the_queue(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        push(REDIS_CLASS_ALERT, i);
    take();
    take();
    redis_queue_commit(queue);
    struct redis_message *batch = redis_queue_take(queue, 5); /* sent, not answered */
    redis_queue_put_back(queue, batch);
    push(REDIS_CLASS_HEARTBEAT, 100);
    assert_int_equal(take(), 100);
    assert_int_equal(take(), 2);
    redis_queue_commit(queue);
    restart();
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.waiting[REDIS_CLASS_ALERT], 17);
    push(REDIS_CLASS_ALERT, 20);
    for (int i = 3; i <= 20; i++)
        assert_int_equal(take(), i);
    assert_int_equal(take(), -1);
}

static void memory_stands_in_for_a_full_disk(void **state)
{
    (void)state;
    push(REDIS_CLASS_ALERT, 0);
    limit_files(true);
    push(REDIS_CLASS_ALERT, 1);
    push(REDIS_CLASS_ALERT, 2);
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.unspooled, 2);
    assert_int_equal(counted.spooled[REDIS_CLASS_ALERT], 1);
    limit_files(false);
    pause_ms(150);
    push(REDIS_CLASS_ALERT, 3); /* with it those before find their place */
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.spooled[REDIS_CLASS_ALERT], 4);
    assert_int_equal(counted.bytes, 0);
    restart();
    for (int i = 0; i < 4; i++)
        assert_int_equal(take(), i);
    assert_int_equal(take(), -1);
}

static void memory_that_was_taken_keeps_its_place(void **state)
{
    (void)state;
    limit_files(true);
    push(REDIS_CLASS_ALERT, 0);
    push(REDIS_CLASS_ALERT, 1);
    limit_files(false);
    pause_ms(150);
    struct redis_message *batch = redis_queue_take(queue, 1); /* on its way to the server */
    push(REDIS_CLASS_ALERT, 2); /* may not go into the spool: it would overtake */
    redis_queue_put_back(queue, batch);
    push(REDIS_CLASS_ALERT, 3);
    for (int i = 0; i < 4; i++)
        assert_int_equal(take(), i);
    assert_int_equal(take(), -1);
}

/* ---- patience ---- */

static void *take_slowly(void *context)
{
    for (int i = 0; i < 100; i++) {
        pause_ms(1);
        if (take() < 0)
            i--;
    }
    return context;
}

static void who_can_wait_loses_nothing(void **state)
{
    pthread_t thread;
    (void)state;
    redis_queue_be_patient(queue);
    assert_int_equal(pthread_create(&thread, NULL, take_slowly, NULL), 0);
    for (int i = 0; i < 100; i++)
        assert_true(push(REDIS_CLASS_ORDINARY, i));
    pthread_join(thread, NULL);
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.dropped[EVENT_FLOW], 0);
    assert_int_equal(counted.written[EVENT_FLOW], 100);
}

static void *wake(void *context)
{
    pause_ms(50);
    redis_queue_wake(queue);
    return context;
}

static void at_the_end_nobody_waits(void **state)
{
    pthread_t thread;
    (void)state;
    redis_queue_be_patient(queue);
    for (int i = 0; i < ROOM; i++)
        push(REDIS_CLASS_ORDINARY, i);
    assert_int_equal(pthread_create(&thread, NULL, wake, NULL), 0);
    assert_true(push(REDIS_CLASS_ORDINARY, ROOM)); /* after a moment, and the oldest went */
    pthread_join(thread, NULL);
    redis_queue_get_state(queue, &counted);
    assert_int_equal(counted.dropped[EVENT_FLOW], 1);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* When it is done, from `begin_ms` on: what another thread does may begin before this one comes to gather. */
static int64_t gather_since(int64_t begin_ms, unsigned messages, uint64_t timeout_ms)
{
    redis_queue_gather(queue, messages, timeout_ms);
    return now_ms() - begin_ms;
}

static int64_t gather_ms(unsigned messages, uint64_t timeout_ms)
{
    return gather_since(now_ms(), messages, timeout_ms);
}

static void *push_more(void *context)
{
    const struct timespec pause = {.tv_nsec = 30000000};
    for (int i = 0; i < 3; i++) {
        nanosleep(&pause, NULL);
        push(*(const enum redis_class *)context, i);
    }
    return NULL;
}

enum { LONG_MS = 120000 }; /* nobody waits so long: what ends the wait comes much sooner */

static void batches_gather(void **state)
{
    enum redis_class flow = REDIS_CLASS_ORDINARY, alert = REDIS_CLASS_ALERT;
    pthread_t thread;
    (void)state;
    assert_in_range(gather_ms(4, LONG_MS), 0, LONG_MS / 2); /* nothing waits: nothing to wait for */
    push(flow, 1);
    assert_true(gather_ms(4, 60) >= 50);
    int64_t begin_ms = now_ms();
    assert_int_equal(pthread_create(&thread, NULL, push_more, &flow), 0);
    assert_in_range(gather_since(begin_ms, 4, LONG_MS), 60, LONG_MS / 2);
    pthread_join(thread, NULL);
    assert_in_range(gather_ms(4, LONG_MS), 0, LONG_MS / 2); /* four wait */
    begin_ms = now_ms();
    assert_int_equal(pthread_create(&thread, NULL, push_more, &alert), 0);
    assert_in_range(gather_since(begin_ms, 40, LONG_MS), 20, LONG_MS / 2); /* until the first alert */
    pthread_join(thread, NULL);
    redis_queue_wake(queue);
    push(flow, 2);
    assert_in_range(gather_ms(40, LONG_MS), 0, LONG_MS / 2);
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
        cmocka_unit_test_setup_teardown(spooled_alerts_take_no_memory, begin_with_spool, end_with_spool),
        cmocka_unit_test_setup_teardown(what_was_not_acknowledged_outlives_the_queue, begin_with_spool,
                                        end_with_spool),
        cmocka_unit_test_setup_teardown(memory_stands_in_for_a_full_disk, begin_with_spool, end_with_spool),
        cmocka_unit_test_setup_teardown(memory_that_was_taken_keeps_its_place, begin_with_spool,
                                        end_with_spool),
        cmocka_unit_test_setup_teardown(batches_gather, begin, end),
        cmocka_unit_test_setup_teardown(who_can_wait_loses_nothing, begin, end),
        cmocka_unit_test_setup_teardown(at_the_end_nobody_waits, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
