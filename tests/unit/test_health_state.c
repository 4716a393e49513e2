// SPDX-License-Identifier: Apache-2.0
#include "health/health_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { STALL_MS = 1000 };

static void expect(const struct health_state *state, int64_t now_ms, const char *wanted)
{
    char reason[128] = "?";
    bool fine = health_state_judge(state, now_ms, reason, sizeof reason);
    assert_int_equal(fine, wanted == NULL);
    assert_string_equal(reason, wanted == NULL ? "" : wanted);
}

static struct health_sample sample(uint64_t first, uint64_t second, uint64_t verdict)
{
    return (struct health_sample){.beats = {first, second, verdict}, .beat_count = 3, .packets = first};
}

static void it_starts_runs_and_drains(void **state)
{
    (void)state;
    struct health_state health;
    health_state_init(&health, STALL_MS, 5000);
    expect(&health, 5000, "the sensor is starting");
    health.phase = HEALTH_RUNNING;
    expect(&health, 5000, NULL);
    health.phase = HEALTH_DRAINING;
    expect(&health, 5000, "the sensor is ending: it delivers what it has and takes no more packets");
}

static void each_thread_must_move(void **state)
{
    (void)state;
    struct health_state health;
    struct health_sample now = sample(1, 1, 1);
    health_state_init(&health, STALL_MS, 0);
    health.phase = HEALTH_RUNNING;
    health_state_take(&health, &now, 100);
    now = sample(2, 1, 2);
    health_state_take(&health, &now, 1100);
    expect(&health, 1100, NULL); /* just in time */
    now = sample(3, 1, 3);
    health_state_take(&health, &now, 1200);
    expect(&health, 1200, "capture thread 2 has not moved for 1 s");
    now = sample(4, 2, 3);
    health_state_take(&health, &now, 2300);
    expect(&health, 2300, "the verdict thread has not moved for 1 s");
    now = sample(4, 3, 4);
    health_state_take(&health, &now, 3500);
    expect(&health, 3500, "capture thread 1 has not moved for 1 s");
    now = sample(0, 4, 5); /* a number that wraps moves too */
    health_state_take(&health, &now, 3600);
    expect(&health, 3600, NULL);
    expect(&health, 6700, "the main thread has not moved for 3 s");
}

static void more_threads_than_there_is_room_for(void **state)
{
    (void)state;
    struct health_state health;
    struct health_sample now = {.beat_count = HEALTH_MAX_THREADS + 9};
    health_state_init(&health, STALL_MS, 0);
    health.phase = HEALTH_RUNNING;
    health_state_take(&health, &now, 10);
    assert_int_equal(health.sample.beat_count, HEALTH_MAX_THREADS);
    expect(&health, 10, NULL);
}

static void the_answer_is_json(void **state)
{
    (void)state;
    struct health_state health;
    struct json_writer writer;
    struct health_sample now = {.beats = {1, 1}, .beat_count = 2, .packets = 7, .drops = 2};
    health_state_init(&health, STALL_MS, 1000);
    health.phase = HEALTH_RUNNING;
    json_writer_init(&writer);
    assert_true(health_state_write(&health, 3000 - STALL_MS, 99, &writer));
    assert_string_equal(json_writer_text(&writer),
                        "{\"status\":\"ok\",\"phase\":\"running\",\"time\":99,\"uptime_s\":1,"
                        "\"packets\":0,\"drops\":0}");
    json_writer_reset(&writer);
    health_state_take(&health, &now, 2000);
    assert_false(health_state_write(&health, 5000, 99, &writer));
    assert_string_equal(
        json_writer_text(&writer),
        "{\"status\":\"failing\",\"phase\":\"running\",\"reason\":\"the main thread has not moved for 3 "
        "s\",\"time\":99,\"uptime_s\":4,\"packets\":7,\"drops\":2,\"last_packet_s\":3}");
    json_writer_done(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_runs_and_drains),
        cmocka_unit_test(each_thread_must_move),
        cmocka_unit_test(more_threads_than_there_is_room_for),
        cmocka_unit_test(the_answer_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
