// SPDX-License-Identifier: Apache-2.0
#include "inspect/report_queue.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

static struct report_queue *queue; /* of the test that runs */

static void make(size_t workers, bool in_order)
{
    struct error error;
    queue = report_queue_create(workers, 4096, in_order, &error);
    assert_non_null(queue);
}

static int end(void **state)
{
    (void)state;
    report_queue_free(queue);
    return 0;
}

static void put(size_t worker, enum report_type type, uint64_t order)
{
    struct report_writer *writer = report_queue_writer(queue, worker);
    struct report *report = ring_reserve(writer->ring, sizeof *report);
    assert_non_null(report);
    *report = (struct report){type, (int64_t)order, order};
    ring_commit(writer->ring, sizeof *report);
}

static void assert_nothing(void)
{
    size_t whose;
    assert_null(report_queue_peek(queue, &whose));
}

static void take(size_t worker, uint64_t order)
{
    size_t whose;
    const struct report *report = report_queue_peek(queue, &whose);
    assert_non_null(report);
    assert_int_equal(whose, worker);
    assert_int_equal(report->order, order);
    report_queue_release(queue);
}

static void test_captures_are_told_in_order(void **state)
{
    (void)state;
    make(2, true);
    put(0, REPORT_FLOW, 5);
    put(0, REPORT_END, 9);
    assert_nothing(); /* the other may still tell of an earlier frame */
    put(1, REPORT_FLOW, 3);
    put(1, REPORT_TIME, 5);
    put(1, REPORT_FLOW, 7);
    take(1, 3);
    take(0, 5); /* the same frame: worker by worker */
    take(1, 5);
    take(1, 7);
    assert_nothing();
    put(1, REPORT_FLOW, 12);
    take(0, 9);
    take(1, 12); /* who has ended is not waited for */
    assert_false(report_queue_ended(queue));
    put(1, REPORT_END, 12);
    take(1, 12);
    assert_true(report_queue_ended(queue));
}

static void test_live_nobody_is_waited_for(void **state)
{
    (void)state;
    make(3, false);
    assert_nothing();
    put(1, REPORT_FLOW, 5);
    put(2, REPORT_FLOW, 4);
    take(2, 4);
    take(1, 5);
    assert_nothing();
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *put_soon(void *ignored)
{
    (void)ignored;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    put(1, REPORT_FLOW, 8);
    report_writer_flush(report_queue_writer(queue, 1));
    return NULL;
}

static void test_any_worker_wakes_the_reader(void **state)
{
    (void)state;
    make(2, false);
    int64_t start = now_ms();
    report_queue_wait(queue, 20);
    assert_true(now_ms() - start >= 19);
    put(0, REPORT_FLOW, 1);
    report_queue_wait(queue, 60000); /* there is something already */
    take(0, 1);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, put_soon, NULL), 0);
    report_queue_wait(queue, 60000);
    pthread_join(thread, NULL);
    take(1, 8);
    assert_true(now_ms() - start < 30000);
    report_queue_free(NULL);
}

/* Who has nothing to say for long would stop the others, whose frames it may wait for. */
static void test_who_has_come_further_is_not_waited_for(void **state)
{
    (void)state;
    make(2, true);
    put(0, REPORT_FLOW, 5);
    put(0, REPORT_FLOW, 8);
    report_writer_reach(report_queue_writer(queue, 1), 5);
    assert_nothing(); /* it may tell of the same frame */
    report_writer_reach(report_queue_writer(queue, 1), 8);
    take(0, 5);
    assert_nothing();
    put(1, REPORT_FLOW, 8);
    report_writer_reach(report_queue_writer(queue, 1), 20);
    take(0, 8); /* the same frame: worker by worker */
    assert_nothing();
    report_writer_reach(report_queue_writer(queue, 0), 9);
    take(1, 8);
}

static bool read_all(void *context)
{
    struct report_queue *read = context;
    size_t worker, taken = 0;
    for (; report_queue_peek(read, &worker) != NULL; taken++)
        report_queue_release(read);
    return taken > 0;
}

/* One thread writes and reads: who finds the ring full makes room itself. */
static void test_the_writer_may_read(void **state)
{
    (void)state;
    make(1, true);
    struct report_writer *writer = report_queue_writer(queue, 0);
    size_t worker, refused = 0;
    report_queue_read_by_writers(queue, read_all, queue);
    for (uint64_t i = 0; i < 1000; i++) {
        while (ring_reserve(writer->ring, sizeof(struct report)) == NULL) {
            report_writer_wait(writer);
            refused++;
        }
        put(0, REPORT_FLOW, i);
    }
    assert_in_range(refused, 1, 999); /* 4096 bytes are full several times, and never for long */
    assert_non_null(report_queue_peek(queue, &worker));
    put(0, REPORT_END, 1000);
    assert_true(report_writer_flush(writer));
    assert_true(report_queue_ended(queue));
    assert_false(report_writer_flush(writer)); /* nothing was there */
}

/* Else all but one would stand still while that one tells of a million flows that end at once. */
static void test_what_ends_together_is_read_by_turns(void **state)
{
    (void)state;
    enum { FRAME = 7 * REPORT_PHASES, EACH = 100 };
    static const enum report_phase phases[] = {REPORT_OF_PACKET, REPORT_OF_EXPIRY, REPORT_OF_TIME};
    struct error error;
    queue = report_queue_create(2, 16384, true, &error);
    assert_non_null(queue);
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        for (size_t k = 0; k < 2 * EACH; k++)
            put(k % 2, REPORT_FLOW, FRAME + phases[i]);
        for (size_t k = 0; k < 2; k++)
            report_writer_reach(report_queue_writer(queue, k), FRAME + phases[i] + 1);
        size_t whose, turns = 0, before = 0;
        for (size_t k = 0; k < 2 * EACH; k++, before = whose) {
            assert_non_null(report_queue_peek(queue, &whose));
            turns += k > 0 && whose != before;
            report_queue_release(queue);
        }
        assert_nothing();
        assert_in_range(turns, 1, 4);
        assert_int_equal(turns > 1, phases[i] == REPORT_OF_EXPIRY);
    }
}

/* Several threads write and read, each what all have written: nothing is lost, nothing is read twice, and the
 * order holds. */
static uint64_t parties_read, parties_last; /* behind the queue's lock */
static bool parties_disorder;

static bool read_in_order(void *context)
{
    struct report_queue *read = context;
    const struct report *report;
    size_t worker, taken = 0;
    for (; (report = report_queue_peek(read, &worker)) != NULL; taken++) {
        parties_disorder = parties_disorder || report->order < parties_last;
        parties_last = report->order;
        parties_read++;
        report_queue_release(read);
    }
    return taken > 0;
}

enum { PARTIES = 3, PARTY_REPORTS = 3000 };

static void *write_and_read(void *context)
{
    size_t worker = *(const size_t *)context;
    struct report_writer *writer = report_queue_writer(queue, worker);
    for (uint64_t i = worker; i < PARTY_REPORTS; i += PARTIES) {
        while (ring_reserve(writer->ring, sizeof(struct report)) == NULL)
            report_writer_wait(writer);
        put(worker, i + PARTIES < PARTY_REPORTS ? REPORT_FLOW : REPORT_END, i);
        report_writer_reach(writer, i + 1);
    }
    report_writer_flush(writer);
    return NULL;
}

static void test_writers_read_for_one_another(void **state)
{
    (void)state;
    make(PARTIES, true);
    size_t workers[PARTIES];
    pthread_t threads[PARTIES];
    parties_read = parties_last = 0;
    parties_disorder = false;
    report_queue_read_by_writers(queue, read_in_order, queue);
    for (size_t i = 0; i < PARTIES; i++) {
        workers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, write_and_read, &workers[i]), 0);
    }
    for (size_t i = 0; i < PARTIES; i++)
        pthread_join(threads[i], NULL);
    read_in_order(queue);
    assert_int_equal(parties_read, PARTY_REPORTS);
    assert_false(parties_disorder);
    assert_true(report_queue_ended(queue));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_captures_are_told_in_order, end),
        cmocka_unit_test_teardown(test_live_nobody_is_waited_for, end),
        cmocka_unit_test_teardown(test_any_worker_wakes_the_reader, end),
        cmocka_unit_test_teardown(test_who_has_come_further_is_not_waited_for, end),
        cmocka_unit_test_teardown(test_the_writer_may_read, end),
        cmocka_unit_test_teardown(test_what_ends_together_is_read_by_turns, end),
        cmocka_unit_test_teardown(test_writers_read_for_one_another, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
