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
    return facts;
}

struct weighed verdict_weigh(uint64_t facts)
{
    struct weighed weighed = {0};
    bool proof = both_sides_speak(facts);
    facts = verdict_counted(facts);
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        if ((facts & fact_bit(fact)) == 0)
            continue;
        weighed.points += fact_rows[fact].points;
        proof |= fact_rows[fact].proof;
    }
    if (weighed.points >= POINTS_CONFIRMED && proof)
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
