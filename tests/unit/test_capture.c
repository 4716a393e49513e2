// SPDX-License-Identifier: Apache-2.0
/* The public functions over files: lists, directories, standard input, faults, filters, counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture_builder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

static const uint32_t micro = 0xa1b2c3d4;

static char directory[32];

static char *path_of(const char *name)
{
    static char paths[8][96];
    static size_t next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

static void write_file(const char *name, const void *bytes, size_t length)
{
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* A capture of `count` packets whose bytes begin with `first`. */
static struct builder packets(uint8_t first, size_t count)
{
    struct builder builder = {0};
    put_pcap_header(&builder, micro, 1);
    for (size_t i = 0; i < count; i++)
        put_pcap_packet(&builder, 100, (uint32_t)i, first, 30);
    return builder;
}

static void write_packets(const char *name, uint8_t first, size_t count)
{
    struct builder builder = packets(first, count);
    write_file(name, builder.bytes, builder.length);
    builder_done(&builder);
}

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/geophone-test-XXXXXX");
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    static const char *const names[] = {"a.pcap", "b.pcap",     "c.pcap.gz", "d.txt",
                                        "empty",  "sub/e.pcap", "sub",       ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)remove(path_of(names[i]));
    return access(directory, F_OK) == 0;
}

static void test_several_files(void **state)
{
    (void)state;
    write_packets("b.pcap", 2, 2);
    write_packets("a.pcap", 1, 3);
    const char *paths[] = {path_of("b.pcap"), path_of("a.pcap")};
    struct reading reading = read_files(paths, 2, NULL);
    assert_int_equal(reading.frames, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(reading.first[i].source, i < 2 ? 0 : 1);
        assert_int_equal(reading.kept[i][0], i < 2 ? 2 : 1);
    }
    assert_int_equal(reading.statistics.bytes_total, 2 * 24 + 5 * 46);
    assert_int_equal(reading.statistics.bytes_read, reading.statistics.bytes_total);
    reading_done(&reading);

    struct capture *capture = capture_open_files(paths, 2, NULL, NULL);
    assert_false(capture_is_live(capture));
    assert_string_equal(capture_source_name(capture, 0), paths[0]);
    assert_string_equal(capture_source_name(capture, 1), paths[1]);
    assert_null(capture_source_name(capture, 2));
    assert_int_equal(capture_link_type(capture, 1), -1);
    capture_close(capture);
}

static void test_directory(void **state)
{
    (void)state;
    write_packets("b.pcap", 2, 1);
    write_packets("a.pcap", 1, 1);
    struct builder builder = packets(3, 1);
    gzFile file = gzopen(path_of("c.pcap.gz"), "wb");
    assert_int_equal(gzwrite(file, builder.bytes, (unsigned)builder.length), builder.length);
    assert_int_equal(gzclose(file), Z_OK);
    builder_done(&builder);
    write_file("d.txt", "no capture\n", 11);
    write_file("empty", "", 0);
    assert_int_equal(mkdir(path_of("sub"), 0700), 0);
    write_packets("sub/e.pcap", 9, 1);
    const char *path = directory;
    struct reading reading = read_files(&path, 1, NULL);
    assert_int_equal(reading.frames, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(reading.kept[i][0], i + 1);
        assert_int_equal(reading.first[i].source, i);
    }
    assert_int_equal(reading.statistics.faults, 0);
    assert_int_equal(reading.statistics.bytes_read, reading.statistics.bytes_total);
    assert_string_equal(reading.log, "");
    reading_done(&reading);
}

static void expect_error(const char *const *paths, size_t count, enum exit_status status, const char *text)
{
    struct error error = {0};
    assert_null(capture_open_files(paths, count, NULL, &error));
    assert_int_equal(error.status, status);
    if (strstr(error.text, text) == NULL)
        fail_msg("expected \"%s\" in: %s", text, error.text);
}

static void test_errors_at_open(void **state)
{
    (void)state;
    const char *paths[] = {path_of("a.pcap"), path_of("missing")};
    const char *path = directory;
    expect_error(&path, 1, STATUS_NO_INPUT, "no capture file in the directory /tmp/");
    write_packets("a.pcap", 1, 1);
    expect_error(paths, 2, STATUS_NO_INPUT, "missing: No such file or directory");
    write_file("d.txt", "Hello", 5);
    paths[1] = path_of("d.txt");
    expect_error(paths, 2, STATUS_NO_INPUT,
                 "d.txt is no capture file: it begins with \"Hell\"; pcap and pcapng");
    write_file("d.txt",
               "\x7f"
               "ELF",
               4);
    expect_error(paths, 2, STATUS_NO_INPUT, "it begins with the bytes 7f 45 4c 46");
    write_file("empty", "", 0);
    paths[1] = path_of("empty");
    expect_error(paths, 2, STATUS_NO_INPUT, "empty is no capture file: it is empty");
}

/* The fault of one file does not touch the next. */
static void test_goes_on_after_fault(void **state)
{
    (void)state;
    struct builder builder = packets(1, 3);
    write_file("a.pcap", builder.bytes, builder.length - 5);
    builder_done(&builder);
    write_packets("b.pcap", 2, 2);
    const char *paths[] = {path_of("a.pcap"), path_of("b.pcap")};
    struct reading reading = read_files(paths, 2, NULL);
    assert_int_equal(reading.frames, 4);
    assert_int_equal(reading.first[3].source, 1);
    assert_int_equal(reading.statistics.faults, 1);
    assert_non_null(strstr(reading.log, "a.pcap: the file ends too early, at packet 3, byte offset 116"));
    assert_int_equal(reading.statistics.bytes_read, reading.statistics.bytes_total);
    reading_done(&reading);
}

/* A file that is taken away between the check at the start and its turn. */
static void test_goes_on_without_vanished_file(void **state)
{
    (void)state;
    write_packets("a.pcap", 1, 1);
    write_packets("b.pcap", 2, 1);
    const char *paths[] = {path_of("a.pcap"), path_of("b.pcap"), path_of("a.pcap")};
    struct capture *capture = capture_open_files(paths, 3, NULL, NULL);
    assert_non_null(capture);
    remove(path_of("b.pcap"));
    struct log_grab grab = log_grab_begin();
    struct frame_batch batch = {0};
    uint64_t frames = 0;
    while (capture_read(capture, &batch, NULL) == CAPTURE_FRAMES)
        frames += batch.count;
    char *log = log_grab_end(&grab);
    assert_int_equal(frames, 2);
    assert_non_null(strstr(log, "b.pcap: No such file or directory"));
    struct capture_statistics statistics;
    capture_get_statistics(capture, &statistics);
    assert_int_equal(statistics.faults, 1);
    free(log);
    capture_close(capture);
}

static void test_standard_input(void **state)
{
    (void)state;
    struct builder builder = packets(7, 4);
    int ends[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], builder.bytes, builder.length), builder.length);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    const char *path = "-";
    struct reading reading = read_files(&path, 1, NULL);
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_int_equal(reading.frames, 4);
    assert_int_equal(reading.statistics.bytes_total, 0);
    assert_int_equal(reading.statistics.bytes_read, builder.length);
    reading_done(&reading);
    builder_done(&builder);
}

static void put_udp_packet(struct builder *builder, uint16_t port)
{
    static const uint8_t start[] = {2, 0, 0, 0, 0,  1,  2, 0, 0,  0, 0, 2, 8,  0, 0x45, 0, 0, 28,
                                    0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0,    2, 4, 0};
    put_u32(builder, 1);
    put_u32(builder, port);
    put_u32(builder, 42);
    put_u32(builder, 42);
    put_bytes(builder, start, sizeof start);
    uint8_t rest[6] = {(uint8_t)(port >> 8), (uint8_t)port, 0, 8, 0, 0};
    put_bytes(builder, rest, sizeof rest);
}

static void test_filter(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_pcap_header(&builder, micro, 1);
    for (uint16_t i = 0; i < 300; i++)
        put_udp_packet(&builder, i == 200 || i == 250 ? 3333 : 53);
    struct reading reading = read_memory(builder.bytes, builder.length, "udp dst port 3333");
    assert_int_equal(reading.frames, 2);
    assert_int_equal(reading.statistics.frames, 2);
    assert_int_equal(reading.statistics.filtered, 298);
    reading_done(&reading);
    reading = read_memory(builder.bytes, builder.length, "");
    assert_int_equal(reading.frames, 300);
    reading_done(&reading);
    reading = read_memory(builder.bytes, builder.length, "tcp prot 3333");
    assert_false(reading.opened);
    assert_int_equal(reading.error.status, STATUS_USAGE);
    assert_non_null(strstr(reading.error.text, "cannot use the filter \"tcp prot 3333\""));
    assert_non_null(strstr(reading.error.text, "syntax error"));
    reading_done(&reading);
    builder_done(&builder);
}

/* Reads to the end; returns how many frames came. */
static size_t read_rest(struct capture *capture)
{
    struct frame_batch batch = {0};
    size_t frames = 0;
    while (capture_read(capture, &batch, NULL) == CAPTURE_FRAMES)
        frames += batch.count;
    assert_int_equal(batch.count, 0);
    return frames;
}

static uint64_t bytes_read(const struct capture *capture)
{
    struct capture_statistics statistics;
    capture_get_statistics(capture, &statistics);
    return statistics.bytes_read;
}

/* What stands in the buffer is handed over; neither the rest of the file is read nor the next one opened. */
static void test_stop(void **state)
{
    (void)state;
    struct builder builder = packets(1, 10000);
    struct memory_file file = memory_file(builder.bytes, builder.length);
    const char *paths[] = {file.path, file.path};
    struct capture *capture = capture_open_files(paths, 2, NULL, NULL);
    struct frame_batch batch = {0};
    assert_int_equal(capture_read(capture, &batch, NULL), CAPTURE_FRAMES);
    assert_int_equal(batch.count, FRAME_BATCH_SIZE);
    uint64_t read = bytes_read(capture);
    assert_true(read < builder.length);
    capture_stop(capture);
    assert_int_equal(FRAME_BATCH_SIZE + read_rest(capture), (read - 24) / 46);
    assert_int_equal(bytes_read(capture), read);
    assert_int_equal(read_rest(capture), 0);
    capture_close(capture);
    capture_close(NULL);
    memory_file_done(&file);
    builder_done(&builder);
}

/* Stopped before the first read: what was taken out of the pipe when it was opened nobody could read again.
 */
static void test_stopped_pipe(void **state)
{
    (void)state;
    struct builder builder = packets(7, 4);
    int ends[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], builder.bytes, builder.length), builder.length);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    const char *path = "-";
    struct capture *capture = capture_open_files(&path, 1, NULL, NULL);
    assert_int_equal(write(ends[1], builder.bytes + 24, builder.length - 24), builder.length - 24);
    capture_stop(capture);
    assert_int_equal(read_rest(capture), 4);
    assert_int_equal(bytes_read(capture), builder.length); /* what came later is left in the pipe */
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(ends[1]);
    capture_close(capture);
    builder_done(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_several_files, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(test_directory, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(test_errors_at_open, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(test_goes_on_after_fault, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(test_goes_on_without_vanished_file, make_directory, remove_directory),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_stopped_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
