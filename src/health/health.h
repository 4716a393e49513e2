// SPDX-License-Identifier: Apache-2.0
/*
 * Whether the sensor works, for whoever must know from outside: load balancers and orchestrators ask over
 * HTTP (health.listen), scripts look at a file (health.file), systemd is told by notifications
 * (sd_notify(3)).
 *
 * The sensor works while its threads move: whoever waits for packets comes by several times a second. The
 * main thread tells how they do; answers are given by a thread of the HTTP server's own, so that a main
 * thread that is stuck is noticed too.
 */
#ifndef HEALTH_HEALTH_H
#define HEALTH_HEALTH_H

#include "base/error.h"
#include "config/config.h"

#include <stdint.h>

enum { HEALTH_MAX_THREADS = 72 };

struct health;

/* How the sensor does. */
struct health_sample {
    uint64_t beats[HEALTH_MAX_THREADS]; /* one for each thread that must move; the last is the verdict's */
    size_t beat_count;
    uint64_t packets, drops; /* since the start */
};

/* Opens the socket, while there are rights to: nothing is answered yet. `config` must outlive it. */
struct health *health_open(const struct config *config, struct error *error);

/* Once rights were given up: answers from now on, with 503 at first. NULL is fine here and below. */
bool health_start(struct health *health, struct error *error);

/* The sensor's threads run. */
void health_running(struct health *health);

/* The main thread, some times a second. */
void health_beat(struct health *health, const struct health_sample *sample);

/* A reload begins, and is over. */
void health_reloading(struct health *health);
void health_reloaded(struct health *health);

/* The sensor is about to end: what it still has is delivered, but it takes no more. Any number of times. */
void health_drain(struct health *health);

void health_close(struct health *health);

#endif
