// SPDX-License-Identifier: Apache-2.0
#include "verdict/proof_check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void attempts_of_a_hash(void **state)
{
    (void)state;
    uint8_t hash[32] = {0};
    assert_true(isinf(proof_attempts(hash)));
    hash[0] = 1;
    assert_true(proof_attempts(hash) == 0x1p256);
    hash[0] = 0;
    hash[31] = 0x80;
    assert_true(proof_attempts(hash) == 2);
    memset(hash, 0xff, sizeof hash);
    assert_true(proof_attempts(hash) >= 1);
    memset(hash + 28, 0, 4);
    assert_true(fabs(proof_attempts(hash) / 0x1p32 - 1) < 1e-9);
}

static struct proof_share share_of(enum proof_kind kind, uint16_t coinbase, uint16_t length, double work)
{
    struct proof_share share = {.work = work, .kind = (uint8_t)kind, .coinbase = coinbase, .length = length};
    for (size_t i = 0; i < length && i < sizeof share.bytes; i++)
        share.bytes[i] = (uint8_t)(i * 7 + 1);
    return share;
}

static void what_is_no_share_changes_nothing(void **state)
{
    (void)state;
    static const struct proof_tally none = {0};
    struct proof_tally tally = {0};
    struct proof_share share = share_of(PROOF_BITCOIN, 10, 79, 1e6);
    proof_check(&tally, &share);
    share = share_of(PROOF_BITCOIN, 10, 80 + 10 + 31, 1e6); /* a branch cut short */
    proof_check(&tally, &share);
    share = share_of(PROOF_BITCOIN, 4000, 100, 1e6);
    proof_check(&tally, &share);
    share = share_of(PROOF_BITCOIN, 10, UINT16_MAX, 1e6);
    proof_check(&tally, &share);
    assert_memory_equal(&tally, &none, sizeof tally);
    assert_null(proof_known(&tally));
    assert_string_equal(proof_algorithm(&tally), "");
}

/* A previous block whose name has 64 zero bits: only a chain of SHA-256d has such, so a miss is a miss. */
static void the_chain_tells_its_function(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    struct proof_share share = share_of(PROOF_BITCOIN, 100, 80 + 100 + 64, 1e9);
    memset(share.bytes + 4 + 24, 0, 8);
    share.bytes[4 + 23] = 0x80;
    proof_check(&tally, &share);
    assert_ptr_equal(proof_known(&tally), &tally.counts[PROOF_SHA256D]);
    assert_int_equal(tally.counts[PROOF_SHA256D].missed, 1);
    assert_int_equal(tally.counts[PROOF_SCRYPT].missed, 0);

    tally = (struct proof_tally){0};
    share.bytes[4 + 24] = 1; /* one bit less */
    proof_check(&tally, &share);
    assert_null(proof_known(&tally));
}

static void all_zeros_name_no_chain(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    struct proof_share share = share_of(PROOF_BITCOIN, 100, 80 + 100, 1e9);
    memset(share.bytes + 4, 0, 32);
    for (unsigned i = 0; i < 100; i++)
        proof_check(&tally, &share);
    assert_null(proof_known(&tally));
    assert_true(tally.counts[PROOF_SHA256D].missed < 10); /* neither is tried for ever */
    assert_true(tally.counts[PROOF_SCRYPT].missed < 10);
}

/* What everything meets proves nothing. */
static void easy_shares_prove_nothing(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    struct proof_share share = share_of(PROOF_EQUIHASH, 0, 1487, 1);
    for (unsigned i = 0; i < 1000; i++)
        proof_check(&tally, &share);
    assert_int_equal(tally.counts[PROOF_SHA256D].met, 1000);
    assert_null(proof_known(&tally));
}

/* A share that meets a target of four attempts by scrypt, and none by SHA-256d: found by trying. */
static struct proof_share scrypt_share(void)
{
    for (unsigned nonce = 0; nonce < 10000; nonce++) {
        struct proof_tally tally = {0};
        struct proof_share share = share_of(PROOF_BITCOIN, 100, 80 + 100, 4);
        share.exact = true;
        share.bytes[76] = (uint8_t)nonce;
        share.bytes[77] = (uint8_t)(nonce >> 8);
        proof_check(&tally, &share);
        if (tally.counts[PROOF_SCRYPT].met == 1 && tally.counts[PROOF_SHA256D].met == 0)
            return share;
    }
    fail();
    return (struct proof_share){0};
}

/* All shares until they prove the function, which takes eleven that say two bits each; then one of four. */
static void scrypt_is_tried_sparingly(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    struct proof_share share = scrypt_share();
    unsigned shares = 0;
    for (; proof_known(&tally) == NULL && shares < 100; shares++) {
        assert_int_equal(tally.counts[PROOF_SCRYPT].met, shares);
        proof_check(&tally, &share);
    }
    assert_string_equal(proof_algorithm(&tally), "scrypt");
    assert_int_equal(shares, 11);
    for (; shares < 111; shares++)
        proof_check(&tally, &share);
    assert_int_equal(tally.counts[PROOF_SCRYPT].met, 11 + 25);
    assert_int_equal(tally.counts[PROOF_SCRYPT].missed, 0);
}

/* The first four are all checked, however much the first one proves. */
static void first_shares_are_checked(void **state)
{
    (void)state;
    struct proof_tally tally = {0};
    struct proof_share share = scrypt_share();
    tally.counts[PROOF_SCRYPT].known = true;
    for (unsigned i = 1; i <= 4; i++) {
        proof_check(&tally, &share);
        assert_int_equal(tally.counts[PROOF_SCRYPT].met, i);
    }
    for (unsigned i = 0; i < 4; i++)
        proof_check(&tally, &share);
    assert_int_equal(tally.counts[PROOF_SCRYPT].met, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attempts_of_a_hash),           cmocka_unit_test(what_is_no_share_changes_nothing),
        cmocka_unit_test(the_chain_tells_its_function), cmocka_unit_test(all_zeros_name_no_chain),
        cmocka_unit_test(easy_shares_prove_nothing),    cmocka_unit_test(scrypt_is_tried_sparingly),
        cmocka_unit_test(first_shares_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
