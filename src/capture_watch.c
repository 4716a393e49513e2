// SPDX-License-Identifier: Apache-2.0
#include "capture_watch.h"

#include "base/clock.h"
#include "base/humanise.h"
#include "base/log.h"

#include <stdio.h>
#include <time.h>

enum {
    EVERY_MS = 60000,
    LOOKS = 2,
    LATE_US = 1000000, /* an alert is promised within a second of its packet */
    FULL_PERMILLE =
        900, /* what the kernel has not given back yet counts as a quarter at most; see listen.c */
    ADVICE_SIZE = 500,
    WHAT_SIZE = 200,
};

static void describe_losses(uint64_t kernel, uint64_t interface, uint64_t read, char *text, size_t size)
{
    char lost[HUMANISE_SIZE], of[HUMANISE_SIZE];
    snprintf(text, size, "%s of %s packets were lost%s", humanise_count(kernel + interface, lost),
             humanise_count(kernel + interface + read, of),
             interface == 0 ? " because geophone was late"
             : kernel == 0  ? " by the interface"
                            : ", by the interface too");
}

static bool describe_pressure(const struct capture_pressure *pressure, char *text, size_t size)
{
    char lag[HUMANISE_SIZE];
    if (pressure->queue_permille >= FULL_PERMILLE) {
        snprintf(text, size, "the buffer of a socket is full to %lld %%",
                 (long long)pressure->queue_permille / 10);
        return true;
    }
    if (pressure->lag_us < LATE_US)
        return false;
    snprintf(text, size, "packets wait for %s before they are read",
             humanise_duration(pressure->lag_us, lag));
    return true;
}

static void advise(const struct config *config, bool interface, bool late, char *text, size_t size)
{
    int length = 0;
    if (late)
        length =
            snprintf(text, size,
                     "raise capture.threads (now %llu) or take less (--capture-filter) where this goes on, "
                     "capture.buffer-size (now %llu MiB for each) where it comes in bursts",
                     (unsigned long long)config->capture.threads,
                     (unsigned long long)config->capture.buffer_size >> 20);
    if (interface && length >= 0 && (size_t)length < size)
        snprintf(text + length, size - (size_t)length,
                 "%sgive the interface larger rings (ethtool -G); geophone --check-host shows how",
                 late ? "; " : "");
}

bool capture_watch_judge(struct capture_watch *watch, const struct config *config,
                         const struct capture_statistics *statistics, const struct capture_pressure *pressure,
                         int64_t now_ms, char *text, size_t size)
{
    char what[WHAT_SIZE], advice[ADVICE_SIZE];
    uint64_t kernel = statistics->kernel_drops - watch->told.kernel_drops;
    uint64_t interface = statistics->interface_drops - watch->told.interface_drops;
    bool lost = kernel + interface > 0, pressed = describe_pressure(pressure, what, sizeof what);
    watch->pressed = pressed ? watch->pressed + 1 : 0;
    if (!lost && watch->pressed < LOOKS) /* what it leads to may not have been counted yet */
        return false;
    if (watch->has_told && now_ms - watch->told_ms < EVERY_MS && (!lost || watch->told_losses))
        return false;
    if (lost)
        describe_losses(kernel, interface, statistics->frames - watch->told.frames, what, sizeof what);
    advise(config, interface > 0, kernel > 0 || !lost, advice, sizeof advice);
    snprintf(text, size, "%s: mining may be missed%s; %s", what, lost ? "" : " soon", advice);
    *watch = (struct capture_watch){*statistics, now_ms, true, lost, 0};
    return true;
}

void capture_watch_look(struct capture_watch *watch, const struct config *config,
                        struct capture *const *captures, size_t count)
{
    char text[WHAT_SIZE + ADVICE_SIZE + 50];
    struct capture_statistics sum = {0};
    struct capture_pressure worst = {-1, -1};
    for (size_t i = 0; i < count; i++) {
        struct capture_statistics statistics;
        struct capture_pressure pressure;
        capture_get_statistics(captures[i], &statistics);
        capture_get_pressure(captures[i], &pressure);
        capture_pressure_add(&worst, &pressure);
        sum.frames += statistics.frames;
        sum.kernel_drops += statistics.kernel_drops;
        sum.interface_drops += statistics.interface_drops;
    }
    int64_t now_ms = clock_us(CLOCK_MONOTONIC_COARSE) / 1000;
    if (capture_watch_judge(watch, config, &sum, &worst, now_ms, text, sizeof text))
        log_warning("capture", "%s", text);
}
