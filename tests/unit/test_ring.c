// SPDX-License-Identifier: Apache-2.0
#include "base/ring.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct ring *make(size_t bytes)
{
    struct error error = {0};
    struct ring *ring = ring_create(bytes, &error);
    assert_non_null(ring);
    return ring;
}

static bool put(struct ring *ring, uint8_t value, size_t length)
{
    uint8_t *record = ring_reserve(ring, length);
    if (record == NULL)
        return false;
    assert_int_equal((uintptr_t)record % 8, 0);
    memset(record, value, length);
    ring_commit(ring, length);
    return true;
}

static void take(struct ring *ring, uint8_t value, size_t length)
{
    size_t got;
    const uint8_t *record = ring_peek(ring, &got);
    assert_non_null(record);
    assert_int_equal(got, length);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(record[i], value);
    assert_ptr_equal(ring_peek(ring, &got), record); /* looking changes nothing */
    ring_release(ring);
}

static void test_order(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    size_t length;
    assert_null(ring_peek(ring, &length));
    for (uint8_t i = 0; i < 10; i++)
        assert_true(put(ring, i, i));
    for (uint8_t i = 0; i < 10; i++)
        take(ring, i, i);
    assert_null(ring_peek(ring, &length));
    ring_free(ring);
    ring_free(NULL);
}

static void test_looks_behind(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    size_t length;
    assert_true(put(ring, 1, 1000));
    assert_non_null(ring_peek(ring, &length));
    assert_null(ring_peek_behind(ring)); /* nothing is there yet */
    assert_true(put(ring, 2, 1000));
    const uint8_t *behind = ring_peek_behind(ring);
    assert_non_null(behind);
    assert_int_equal(behind[999], 2);
    take(ring, 1, 1000);
    assert_ptr_equal(ring_peek(ring, &length), behind);
    take(ring, 2, 1000);
    assert_true(put(ring, 3, 1000)); /* the next one does not fit before the end */
    assert_true(put(ring, 4, 1016));
    assert_true(put(ring, 5, 1016));
    take(ring, 3, 1000);
    assert_non_null(ring_peek(ring, &length));
    assert_null(ring_peek_behind(ring));
    take(ring, 4, 1016);
    take(ring, 5, 1016);
    ring_free(ring);
}

static void test_full(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    unsigned count = 0;
    while (put(ring, (uint8_t)count, 500))
        count++;
    assert_int_equal(count, 8);      /* 8 bytes in front of each, and a multiple of 8 */
    assert_false(put(ring, 0, 500)); /* still */
    take(ring, 0, 500);
    assert_true(put(ring, (uint8_t)count, 500));
    for (unsigned i = 1; i <= count; i++)
        take(ring, (uint8_t)i, 500);
    ring_free(ring);
}

static void test_too_large(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    assert_null(ring_reserve(ring, 1025));
    assert_null(ring_reserve(ring, 1 << 20));
    assert_true(put(ring, 1, 1000));
    ring_free(ring);
}

/* Records of all lengths, so that the end of the memory is met in every way. */
static void test_wraps_around(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    for (unsigned round = 0; round < 5000; round++) {
        size_t length = round * 37 % 1001;
        assert_true(put(ring, (uint8_t)round, length));
        assert_true(put(ring, (uint8_t)(round + 1), length / 2));
        take(ring, (uint8_t)round, length);
        take(ring, (uint8_t)(round + 1), length / 2);
    }
    ring_free(ring);
}

static void test_commits_less(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    for (unsigned round = 0; round < 100; round++) {
        uint8_t *record = ring_reserve(ring, 1000);
        assert_non_null(record);
        memset(record, 7, 1000);
        ring_commit(ring, 10);
        take(ring, 7, 10);
    }
    ring_free(ring);
}

/* Reserved and never committed: the reader sees nothing of it, the next one takes its place. */
static void test_reserves_again(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    size_t length;
    for (unsigned round = 0; round < 100; round++) {
        assert_non_null(ring_reserve(ring, 900));
        assert_null(ring_peek(ring, &length));
        assert_true(put(ring, 3, 700));
        take(ring, 3, 700);
    }
    ring_free(ring);
}

enum { RECORDS = 20000 };

static void *writer(void *opaque)
{
    struct ring *ring = opaque;
    for (uint32_t i = 0; i < RECORDS; i++) {
        size_t length = sizeof i + i % 300;
        uint8_t *record;
        while ((record = ring_reserve(ring, length)) == NULL)
            nanosleep(&(struct timespec){.tv_nsec = 1000}, NULL);
        memset(record, (int)(i & 0xff), length);
        memcpy(record, &i, sizeof i);
        ring_commit(ring, length);
        if (i % 4096 == 0) /* let the reader catch up */
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return NULL;
}

static void test_two_threads(void **state)
{
    (void)state;
    struct ring *ring = make(4096);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, writer, ring), 0);
    for (uint32_t expected = 0; expected < RECORDS;) {
        size_t length;
        const uint8_t *record = ring_peek(ring, &length);
        if (record == NULL) {
            sched_yield();
            continue;
        }
        uint32_t number;
        memcpy(&number, record, sizeof number);
        assert_int_equal(number, expected);
        assert_int_equal(length, sizeof number + number % 300);
        for (size_t i = sizeof number; i < length; i++)
            assert_int_equal(record[i], number & 0xff);
        ring_release(ring);
        expected++;
    }
    pthread_join(thread, NULL);
    ring_free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),        cmocka_unit_test(test_full),
        cmocka_unit_test(test_too_large),    cmocka_unit_test(test_wraps_around),
        cmocka_unit_test(test_commits_less), cmocka_unit_test(test_reserves_again),
        cmocka_unit_test(test_two_threads),  cmocka_unit_test(test_looks_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
