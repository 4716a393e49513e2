// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture_builder.h"

static struct reading read_builder(struct builder *builder)
{
    struct reading reading = read_memory(builder->bytes, builder->length, NULL);
    builder_done(builder);
    return reading;
}

static void put_unknown(struct builder *builder, size_t length)
{
    size_t block = begin_block(builder, 0x0bad);
    put_payload(builder, 0, length);
    end_block(builder, block);
}

/* Two sections of different byte order, whose interfaces have the same numbers and other link types. */
static void test_reads_sections_of_both_orders(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_section(&builder);
    put_interface(&builder, 1, 0, 0, 0);
    put_interface(&builder, 113, 0, 9, 0);
    put_unknown(&builder, 21);
    put_enhanced_packet(&builder, 0, 1700000000123456, 1, 19);
    put_enhanced_packet(&builder, 1, 1700000000123456789, 2, 20);
    builder.big_endian = true;
    put_section(&builder);
    put_interface(&builder, 12, 0, 0, 0);
    put_enhanced_packet(&builder, 0, 5, 3, 21);
    struct reading reading = read_builder(&builder);
    assert_int_equal(reading.link_type, 1);
    assert_int_equal(reading.frames, 3);
    assert_int_equal(reading.statistics.faults, 0);
    assert_int_equal(reading.first[0].time_us, 1700000000123456);
    assert_int_equal(reading.first[1].time_us, 1700000000123456);
    assert_int_equal(reading.first[2].time_us, 5);
    assert_int_equal(reading.first[0].link_type, 1);
    assert_int_equal(reading.first[1].link_type, 113);
    assert_int_equal(reading.first[2].link_type, 101);
    assert_int_equal(reading.first[2].captured, 21);
    assert_int_equal(reading.first[2].length, 23);
    assert_int_equal(reading.kept[2][20], 23);
    reading_done(&reading);
}

static int64_t time_with(uint8_t resolution, int64_t offset, uint64_t time, bool big_endian)
{
    struct builder builder = {.big_endian = big_endian};
    put_section(&builder);
    put_interface(&builder, 1, 0, resolution, offset);
    put_enhanced_packet(&builder, 0, time, 0, 4);
    struct reading reading = read_builder(&builder);
    assert_int_equal(reading.frames, 1);
    reading_done(&reading);
    return reading.first[0].time_us;
}

static void test_time_resolutions(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        assert_int_equal(time_with(3, 0, 1700000000123, big), 1700000000123000);
        assert_int_equal(time_with(6, 0, 1700000000123456, big), 1700000000123456);
        assert_int_equal(time_with(9, 0, 1700000000123456789, big), 1700000000123456);
        assert_int_equal(time_with(12, 0, 1500000000000, big), 1500000);
        assert_int_equal(time_with(19, 0, UINT64_C(15000000000000000000), big), 1500000);
        assert_int_equal(time_with(0x80, 0, 1700000000, big), 1700000000000000);
        assert_int_equal(time_with(0x80 | 10, 0, 1700000000 * 1024L + 512, big), 1700000000500000);
        assert_int_equal(time_with(0x80 | 32, 0, (UINT64_C(1700000000) << 32) + (UINT64_C(1) << 30), big),
                         1700000000250000);
        assert_int_equal(time_with(0x80 | 63, 0, (UINT64_C(1) << 63) + (UINT64_C(1) << 62), big), 1500000);
        assert_int_equal(time_with(6, 1700000000, 5, big), 1700000000000005);
        assert_int_equal(time_with(6, -3600, 1700000000000000, big), 1699996400000000);
    }
}

static void test_hostile_times_stay_in_range(void **state)
{
    (void)state;
    assert_int_equal(time_with(0x80, 0, UINT64_MAX, false), INT64_MAX);
    assert_int_equal(time_with(6, INT64_MAX, UINT64_MAX, false), INT64_MAX);
    assert_true(time_with(6, INT64_MIN, 0, false) <= 0);
    assert_int_equal(time_with(6, 0, UINT64_MAX, false), INT64_MAX);
}

static void test_reads_simple_and_obsolete_packets(void **state)
{
    (void)state;
    struct builder builder = {.big_endian = true};
    put_section(&builder);
    put_interface(&builder, 1, 16, 0, 0);
    size_t block = begin_block(&builder, 2);
    put_u16(&builder, 0);
    put_u16(&builder, 7);
    put_u32(&builder, 0);
    put_u32(&builder, 42);
    put_u32(&builder, 10);
    put_u32(&builder, 12);
    put_payload(&builder, 1, 10);
    end_block(&builder, block);
    block = begin_block(&builder, 3); /* longer than the snapshot length, so cut to it */
    put_u32(&builder, 1500);
    put_payload(&builder, 2, 16);
    end_block(&builder, block);
    struct reading reading = read_builder(&builder);
    assert_int_equal(reading.frames, 2);
    assert_int_equal(reading.statistics.faults, 0);
    assert_int_equal(reading.first[0].captured, 10);
    assert_int_equal(reading.first[0].length, 12);
    assert_int_equal(reading.first[0].time_us, 42);
    assert_int_equal(reading.first[1].captured, 16);
    assert_int_equal(reading.first[1].length, 1500);
    assert_int_equal(reading.first[1].time_us, 42);
    assert_int_equal(reading.kept[1][15], 17);
    reading_done(&reading);
}

/* Larger than the buffer: passed over without being held. */
static void test_skips_huge_block(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_section(&builder);
    put_unknown(&builder, 3 << 20);
    put_interface(&builder, 1, 0, 0, 0);
    put_enhanced_packet(&builder, 0, 1, 1, 5);
    put_unknown(&builder, 3 << 20);
    put_enhanced_packet(&builder, 0, 2, 2, 5);
    struct reading reading = read_builder(&builder);
    assert_int_equal(reading.link_type, 1);
    assert_int_equal(reading.frames, 2);
    assert_int_equal(reading.first[1].time_us, 2);
    assert_int_equal(reading.statistics.faults, 0);
    reading_done(&reading);
}

static void test_cut_at_every_byte(void **state)
{
    (void)state;
    size_t ends[8], count = 0;
    struct builder builder = {.big_endian = true};
    put_section(&builder);
    ends[count++] = builder.length;
    put_interface(&builder, 1, 0, 9, 3600);
    ends[count++] = builder.length;
    put_enhanced_packet(&builder, 0, 1, 1, 9);
    ends[count++] = builder.length;
    put_unknown(&builder, 5);
    ends[count++] = builder.length;
    put_enhanced_packet(&builder, 0, 2, 1, 7);
    for (size_t length = 4; length < builder.length; length++) {
        bool between = false;
        for (size_t i = 0; i < count; i++)
            between = between || ends[i] == length;
        struct reading reading = read_memory(builder.bytes, length, NULL);
        assert_true(reading.opened);
        assert_int_equal(reading.frames, length >= ends[2] ? 1 : 0);
        assert_int_equal(reading.statistics.faults, between ? 0 : 1);
        reading_done(&reading);
    }
    builder_done(&builder);
}

/* Writes `value` at `offset` of the second packet's block and expects a fault that says `what`, after one
 * packet. */
static void expect_fault(size_t offset, uint32_t value, const char *what)
{
    struct builder builder = {0};
    put_section(&builder);
    put_interface(&builder, 1, 0, 0, 0);
    put_enhanced_packet(&builder, 0, 1, 1, 8);
    size_t start = builder.length;
    put_enhanced_packet(&builder, 0, 2, 2, 8);
    memcpy(builder.bytes + start + offset, &value, sizeof value);
    put_enhanced_packet(&builder, 0, 3, 3, 8);
    struct reading reading = read_builder(&builder);
    assert_int_equal(reading.frames, 1);
    assert_int_equal(reading.statistics.faults, 1);
    if (strstr(reading.log, what) == NULL)
        fail_msg("expected \"%s\" in: %s", what, reading.log);
    assert_non_null(strstr(reading.log, "at packet 2, "));
    reading_done(&reading);
}

static void test_checks_lengths(void **state)
{
    (void)state;
    expect_fault(4, 0, "a block of 0 bytes");
    expect_fault(4, 8, "a block of 8 bytes");
    expect_fault(4, 41, "a block of 41 bytes");
    expect_fault(4, 0xfffffffc, "a block of 4294967292 bytes");
    expect_fault(4, 12, "two lengths differ");
    expect_fault(36, 44, "two lengths differ"); /* the second length, which should be 40 */
    expect_fault(8, 1, "an interface that was not described");
    expect_fault(20, 9, "a packet that is longer than its block");
    expect_fault(20, 0xffffffff, "a packet of 4294967295 bytes");
}

static void test_checks_headers(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_section(&builder);
    put_enhanced_packet(&builder, 0, 1, 1, 8); /* before any interface */
    struct reading reading = read_builder(&builder);
    assert_non_null(strstr(reading.log, "was not described"));
    reading_done(&reading);

    put_section(&builder);
    builder.bytes[8] = 0; /* the byte-order magic */
    reading = read_builder(&builder);
    assert_non_null(strstr(reading.log, "byte-order magic"));
    reading_done(&reading);

    put_section(&builder);
    builder.bytes[12] = 2;
    reading = read_builder(&builder);
    assert_non_null(strstr(reading.log, "pcapng version 2"));
    reading_done(&reading);

    put_section(&builder);
    put_interface(&builder, 1, 0, 20, 0);
    reading = read_builder(&builder);
    assert_non_null(strstr(reading.log, "resolution is too fine"));
    reading_done(&reading);

    put_section(&builder);
    size_t block = begin_block(&builder, 1);
    put_u32(&builder, 1);
    put_u32(&builder, 0);
    put_u16(&builder, 2);
    put_u16(&builder, 5); /* an option of 5 bytes, of which 4 are there */
    put_u32(&builder, 0);
    end_block(&builder, block);
    reading = read_builder(&builder);
    assert_non_null(strstr(reading.log, "longer than its interface block"));
    reading_done(&reading);
}

static void test_bounds_interfaces(void **state)
{
    (void)state;
    struct builder builder = {0};
    put_section(&builder);
    for (size_t i = 0; i < 65537; i++)
        put_interface(&builder, 1, 0, 0, 0);
    put_enhanced_packet(&builder, 0, 1, 1, 8);
    struct reading reading = read_builder(&builder);
    assert_int_equal(reading.frames, 0);
    assert_non_null(strstr(reading.log, "more interfaces than can be kept"));
    reading_done(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_sections_of_both_orders),
        cmocka_unit_test(test_time_resolutions),
        cmocka_unit_test(test_hostile_times_stay_in_range),
        cmocka_unit_test(test_reads_simple_and_obsolete_packets),
        cmocka_unit_test(test_skips_huge_block),
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_checks_lengths),
        cmocka_unit_test(test_checks_headers),
        cmocka_unit_test(test_bounds_interfaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
