// SPDX-License-Identifier: Apache-2.0
#include "verdict/quality.h"

#include "verdict/event.h"

struct row {
    const char *fault, *words, *advice;
    uint64_t (*count)(const struct sensor_statistics *statistics);
    uint64_t (*whole)(const struct sensor_statistics *statistics);
    uint64_t least;    /* of the whole: with less nothing is said */
    double fair, poor; /* shares from which on the level is this */
};

static uint64_t lost(const struct sensor_statistics *statistics)
{
    return statistics->capture.kernel_drops + statistics->capture.interface_drops;
}

static uint64_t sent(const struct sensor_statistics *statistics)
{
    return statistics->capture.frames + lost(statistics);
}

static uint64_t frames(const struct sensor_statistics *statistics)
{
    return statistics->capture.frames;
}

static uint64_t one_sided(const struct sensor_statistics *statistics)
{
    return statistics->flow.tcp_one_sided;
}

static uint64_t connections(const struct sensor_statistics *statistics)
{
    return statistics->flow.tcp_ended;
}

static uint64_t copies(const struct sensor_statistics *statistics)
{
    return statistics->copies;
}

static uint64_t gaps(const struct sensor_statistics *statistics)
{
    return statistics->reassembly.gaps;
}

static uint64_t early(const struct sensor_statistics *statistics)
{
    return statistics->reassembly.segments_early;
}

static uint64_t segments(const struct sensor_statistics *statistics)
{
    return statistics->reassembly.segments;
}

static uint64_t cut(const struct sensor_statistics *statistics)
{
    return statistics->cut_frames;
}

static uint64_t unreadable(const struct sensor_statistics *statistics)
{
    const uint64_t *results = statistics->decode.results;
    return results[DECODE_TRUNCATED] + results[DECODE_MALFORMED] + results[DECODE_TOO_DEEP] +
           results[DECODE_UNSUPPORTED];
}

static uint64_t clock_steps(const struct sensor_statistics *statistics)
{
    return statistics->flow.clock_steps_back;
}

enum { SOME_PACKETS = 1000, SOME_CONNECTIONS = 20 };

static const struct row rows[QUALITY_FAULTS] = {
    {"drops", "packets were lost before they were read",
     "Give the sensor a larger buffer (capture.buffer-size), more workers (capture.threads) or less traffic "
     "(--capture-filter).",
     lost, sent, 1, 1e-9, 1e-3},
    {"one_sided", "connections were seen in one direction only",
     "Mirror both directions, and send both to the same sensor; on a SPAN port ask for \"both\", behind a "
     "load balancer "
     "turn on flow stickiness.",
     one_sided, connections, SOME_CONNECTIONS, 0.05, 0.3},
    {"duplicates", "packets were seen twice and counted once",
     "Mirror each conversation at one end only, or at one port of the switch: copies cost the mirror's "
     "bandwidth.",
     copies, frames, SOME_PACKETS, 0.01, 0.4},
    {"gaps", "gaps were met in what connections carried",
     "The mirror loses packets before they reach the sensor: look at its counters and at the bandwidth of "
     "what it copies.",
     gaps, segments, SOME_PACKETS, 1e-3, 1e-2},
    {"truncated", "packets were captured only in part",
     "Raise the MTU of the sensor's interface above that of the mirrored machines by the size of the "
     "tunnel's headers, "
     "or the mirror's packet length, or capture.snapshot-length.",
     cut, frames, SOME_PACKETS, 1e-3, 1e-2},
    {"reordered", "segments came before others that were sent earlier",
     "A load balancer spreads one connection's packets: that is borne, but raise reassembly.direction-memory "
     "where gaps "
     "are told as well.",
     early, segments, SOME_PACKETS, 0.02, 0.3},
    {"unreadable", "packets could not be decoded",
     "See the counters decoder.truncated, malformed and unsupported: a tunnel on a port that tunnels.ports "
     "does not name, "
     "or a damaged mirror.",
     unreadable, frames, SOME_PACKETS, 0.01, 0.1},
    {"clock_steps", "times the packets' clock went back",
     "Set the clocks of what captures by NTP; captures that are read together should be given in the order "
     "of time.",
     clock_steps, frames, SOME_PACKETS, 1e-9, 1e-3},
};

void quality_assess(const struct sensor_statistics *statistics, struct quality faults[static QUALITY_FAULTS])
{
    for (int i = 0; i < QUALITY_FAULTS; i++) {
        const struct row *row = &rows[i];
        struct quality *quality = &faults[i];
        *quality = (struct quality){.fault = row->fault,
                                    .words = row->words,
                                    .advice = row->advice,
                                    .count = row->count(statistics),
                                    .whole = row->whole(statistics)};
        if (quality->whole == 0)
            continue;
        quality->share = (double)quality->count / (double)quality->whole;
        if (quality->whole >= row->least && quality->count > 0)
            quality->level = quality->share >= row->poor   ? QUALITY_POOR
                             : quality->share >= row->fair ? QUALITY_FAIR
                                                           : QUALITY_GOOD;
    }
}

const char *quality_level_name(enum quality_level level)
{
    static const char *const names[QUALITY_LEVEL_COUNT] = {"good", "fair", "poor"};
    return names[level];
}
