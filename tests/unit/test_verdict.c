// SPDX-License-Identifier: Apache-2.0
/* What the classes demand, at their limits. */
#include "verdict/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define F(name) (UINT64_C(1) << FACT_##name) /* fact_bit() as a constant */

static const struct {
    uint64_t facts;
    enum verdict verdict;
} rows[] = {
    {0, VERDICT_NONE},
    {F(MINER_HINTS), VERDICT_NONE},
    {F(MINER_HINTS) | F(TEMPLATE_GIVEN), VERDICT_SUSPECTED},
    {F(MINER_HINTS) | F(POOL_HINTS), VERDICT_SUSPECTED},
    {F(MINER_SPEAKS), VERDICT_SUSPECTED},
    {F(POOL_SPEAKS), VERDICT_SUSPECTED},
    {F(MINER_SPEAKS) | F(SEVERAL_WORDS), VERDICT_LIKELY},
    {F(MINER_SPEAKS) | F(AGENT_KNOWN), VERDICT_LIKELY},
    {F(MINER_SPEAKS) | F(WALLET_PROVEN), VERDICT_LIKELY},
    {F(MINER_SPEAKS) | F(SEVERAL_WORDS) | F(WALLET_PROVEN) | F(SHARE_SUBMITTED), VERDICT_LIKELY},
    /* both sides speak, but nobody answers anybody */
    {F(MINER_SPEAKS) | F(POOL_SPEAKS) | F(SEVERAL_WORDS), VERDICT_LIKELY},
    {F(MINER_SPEAKS) | F(POOL_SPEAKS) | F(SHARE_REJECTED), VERDICT_LIKELY},
    {F(MINER_SPEAKS) | F(POOL_SPEAKS) | F(POOL_ANSWERS), VERDICT_CONFIRMED},
    {F(POOL_SPEAKS) | F(JOB_PROVEN), VERDICT_CONFIRMED},
    {F(MINER_SPEAKS) | F(POOL_SPEAKS) | F(SHARE_ACCEPTED) | F(FOREIGN_TEXT), VERDICT_LIKELY},
    {F(MINER_SPEAKS) | F(POOL_SPEAKS) | F(SHARE_ACCEPTED) | F(SHARE_PROVEN) | F(FOREIGN_TEXT),
     VERDICT_CONFIRMED},
    {F(MINER_SPEAKS) | F(POOL_SPEAKS) | F(SHARE_ACCEPTED) | F(SHARE_PROVEN) | F(QUOTED_TALK),
     VERDICT_CONFIRMED},
    {F(MINER_SPEAKS) | F(POOL_SPEAKS) | F(SHARE_ACCEPTED) | F(QUOTED_TALK), VERDICT_NONE},
    {F(MINER_SPEAKS) | F(SHARE_ACCEPTED) | F(SHARE_PROVEN) | F(BOTH_ROLES), VERDICT_NONE},
    {F(MINER_SPEAKS) | F(SEVERAL_WORDS) | F(OTHER_PROTOCOL), VERDICT_LIKELY}, /* a decoy hides nobody */
    {F(MINER_HINTS) | F(POOL_HINTS) | F(OTHER_PROTOCOL), VERDICT_NONE},
};

static void test_classes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (verdict_weigh(rows[i].facts).verdict != rows[i].verdict)
            fail_msg("row %zu: %s, not %s", i, verdict_name(verdict_weigh(rows[i].facts).verdict),
                     verdict_name(rows[i].verdict));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_classes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
