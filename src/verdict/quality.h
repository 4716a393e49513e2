// SPDX-License-Identifier: Apache-2.0
/*
 * How good the traffic is that the sensor is given: mirrors lose packets, deliver them twice, cut them, or
 * show one direction only, and whoever reads "no mining was found" must know. One row a fault in quality.c.
 */
#ifndef VERDICT_QUALITY_H
#define VERDICT_QUALITY_H

#include <stddef.h>
#include <stdint.h>

struct sensor_statistics;

enum quality_level {
    QUALITY_GOOD, /* nothing to speak of, or too little was seen to say */
    QUALITY_FAIR, /* worth knowing */
    QUALITY_POOR, /* mining may be missed, or what is told of it is wrong */
    QUALITY_LEVEL_COUNT
};

struct quality {
    const char *fault;     /* "drops", "one_sided": a name for machines */
    const char *words;     /* "packets were lost before they were read" */
    const char *advice;    /* a sentence */
    uint64_t count, whole; /* so many of so many since the start */
    double share;          /* 0..1 */
    enum quality_level level;
};

enum { QUALITY_FAULTS = 8 };

void quality_assess(const struct sensor_statistics *statistics, struct quality faults[static QUALITY_FAULTS]);

const char *quality_level_name(enum quality_level level); /* "good", "fair", "poor" */

#endif
