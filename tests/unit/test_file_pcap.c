// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture_builder.h"

static const uint32_t micro = 0xa1b2c3d4, nano = 0xa1b23c4d, patched = 0xa1b2cd34;

static void check_three(struct reading *reading)
{
    assert_true(reading->opened);
    assert_int_equal(reading->link_type, 1);
    assert_int_equal(reading->frames, 3);
    assert_int_equal(reading->first[0].time_us, 1700000000123456);
    assert_int_equal(reading->first[1].time_us, 4200000000000007); /* after 2038 */
    assert_int_equal(reading->first[0].captured, 20);
    assert_int_equal(reading->first[0].length, 22);
    assert_int_equal(reading->first[1].captured, 0);
    assert_int_equal(reading->first[2].captured, 33);
    assert_int_equal(reading->kept[0][19], 5 + 19);
    assert_int_equal(reading->kept[2][32], 100 + 32);
    assert_int_equal(reading->first[2].link_type, 1);
    assert_int_equal(reading->first[2].source, 0);
    assert_int_equal(reading->statistics.faults, 0);
    assert_int_equal(reading->statistics.frames, 3);
    assert_int_equal(reading->statistics.bytes, 22 + 2 + 35);
    assert_int_equal(reading->statistics.bytes_read, reading->statistics.bytes_total);
    assert_string_equal(reading->log, "");
    reading_done(reading);
}

static struct builder three_packets(uint32_t magic, bool big_endian)
{
    struct builder builder = {.big_endian = big_endian};
    uint32_t scale = magic == nano ? 1000 : 1;
    put_pcap_header(&builder, magic, 1);
    put_pcap_packet(&builder, 1700000000, 123456 * scale, 5, 20);
    put_pcap_packet(&builder, 4200000000, 7 * scale, 0, 0);
    put_pcap_packet(&builder, 1700000001, 0, 100, 33);
    return builder;
}

static void test_reads_both_orders_and_precisions(void **state)
{
    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        struct builder builder = three_packets(variant < 2 ? micro : nano, variant % 2 != 0);
        struct reading reading = read_memory(builder.bytes, builder.length, NULL);
        check_three(&reading);
        builder_done(&builder);
    }
}

static void test_reads_patched_records(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_pcap_header(&builder, patched, 1);
    for (uint8_t i = 0; i < 2; i++) {
        put_u32(&builder, 1000);
        put_u32(&builder, i);
        put_u32(&builder, 10);
        put_u32(&builder, 10);
        put_number(&builder, UINT64_MAX, 8); /* interface index, protocol, packet type */
        put_payload(&builder, i, 10);
    }
    struct reading reading = read_memory(builder.bytes, builder.length, NULL);
    assert_int_equal(reading.frames, 2);
    assert_int_equal(reading.first[1].time_us, 1000000001);
    assert_int_equal(reading.kept[1][0], 1);
    reading_done(&reading);
    builder_done(&builder);
}

static void test_says_link_type(void **state)
{
    (void)state;
    static const uint32_t cases[][2] = {
        {1, 1}, {12, 101}, {14, 101}, {101, 101}, {276, 276}, {0xf0000001, 1}, {113, 113}, {0x14000071, 113},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct builder builder = {.big_endian = i % 2 == 1};
        put_pcap_header(&builder, micro, cases[i][0]);
        put_pcap_packet(&builder, 1, 1, 1, 40);
        struct reading reading = read_memory(builder.bytes, builder.length, NULL);
        assert_int_equal(reading.link_type, cases[i][1]);
        assert_int_equal(reading.first[0].link_type, cases[i][1]);
        reading_done(&reading);
        builder_done(&builder);
    }
}

/* Cut anywhere: exactly the packets that are whole come, and a cut inside a packet is one fault. */
static void test_cut_at_every_byte(void **state)
{
    (void)state;
    static const size_t ends[] = {24, 24 + 36, 24 + 36 + 16, 24 + 36 + 16 + 49};
    struct builder builder = three_packets(micro, true);
    assert_int_equal(builder.length, ends[3]);
    for (size_t length = 4; length < builder.length; length++) {
        uint64_t whole = 0;
        bool between = false;
        for (size_t i = 0; i < 4; i++) {
            whole += i > 0 && ends[i] <= length;
            between = between || ends[i] == length;
        }
        struct reading reading = read_memory(builder.bytes, length, NULL);
        assert_true(reading.opened);
        assert_int_equal(reading.frames, whole);
        assert_int_equal(reading.statistics.faults, between ? 0 : 1);
        assert_int_equal(reading.log[0] == '\0', between);
        reading_done(&reading);
    }
    builder_done(&builder);
}

static void test_says_where_it_ends(void **state)
{
    (void)state;
    struct builder builder = three_packets(micro, false);
    struct reading reading = read_memory(builder.bytes, builder.length - 1, NULL);
    assert_int_equal(reading.frames, 2);
    assert_non_null(strstr(reading.log, "the file ends too early, at packet 3, byte offset 76"));
    assert_non_null(strstr(reading.log, "/proc/self/fd/"));
    reading_done(&reading);
    builder_done(&builder);
}

static void test_refuses_absurd_length(void **state)
{
    (void)state;
    struct builder builder = three_packets(nano, false);
    size_t offset = builder.length;
    put_u32(&builder, 1);
    put_u32(&builder, 1);
    put_u32(&builder, (512 << 10) + 1);
    put_u32(&builder, (512 << 10) + 1);
    put_payload(&builder, 0, (512 << 10) + 1);
    struct reading reading = read_memory(builder.bytes, builder.length, NULL);
    assert_int_equal(reading.frames, 3);
    assert_int_equal(reading.statistics.faults, 1);
    char expected[64];
    snprintf(expected, sizeof expected, "at packet 4, byte offset %zu", offset);
    assert_non_null(strstr(reading.log, expected));
    reading_done(&reading);
    builder_done(&builder);
}

/* Larger than what is read at once; the frames around it stay whole. */
static void test_reads_largest_packet(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_pcap_header(&builder, micro, 1);
    for (int i = 0; i < 5; i++) {
        put_pcap_packet(&builder, 1, 1, 1, 60);
        put_pcap_packet(&builder, 2, 2, 2, 512 << 10);
    }
    struct reading reading = read_memory(builder.bytes, builder.length, NULL);
    assert_int_equal(reading.frames, 10);
    assert_int_equal(reading.bytes, 5 * ((512 << 10) + 60));
    assert_int_equal(reading.kept[9][3], 5);
    assert_int_equal(reading.statistics.faults, 0);
    reading_done(&reading);
    builder_done(&builder);
}

/* The buffer is filled many times over: no frame is lost, doubled or damaged where it is. */
static void test_reads_across_refills(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_pcap_header(&builder, micro, 1);
    enum { COUNT = 20000 };
    for (uint32_t i = 0; i < COUNT; i++)
        put_pcap_packet(&builder, i, 0, (uint8_t)i, i % 251);
    struct memory_file file = memory_file(builder.bytes, builder.length);
    const char *path = file.path;
    struct capture *capture = capture_open_files(&path, 1, NULL, NULL);
    assert_non_null(capture);
    struct frame_batch batch = {0};
    uint32_t seen = 0;
    while (capture_read(capture, &batch, NULL) == CAPTURE_FRAMES) {
        for (size_t i = 0; i < batch.count; i++, seen++) {
            const struct frame *frame = &batch.frames[i];
            assert_true(frame->time_us == (int64_t)seen * 1000000 && frame->captured == seen % 251);
            for (uint32_t k = 0; k < frame->captured; k++)
                if (frame->data[k] != (uint8_t)(seen + k))
                    fail_msg("packet %u differs at byte %u", seen, k);
        }
    }
    assert_int_equal(seen, COUNT);
    capture_close(capture);
    memory_file_done(&file);
    builder_done(&builder);
}

static void test_refuses_other_version(void **state)
{
    (void)state;
    struct builder builder = three_packets(micro, false);
    builder.bytes[4] = 3;
    struct reading reading = read_memory(builder.bytes, builder.length, NULL);
    assert_int_equal(reading.frames, 0);
    assert_non_null(strstr(reading.log, "pcap version 3"));
    reading_done(&reading);
    builder_done(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_both_orders_and_precisions),
        cmocka_unit_test(test_reads_patched_records),
        cmocka_unit_test(test_says_link_type),
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_says_where_it_ends),
        cmocka_unit_test(test_refuses_absurd_length),
        cmocka_unit_test(test_reads_largest_packet),
        cmocka_unit_test(test_reads_across_refills),
        cmocka_unit_test(test_refuses_other_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
