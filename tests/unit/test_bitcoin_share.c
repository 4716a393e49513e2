// SPDX-License-Identifier: Apache-2.0
/*
 * Bitcoin's first block as if a pool had given it out: its coinbase cut into halves with both nonces between
 * them. Its hash is known to everyone, so what comes out is checked against the world.
 */
#include "dialect_words.h"
#include "verdict/proof_check.h"

#include <stdio.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
/* "04ffff001d" "0104" and the newspaper's line in the input script; the nonces are "20737465" and "7461" of
 * it */
#define COINB1 "0100000001" ZEROS "ffffffff4d04ffff001d0104455468652054696d65"
#define NONCE1 "732030332f"
#define NONCE2 "4a616e2f"
#define COINB2                                                                                               \
    "32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b" \
    "73"                                                                                                     \
    "ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc" \
    "3f"                                                                                                     \
    "4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"

#define CONFIGURED(mask)                                                                                     \
    "{\"error\":null,\"id\":0,\"result\":{\"version-rolling\":true,\"version-rolling.mask\":\"" mask "\"}}"
#define SUBSCRIBED                                                                                           \
    "{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"" NONCE1 "\",4],\"error\":null}"
#define DIFFICULTY(number) "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[" number "]}"
#define NOTIFY(coinb1, branch, version)                                                                      \
    "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"1a\",\"" ZEROS "\",\"" coinb1 "\",\"" COINB2    \
    "\",[" branch "],\"" version "\",\"1d00ffff\",\"495fab29\",true]}"
#define SUBMIT(nonce) SUBMIT_ROLLED(nonce, "")
#define SUBMIT_ROLLED(nonce, bits)                                                                           \
    "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"u\",\"1a\",\"" NONCE2 "\",\"495fab29\",\"" nonce   \
    "\"" bits "]}"
#define RIGHT "7c2bac1d"

static int setup(void **state)
{
    (void)state;
    words_begin(&dialect_bitcoin_v1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    words_end();
    return 0;
}

static void begin(const char *difficulty, const char *notify)
{
    assert_true(words_read(SUBSCRIBED, ASK_SUBSCRIBE));
    assert_true(words_read(difficulty, ASK_NOTHING));
    assert_true(words_read(notify, ASK_NOTHING));
}

static void the_first_block_is_a_share(void **state)
{
    (void)state;
    static const uint8_t root[32] = {0};
    struct proof_tally tally = {0};
    begin(DIFFICULTY("1"), NOTIFY(COINB1, "", "00000001"));
    assert_true(words_read(SUBMIT(RIGHT), ASK_NOTHING));
    assert_int_equal(catches, 1);
    assert_int_equal(caught.coinbase, 204);
    assert_int_equal(caught.length, 80 + 204);
    assert_memory_equal(caught.bytes + 36, root, sizeof root);
    assert_true(caught.work > 4295032832 && caught.work < 4295032834);
    proof_check(&tally, &caught);
    assert_int_equal(tally.counts[PROOF_SHA256D].met, 1);
    assert_non_null(proof_known(&tally));
    assert_string_equal(proof_algorithm(&tally), "sha256d");
}

/* Its hash has 43 zero bits in front: 2,536 times the work of difficulty 1. */
static void difficulty_decides(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    begin(DIFFICULTY("2500"), NOTIFY(COINB1, "", "00000001"));
    assert_true(words_read(SUBMIT(RIGHT), ASK_NOTHING));
    proof_check(&tally, &caught);
    assert_int_equal(tally.counts[PROOF_SHA256D].met, 1);
    begin(DIFFICULTY("2600"), NOTIFY(COINB1, "", "00000001"));
    assert_true(words_read(SUBMIT_ROLLED(RIGHT, ",\"00000000\""), ASK_NOTHING)); /* the mask is not known */
    assert_int_equal(catches, 1);
    session.shares[0] = 0; /* forget that it was sent */
    assert_true(words_read(SUBMIT(RIGHT), ASK_NOTHING));
    assert_int_equal(catches, 2);
    proof_check(&tally, &caught);
    assert_int_equal(tally.counts[PROOF_SHA256D].missed, 1);
    assert_int_equal(tally.counts[PROOF_SCRYPT].met, 0); /* not tried again once the other is known */
}

static void any_change_misses(void **state)
{
    (void)state;
    static const char *const jobs[] = {
        NOTIFY(COINB1, "\"" ZEROS "\"", "00000001"),
        NOTIFY(COINB1, "", "00000002"),
        NOTIFY("02" /* not the coinbase's version */ "000000"
               "01" ZEROS "ffffffff4d04ffff001d0104455468652054696d65",
               "", "00000001"),
    };
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        struct proof_tally tally = {0};
        setup(NULL);
        begin(DIFFICULTY("1"), jobs[i]);
        assert_true(words_read(SUBMIT(RIGHT), ASK_NOTHING));
        proof_check(&tally, &caught);
        assert_int_equal(tally.counts[PROOF_SHA256D].met, 0);
        assert_int_equal(tally.counts[PROOF_SHA256D].missed, 1);
        assert_int_equal(tally.counts[PROOF_SCRYPT].missed, 1);
        assert_null(proof_known(&tally)); /* so nothing is said */
        teardown(NULL);
    }
    setup(NULL);
}

static void versions_roll(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    assert_true(words_read(CONFIGURED("1fffe000"), ASK_OTHER));
    begin(DIFFICULTY("1"), NOTIFY(COINB1, "", "00002001"));
    /* bits of the mask come from the share, all others from the job */
    assert_true(words_read(SUBMIT_ROLLED(RIGHT, ",\"e0000ffe\""), ASK_NOTHING));
    proof_check(&tally, &caught);
    assert_int_equal(tally.counts[PROOF_SHA256D].met, 1);
    assert_true(words_read(SUBMIT_ROLLED(RIGHT, ",\"00002000\""), ASK_NOTHING));
    proof_check(&tally, &caught);
    assert_int_equal(tally.counts[PROOF_SHA256D].missed, 1);
}

static void what_is_not_whole_is_not_checked(void **state)
{
    (void)state;
    static char large[PROOF_JOB_BYTES + 400];
    assert_true(words_read(NOTIFY(COINB1, "", "00000001"), ASK_NOTHING)); /* the pool's nonce is not known */
    assert_true(words_read(SUBMIT(RIGHT), ASK_NOTHING));
    assert_int_equal(catches, 0);
    /* a coinbase longer than what is kept of a string */
    snprintf(large, sizeof large, "%s",
             "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"1b\",\"" ZEROS "\",\"");
    size_t at = strlen(large);
    memset(large + at, '0', 3100);
    snprintf(large + at + 3100, sizeof large - at - 3100,
             "\",\"00\",[],\"00000001\",\"1d00ffff\",\"495fab29\",true]}");
    begin(DIFFICULTY("1"), large);
    assert_int_equal(session.notes->job_count, 0);
    begin(DIFFICULTY("1"), NOTIFY(COINB1, "\"00\"", "00000001")); /* a branch of something else */
    assert_int_equal(session.notes->job_count, 0);
}

static void evidence_names_its_parts(void **state)
{
    (void)state;
    begin(DIFFICULTY("1"), NOTIFY(COINB1, "", "00000001"));
    assert_true((session.conversation.facts & fact_bit(FACT_JOB_PROVEN)) == 0); /* its time is 2009: copied */
    assert_string_equal(session.conversation.job_proof, "");
    int64_t now_us = words_time_us;
    words_time_us = INT64_C(1231006505) * 1000000;
    assert_true(words_read(NOTIFY(COINB1, "", "00000001"), ASK_NOTHING));
    assert_string_equal(session.conversation.job_proof, "coinbase transaction, block time, bits");
    assert_true((session.conversation.facts & fact_bit(FACT_JOB_PROVEN)) != 0);
    words_time_us = now_us;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_block_is_a_share, setup, teardown),
        cmocka_unit_test_setup_teardown(difficulty_decides, setup, teardown),
        cmocka_unit_test_setup_teardown(any_change_misses, setup, teardown),
        cmocka_unit_test_setup_teardown(versions_roll, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_whole_is_not_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(evidence_names_its_parts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
