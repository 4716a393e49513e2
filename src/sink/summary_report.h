// SPDX-License-Identifier: Apache-2.0
/*
 * The summary for people: who mines, since when, with what, for whom, how fast, and why we say so.
 */
#ifndef SINK_SUMMARY_REPORT_H
#define SINK_SUMMARY_REPORT_H

#include "sink/summary_findings.h"
#include "sink/summary_page.h"

/* `inputs`: what was read, for the last lines. */
void summary_report(const struct page *page, const struct summary_findings *findings, const char *inputs);

/* summary_miner.c: one miner, `count` >= 1 incidents, the strongest first; `contacts` are its pool contacts.
 */
void summary_miner(const struct page *page, const struct mining *const *incidents, size_t count,
                   const struct mining *const *contacts, size_t contact_count);
/* The same in one line. */
void summary_miner_line(const struct page *page, const struct mining *const *incidents, size_t count);

enum { SUMMARY_POOL_SIZE = 320, SUMMARY_COST_SIZE = 160 };

/* "pool.example:3333", or the address; safe for the terminal. */
const char *summary_pool(const struct page *page, const struct mining *mining,
                         char text[static SUMMARY_POOL_SIZE]);

/* summary_cost.c: "about 4.10 USD an hour (3.20 to 5.90), 98 USD so far, an estimate" */
const char *summary_cost(const struct cost *cost, char text[static SUMMARY_COST_SIZE]);
/* Adds an incident of the miner whose first incident with a cost is `first`: what it costs an hour only where
 * it mined at the same time, as pools that were tried in turn are one machine's work. */
void summary_cost_add(struct cost *sum, const struct mining *first, const struct mining *mining);
/* What all of these cost, and by account and region where those are known. */
void summary_bill(const struct page *page, const struct mining *const *incidents, size_t count);

enum page_paint summary_verdict_paint(enum verdict verdict);

#endif
