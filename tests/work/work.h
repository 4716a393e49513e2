// SPDX-License-Identifier: Apache-2.0
/*
 * Tests of how work grows with the input: each parser is fed its worst case at two sizes, and the work done
 * is counted, not timed (count.c). `make work` builds and runs them.
 */
#ifndef TESTS_WORK_WORK_H
#define TESTS_WORK_WORK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Since the program began; only differences mean something. */
uint64_t work_so_far(void);

/* Feeds an input of size `size`: a number of bytes, messages, packets, as the case has it. Returns the work
 * of that alone; what it takes to make the input is left out. */
typedef uint64_t work_of(size_t size);

enum { WORK_FACTOR = 4 }; /* between the two sizes */
#define WORK_SLACK 1.2    /* n log n passes, n^1.2 does not */

static inline double work_growth(const char *name, work_of *feed, size_t size)
{
    feed(size); /* what is done once in a program is done now */
    uint64_t small = feed(size), large = feed(WORK_FACTOR * size);
    double growth = (double)large / (double)small;
    printf("          %-44s %9llu for %6zu, %10llu for %6zu: %.2f times\n", name, (unsigned long long)small,
           size, (unsigned long long)large, WORK_FACTOR * size, growth);
    assert_true(small > 0);
    return growth;
}

/* Four times the input is four times the work, or hardly more. It must be more than twice: else the case does
 * not reach what it is for. */
static inline void assert_linear(const char *name, work_of *feed, size_t size)
{
    double growth = work_growth(name, feed, size);
    assert_true(growth <= WORK_FACTOR * WORK_SLACK);
    assert_true(growth >= 2);
}

/* A bound stops the work: four times the input is hardly more of it. */
static inline void assert_bounded(const char *name, work_of *feed, size_t size)
{
    assert_true(work_growth(name, feed, size) <= 2);
}

/* For what may stop early: four times the input is at most four times the work, or hardly more. */
static inline void assert_at_most_linear(const char *name, work_of *feed, size_t size)
{
    assert_true(work_growth(name, feed, size) <= WORK_FACTOR * WORK_SLACK);
}

#define LINEAR(function, size)                                                                               \
    static void test_##function(void **state)                                                                \
    {                                                                                                        \
        (void)state;                                                                                         \
        assert_linear(#function, function, size);                                                            \
    }
#define BOUNDED(function, size)                                                                              \
    static void test_##function(void **state)                                                                \
    {                                                                                                        \
        (void)state;                                                                                         \
        assert_bounded(#function, function, size);                                                           \
    }

#define AT_MOST_LINEAR(function, size)                                                                       \
    static void test_##function(void **state)                                                                \
    {                                                                                                        \
        (void)state;                                                                                         \
        assert_at_most_linear(#function, function, size);                                                    \
    }

/* ---- inputs ---- */

struct text {
    char *bytes;
    size_t length, room;
};

static inline void text_add_bytes(struct text *text, const void *bytes, size_t length)
{
    if (text->length + length + 1 > text->room) {
        text->room = (text->length + length + 1) * 2;
        text->bytes = realloc(text->bytes, text->room);
        assert_non_null(text->bytes);
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

static inline void text_add(struct text *text, const char *words)
{
    text_add_bytes(text, words, strlen(words));
}

/* `before`, a number that counts up, and `after`, again and again. */
static inline void text_count(struct text *text, const char *before, const char *after, size_t count)
{
    char number[24];
    for (size_t i = 0; i < count; i++) {
        snprintf(number, sizeof number, "%zu", i);
        text_add(text, before);
        text_add(text, number);
        text_add(text, after);
    }
}

/* `part` again and again, to `length` bytes or a little more. */
static inline void text_fill(struct text *text, const char *part, size_t length)
{
    size_t until = text->length + length;
    while (text->length < until)
        text_add(text, part);
}

static inline void text_done(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

#endif
