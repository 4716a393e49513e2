// SPDX-License-Identifier: Apache-2.0
/*
 * A worker: one thread that takes packets from a capture through decoder, flow table and inspector. It shares
 * nothing with others; what it finds it writes to its own end of the queue of reports.
 *
 * Several workers have the flows between them: live, each has its own sockets and the kernel keeps a flow's
 * packets together (capture/fanout.h); files are read once for all, and each passes over what is another's
 * (capture/shared_files.c, decode/share.h).
 */
#ifndef WORKER_H
#define WORKER_H

#include "base/error.h"
#include "capture/capture.h"
#include "config/config.h"
#include "inspect/report_queue.h"

struct dialect_exchange;
struct worker;

struct worker_options {
    const struct config *config;   /* outlives the worker */
    struct capture *capture;       /* the worker's own; borrowed */
    struct report_writer *reports; /* the same */
    uint8_t number, count;         /* of this worker, from 0; of all of them, at least 1 */
    uint64_t share_secret;         /* the same for all workers */
};

struct worker *worker_create(const struct worker_options *options, struct error *error);
void worker_free(struct worker *worker); /* NULL is fine */

/* The body of its thread: until the capture ends, fails or is stopped. The last report is written then. */
void worker_run(struct worker *worker);

/* After worker_run(): whether the capture failed, and why. */
bool worker_failed(const struct worker *worker, struct error *error);

/* After worker_run(): whether no packet was tracked; whether that is because of frames that nobody can read,
 * with a sentence that says so (the first worker knows). */
bool worker_saw_nothing(const struct worker *worker);
bool worker_explain_nothing(const struct worker *worker, struct error *error);

/* Any thread: statistics are reported soon (live). */
void worker_request_statistics(struct worker *worker);

/* Any thread: a number that moves while the worker does. */
uint64_t worker_beats(const struct worker *worker);

/* Where dialects are handed over. */
struct dialect_exchange *worker_dialects(struct worker *worker);

#endif
