// SPDX-License-Identifier: Apache-2.0
#include "base/bell.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct bell {
    int event;
    _Alignas(64) _Atomic bool listening;
};

struct bell *bell_create(struct error *error)
{
    struct bell *bell = aligned_alloc(64, sizeof *bell);
    int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell == NULL || event < 0) {
        error_set(error, STATUS_FAILED,
                  "cannot make threads wait for each other: out of memory or of file descriptors");
        if (event >= 0)
            close(event);
        free(bell);
        return NULL;
    }
    *bell = (struct bell){.event = event};
    return bell;
}

void bell_free(struct bell *bell)
{
    if (bell == NULL)
        return;
    close(bell->event);
    free(bell);
}

void bell_ring(struct bell *bell)
{
    /* both threads exchange `listening`, so one is first: who rings, and the other sees what there is before
     * it sleeps, or who sleeps, and the other sees that */
    if (atomic_exchange_explicit(&bell->listening, false, memory_order_acq_rel)) {
        uint64_t one = 1;
        ssize_t written = write(bell->event, &one, sizeof one);
        (void)written; /* full means: will wake anyway */
    }
}

void bell_listen(struct bell *bell)
{
    atomic_exchange_explicit(&bell->listening, true, memory_order_acq_rel);
}

void bell_sleep(struct bell *bell, int timeout_ms)
{
    struct pollfd event = {.fd = bell->event, .events = POLLIN};
    poll(&event, 1, timeout_ms);
}

void bell_ignore(struct bell *bell)
{
    atomic_store_explicit(&bell->listening, false, memory_order_relaxed);
    uint64_t count;
    ssize_t got = read(bell->event, &count, sizeof count);
    (void)got; /* nothing to read: nobody rang */
}
