// SPDX-License-Identifier: Apache-2.0
/*
 * The findings in the order in which people read them: who mines, the strongest first; who was only in
 * contact with pools; what is sanctioned.
 */
#ifndef SINK_SUMMARY_SUMMARY_GROUPS_H
#define SINK_SUMMARY_SUMMARY_GROUPS_H

#include "sink/summary/summary_findings.h"

/* All incidents of one address: pointers into a sorted array. */
struct summary_group {
    const struct mining *const *incidents;
    size_t count;
};

struct summary_groups {
    const struct mining
        *sorted[SUMMARY_MAX_INCIDENTS]; /* mining first, then contacts; then by miner and strength */
    size_t sorted_count;
    struct summary_group miners[SUMMARY_MAX_INCIDENTS], contacts[SUMMARY_MAX_INCIDENTS];
    size_t miner_count, contact_count;
    const struct mining *sanctioned[SUMMARY_MAX_INCIDENTS]; /* they stand apart */
    size_t sanctioned_count;
};

/* Points into the findings, which must outlive it. NULL where memory ran out. */
struct summary_groups *summary_groups_create(const struct summary_findings *findings);
void summary_groups_free(struct summary_groups *groups); /* NULL is fine */

/* A known pool was met, and no mining seen. */
bool summary_is_contact(const struct mining *mining);

/* Takes the contacts of an address that mines out of the list of contacts: they stand with the miner. */
struct summary_group summary_groups_take_contacts(struct summary_groups *groups, const struct address *miner);

enum { SUMMARY_HEADLINE_SIZE = 200 };

/* "3 miners found: 2 confirmed, 1 likely" */
const char *summary_groups_headline(const struct summary_groups *groups,
                                    char text[static SUMMARY_HEADLINE_SIZE]);

#endif
