// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture/byte_stream.h"
#include "capture_builder.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

/* Numbers that count up, so that a byte in the wrong place is seen. */
static struct builder numbers(uint32_t count)
{
    struct builder builder = {0};
    for (uint32_t i = 0; i < count; i++)
        put_u32(&builder, i * 2654435761U);
    return builder;
}

static void append_gzip(struct builder *to, const struct builder *from)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&stream, from->length);
    uint8_t *out = malloc(bound);
    stream.next_in = from->bytes;
    stream.avail_in = (uInt)from->length;
    stream.next_out = out;
    stream.avail_out = (uInt)bound;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    put_bytes(to, out, stream.total_out);
    deflateEnd(&stream);
    free(out);
}

static void append_zstd(struct builder *to, const struct builder *from)
{
    size_t bound = ZSTD_compressBound(from->length);
    uint8_t *out = malloc(bound);
    size_t length = ZSTD_compress(out, bound, from->bytes, from->length, 3);
    assert_false(ZSTD_isError(length));
    put_bytes(to, out, length);
    free(out);
}

typedef void append_function(struct builder *to, const struct builder *from);

static struct byte_stream *open_bytes(const struct builder *builder, size_t length)
{
    struct memory_file file = memory_file(builder->bytes, length);
    struct error error;
    struct byte_stream *stream = byte_stream_open(file.path, NULL, &error);
    memory_file_done(&file);
    return stream;
}

/* Reads in steps of `step` bytes and compares; the number of bytes that came. */
static size_t compare_all(struct byte_stream *stream, const struct builder *expected, size_t step)
{
    size_t done = 0;
    for (;;) {
        enum byte_stream_result result = byte_stream_fill(stream, step);
        size_t count = result == BYTE_STREAM_READY ? step : byte_stream_left(stream);
        assert_int_equal(byte_stream_offset(stream), done);
        assert_true(done + count <= expected->length);
        assert_memory_equal(stream->at, expected->bytes + done, count);
        stream->at += count;
        done += count;
        if (result != BYTE_STREAM_READY)
            return done;
    }
}

static void test_plain(void **state)
{
    (void)state;
    struct builder data = numbers(700000);
    static const size_t steps[] = {4, 4093, 300007, BYTE_STREAM_MAX_FILL};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct byte_stream *stream = open_bytes(&data, data.length);
        assert_non_null(stream);
        assert_null(byte_stream_compression(stream));
        assert_int_equal(compare_all(stream, &data, steps[i]), data.length);
        assert_null(byte_stream_fault(stream));
        assert_int_equal(byte_stream_bytes_read(stream), data.length);
        byte_stream_close(stream);
    }
    builder_done(&data);
}

static void test_short_inputs(void **state)
{
    (void)state;
    struct builder data = numbers(1);
    for (size_t length = 0; length < 4; length++) {
        struct byte_stream *stream = open_bytes(&data, length);
        assert_non_null(stream);
        assert_int_equal(byte_stream_fill(stream, 4), BYTE_STREAM_SHORT);
        assert_int_equal(byte_stream_left(stream), length);
        assert_null(byte_stream_fault(stream));
        byte_stream_close(stream);
    }
    builder_done(&data);
}

/* Two members, one after another, with an empty one between them. */
static void check_compressed(append_function *append, const char *name)
{
    struct builder data = numbers(300000), empty = {0}, compressed = {0}, twice = {0};
    append(&compressed, &data);
    append(&compressed, &empty);
    append(&compressed, &data);
    put_bytes(&twice, data.bytes, data.length);
    put_bytes(&twice, data.bytes, data.length);
    struct byte_stream *stream = open_bytes(&compressed, compressed.length);
    assert_non_null(stream);
    assert_string_equal(byte_stream_compression(stream), name);
    assert_int_equal(compare_all(stream, &twice, 1009), twice.length);
    assert_null(byte_stream_fault(stream));
    assert_int_equal(byte_stream_bytes_read(stream), compressed.length);
    byte_stream_close(stream);
    builder_done(&data);
    builder_done(&compressed);
    builder_done(&twice);
}

static void test_compressed(void **state)
{
    (void)state;
    check_compressed(append_gzip, "gzip");
    check_compressed(append_zstd, "zstd");
}

/* Cut anywhere: a fault that says so, after a true beginning of the data. */
static void check_cut(append_function *append)
{
    struct builder data = numbers(50), compressed = {0};
    append(&compressed, &data);
    for (size_t length = 4; length < compressed.length; length++) {
        struct byte_stream *stream = open_bytes(&compressed, length);
        if (stream == NULL) /* too short to begin with */
            continue;
        assert_true(compare_all(stream, &data, 7) <= data.length);
        assert_non_null(byte_stream_fault(stream));
        assert_non_null(strstr(byte_stream_fault(stream), "truncated"));
        byte_stream_close(stream);
    }
    builder_done(&data);
    builder_done(&compressed);
}

static void test_cut_compressed(void **state)
{
    (void)state;
    check_cut(append_gzip);
    check_cut(append_zstd);
}

/* What was decompressed before the damage is still given. */
static void check_damaged(append_function *append, const char *name)
{
    struct builder data = numbers(300000), compressed = {0};
    append(&compressed, &data);
    append(&compressed, &data);
    size_t first = compressed.length / 2;
    memset(compressed.bytes + first, 0x55, compressed.length - first);
    struct byte_stream *stream = open_bytes(&compressed, compressed.length);
    assert_non_null(stream);
    assert_int_equal(compare_all(stream, &data, 4096), data.length);
    assert_non_null(strstr(byte_stream_fault(stream), "corrupt"));
    assert_non_null(strstr(byte_stream_fault(stream), name));
    byte_stream_close(stream);
    builder_done(&data);
    builder_done(&compressed);
}

static void test_damaged(void **state)
{
    (void)state;
    check_damaged(append_gzip, "gzip");
    check_damaged(append_zstd, "zstd");
}

struct fifo {
    char directory[32], path[48];
};

static struct fifo make_fifo(void)
{
    struct fifo fifo = {.directory = "/tmp/geophone-test-XXXXXX"};
    assert_non_null(mkdtemp(fifo.directory));
    snprintf(fifo.path, sizeof fifo.path, "%s/fifo", fifo.directory);
    assert_int_equal(mkfifo(fifo.path, 0600), 0);
    return fifo;
}

static void remove_fifo(const struct fifo *fifo)
{
    unlink(fifo->path);
    rmdir(fifo->directory);
}

static void *write_slowly(void *argument)
{
    int descriptor = open(argument, O_WRONLY);
    for (uint32_t i = 0; descriptor >= 0 && i < 40; i++) {
        uint32_t number = i * 2654435761U;
        if (write(descriptor, &number, 3) != 3 || usleep(100) != 0 ||
            write(descriptor, (char *)&number + 3, 1) != 1)
            break;
    }
    close(descriptor);
    return NULL;
}

/* A writer that comes later and gives a few bytes at a time. */
static void test_fifo(void **state)
{
    (void)state;
    struct fifo fifo = make_fifo();
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, write_slowly, fifo.path), 0);
    struct byte_stream *stream = byte_stream_open(fifo.path, NULL, NULL);
    assert_non_null(stream);
    struct builder data = numbers(40);
    assert_int_equal(compare_all(stream, &data, 16), data.length);
    byte_stream_close(stream);
    pthread_join(writer, NULL);
    builder_done(&data);
    remove_fifo(&fifo);
}

static void *stop_soon(void *argument)
{
    usleep(20000);
    atomic_store((atomic_bool *)argument, true);
    return NULL;
}

static void test_stops_waiting(void **state)
{
    (void)state;
    struct fifo fifo = make_fifo();
    atomic_bool stopped = false;
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_soon, &stopped), 0);
    struct error error;
    assert_null(byte_stream_open(fifo.path, &stopped, &error)); /* nobody ever writes */
    assert_int_equal(error.status, STATUS_NO_INPUT);
    assert_non_null(strstr(error.text, "interrupted"));
    pthread_join(stopper, NULL);
    remove_fifo(&fifo);
}

static void test_unreadable(void **state)
{
    (void)state;
    struct error error;
    assert_null(byte_stream_open("/nonexistent/capture.pcap", NULL, &error));
    assert_int_equal(error.status, STATUS_NO_INPUT);
    assert_string_equal(error.text, "cannot open /nonexistent/capture.pcap: No such file or directory");
    assert_null(byte_stream_open("/tmp", NULL, &error));
    assert_string_equal(error.text, "cannot read /tmp: cannot read on: Is a directory");
    byte_stream_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),         cmocka_unit_test(test_short_inputs),
        cmocka_unit_test(test_compressed),    cmocka_unit_test(test_cut_compressed),
        cmocka_unit_test(test_damaged),       cmocka_unit_test(test_fifo),
        cmocka_unit_test(test_stops_waiting), cmocka_unit_test(test_unreadable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
