// SPDX-License-Identifier: Apache-2.0
/*
 * Whether live packets are lost, or will be soon: one warning that says what to do, at most once a minute.
 * (Losses are told although it was said within the minute that they are near.)
 */
#ifndef CAPTURE_WATCH_H
#define CAPTURE_WATCH_H

#include "capture/capture.h"
#include "config/config.h"

#include <stdbool.h>

struct capture_watch {
    struct capture_statistics told; /* as of the latest warning */
    int64_t told_ms;
    bool has_told, told_losses; /* not only that they are near */
    unsigned pressed;           /* looks in a row that found losses near */
};

/* All that all captures of the sensor say, at `now_ms` of a clock that is never set. True: `text` is the
 * warning.
 */
bool capture_watch_judge(struct capture_watch *watch, const struct config *config,
                         const struct capture_statistics *statistics, const struct capture_pressure *pressure,
                         int64_t now_ms, char *text, size_t size);

/* Asks the captures and logs the warning. Some times a second; any thread, but always the same. */
void capture_watch_look(struct capture_watch *watch, const struct config *config,
                        struct capture *const *captures, size_t count);

#endif
