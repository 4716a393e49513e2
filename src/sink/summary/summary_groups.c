// SPDX-License-Identifier: Apache-2.0
#include "sink/summary/summary_groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool summary_is_contact(const struct mining *mining)
{
    return mining->kind != NULL && strcmp(mining->kind, "pool-contact") == 0;
}

static int compare_incidents(const void *left, const void *right)
{
    const struct mining *a = *(const struct mining *const *)left, *b = *(const struct mining *const *)right;
    if (summary_is_contact(a) != summary_is_contact(b))
        return summary_is_contact(a) ? 1 : -1;
    int order = address_compare(&a->miner, &b->miner);
    if (order != 0)
        return order;
    if (summary_rank(a) != summary_rank(b))
        return summary_rank(a) > summary_rank(b) ? -1 : 1;
    if (a->first_seen_us != b->first_seen_us)
        return a->first_seen_us < b->first_seen_us ? -1 : 1;
    return strcmp(a->incident, b->incident);
}

static int compare_groups(const void *left, const void *right)
{
    const struct summary_group *a = left, *b = right;
    double rank_a = summary_rank(a->incidents[0]), rank_b = summary_rank(b->incidents[0]);
    if (rank_a != rank_b)
        return rank_a > rank_b ? -1 : 1;
    return address_compare(&a->incidents[0]->miner, &b->incidents[0]->miner);
}

static void group_incidents(struct summary_groups *groups, const struct summary_findings *findings)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const struct mining *mining = &findings->incidents[i]->mining;
        if (mining->sanction.state == SANCTION_APPLIES)
            groups->sanctioned[groups->sanctioned_count++] = mining;
        else
            groups->sorted[count++] = mining;
    }
    qsort(groups->sanctioned, groups->sanctioned_count, sizeof groups->sanctioned[0], compare_incidents);
    groups->sorted_count = count;
    qsort(groups->sorted, count, sizeof groups->sorted[0], compare_incidents);
    for (size_t i = 0, end; i < count; i = end) {
        const struct mining *first = groups->sorted[i];
        for (end = i + 1; end < count; end++)
            if (summary_is_contact(groups->sorted[end]) != summary_is_contact(first) ||
                !address_equal(&groups->sorted[end]->miner, &first->miner))
                break;
        struct summary_group group = {&groups->sorted[i], end - i};
        if (summary_is_contact(first))
            groups->contacts[groups->contact_count++] = group;
        else
            groups->miners[groups->miner_count++] = group;
    }
    qsort(groups->miners, groups->miner_count, sizeof groups->miners[0], compare_groups);
    qsort(groups->contacts, groups->contact_count, sizeof groups->contacts[0], compare_groups);
}

struct summary_group summary_groups_take_contacts(struct summary_groups *groups, const struct address *miner)
{
    for (size_t i = 0; i < groups->contact_count; i++) {
        struct summary_group found = groups->contacts[i];
        if (!address_equal(&found.incidents[0]->miner, miner))
            continue;
        memmove(&groups->contacts[i], &groups->contacts[i + 1],
                (groups->contact_count - i - 1) * sizeof groups->contacts[0]);
        groups->contact_count--;
        return found;
    }
    return (struct summary_group){0};
}

struct summary_groups *summary_groups_create(const struct summary_findings *findings)
{
    struct summary_groups *groups = calloc(1, sizeof *groups);
    if (groups != NULL)
        group_incidents(groups, findings);
    return groups;
}

void summary_groups_free(struct summary_groups *groups)
{
    free(groups);
}

const char *summary_groups_headline(const struct summary_groups *groups,
                                    char text[static SUMMARY_HEADLINE_SIZE])
{
    char *at = text;
    size_t by_verdict[VERDICT_CONFIRMED + 1] = {0};
    const char *between = ": ";
    for (size_t i = 0; i < groups->miner_count; i++)
        by_verdict[groups->miners[i].incidents[0]->verdict]++;
    at += snprintf(at, 60, "%zu miner%s found", groups->miner_count, groups->miner_count == 1 ? "" : "s");
    for (int verdict = VERDICT_CONFIRMED; verdict > VERDICT_NONE; verdict--) {
        if (by_verdict[verdict] == 0)
            continue;
        at += snprintf(at, 40, "%s%zu %s", between, by_verdict[verdict], verdict_name((enum verdict)verdict));
        between = ", ";
    }
    return text;
}
