// SPDX-License-Identifier: Apache-2.0
#include "verdict/verdict.h"

#include <math.h>

enum { POINTS_CONFIRMED = 90, POINTS_LIKELY = 60, POINTS_SUSPECTED = 40 };

/* Each in its own direction: both roles without an answer are a recording. */
static bool both_sides_speak(uint64_t facts)
{
    const uint64_t both = fact_bit(FACT_MINER_SPEAKS) | fact_bit(FACT_POOL_SPEAKS);
    return (facts & both) == both && (facts & fact_bit(FACT_BOTH_ROLES)) == 0;
}

uint64_t verdict_counted(uint64_t facts)
{
    const uint64_t strong =
        fact_bit(FACT_MINER_SPEAKS) | fact_bit(FACT_POOL_SPEAKS) | fact_bit(FACT_HTTP_HEADERS);
    /* one decoy line must not hide a miner: another protocol's methods cancel ambiguous evidence only, and
     * what looks like a quotation is none where somebody answers in the other role */
    if ((facts & strong) != 0)
        facts &= ~fact_bit(FACT_OTHER_PROTOCOL);
    if (both_sides_speak(facts))
        facts &= ~(fact_bit(FACT_QUOTED) | fact_bit(FACT_LOG_RECORD));
    /* text from both sides in front of a session hides no miner whose shares are real */
    if (both_sides_speak(facts) && (facts & fact_bit(FACT_SHARE_PROVEN)) != 0)
        facts &= ~fact_bit(FACT_QUOTED_TALK);
    return facts;
}

/*
 * The classes, and what they are wrong about, are measured by scripts/error-rates: a change here is a change
 * of docs/verdicts.md. Other text among the messages leaves room for a quotation, whatever the messages hold,
 * but not for shares that were found by computing.
 */
struct weighed verdict_weigh(uint64_t facts)
{
    const uint64_t text = fact_bit(FACT_FOREIGN_TEXT) | fact_bit(FACT_QUOTED) | fact_bit(FACT_QUOTED_TALK);
    struct weighed weighed = {0};
    bool proof = false, quoted = (facts & text) != 0;
    facts = verdict_counted(facts);
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        if ((facts & fact_bit(fact)) == 0)
            continue;
        weighed.points += fact_rows[fact].points;
        proof |= fact_rows[fact].proof;
    }
    if (weighed.points >= POINTS_CONFIRMED && proof &&
        !(quoted && (facts & fact_bit(FACT_SHARE_PROVEN)) == 0))
        weighed.verdict = VERDICT_CONFIRMED;
    else if (weighed.points >= POINTS_LIKELY)
        weighed.verdict = VERDICT_LIKELY;
    else if (weighed.points >= POINTS_SUSPECTED)
        weighed.verdict = VERDICT_SUSPECTED;
    if (weighed.points > 0)
        weighed.confidence = fmin(1 - pow(10, -weighed.points / 50.0), 0.999);
    return weighed;
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"none", "suspected", "likely", "confirmed"};
    return names[verdict];
}

const char *incident_action_name(enum incident_action action)
{
    static const char *const names[] = {"opened", "updated", "closed"};
    return names[action];
}

const char *event_type_name(enum event_type type)
{
    static const char *const names[] = {"alert", "mining", "flow", "stats"};
    return names[type];
}
