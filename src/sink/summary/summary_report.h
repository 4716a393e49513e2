// SPDX-License-Identifier: Apache-2.0
/*
 * The summary for people: who mines, since when, with what, for whom, how fast, and why we say so.
 */
#ifndef SINK_SUMMARY_SUMMARY_REPORT_H
#define SINK_SUMMARY_SUMMARY_REPORT_H

#include "sink/summary/summary_findings.h"
#include "sink/summary/summary_page.h"

/* `inputs`: what was read, for the last lines. */
void summary_report(const struct page *page, const struct summary_findings *findings, const char *inputs);

/* summary_miner.c: one miner, `count` >= 1 incidents, the strongest first; `contacts` are its pool contacts.
 */
void summary_miner(const struct page *page, const struct mining *const *incidents, size_t count,
                   const struct mining *const *contacts, size_t contact_count);
/* The same in one line. */
void summary_miner_line(const struct page *page, const struct mining *const *incidents, size_t count);

enum {
    SUMMARY_POOL_SIZE = 320,
    SUMMARY_COST_SIZE = 176,
    SUMMARY_SPEED_SIZE = 120,
    SUMMARY_LATELY_SIZE = 240,
    SUMMARY_LOSSES_SIZE = 700,
    SUMMARY_SHARE_SIZE = 32,
    SUMMARY_PROOF_SIZE = 120,
    SUMMARY_AMOUNT_SIZE = 32,
    SUMMARY_BILL_PLACES = 12,
    SUMMARY_BILL_NAME_SIZE = 200
};

/* "pool.example:3333", or the address; safe for the terminal. */
const char *summary_pool(const struct page *page, const struct mining *mining,
                         char text[static SUMMARY_POOL_SIZE]);

/* "8.1 kH/s ± 12 %", "at most 2 kH/s": an estimate says how good it is; "" where nothing is known. */
const char *summary_speed(const struct page *page, const struct mining *mining,
                          char text[static SUMMARY_SPEED_SIZE]);
/* "9.9 kH/s ± 8 % in the last 10 min": what the latest minutes tell beside the whole time; "" for nothing. */
const char *summary_lately(const struct page *page, const struct mining *mining,
                           char text[static SUMMARY_LATELY_SIZE]);
/* What text cannot fake, shares that were computed again: "all 24 shares that were checked are real work";
 * "" where none was. */
const char *summary_proof(uint64_t proven, uint64_t missed, char text[static SUMMARY_PROOF_SIZE]);
/* For whom it mines: the wallet, else the login. As it stands on the wire. */
const char *summary_login(const struct mining *mining);
/* When the first of them was seen first, and the last one last. `count` >= 1. */
void summary_span(const struct mining *const *incidents, size_t count, int64_t *first_us, int64_t *last_us);
/* The reasons, the weightiest first; returns how many. */
size_t summary_evidence(const struct mining *mining,
                        const struct evidence_item *items[static MINING_MAX_EVIDENCE]);

/* "Mind: 3 packets cut or malformed": what was not seen, and why; "" where nothing is missing. */
const char *summary_losses(const struct summary_findings *findings, char text[static SUMMARY_LOSSES_SIZE]);
const char *summary_share(double share, char text[static SUMMARY_SHARE_SIZE]); /* 0.25 is "25.0 %" */

/* summary_cost.c: an amount of money, as exact as an estimate is: three digits, in full above that */
const char *summary_amount(double value, char text[static SUMMARY_AMOUNT_SIZE]);
/* "about 4.10 USD an hour (3.20 to 5.90), 98 USD so far, an estimate" */
const char *summary_cost(const struct cost *cost, char text[static SUMMARY_COST_SIZE]);
/* Adds an incident of the miner whose first incident with a cost is `first`: what it costs an hour only where
 * it mined at the same time, as pools that were tried in turn are one machine's work. */
void summary_cost_add(struct cost *sum, const struct mining *first, const struct mining *mining);
/* What all of one miner's incidents cost; returns the first of them that costs something, NULL for none. */
const struct mining *summary_cost_of_miner(const struct mining *const *incidents, size_t count,
                                           struct cost *sum);

/* What all of them cost, and by account and region where those are known. */
struct summary_bill {
    struct cost sum;
    struct summary_bill_place {
        const struct cloud_place *at;
        struct cost cost;
    } places[SUMMARY_BILL_PLACES];
    size_t count;
    size_t miners;         /* that cost something */
    size_t incidents_left; /* whose places found no room */
};

/* `incidents` are sorted by miner, as in struct summary_groups. The bill points into them. */
void summary_bill_of(const struct mining *const *incidents, size_t count, struct summary_bill *bill);
/* "aws 111122223333, eu-north-1"; raw */
const char *summary_bill_place_name(const struct cloud_place *at, char text[static SUMMARY_BILL_NAME_SIZE]);
void summary_bill(const struct page *page, const struct mining *const *incidents, size_t count);

enum page_paint summary_verdict_paint(enum verdict verdict);

#endif
