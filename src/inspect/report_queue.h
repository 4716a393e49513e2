// SPDX-License-Identifier: Apache-2.0
/*
 * The reports of all workers as one queue: a ring for each worker, which writes to it, and one reader, which
 * is a thread of its own, or whichever worker has come to where it is well done. Where captures are read
 * every worker is waited for, so that reports come in the order of the frames that caused them, however many
 * workers there are. Live, who has nothing to say is not waited for.
 */
#ifndef INSPECT_REPORT_QUEUE_H
#define INSPECT_REPORT_QUEUE_H

#include "base/bell.h"
#include "base/ring.h"
#include "inspect/report.h"

#include <stdatomic.h>

enum { REPORT_QUEUE_MAX_WORKERS = 64 };

struct report_queue;

/* What is reported of frame after frame, by whichever worker: first what its packet brought, then what ended
 * because of its time, then that time itself. Each phase has its place in the order. */
enum report_phase { REPORT_OF_PACKET, REPORT_OF_EXPIRY, REPORT_OF_TIME, REPORT_PHASES };

static inline bool report_is_of_expiry(const struct report *report)
{
    return report->order % REPORT_PHASES == REPORT_OF_EXPIRY;
}

/* One worker's end of the queue. */
struct report_writer {
    struct ring *ring;
    struct report_queue *queue;
    uint64_t order; /* of what is worked on; set by the worker */
    /* no report before this place in the order will come any more; read by the reader, so apart */
    _Alignas(64) _Atomic uint64_t reached;
};

/* `bytes` is the memory of each ring. */
struct report_queue *report_queue_create(size_t workers, size_t bytes, bool in_order, struct error *error);
void report_queue_free(struct report_queue *queue); /* NULL is fine */

size_t report_queue_workers(const struct report_queue *queue);

/* Lives as long as the queue; used by one thread. */
struct report_writer *report_queue_writer(struct report_queue *queue, size_t worker);

/* Before the workers begin: they read, too, one at a time, what all have written. `read` takes some of what
 * is there, and says whether anything was. Then reports are read while they are in the processor's cache, and
 * nobody is woken. */
void report_queue_read_by_writers(struct report_queue *queue, bool (*read)(void *context), void *context);

/* Writer: from here on it reports nothing before `order`. Others are not kept waiting by who has nothing to
 * say: they may have frames that it waits for (capture/shared_files.c). */
static inline void report_writer_reach(struct report_writer *writer, uint64_t order)
{
    atomic_store_explicit(&writer->reached, order, memory_order_release);
}

/* Writer: has what was written read: soon, by the thread that reads or by another writer who is at it, or
 * before this returns: some of it, which is told. */
bool report_writer_flush(struct report_writer *writer);
/* Writer, whose ring is full: the same; there may be room afterwards, or only when others have come as far.
 */
void report_writer_wait(struct report_writer *writer);

/* Reader: the next report and whose it is; NULL where there is none yet, or there will be none any more. It
 * stays valid until report_queue_release(). REPORT_END of a worker is passed on like others. */
const struct report *report_queue_peek(struct report_queue *queue, size_t *worker);
/* The one that the same worker wrote behind it, where it is there already: for what is done ahead of its
 * turn. */
const struct report *report_queue_behind(const struct report_queue *queue);
void report_queue_release(struct report_queue *queue);
bool report_queue_ended(const struct report_queue *queue); /* all workers have ended, all reports are read */
/* Reader: sleeps until a worker rings or `timeout_ms` have passed. */
void report_queue_wait(struct report_queue *queue, int timeout_ms);

#endif
