// SPDX-License-Identifier: Apache-2.0
/* Files that several threads read: each is given all frames, in order, and they are read once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture/piece.h"
#include "capture_builder.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

enum { READERS = 3, SHARES = READERS };

static _Atomic unsigned asked; /* frames whose share was asked for */

/* Of make_packets(): the first byte of the frame tells. */
static uint8_t share_of_first_byte(const void *context, const struct frame *frame)
{
    (void)context;
    asked++;
    return frame->data[0] % SHARES;
}

/* Frame `i` has the time `i`, 1 + i % longest bytes, and i as each of them. */
static struct builder make_packets(uint32_t count, uint32_t longest)
{
    struct builder builder = {0};
    put_pcap_header(&builder, 0xa1b2c3d4, 1);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = 1 + i % longest;
        put_u32(&builder, 0);
        put_u32(&builder, i);
        put_u32(&builder, length);
        put_u32(&builder, length);
        uint8_t bytes[2048];
        memset(bytes, (uint8_t)i, length);
        put_bytes(&builder, bytes, length);
    }
    return builder;
}

struct reader {
    struct capture *capture;
    pthread_t thread;
    uint32_t frames;   /* read */
    uint32_t wrong;    /* of them, not as make_packets() made them */
    uint32_t pause_us; /* after each batch */
    uint32_t stop_at;  /* frames, after which it stops `stops`; 0: never */
    struct capture *stops;
};

static bool is_right(const struct frame *frame, uint32_t number, uint32_t longest)
{
    bool right = frame->time_us == number && frame->captured == 1 + number % longest &&
                 frame->share == (uint8_t)number % SHARES;
    for (uint32_t i = 0; right && i < frame->captured; i++)
        right = frame->data[i] == (uint8_t)number;
    return right;
}

static const uint32_t longest = 1500;

static void *read_all(void *context)
{
    struct reader *reader = context;
    struct frame_batch batch = {.limit = 50};
    while (capture_read(reader->capture, &batch, NULL) == CAPTURE_FRAMES) {
        for (size_t i = 0; i < batch.count; i++)
            reader->wrong += !is_right(&batch.frames[i], reader->frames++, longest);
        if (reader->pause_us > 0)
            nanosleep(&(struct timespec){.tv_nsec = reader->pause_us * 1000L}, NULL);
        if (reader->stop_at > 0 && reader->frames >= reader->stop_at)
            capture_stop(reader->stops);
    }
    return NULL;
}

static void open_readers(struct reader readers[static READERS], const char *path)
{
    struct error error;
    for (size_t i = 0; i < READERS; i++) {
        struct capture *capture =
            i == 0 ? capture_open_files(&path, 1, NULL, &error) : capture_join(readers[0].capture, &error);
        assert_non_null(capture);
        readers[i].capture = capture;
    }
    for (size_t i = 0; i < READERS; i++)
        capture_set_share(readers[i].capture, (uint8_t)i, share_of_first_byte, NULL);
    asked = 0;
}

static void run(struct reader readers[static READERS])
{
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]), 0);
    for (size_t i = 0; i < READERS; i++)
        pthread_join(readers[i].thread, NULL);
}

static void close_readers(struct reader readers[static READERS])
{
    for (size_t i = 0; i < READERS; i++)
        capture_close(readers[i].capture);
}

/* Some 100 pieces, more than there are at a time; one reader is late, so that the others wait for it. */
static void test_all_are_given_all(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    struct builder builder = make_packets(COUNT, longest);
    struct memory_file file = memory_file(builder.bytes, builder.length);
    for (unsigned late = 0; late < 2; late++) {
        struct reader readers[READERS] = {[1].pause_us = late * 300};
        open_readers(readers, file.path);
        assert_false(capture_is_live(readers[2].capture));
        assert_string_equal(capture_source_name(readers[2].capture, 0), file.path);
        assert_int_equal(capture_link_type(readers[2].capture, 0), 1);
        run(readers);
        struct capture_statistics statistics;
        for (size_t i = 0; i < READERS; i++) {
            assert_int_equal(readers[i].frames, COUNT);
            assert_int_equal(readers[i].wrong, 0);
            capture_get_statistics(readers[i].capture, &statistics);
            assert_int_equal(statistics.frames, COUNT);
        }
        assert_int_equal(asked, COUNT);
        capture_get_statistics(readers[0].capture, &statistics);
        assert_int_equal(statistics.bytes_read, builder.length);
        close_readers(readers);
    }
    memory_file_done(&file);
    builder_done(&builder);
}

/* A cut file. */
static void test_a_fault_is_told_once(void **state)
{
    (void)state;
    struct builder builder = make_packets(3000, longest);
    struct memory_file file = memory_file(builder.bytes, builder.length - 1);
    struct reader readers[READERS] = {0};
    struct log_grab grab = log_grab_begin();
    open_readers(readers, file.path);
    run(readers);
    char *log = log_grab_end(&grab);
    const char *told = strstr(log, "the file ends too early");
    assert_non_null(told);
    assert_null(strstr(told + 1, "the file ends too early"));
    free(log);
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(readers[i].frames, 2999);
    struct capture_statistics statistics;
    capture_get_statistics(readers[0].capture, &statistics);
    assert_int_equal(statistics.faults, 1);
    close_readers(readers);
    memory_file_done(&file);
    builder_done(&builder);
}

/* All are given the same then, too: what was read by then. */
static void test_stop(void **state)
{
    (void)state;
    struct builder builder = make_packets(10000, longest);
    struct memory_file file = memory_file(builder.bytes, builder.length);
    struct reader readers[READERS] = {[2].stop_at = 500};
    open_readers(readers, file.path);
    readers[2].stops = readers[0].capture;
    run(readers);
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(readers[i].wrong, 0);
        assert_int_equal(readers[i].frames, readers[0].frames);
    }
    assert_in_range(readers[0].frames, 500, 9999);
    close_readers(readers);
    memory_file_done(&file);
    builder_done(&builder);
}

/* The pieces are full, and one that never begins keeps all of them: stopped, the others do not wait for it.
 */
static void test_stop_beside_one_that_does_not_read(void **state)
{
    (void)state;
    struct builder builder = make_packets(10000, longest);
    struct memory_file file = memory_file(builder.bytes, builder.length);
    struct reader readers[READERS] = {0};
    open_readers(readers, file.path);
    for (size_t i = 1; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]), 0);
    (void)wait_until_nothing_is_read(readers[0].capture);
    capture_stop(readers[0].capture);
    for (size_t i = 1; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].wrong, 0);
        assert_int_equal(readers[i].frames, readers[1].frames);
        assert_in_range(readers[i].frames, 1, 9999);
    }
    close_readers(readers);
    memory_file_done(&file);
    builder_done(&builder);
}

/* The pieces are full, and one that is slow keeps all of them: it is waited for, so that all that was read is
 * handed over. */
static void test_stop_beside_one_that_is_slow(void **state)
{
    (void)state;
    enum {
        COUNT = 200000,
        RECORD = 16 + 1,
        HEADER = 24
    }; /* more than a piece has, in what is read at once */
    struct builder builder = make_packets(COUNT, 1);
    struct memory_file file = memory_file(builder.bytes, builder.length);
    struct reader readers[READERS] = {0};
    struct frame_batch batch = {.limit = 50};
    open_readers(readers, file.path);
    for (; readers[0].frames <= PIECE_FRAMES; readers[0].frames += (uint32_t)batch.count)
        assert_int_equal(capture_read(readers[0].capture, &batch, NULL), CAPTURE_FRAMES);
    for (size_t i = 1; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]), 0);
    uint64_t read = wait_until_nothing_is_read(readers[0].capture);
    capture_stop(readers[0].capture);
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL); /* the others notice it */
    read_all(&readers[0]);
    for (size_t i = 0; i < READERS; i++) {
        if (i > 0)
            pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].frames, (read - HEADER) / RECORD);
    }
    assert_in_range(readers[0].frames, 1, COUNT - 1);
    close_readers(readers);
    memory_file_done(&file);
    builder_done(&builder);
}

/* Of a pipe nobody waits for more before it has looked at what came. */
static void test_pipe(void **state)
{
    (void)state;
    struct builder builder = make_packets(20, longest);
    int ends[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(write(ends[1], builder.bytes, builder.length), builder.length);
    struct reader readers[READERS] = {0};
    open_readers(readers, "-");
    for (size_t i = 0; i < READERS; i++) { /* the pipe is still open */
        struct frame_batch batch = {0};
        assert_int_equal(capture_read(readers[i].capture, &batch, NULL), CAPTURE_FRAMES);
        assert_int_equal(batch.count, 20);
    }
    close(ends[1]);
    run(readers);
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(readers[i].frames, 0);
    dup2(saved, STDIN_FILENO);
    close(saved);
    close_readers(readers);
    builder_done(&builder);
}

/* Takes its own frames only, as worker.c does: steps are those of its own. */
struct own_reader {
    struct capture *capture;
    pthread_t thread;
    uint8_t share;
    bool loses_a_step; /* so that it must be given all frames until it has the same step as others */
    uint64_t frames, own, bytes;
    uint64_t shown, wrong;
    int64_t step_us, latest_us;
};

static void see(struct own_reader *reader, const struct frame *frame)
{
    reader->frames += 1 + (uint64_t)frame->left_out;
    reader->shown++;
    reader->bytes += frame->length;
    uint64_t number = reader->frames - 1;
    reader->wrong += frame->time_us != (int64_t)(number * 1000) || frame->data[0] != (uint8_t)number;
    reader->own += frame->share == reader->share;
    if (!frame_time_is_step(reader->step_us, frame->time_us))
        return;
    /* nobody was kept from a step: there was no frame in between that was one */
    reader->wrong += frame->time_us - reader->step_us != FRAME_STEP_US && !reader->loses_a_step;
    if (!reader->loses_a_step || reader->frames < 5000 || reader->frames > 5200)
        reader->step_us = frame->time_us;
}

static void *read_own(void *context)
{
    struct own_reader *reader = context;
    struct frame_batch batch = {.limit = 50, .only_own = true};
    while (capture_read(reader->capture, &batch, NULL) == CAPTURE_FRAMES) {
        reader->bytes += batch.left_out_bytes;
        for (size_t i = 0; i < batch.count; i++)
            see(reader, &batch.frames[i]);
        batch.step_us = reader->step_us;
    }
    return NULL;
}

/* A frame each millisecond: a hundred from step to step. */
static struct builder make_times(uint32_t count, uint32_t length, uint64_t *bytes)
{
    struct builder builder = {0};
    put_pcap_header(&builder, 0xa1b2c3d4, 1);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t data[200];
        memset(data, (uint8_t)i, length);
        put_u32(&builder, i / 1000);
        put_u32(&builder, i % 1000 * 1000);
        put_u32(&builder, length);
        put_u32(&builder, length + i % 7);
        put_bytes(&builder, data, length);
        *bytes += length + i % 7;
    }
    return builder;
}

static void test_others_are_left_out(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    uint64_t bytes = 0;
    struct builder builder = make_times(COUNT, 200, &bytes);
    struct memory_file file = memory_file(builder.bytes, builder.length);
    struct own_reader readers[READERS] = {[2].loses_a_step = true};
    struct reader opened[READERS] = {0};
    open_readers(opened, file.path);
    for (uint8_t i = 0; i < READERS; i++) {
        readers[i].capture = opened[i].capture;
        readers[i].share = i;
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_own, &readers[i]), 0);
    }
    struct capture_statistics statistics;
    for (uint8_t i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].frames, COUNT);
        assert_int_equal(readers[i].wrong, 0);
        uint64_t own = 0;
        for (uint32_t number = 0; number < COUNT; number++)
            own += (uint8_t)number % SHARES == i;
        assert_int_equal(readers[i].own, own);
        assert_true(readers[i].shown < own + COUNT / 20); /* steps, ends of pieces, what was lost */
        capture_get_statistics(readers[i].capture, &statistics);
        assert_int_equal(statistics.frames, COUNT);
    }
    assert_int_equal(readers[0].bytes, bytes); /* the first one counts for all */
    close_readers(opened);
    memory_file_done(&file);
    builder_done(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_given_all),
        cmocka_unit_test(test_others_are_left_out),
        cmocka_unit_test(test_a_fault_is_told_once),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_stop_beside_one_that_does_not_read),
        cmocka_unit_test(test_stop_beside_one_that_is_slow),
        cmocka_unit_test(test_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
