// SPDX-License-Identifier: Apache-2.0
#include "inspect/proof.h"

#include "inspect/conversation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct proof_desk desk;
static struct session session;
static struct proof_share share;
static unsigned reserved;

static struct proof_share *reserve(void *context, uint64_t flow_id)
{
    (void)context;
    (void)flow_id;
    reserved++;
    return &share;
}

static int setup(void **state)
{
    (void)state;
    memset(&session, 0, sizeof session);
    slab_init(&desk.notes, sizeof(struct proof_notes), 1);
    desk.reserve = reserve;
    session.desk = &desk;
    reserved = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    slab_done(&desk.notes);
    return 0;
}

static void hexadecimal(void **state)
{
    (void)state;
    uint8_t bytes[4];
    assert_int_equal(proof_bytes("00fFaA19", 8, bytes, 4), 4);
    assert_memory_equal(bytes, "\x00\xff\xaa\x19", 4);
    assert_int_equal(proof_bytes("00ffaa19", 8, bytes, 3), 0);
    assert_int_equal(proof_bytes("00ffaa1", 7, bytes, 4), 0);
    assert_int_equal(proof_bytes("00fg", 4, bytes, 4), 0);
    assert_int_equal(proof_bytes("0x", 2, bytes, 4), 0);
    assert_int_equal(proof_bytes("", 0, bytes, 4), 0);
}

static void add_job(unsigned number, size_t length)
{
    char name[16];
    uint8_t bytes[PROOF_JOB_BYTES + 1];
    snprintf(name, sizeof name, "job %u", number);
    memset(bytes, (int)number, sizeof bytes);
    proof_add_job(&session, PROOF_BITCOIN, name, bytes, length, number);
}

static bool has_job(unsigned number, size_t length)
{
    char name[16];
    const uint8_t *bytes;
    snprintf(name, sizeof name, "job %u", number);
    const struct proof_job *job = proof_find_job(&session, PROOF_BITCOIN, name, &bytes);
    if (job == NULL)
        return false;
    assert_int_equal(job->length, length);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(bytes[i], (uint8_t)number);
    return true;
}

static void the_oldest_jobs_make_room(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 20; i++)
        add_job(i, 100);
    for (unsigned i = 1; i <= 20; i++)
        assert_int_equal(has_job(i, 100), i > 20 - PROOF_MAX_JOBS);
    add_job(21, PROOF_JOB_BYTES - 150);
    assert_true(has_job(21, PROOF_JOB_BYTES - 150));
    assert_true(has_job(20, 100));
    assert_false(has_job(19, 100));
    add_job(22, PROOF_JOB_BYTES + 1); /* too large: nothing changes */
    assert_true(has_job(21, PROOF_JOB_BYTES - 150));
    assert_false(has_job(22, 0));
    add_job(23, PROOF_JOB_BYTES);
    assert_true(has_job(23, PROOF_JOB_BYTES));
    assert_false(has_job(21, 0));
    const uint8_t *bytes;
    assert_null(proof_find_job(&session, PROOF_EQUIHASH, "job 23", &bytes));
}

static void the_newest_of_a_name_counts(void **state)
{
    (void)state;
    const uint8_t *bytes;
    proof_add_job(&session, PROOF_EQUIHASH, "1", (const uint8_t *)"old", 3, 1);
    proof_add_job(&session, PROOF_EQUIHASH, "1", (const uint8_t *)"new", 3, 2);
    assert_true(proof_find_job(&session, PROOF_EQUIHASH, "1", &bytes)->work == 2);
    assert_memory_equal(bytes, "new", 3);
}

static void without_room_nothing_is_kept(void **state)
{
    (void)state;
    struct session other = {.desk = &desk}, homeless = {0};
    const uint8_t *bytes;
    assert_non_null(proof_notes_get(&session, true));
    assert_null(proof_notes_get(&other, true)); /* the slab has one block */
    proof_add_job(&other, PROOF_BITCOIN, "1", (const uint8_t *)"x", 1, 1);
    proof_set_nonce(&other, "00", 2);
    proof_set_version_mask(&other, "1fffe000");
    proof_set_nonce(&homeless, "00", 2);
    assert_null(proof_find_job(&other, PROOF_BITCOIN, "1", &bytes));
    assert_null(proof_find_job(&homeless, PROOF_BITCOIN, "1", &bytes));
}

static void nonces_and_masks(void **state)
{
    (void)state;
    proof_set_nonce(&session, "08000002", 8);
    assert_true(session.notes->nonce1_known);
    assert_int_equal(session.notes->nonce1_size, 4);
    proof_set_nonce(&session, "", 0);
    assert_true(session.notes->nonce1_known);
    assert_int_equal(session.notes->nonce1_size, 0);
    proof_set_nonce(&session, "zz", 2);
    assert_false(session.notes->nonce1_known);
    proof_set_version_mask(&session, "1fffe0001");
    assert_false(session.notes->version_mask_known);
    proof_set_version_mask(&session, "1fffe000");
    assert_true(session.notes->version_mask == 0x1fffe000);
}

static void not_every_share_is_checked(void **state)
{
    (void)state;
    const uint8_t *bytes;
    proof_add_job(&session, PROOF_BITCOIN, "1", (const uint8_t *)"x", 1, 1000);
    const struct proof_job *job = proof_find_job(&session, PROOF_BITCOIN, "1", &bytes);
    for (unsigned i = 0; i < PROOF_EAGER; i++)
        assert_ptr_equal(proof_reserve(&session, job, 1000), &share);
    for (unsigned i = 0; i < 10 * PROOF_EVERY; i++)
        proof_reserve(&session, job, 1000);
    assert_int_equal(reserved, PROOF_EAGER + 10);
}

static void the_easier_work_counts(void **state)
{
    (void)state;
    struct proof_job job = {.work = 1000};
    assert_non_null(proof_notes_get(&session, true));
    assert_true(proof_reserve(&session, &job, 10)->work == 10);
    assert_true(proof_reserve(&session, &job, 5000)->work == 1000);
    assert_true(proof_reserve(&session, &job, 0)->work == 1000);
    job.work = 0;
    assert_true(proof_reserve(&session, &job, 7)->work == 7);
    assert_null(proof_reserve(&session, &job, 0));
    assert_null(proof_reserve(&session, &job, HUGE_VAL));
}

/* Chance gains nothing in the long run, a miner does. */
static void gains(void **state)
{
    (void)state;
    for (double work = 1.5; work < 1e12; work *= 10) {
        double chance = proof_gain(true, work) / work + proof_gain(false, work) * (1 - 1 / work);
        assert_true(chance < 0);
        assert_true(pow(2, proof_gain(true, work)) / work + pow(2, proof_gain(false, work)) * (1 - 1 / work) <
                    1.000001);
    }
    assert_true(2 * proof_gain(true, 10000) > PROOF_BITS); /* two CryptoNote shares at difficulty 10,000 */
    assert_true(proof_gain(true, 10000) < PROOF_BITS);
    assert_true(proof_gain(true, 1) == 0 && proof_gain(false, 0) == 0 && proof_gain(true, NAN) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hexadecimal),
        cmocka_unit_test_setup_teardown(the_oldest_jobs_make_room, setup, teardown),
        cmocka_unit_test_setup_teardown(the_newest_of_a_name_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(without_room_nothing_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(nonces_and_masks, setup, teardown),
        cmocka_unit_test_setup_teardown(not_every_share_is_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(the_easier_work_counts, setup, teardown),
        cmocka_unit_test(gains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
