// SPDX-License-Identifier: Apache-2.0
/* Which frames of a piece each of several readers must see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture/piece.h"

#include <string.h>

#define SECOND INT64_C(1000000)

enum { READERS = 8 };

static struct piece piece;

/* Adds a frame of 100 bytes on the wire. */
static void add(uint8_t share, int64_t time_us, uint32_t captured)
{
    piece.frames[piece.count++] =
        (struct frame){.share = share, .time_us = time_us, .captured = captured, .length = 100};
}

static int begin(void **state)
{
    (void)state;
    memset(&piece, 0, sizeof piece);
    return 0;
}

static void assert_sees(uint8_t share, size_t count, const uint16_t *expected)
{
    assert_int_equal(piece.seen[share], count);
    assert_memory_equal(piece.places[share], expected, count * sizeof *expected);
}

static void test_each_sees_its_own_and_the_last(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    for (uint8_t i = 0; i < 6; i++)
        add(i % 3, 1000 * SECOND + i, i == 4 ? 60 : 100);
    piece_sort(&piece, READERS, &step_us);
    assert_true(piece.sorted);
    assert_int_equal(step_us, 1000 * SECOND);
    assert_sees(0, 3, (uint16_t[]){0, 3, 5});
    assert_sees(1, 3, (uint16_t[]){1, 4, 5});
    assert_sees(2, 2, (uint16_t[]){2, 5});
    assert_sees(7, 1, (uint16_t[]){5});                    /* nothing is its own */
    assert_int_equal(piece.sections[0].others_bytes, 300); /* the frames 1, 2 and 4 */
    assert_int_equal(piece.sections[0].others_cut, 1);
}

/* Lengths are what a file says. */
static void test_lengths_are_added_up_however_large(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    for (size_t i = 0; i < 4; i++) {
        add(1, step_us, 100);
        piece.frames[i].length = UINT32_MAX;
    }
    piece_sort(&piece, READERS, &step_us);
    assert_true(piece.sections[0].others_bytes == 3 * (uint64_t)UINT32_MAX);
    assert_true(piece.sections[0].others_cut == 3);
}

static void test_all_see_what_is_open(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    add(0, step_us, 100);
    add(FRAME_SHARE_OPEN, step_us, 100);
    add(0, step_us, 100);
    add(0, step_us, 100);
    piece_sort(&piece, READERS, &step_us);
    assert_sees(0, 4, (uint16_t[]){0, 1, 2, 3});
    assert_sees(1, 2, (uint16_t[]){1, 3});
    assert_int_equal(piece.sections[0].others_bytes, 0);
}

static void test_all_see_steps(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    add(1, 1000 * SECOND + FRAME_STEP_US - 1, 100);
    add(1, 1000 * SECOND + FRAME_STEP_US, 100);
    add(1, 1000 * SECOND + 2 * FRAME_STEP_US - 1, 100);
    add(1, 1060 * SECOND + FRAME_STEP_US, 100); /* as far ahead as may be */
    add(1, 1060 * SECOND + FRAME_STEP_US, 100);
    add(0, 1060 * SECOND + FRAME_STEP_US, 100);
    piece_sort(&piece, READERS, &step_us);
    assert_true(piece.sorted);
    assert_sees(0, 3, (uint16_t[]){1, 3, 5});
    assert_int_equal(step_us, 1060 * SECOND + FRAME_STEP_US);
    assert_int_equal(piece.sections[0].step_us, 1000 * SECOND);
    assert_int_equal(piece.sections[0].others_bytes, 100);
    assert_int_equal(piece.sections[1].step_us, 1000 * SECOND + FRAME_STEP_US);
    assert_int_equal(piece.sections[1].others_bytes, 100);
    assert_int_equal(piece.sections[2].step_us, step_us);
    assert_int_equal(piece.sections[2].others_bytes, 100);
}

/* Those who are given a later time first have a clock that is ahead. */
static void test_all_see_the_latest_before_times_go_back(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    add(1, 1000 * SECOND + 5, 100);
    add(1, 1000 * SECOND + 9, 100);
    add(1, 1000 * SECOND + 7, 100);
    add(0, 1000 * SECOND + 7, 100);
    add(1, 1000 * SECOND + 8, 100);
    add(0, 1000 * SECOND + 8, 100);
    piece_sort(&piece, READERS, &step_us);
    assert_sees(0, 3, (uint16_t[]){1, 3, 5});
    assert_sees(1, 5, (uint16_t[]){0, 1, 2, 4, 5});
}

/* Whoever made their shares: a reader that does not exist does not hide what is its own. */
static void test_all_see_what_is_nobodys(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    for (uint8_t share = READERS - 1; share <= READERS; share++)
        add(share, step_us, 100);
    add(0, step_us, 100);
    piece_sort(&piece, READERS, &step_us);
    assert_sees(0, 2, (uint16_t[]){1, 2});
    assert_sees(READERS - 1, 3, (uint16_t[]){0, 1, 2});
}

static void test_too_many_readers_see_all(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    add(0, step_us, 100);
    piece_sort(&piece, PIECE_MAX_READERS, &step_us);
    assert_true(piece.sorted);
    piece_sort(&piece, PIECE_MAX_READERS + 1, &step_us);
    assert_false(piece.sorted);
}

/* Each of the frames with an odd time counts where a clock is to follow them. */
static void test_odd_times_are_not_sorted(void **state)
{
    (void)state;
    const int64_t odd[] = {1060 * SECOND + 1, 939 * SECOND, 0, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        begin(NULL);
        int64_t step_us = 1000 * SECOND;
        add(0, 1000 * SECOND, 100);
        add(0, odd[i], 100);
        add(0, odd[i], 100);
        piece_sort(&piece, READERS, &step_us);
        assert_false(piece.sorted);
        assert_int_equal(step_us, odd[i]);
    }
    begin(NULL);
    int64_t step_us = 1000 * SECOND;
    add(0, 940 * SECOND + FRAME_STEP_US, 100); /* nearly a minute back */
    piece_sort(&piece, READERS, &step_us);
    assert_true(piece.sorted);
    assert_int_equal(step_us, 1000 * SECOND);
}

static void test_a_full_piece_of_steps(void **state)
{
    (void)state;
    int64_t step_us = 1000 * SECOND;
    for (uint32_t i = 0; i < PIECE_FRAMES; i++)
        add(1, 1001 * SECOND + i * SECOND, 100);
    piece_sort(&piece, READERS, &step_us);
    assert_true(piece.sorted);
    assert_int_equal(piece.seen[0], PIECE_FRAMES);
    assert_int_equal(piece.sections[PIECE_FRAMES].step_us, step_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_each_sees_its_own_and_the_last, begin),
        cmocka_unit_test_setup(test_lengths_are_added_up_however_large, begin),
        cmocka_unit_test_setup(test_all_see_what_is_open, begin),
        cmocka_unit_test_setup(test_all_see_steps, begin),
        cmocka_unit_test_setup(test_all_see_the_latest_before_times_go_back, begin),
        cmocka_unit_test_setup(test_all_see_what_is_nobodys, begin),
        cmocka_unit_test_setup(test_too_many_readers_see_all, begin),
        cmocka_unit_test_setup(test_odd_times_are_not_sorted, begin),
        cmocka_unit_test_setup(test_a_full_piece_of_steps, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
