// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_silence.h"

#include "flow/flow_table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SECOND   INT64_C(1000000)
#define TO_START (INT64_C(1700000000) * SECOND)

static void test_silence(void **state)
{
    (void)state;
    struct packet_clock clock = {.started = true, .now_us = TO_START};
    struct flow flow = {.last_us = TO_START - 5 * SECOND};
    assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us), 5 * SECOND);
    assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us + 1), 5 * SECOND + 1);

    flow_note_clock(&flow, &clock, flow.last_us); /* the packet was late, the flow speaks now */
    assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us), 0);
    flow.last_us = 0;
    flow.late = false;
    flow_note_clock(&flow, &clock, 0); /* a clock that was never set */
    assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us), 0);

    flow = (struct flow){.last_us = TO_START + 3600 * SECOND};
    flow_note_clock(&flow, &clock, flow.last_us); /* the first of those that say the clock was set */
    assert_int_equal(flow_silence_us(&flow, &clock, flow.last_us + 3), 3);
}

static void test_silence_across_steps_back(void **state)
{
    (void)state;
    struct packet_clock clock = {.started = true, .now_us = TO_START};
    struct flow flow = {.last_us = TO_START - 20 * SECOND};
    for (int packet = 0; packet < 3; packet++)
        packet_clock_follow(&clock, TO_START - 3600 * SECOND);
    assert_int_equal(clock.now_us, TO_START - 3600 * SECOND);
    assert_int_equal(clock.steps_back, 1);
    assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us), 20 * SECOND);
    assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us + 30 * SECOND), 30 * SECOND);
    for (int packet = 0; packet < 3; packet++)
        packet_clock_follow(&clock, TO_START - 7200 * SECOND);
    assert_true(flow_silence_us(&flow, &clock, clock.now_us) > 1000000 * SECOND);
    flow_note_clock(&flow, &clock, clock.now_us);
    flow.last_us = clock.now_us;
    assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us), 0);
}

/* The flow has room for 16 bits of it. */
static void test_silence_across_very_many_steps_back(void **state)
{
    (void)state;
    struct packet_clock clock = {.started = true, .now_us = TO_START};
    const struct flow flow = {.last_us = TO_START};
    for (int64_t steps = 1; steps < 1 << 16; steps++) {
        for (int packet = 0; packet < 3; packet++)
            packet_clock_follow(&clock, TO_START - steps * 61 * SECOND);
        assert_int_equal(clock.steps_back, steps);
        assert_int_equal(flow_silence_us(&flow, &clock, clock.now_us) == INT64_MAX, steps > 1);
    }
}

static void test_the_clock(void **state)
{
    (void)state;
    static const struct {
        int64_t at[5], now;
    } cases[] = {
        {{0, 10, 59, 30, 60}, 60},             /* ahead at once, late ones do not turn it back */
        {{0, 3600, 1, 3600, 2}, 2},            /* odd ones */
        {{0, 3600, 3601, 3602, 3603}, 3603},   /* three in a row: it was set */
        {{0, 3600, -30, 3601, 3602}, 0},       /* a late one in between: not in a row */
        {{0, 3600, -3600, 3601, -3601}, 0},    /* nor do they agree */
        {{0, -3600, -3599, -3598, 3}, -3598},  /* back, to the nearest */
        {{0, 7200, 3600, 86400, 3601}, 3601},  /* on, to the nearest */
        {{0, -59, -60, -61, -62}, 0},          /* too few */
        {{0, -1700000000, 1, INT32_MIN, 2}, 2} /* before 1970 as well */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct packet_clock clock = {.now_us = PACKET_CLOCK_UNSET_US};
        for (size_t j = 0; j < 5; j++)
            packet_clock_follow(&clock, packet_clock_sane(TO_START + cases[i].at[j] * SECOND));
        assert_int_equal((clock.now_us - TO_START) / SECOND, cases[i].now);
    }
}

static void test_a_clock_that_begins_in_1970(void **state)
{
    (void)state;
    struct packet_clock clock = {.now_us = PACKET_CLOCK_UNSET_US};
    assert_int_equal(packet_clock_follow(&clock, 0), PACKET_CLOCK_BEGAN);
    assert_int_equal(packet_clock_follow(&clock, 7), PACKET_CLOCK_FOLLOWED);
    assert_int_equal(clock.now_us, 7);
}

/* ---- all flows of a table ---- */

static void on_ended(void *context, struct flow *flow, enum flow_end why, int64_t now_us)
{
    (void)context;
    (void)flow;
    (void)now_us;
    assert_int_not_equal(why, FLOW_END_EVICTED);
}

static struct flow_table *make(void)
{
    static const struct flow_limits limits = {.max_flows = 10000,
                                              .new_timeout_s = 30,
                                              .tcp_timeout_s = 300,
                                              .other_timeout_s = 60,
                                              .closed_timeout_s = 10,
                                              .mining_timeout_s = 900};
    static const uint8_t secret[16] = {1};
    struct flow_table *table = flow_table_create(&limits, secret, on_ended, NULL, NULL);
    assert_non_null(table);
    return table;
}

static uint32_t next(uint32_t *random)
{
    *random = *random * 1664525 + 1013904223; /* a linear congruential generator is random enough */
    return *random >> 8;
}

/* Of a few flows that open, speak and close. */
static struct packet packet_of(uint32_t what, const struct frame *frame)
{
    static const uint8_t flags[] = {TCP_SYN, TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK, TCP_RST};
    bool back = what & 1, udp = what & 2;
    uint16_t client = (uint16_t)(40000 + what / 4 % 16);
    struct packet packet = {.frame = frame,
                            .ip_version = 4,
                            .protocol = udp ? PROTOCOL_UDP : PROTOCOL_TCP,
                            .source_port = back ? 53 : client,
                            .destination_port = back ? client : 53,
                            .tcp_flags = udp ? 0 : flags[what / 64 % sizeof flags]};
    packet.source.bytes[15] = back;
    packet.destination.bytes[15] = !back;
    packet.inner = *frame;
    return packet;
}

static struct flow *speak(struct flow_table *table, const struct packet *packet, bool guessed)
{
    struct flow_lookup lookup;
    enum direction direction;
    flow_table_prepare(table, packet, &lookup);
    if (guessed)
        flow_table_prefetch(table, &lookup);
    return flow_table_get(table, packet, &lookup, &direction);
}

static int64_t jump(uint32_t *random, int64_t *time_us)
{
    static const int64_t jumps[] = {-86400, -3600, -90, -61, -30, -5, 1, 5, 30, 61, 90, 3600, 86400};
    int64_t jump_us = jumps[next(random) % (sizeof jumps / sizeof *jumps)] * SECOND;
    if (next(random) % 2 == 0)
        return *time_us + jump_us; /* a single one */
    *time_us += jump_us;
    return *time_us;
}

/* Of two tables one looks at each packet for what timed out, the other never does. */
static void test_it_does_not_matter_when_the_wheel_comes(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 100; seed++) {
        struct flow_table *turned = make(), *still = make();
        uint32_t random = seed, splits = 0;
        int64_t time_us = TO_START;
        for (int i = 0; i < 2000; i++) {
            struct frame frame = {.time_us = time_us += next(&random) % 400000, .length = 60};
            if (next(&random) % 50 == 0)
                frame.time_us = jump(&random, &time_us);
            struct packet packet = packet_of(next(&random), &frame);
            const struct flow *one = speak(turned, &packet, true), *other = speak(still, &packet, false);
            assert_int_equal(one->first_us, other->first_us);
            assert_int_equal(one->packets[TO_SERVER], other->packets[TO_SERVER]);
            assert_int_equal(one->packets[TO_CLIENT], other->packets[TO_CLIENT]);
            splits += i > 500 && one->packets[TO_SERVER] + one->packets[TO_CLIENT] == 1;
            flow_table_advance(turned, flow_table_now(turned));
        }
        assert_true(splits > 10);
        flow_table_free(turned);
        flow_table_free(still);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_silence_across_steps_back),
        cmocka_unit_test(test_silence_across_very_many_steps_back),
        cmocka_unit_test(test_the_clock),
        cmocka_unit_test(test_a_clock_that_begins_in_1970),
        cmocka_unit_test(test_it_does_not_matter_when_the_wheel_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
