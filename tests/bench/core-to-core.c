// SPDX-License-Identifier: Apache-2.0
// How long a cache line takes from one core to another: two threads, each on a core of its own, hand a number
// to and fro. Prints the best of five tries in nanoseconds, one way: some 20 to 60 within a processor,
// several hundred between two of them, which is what several workers pay for all that they have in common.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { TRIES = 5, TURNS = 200000, CACHE_LINE = 64 };

static _Alignas(CACHE_LINE) _Atomic unsigned there;
static _Alignas(CACHE_LINE) _Atomic unsigned back;

static cpu_set_t may; /* be used */

/* The calling thread stays on the core of this place among those. */
static void stay_on(int place)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int core = 0; core < CPU_SETSIZE; core++)
        if (CPU_ISSET(core, &may) && place-- == 0)
            CPU_SET(core, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
}

static void wait_for(const _Atomic unsigned *number, unsigned value)
{
    while (atomic_load_explicit(number, memory_order_acquire) != value)
        ;
}

static void *answer(void *ignored)
{
    stay_on(1);
    for (unsigned turn = 1; turn <= TURNS; turn++) {
        wait_for(&there, turn);
        atomic_store_explicit(&back, turn, memory_order_release);
    }
    return ignored;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(void)
{
    double best = 1;
    if (sched_getaffinity(0, sizeof may, &may) != 0 || CPU_COUNT(&may) < 2) {
        fputs("core-to-core: there is one core only\n", stderr);
        return 69;
    }
    stay_on(0);
    for (int i = 0; i < TRIES; i++) {
        pthread_t thread;
        atomic_store(&there, 0);
        atomic_store(&back, 0);
        if (pthread_create(&thread, NULL, answer, NULL) != 0)
            return 71;
        double begun = seconds();
        for (unsigned turn = 1; turn <= TURNS; turn++) {
            atomic_store_explicit(&there, turn, memory_order_release);
            wait_for(&back, turn);
        }
        double each = (seconds() - begun) / TURNS / 2;
        best = each < best ? each : best;
        pthread_join(thread, NULL);
    }
    printf("%.0f\n", best * 1e9);
    return 0;
}
