// SPDX-License-Identifier: Apache-2.0
#include "inspect/report_queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { RUN = 64 }; /* reports of one worker in a row: those behind one another are judged faster */

struct report_queue {
    struct bell *bell;
    bool (*read)(void *context); /* by writers; NULL: a thread of its own reads */
    void *context;
    pthread_mutex_t reading; /* whoever does */
    bool in_order;
    size_t count, ended, current; /* workers; those that ended; whose report was looked at */
    size_t expiries;              /* reports that were read of what ended because of its time */
    const struct report *report;  /* that one, until it is released */
    struct {
        struct report_writer writer;
        bool ended;
        uint64_t reached; /* when it was asked last */
    } workers[REPORT_QUEUE_MAX_WORKERS];
};

struct report_queue *report_queue_create(size_t workers, size_t bytes, bool in_order, struct error *error)
{
    struct report_queue *queue = aligned_alloc(64, sizeof *queue);
    if (queue == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the queue of reports");
        return NULL;
    }
    *queue = (struct report_queue){.in_order = in_order, .reading = PTHREAD_MUTEX_INITIALIZER};
    queue->bell = bell_create(error);
    for (size_t i = 0; i < workers && queue->bell != NULL; i++) {
        queue->workers[i].writer = (struct report_writer){.ring = ring_create(bytes, error), .queue = queue};
        if (queue->workers[i].writer.ring == NULL)
            break;
        queue->count++;
    }
    if (queue->bell != NULL && queue->count == workers)
        return queue;
    report_queue_free(queue);
    return NULL;
}

void report_queue_free(struct report_queue *queue)
{
    if (queue == NULL)
        return;
    for (size_t i = 0; i < queue->count; i++)
        ring_free(queue->workers[i].writer.ring);
    bell_free(queue->bell);
    pthread_mutex_destroy(&queue->reading);
    free(queue);
}

size_t report_queue_workers(const struct report_queue *queue)
{
    return queue->count;
}

struct report_writer *report_queue_writer(struct report_queue *queue, size_t worker)
{
    return &queue->workers[worker].writer;
}

void report_queue_read_by_writers(struct report_queue *queue, bool (*read)(void *context), void *context)
{
    queue->read = read;
    queue->context = context;
}

bool report_writer_flush(struct report_writer *writer)
{
    struct report_queue *queue = writer->queue;
    if (queue->read == NULL) {
        bell_ring(queue->bell);
        return false;
    }
    if (pthread_mutex_trylock(&queue->reading) != 0)
        return false;
    bool any = queue->read(queue->context);
    pthread_mutex_unlock(&queue->reading);
    return any;
}

void report_writer_wait(struct report_writer *writer)
{
    if (!report_writer_flush(writer))
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

/* Whether a worker's report goes before the first one of those before it. A frame's packet is one worker's;
 * times come in the workers' order. What ended because of its time is all workers', in whatever order: by
 * turns, or one would stand still until the others have told of all that they had. */
static bool goes_before(const struct report_queue *queue, size_t worker, const struct report *report,
                        const struct report *first)
{
    if (first == NULL || report->order != first->order)
        return first == NULL || report->order < first->order;
    return report_is_of_expiry(report) && queue->expiries / RUN % queue->count == worker;
}

/* Asks those of whom no report is known any more. Each answer comes from that worker's core. */
static void ask(struct report_queue *queue)
{
    size_t length;
    for (size_t i = 0; i < queue->count; i++) {
        struct report_writer *writer = &queue->workers[i].writer;
        if (queue->workers[i].ended || ring_peek_seen(writer->ring, &length) != NULL)
            continue;
        queue->workers[i].reached = atomic_load_explicit(&writer->reached, memory_order_acquire);
        (void)ring_peek(writer->ring, &length); /* sees what was written before that place was reached */
    }
}

/* The first report that is known, unless somebody may still come with one before it. */
static const struct report *first_known(struct report_queue *queue)
{
    const struct report *first = NULL;
    size_t length;
    uint64_t limit = UINT64_MAX; /* who has no report may still come with one from here on */
    for (size_t i = 0; i < queue->count; i++) {
        if (queue->workers[i].ended)
            continue;
        const struct report *report = ring_peek_seen(queue->workers[i].writer.ring, &length);
        if (report == NULL && queue->in_order && queue->workers[i].reached < limit)
            limit = queue->workers[i].reached;
        if (report == NULL || !goes_before(queue, i, report, first))
            continue;
        first = report;
        queue->current = i;
    }
    return first != NULL && first->order < limit ? first : NULL;
}

const struct report *report_queue_peek(struct report_queue *queue, size_t *worker)
{
    queue->report = queue->in_order ? first_known(queue) : NULL;
    if (queue->report == NULL) {
        ask(queue);
        queue->report = first_known(queue);
    }
    *worker = queue->current;
    if (queue->report != NULL && queue->count > 1)
        ring_prefetch_behind(queue->workers[queue->current].writer.ring);
    return queue->report;
}

const struct report *report_queue_behind(const struct report_queue *queue)
{
    return ring_peek_behind(queue->workers[queue->current].writer.ring);
}

void report_queue_release(struct report_queue *queue)
{
    if (queue->report->type == REPORT_END) {
        queue->workers[queue->current].ended = true;
        queue->ended++;
    }
    queue->expiries += report_is_of_expiry(queue->report);
    queue->report = NULL;
    ring_release(queue->workers[queue->current].writer.ring);
}

bool report_queue_ended(const struct report_queue *queue)
{
    return queue->ended == queue->count;
}

static bool has_report(struct report_queue *queue)
{
    size_t ignored;
    return report_queue_peek(queue, &ignored) != NULL || report_queue_ended(queue);
}

void report_queue_wait(struct report_queue *queue, int timeout_ms)
{
    bell_listen(queue->bell);
    if (!has_report(queue))
        bell_sleep(queue->bell, timeout_ms);
    bell_ignore(queue->bell);
}
