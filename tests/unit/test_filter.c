// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture/filter.h"
#include "capture_builder.h"
#include "guarded.h"

/* IPv4, TCP, port 40000 to 3333 */
static const uint8_t ip_packet[] = {0x45, 0,  0,  40, 0, 1, 0, 0, 64, 6, 0, 0, 10,   0, 0, 1, 10, 0, 0, 2,
                                    0x9c, 64, 13, 5,  0, 0, 0, 0, 0,  0, 0, 0, 0x50, 2, 0, 0, 0,  0, 0, 0};
static const uint8_t ethernet[14] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};

static struct frame make_frame(uint8_t *bytes, uint16_t link_type)
{
    size_t header = link_type == 1 ? sizeof ethernet : 0;
    memcpy(bytes, ethernet, header);
    memcpy(bytes + header, ip_packet, sizeof ip_packet);
    uint32_t length = (uint32_t)(header + sizeof ip_packet);
    return (struct frame){.data = bytes, .captured = length, .length = length, .link_type = link_type};
}

static void test_follows_link_type(void **state)
{
    (void)state;
    uint8_t bytes[2][64];
    struct filter *filter = filter_create("tcp dst port 3333", NULL);
    struct frame over_ethernet = make_frame(bytes[0], 1), raw = make_frame(bytes[1], 101);
    for (int i = 0; i < 2; i++) {
        assert_true(filter_accepts(filter, &over_ethernet));
        assert_true(filter_accepts(filter, &raw));
    }
    bytes[0][sizeof ethernet + 23]++;
    bytes[1][23]++;
    assert_false(filter_accepts(filter, &over_ethernet));
    assert_false(filter_accepts(filter, &raw));
    filter_free(filter);
}

static void test_reads_no_further_than_captured(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct filter *filter = filter_create("tcp dst port 3333", NULL);
    struct frame frame = make_frame(bytes, 1);
    for (uint32_t length = 0; length <= frame.length; length++) {
        struct guarded guarded = guarded_copy(bytes, length);
        struct frame cut = frame;
        cut.data = guarded.bytes;
        cut.captured = length;
        assert_int_equal(filter_accepts(filter, &cut), length >= sizeof ethernet + 24);
        guarded_free(&guarded);
    }
    filter_free(filter);
}

static void test_errors(void **state)
{
    (void)state;
    struct error error = {0};
    struct filter *filter = filter_create("tcp port", &error);
    assert_false(filter_prepare(filter, 1, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_non_null(strstr(error.text, "\"tcp port\" on packets of link type 1 (EN10MB): "));
    assert_false(filter_prepare(filter, 1, &error));
    filter_free(filter);
    filter_free(NULL);
}

/* An expression that only one link type has: packets of the other are refused, which is said once. */
static void test_expression_of_one_link_type(void **state)
{
    (void)state;
    uint8_t bytes[2][64];
    struct filter *filter = filter_create("ether host 02:00:00:00:00:01", NULL);
    struct frame over_ethernet = make_frame(bytes[0], 1), raw = make_frame(bytes[1], 101);
    assert_true(filter_prepare(filter, 1, NULL));
    struct log_grab grab = log_grab_begin();
    for (int i = 0; i < 3; i++) {
        assert_true(filter_accepts(filter, &over_ethernet));
        assert_false(filter_accepts(filter, &raw));
    }
    char *log = log_grab_end(&grab);
    assert_non_null(strstr(log, "link type 101 (RAW)"));
    assert_int_equal(strchr(log, '\n') - log, strlen(log) - 1);
    free(log);
    filter_free(filter);
}

static void test_bounds_link_types(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct filter *filter = filter_create("len > 0", NULL);
    struct frame frame = make_frame(bytes, 1);
    struct log_grab grab = log_grab_begin();
    size_t accepted = 0;
    for (uint16_t i = 147; i < 400; i++) {
        frame.link_type = i;
        accepted += filter_accepts(filter, &frame);
    }
    free(log_grab_end(&grab));
    assert_in_range(accepted, 1, 32);
    filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_follows_link_type),
        cmocka_unit_test(test_reads_no_further_than_captured),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_expression_of_one_link_type),
        cmocka_unit_test(test_bounds_link_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
