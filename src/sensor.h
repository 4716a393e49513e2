// SPDX-License-Identifier: Apache-2.0
/*
 * The sensor: workers that read, decode, track and inspect, and a verdict thread that judges and tells.
 * Between them is one queue; nothing else is shared but counters that are read without tearing.
 */
#ifndef SENSOR_H
#define SENSOR_H

#include "base/error.h"
#include "capture/capture.h"
#include "config/config.h"

#include <signal.h>
#include <stdbool.h>

enum { SENSOR_DONE_SIGNAL = SIGUSR2 }; /* to who called sensor_start(): the last worker has come to its end */

struct sensor;

struct sensor_options {
    const struct config *config; /* must outlive the sensor */
    struct capture **captures;   /* one for each worker; borrowed */
    size_t capture_count;
    const char *inputs;  /* for people: "eth0", "capture.pcap and 3 more" */
    const char *command; /* the same: how geophone was called */
};

/* Opens sinks, loads signatures, makes all tables. No thread runs yet: rights are given up afterwards. */
struct sensor *sensor_create(const struct sensor_options *options, struct error *error);

/* Starts all threads. They have the signals blocked that the caller has, of which SENSOR_DONE_SIGNAL is one.
 */
bool sensor_start(struct sensor *sensor, struct error *error);

/* Whether all workers have come to their end: all files read, or stopped. Any thread. */
bool sensor_is_done(const struct sensor *sensor);

/* Waits for all threads, then drains and closes the sinks. False where the capture failed or a sink could
 * not write all: `error` says so. Call once after sensor_start(). */
bool sensor_finish(struct sensor *sensor, struct error *error);

bool sensor_found_mining(const struct sensor *sensor); /* after sensor_finish() */

/* One thread: signatures, dialects and databases are read again, files reopened. Of `config` the settings
 * alert.*, incident.*, signatures.* and geo.* are followed from then on; others take a restart. It must
 * outlive the next but one call. */
void sensor_reload(struct sensor *sensor, const struct config *config);
/* Any thread: statistics are written now. */
void sensor_write_statistics(struct sensor *sensor);

/* Any thread: numbers that move while the threads do, the workers' and, last, the verdict thread's. Returns
 * how many there are; `beats` has room for REPORT_QUEUE_MAX_WORKERS + 1. */
size_t sensor_get_beats(const struct sensor *sensor, uint64_t *beats);

void sensor_free(struct sensor *sensor); /* NULL is fine */

#endif
