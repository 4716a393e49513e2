// SPDX-License-Identifier: Apache-2.0
#include "dialect_words.h"

/* A login's answer and shares of a session at a Monero pool in January 2017. */
#define BLOB                                                                                                 \
    "0405c481f8c305f576c84bc68cb1c4848ac857dc19a44dc357bed1e71b27479f6c2671fc64d973000000005b128838deec22c4" \
    "c1c7e2cb866ad2988605ffc733cea693a021aa4baac4562d05"
#define JOB(target)                                                                                          \
    "{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"id\":\"983336281753145\",\"job\":{\"blob\":" \
    "\"" BLOB "\",\"job_id\":\"397367854346521\",\"target\":\"" target "\"},\"status\":\"OK\"}}"
#define SUBMIT(nonce, result)                                                                                \
    "{\"method\": \"submit\", \"params\": {\"id\": \"983336281753145\", \"job_id\": \"397367854346521\", "   \
    "\"nonce\": \"" nonce "\", \"result\": \"" result "\"}, \"id\":4}"
#define HEAD "9d5cea1795e23c1b70c8c309a9752e867faf005ad219be2cbdda3c07"

static struct conversation *conversation = &session.conversation;

static int setup(void **state)
{
    (void)state;
    words_begin(&dialect_cryptonote_login);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    words_end();
    return 0;
}

static void job_time_is_that_of_the_packet(void **state)
{
    (void)state;
    assert_true(words_read(JOB("b88d0600"), ASK_LOGIN));
    assert_true((conversation->facts & fact_bit(FACT_JOB_PROVEN)) != 0);
    assert_true(conversation->difficulty > 9999.9 && conversation->difficulty < 10000.1);
    setup(NULL);
    words_time_us += INT64_C(86400) * 1000000;
    assert_true(words_read(JOB("b88d0600"), ASK_LOGIN));
    assert_true((conversation->facts & fact_bit(FACT_JOB_PROVEN)) == 0);
    words_time_us -= INT64_C(86400) * 1000000;
}

static void shares_meet_a_target_of_four_bytes(void **state)
{
    (void)state;
    assert_true(words_read(JOB("b88d0600"), ASK_LOGIN));
    assert_true(words_read(SUBMIT("220c0000", HEAD "af0b0500"), ASK_NOTHING));
    assert_true(words_read(SUBMIT("230c0000", HEAD "8a370500"), ASK_NOTHING));
    assert_int_equal(conversation->shares_proven, 2);
    assert_int_equal(conversation->shares_below, 0);
    assert_true(conversation->share_bits > PROOF_BITS);
    assert_true(words_read(SUBMIT("230c0000", HEAD "8a370500"), ASK_NOTHING)); /* sent again */
    assert_int_equal(conversation->shares_proven, 2);
    assert_int_equal(conversation->shares_submitted, 2);
}

static void a_wrong_tail_is_below(void **state)
{
    (void)state;
    assert_true(words_read(JOB("b88d0600"), ASK_LOGIN));
    assert_true(words_read(SUBMIT("220c0000", HEAD "ffffff7f"), ASK_NOTHING));
    assert_int_equal(conversation->shares_below, 1);
    assert_int_equal(conversation->shares_proven, 0);
    assert_true(conversation->share_bits < 0);
    assert_true(words_read(SUBMIT("220c0001", HEAD "b98d0600"), ASK_NOTHING)); /* one above the target */
    assert_int_equal(conversation->shares_below, 2);
    assert_true(words_read(SUBMIT("220c0002", HEAD "b88d0600"), ASK_NOTHING)); /* the target itself */
    assert_int_equal(conversation->shares_proven, 1);
}

static void eight_byte_targets(void **state)
{
    (void)state;
    assert_true(words_read(JOB("e3e0e1acb88d0600"), ASK_LOGIN)); /* 2^64 / 10000, and what is between */
    assert_true(words_read(SUBMIT("00000001", HEAD "b88d0600"), ASK_NOTHING));
    assert_int_equal(conversation->shares_proven, 1);
    assert_true(words_read(
        SUBMIT("00000002", "9d5cea1795e23c1b70c8c309a9752e867faf005ad219be2cffffffffb88d0600"), ASK_NOTHING));
    assert_int_equal(conversation->shares_below, 1);
    setup(NULL);
    assert_true(words_read(JOB("0000000000000000"), ASK_LOGIN)); /* no target at all */
    assert_true(words_read(SUBMIT("00000001", HEAD "b88d0600"), ASK_NOTHING));
    assert_int_equal(conversation->shares_proven + conversation->shares_below, 0);
}

/* XMRig makes 2^64 / (2^32 / target) of a short target: at easy ones that is more than the four bytes say. */
static void easy_targets_are_rounded_as_miners_do(void **state)
{
    (void)state;
    assert_true(words_read(JOB("00000030"), ASK_LOGIN)); /* 2^32 / it = 5.3, taken as 5 */
    assert_true(words_read(SUBMIT("00000001", HEAD "33333333"), ASK_NOTHING));
    assert_int_equal(conversation->shares_proven, 1);
    assert_true(words_read(SUBMIT("00000002", HEAD "34333333"), ASK_NOTHING));
    assert_int_equal(conversation->shares_below, 1);
}

static void shares_of_unknown_jobs_say_nothing(void **state)
{
    (void)state;
    assert_true(words_read(SUBMIT("220c0000", HEAD "ffffff7f"), ASK_NOTHING));
    assert_int_equal(conversation->shares_submitted, 1);
    assert_int_equal(conversation->shares_below + conversation->shares_proven, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(job_time_is_that_of_the_packet, setup, teardown),
        cmocka_unit_test_setup_teardown(shares_meet_a_target_of_four_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_tail_is_below, setup, teardown),
        cmocka_unit_test_setup_teardown(eight_byte_targets, setup, teardown),
        cmocka_unit_test_setup_teardown(easy_targets_are_rounded_as_miners_do, setup, teardown),
        cmocka_unit_test_setup_teardown(shares_of_unknown_jobs_say_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
