// SPDX-License-Identifier: Apache-2.0
/*
 * Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): families with
 * HELP and TYPE, samples with labels. Values of labels may come from anywhere: they are written as valid
 * UTF-8 of one line.
 */
#ifndef DASHBOARD_METRICS_METRICS_TEXT_H
#define DASHBOARD_METRICS_METRICS_TEXT_H

#include <stddef.h>
#include <stdio.h>

enum metric_type { METRIC_GAUGE, METRIC_COUNTER };

struct metric_label {
    const char *name; /* trusted */
    const char *value;
};

/* Begins a family: all its samples follow before the next one. Name and help are trusted. */
void metrics_family(FILE *to, const char *name, enum metric_type type, const char *help);

/* One sample of the family `name`; what is no finite number is left out. */
void metrics_sample(FILE *to, const char *name, const struct metric_label *labels, size_t count,
                    double value);

#endif
