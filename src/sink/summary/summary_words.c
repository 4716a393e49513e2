// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of a miner in words and figures that the summary and the report share.
 */
#include "sink/summary/summary_report.h"

#include "base/humanise.h"

enum { ESTIMATE_SIZE = 2 * HUMANISE_SIZE };

void summary_span(const struct mining *const *incidents, size_t count, int64_t *first_us, int64_t *last_us)
{
    *first_us = incidents[0]->first_seen_us;
    *last_us = incidents[0]->last_seen_us;
    for (size_t i = 1; i < count; i++) {
        *first_us = incidents[i]->first_seen_us < *first_us ? incidents[i]->first_seen_us : *first_us;
        *last_us = incidents[i]->last_seen_us > *last_us ? incidents[i]->last_seen_us : *last_us;
    }
}

/* "9.9 kH/s ± 8 %": an estimate says how good it is. */
static const char *estimate(const struct page *page, const struct mining *mining, double rate_hs,
                            double error, char text[static ESTIMATE_SIZE])
{
    char number[HUMANISE_SIZE];
    humanise_hashrate(rate_hs, mining->algorithm, number);
    if (error > 0)
        snprintf(text, ESTIMATE_SIZE, "%s %s %.0f %%", number, page->unicode ? "\xc2\xb1" : "+-",
                 error * 100);
    else
        snprintf(text, ESTIMATE_SIZE, "%s", number);
    return text;
}

const char *summary_speed(const struct page *page, const struct mining *mining,
                          char text[static SUMMARY_SPEED_SIZE])
{
    char rate[ESTIMATE_SIZE];
    bool known = mining->hashrate_hs > 0;
    bool assumes = mining->hashrate_assumes != NULL && mining->hashrate_assumes[0] != '\0';
    text[0] = '\0';
    if (!known && mining->hashrate_upper_hs <= 0)
        return text;
    estimate(page, mining, known ? mining->hashrate_hs : mining->hashrate_upper_hs,
             known ? mining->hashrate_error : 0, rate);
    snprintf(text, SUMMARY_SPEED_SIZE, "%s%s%s%s", known ? "" : "at most ", rate, assumes ? " if " : "",
             assumes ? mining->hashrate_assumes : "");
    return text;
}

const char *summary_lately(const struct page *page, const struct mining *mining,
                           char text[static SUMMARY_LATELY_SIZE])
{
    const int64_t minute_us = 60000000;
    int64_t lasted_us = mining->last_seen_us - mining->first_seen_us;
    char minutes[ESTIMATE_SIZE] = "no share", hour[ESTIMATE_SIZE];
    text[0] = '\0';
    if (mining->hashrate_hs <= 0 || lasted_us <= 10 * minute_us)
        return text;
    if (mining->hashrate_10m_hs > 0)
        estimate(page, mining, mining->hashrate_10m_hs, mining->hashrate_10m_error, minutes);
    if (lasted_us > 60 * minute_us && mining->hashrate_1h_hs > 0)
        snprintf(text, SUMMARY_LATELY_SIZE, "%s in the last 10 min, %s in the last hour", minutes,
                 estimate(page, mining, mining->hashrate_1h_hs, mining->hashrate_1h_error, hour));
    else
        snprintf(text, SUMMARY_LATELY_SIZE, "%s in the last 10 min", minutes);
    return text;
}

const char *summary_proof(uint64_t proven, uint64_t missed, char text[static SUMMARY_PROOF_SIZE])
{
    char number[HUMANISE_SIZE], total[HUMANISE_SIZE];
    humanise_count(proven + missed, total);
    text[0] = '\0';
    if (proven + missed == 1)
        snprintf(text, SUMMARY_PROOF_SIZE, "the share that was checked %s",
                 proven == 1 ? "is real work" : "misses its target");
    else if (proven > 0 && missed == 0)
        snprintf(text, SUMMARY_PROOF_SIZE, "all %s shares that were checked are real work", total);
    else if (missed > 0)
        snprintf(text, SUMMARY_PROOF_SIZE, "%s of %s shares that were checked %s",
                 humanise_count(missed, number), total,
                 missed == 1 ? "misses its target" : "miss their target");
    return text;
}

size_t summary_evidence(const struct mining *mining,
                        const struct evidence_item *items[static MINING_MAX_EVIDENCE])
{
    size_t count = 0;
    for (size_t i = 0; i < mining->evidence_count && i < MINING_MAX_EVIDENCE; i++) {
        size_t at = count++;
        for (; at > 0 && items[at - 1]->weight < mining->evidence[i].weight; at--)
            items[at] = items[at - 1];
        items[at] = &mining->evidence[i];
    }
    return count;
}
