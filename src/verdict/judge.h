// SPDX-License-Identifier: Apache-2.0
/*
 * The verdict thread: takes the workers' reports, joins them with what is known (names from DNS, pool lists,
 * geography), weighs the facts, keeps incidents, and shows events to the sinks. It owns all of these; nothing
 * else touches them.
 *
 * An alert is made with the first sufficient evidence. It waits for at most alert.settle-ms of packet time
 * for the login and the pool's answer, so that one complete alert leaves instead of three; it does not wait
 * once both are there. One that waits for no time (0) leaves live as soon as no report is left, of a file
 * with the next time stamp. A further alert for the same flow comes only when its verdict rises to another
 * class, or, once, when its dialect turns out to be another.
 */
#ifndef VERDICT_JUDGE_H
#define VERDICT_JUDGE_H

#include "base/error.h"
#include "capture/capture.h"
#include "config/config.h"
#include "inspect/report_queue.h"
#include "verdict/event.h"

struct judge;

/* Where events go: sinks_emit() and its like, without this folder knowing sinks. */
struct judge_outlet {
    void *context;
    void (*emit)(void *context, struct event *event);
    void (*tick)(void *context);
    void (*reopen)(void *context);
    /* adds what sinks lost and what waits in them */
    void (*add_statistics)(void *context, struct sensor_statistics *statistics);
};

/* `config`, `capture`, `reports` and the outlet's context must outlive the judge. Loads the signatures and
 * databases. */
struct judge *judge_create(const struct config *config, const struct capture *capture,
                           struct report_queue *reports, const struct judge_outlet *outlet,
                           struct error *error);
void judge_free(struct judge *judge);

/* Runs until the last worker's last report; then closes all incidents. The body of the verdict thread. */
void judge_run(struct judge *judge);
/* Takes reports that are there, and waits for none: where a worker does the verdict's work between its own.
 * Not more than some: whoever took all that others go on to write would come to its own work when they are
 * done. Returns whether there was any. judge_run() comes last all the same. */
bool judge_take_some(struct judge *judge);

/* From any thread: load the signatures and databases again (keeping the old where that fails), and reopen
 * files. `config` takes the place of the configuration from then on, as far as the verdict thread follows it;
 * it must outlive the judge, or the next but one request. */
void judge_request_reload(struct judge *judge, const struct config *config);
/* From any thread: write statistics with the next report. */
void judge_request_statistics(struct judge *judge);

/* After judge_run(): whether mining was found (a verdict of likely or better). */
bool judge_found_mining(const struct judge *judge);

#endif
