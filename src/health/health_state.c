// SPDX-License-Identifier: Apache-2.0
#include "health/health_state.h"

#include <stdio.h>

void health_state_init(struct health_state *state, int64_t stall_after_ms, int64_t now_ms)
{
    *state = (struct health_state){.stall_after_ms = stall_after_ms, .started_ms = now_ms, .told_ms = now_ms};
    for (size_t i = 0; i < HEALTH_MAX_THREADS; i++)
        state->moved_ms[i] = now_ms;
}

void health_state_take(struct health_state *state, const struct health_sample *sample, int64_t now_ms)
{
    size_t count = sample->beat_count < HEALTH_MAX_THREADS ? sample->beat_count : HEALTH_MAX_THREADS;
    for (size_t i = 0; i < count; i++)
        if (i >= state->sample.beat_count || sample->beats[i] != state->sample.beats[i])
            state->moved_ms[i] = now_ms;
    if (sample->packets != state->sample.packets)
        state->packet_ms = now_ms;
    state->sample = *sample;
    state->sample.beat_count = count;
    state->told_ms = now_ms;
}

static bool is_stalled(const struct health_state *state, int64_t moved_ms, int64_t now_ms)
{
    return now_ms - moved_ms > state->stall_after_ms;
}

bool health_state_judge(const struct health_state *state, int64_t now_ms, char *reason, size_t size)
{
    snprintf(reason, size, "%s", "");
    if (state->phase == HEALTH_STARTING)
        snprintf(reason, size, "the sensor is starting");
    else if (state->phase == HEALTH_DRAINING)
        snprintf(reason, size, "the sensor is ending: it delivers what it has and takes no more packets");
    else if (is_stalled(state, state->told_ms, now_ms))
        snprintf(reason, size, "the main thread has not moved for %lld s",
                 (long long)(now_ms - state->told_ms) / 1000);
    for (size_t i = 0; reason[0] == '\0' && i < state->sample.beat_count; i++) {
        long long still_s = (long long)(now_ms - state->moved_ms[i]) / 1000;
        if (!is_stalled(state, state->moved_ms[i], now_ms))
            continue;
        if (i + 1 == state->sample.beat_count)
            snprintf(reason, size, "the verdict thread has not moved for %lld s", still_s);
        else
            snprintf(reason, size, "capture thread %zu has not moved for %lld s", i + 1, still_s);
    }
    return reason[0] == '\0';
}

bool health_state_write(const struct health_state *state, int64_t now_ms, int64_t wall_s,
                        struct json_writer *writer)
{
    static const char *const phases[] = {"starting", "running", "draining"};
    char reason[128];
    bool fine = health_state_judge(state, now_ms, reason, sizeof reason);
    json_object(writer, NULL);
    json_string(writer, "status", fine ? "ok" : "failing");
    json_string(writer, "phase", phases[state->phase]);
    json_string_if(writer, "reason", reason);
    json_integer(writer, "time", wall_s);
    json_integer(writer, "uptime_s", (now_ms - state->started_ms) / 1000);
    json_unsigned(writer, "packets", state->sample.packets);
    json_unsigned(writer, "drops", state->sample.drops);
    if (state->packet_ms > 0)
        json_integer(writer, "last_packet_s", (now_ms - state->packet_ms) / 1000);
    json_object_end(writer);
    return fine;
}
