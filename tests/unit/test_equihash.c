// SPDX-License-Identifier: Apache-2.0
#include "dialect_words.h"
#include "verdict/proof_check.h"

static const char subscribed[] = "{\"id\":1,\"result\":[null,\"04d567b212\"],\"error\":null}";
static const char set_target[] = "{\"id\":null,\"method\":\"mining.set_target\",\"params\":["
                                 "\"0000100000000000000000000000000000000000000000000000000000000000\"]}";
static const char notify[] =
    "{\"id\":null,\"method\":\"mining.notify\",\"params\":"
    "[\"7c\",\"04000000\",\"0b67c9721a560151dc967721638c9bd8cad1e36056390a20957c1eb9a6aca922\",\"8cce72121ef"
    "e7e2263e2d50aee4e731c60ac7e8d3b9434536f20dd67b0a66319\",\"0000000000000000000000000000000000000000"
    "000000000000000000000000\",\"c4007e58\",\"a8a80f1c\",true]"
    "}";
#define SUBMIT(nonce2)                                                                                       \
    "{\"id\":9,\"method\":\"mining.submit\",\"params\":[\"t1.rig\",\"7c\",\"c4007e58\",\"" nonce2            \
    "\",\"" SOLUTION "\"]}"
#define SOLUTION                                                                                             \
    "440adad64302015e696fc0a07f6e4454c0e6b318f917b71c179687c2053301b5f7bcc88a209d473d8ae04b753a9b556e"       \
    "0d5c7c5afcf4e0665dcafe22edcd1aeed741e89b0f"
static const char right[] = SUBMIT("757b23000000000000000000000000000000000000000000000000");
static const char wrong[] = SUBMIT("767b23000000000000000000000000000000000000000000000000");
static const char short_nonce[] = SUBMIT("00");

static int setup(void **state)
{
    (void)state;
    words_begin(&dialect_equihash);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    words_end();
    return 0;
}

static void job(void)
{
    assert_true(words_read(subscribed, ASK_SUBSCRIBE));
    assert_true(words_read(set_target, ASK_NOTHING));
    assert_true(words_read(notify, ASK_NOTHING));
}

static void a_share_meets_its_target(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    job();
    assert_true(words_read(right, ASK_NOTHING));
    assert_int_equal(catches, 1);
    assert_int_equal(caught.length, 140 + 69);
    assert_true(caught.work == 0x1p20);
    proof_check(&tally, &caught);
    assert_int_equal(tally.counts[PROOF_SHA256D].met, 1);
    assert_null(proof_known(&tally)); /* one in a million is not quite enough: misses are allowed for */
    proof_check(&tally, &caught);
    assert_non_null(proof_known(&tally));
}

static void another_nonce_does_not(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    job();
    assert_true(words_read(wrong, ASK_NOTHING));
    proof_check(&tally, &caught);
    assert_int_equal(tally.counts[PROOF_SHA256D].missed, 1);
    assert_int_equal(tally.counts[PROOF_SCRYPT].missed, 0);
    for (unsigned i = 0; i < 50; i++)
        proof_check(&tally, &caught);
    assert_true(tally.counts[PROOF_SHA256D].missed < 10); /* it is not that function: no more of it */
    assert_null(proof_known(&tally));
}

static void what_does_not_fit_is_not_checked(void **state)
{
    (void)state;
    assert_true(words_read(notify, ASK_NOTHING)); /* the pool's nonce is not known */
    assert_true(words_read(right, ASK_NOTHING));
    job();
    assert_true(words_read(short_nonce, ASK_NOTHING));
    assert_int_equal(catches, 0);
    assert_int_equal(session.conversation.shares_submitted, 2);
    assert_true(words_read(wrong, ASK_NOTHING));
    assert_true(words_read(wrong, ASK_NOTHING)); /* sent again */
    assert_int_equal(catches, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_share_meets_its_target, setup, teardown),
        cmocka_unit_test_setup_teardown(another_nonce_does_not, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_not_checked, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
