// SPDX-License-Identifier: Apache-2.0
/*
 * The report: one HTML page that stands for itself, for whoever responds to an incident. No script runs in it
 * and nothing is fetched.
 */
#ifndef SINK_REPORT_REPORT_PAGE_H
#define SINK_REPORT_REPORT_PAGE_H

#include "sink/sink.h"
#include "sink/summary/summary_groups.h"
#include "sink/summary/summary_report.h"

#include <stdio.h>

struct html_report {
    FILE *stream;
    const struct summary_findings *findings;
    const struct sink_environment *environment;
    int64_t finished_us; /* clock on the wall */
    /* filled by report_page() */
    struct summary_groups *groups;
    struct page words; /* for functions of the summary that want to know how to write */
};

/* Writes the page. False where memory ran out; errors of writing stay with the stream. */
bool report_page(struct html_report *report);

/* report_lead.c: what a manager reads, with what follows */
void report_lead(struct html_report *report);

/* report_glance.c: the figures, in tiles */
void report_glance(struct html_report *report);

/* report_advice.c: what to do next, and about which miners */
void report_advice(struct html_report *report);
/* How to find the process on the miner. */
void report_command(struct html_report *report, const struct mining *mining);

/* report_overview.c: the table of all miners, and the bill */
void report_overview(struct html_report *report);

/* report_miner.c: the section of one miner, the `number`th from 1 */
void report_miner(struct html_report *report, const struct summary_group *miner,
                  const struct summary_group *contacts, size_t number);

/* report_incident.c: one incident in full */
void report_incident(struct html_report *report, const struct mining *mining);

/* report_place.c: the machine in the cloud; nothing where none is known */
void report_place(struct html_report *report, const struct cloud_place *place);

/* report_timeline.c: the incident in the time of the capture, as inline SVG */
void report_timeline(struct html_report *report, const struct summary_incident *incident);

/* report_related.c: other hosts with the same wallet, worker scheme or pool */
void report_related(struct html_report *report, const struct mining *mining);

/* report_indicators.c: pools, wallets and fingerprints as lists; false where memory ran out */
bool report_indicators(struct html_report *report);

/* report_tail.c: quality of the capture, and how the page was made */
void report_tail(struct html_report *report);

/* report_json.c: the incidents as EVE records in a data block; false where memory ran out */
bool report_json(struct html_report *report);

/* report_style.c */
extern const char report_style[];

#endif
