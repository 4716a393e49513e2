// SPDX-License-Identifier: Apache-2.0
#include "inspect/conversation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct session session;

static int empty(void **state)
{
    (void)state;
    memset(&session, 0, sizeof session);
    return 0;
}

static void test_set(void **state)
{
    (void)state;
    char field[6] = "";
    assert_true(conversation_set(field, sizeof field, "abc"));
    assert_string_equal(field, "abc");
    assert_false(conversation_set(field, sizeof field, "abc"));
    assert_false(conversation_set(field, sizeof field, "")); /* says nothing */
    assert_string_equal(field, "abc");
    assert_true(conversation_set(field, sizeof field, "abcdefgh"));
    assert_string_equal(field, "abcde");
    assert_false(conversation_set(field, sizeof field, "abcdeXYZ")); /* what is kept of it is the same */
    assert_true(conversation_set(field, sizeof field, "ab"));
    assert_string_equal(field, "ab");
}

static void test_methods(void **state)
{
    (void)state;
    struct conversation *conversation = &session.conversation;
    conversation_add_method(conversation, SIDE_MINER, "submit");
    conversation_add_method(conversation, SIDE_MINER, "mining.submit");
    conversation_add_method(conversation, SIDE_MINER, "submit");
    conversation_add_method(conversation, SIDE_MINER, "mining");
    assert_string_equal(conversation->methods[SIDE_MINER], "submit, mining.submit, mining");
    for (int i = 0; i < 1000; i++) {
        char method[64];
        snprintf(method, sizeof method, "method.number.%d", i);
        conversation_add_method(conversation, SIDE_MINER, method);
        assert_true(strlen(conversation->methods[SIDE_MINER]) < CONVERSATION_MAX_METHODS);
    }
    size_t length = strlen(conversation->methods[SIDE_MINER]);
    assert_true(length > CONVERSATION_MAX_METHODS - 20);
    assert_int_not_equal(conversation->methods[SIDE_MINER][length - 1], ' '); /* none is cut */
}

static void test_facts(void **state)
{
    (void)state;
    session_state(&session, FACT_POOL_SPEAKS);
    assert_true(session.changed && session.conversation.facts == fact_bit(FACT_POOL_SPEAKS));
    session.changed = false;
    session_state(&session, FACT_POOL_SPEAKS);
    assert_false(session.changed);
    session_state(&session, FACT_FOREIGN_TEXT);
    assert_true(session.changed);
}

static void test_answers(void **state)
{
    (void)state;
    struct pending request;
    assert_false(session_answer(&session, 7, TO_CLIENT, &request));
    session_ask(&session, 7, ASK_LOGIN, TO_SERVER, 0);
    session_ask(&session, 7, ASK_SUBMIT, TO_SERVER, 10); /* some miners use one id for all */
    session_ask(&session, 7, ASK_VERSION, TO_CLIENT, 0);
    assert_false(session_answer(&session, 8, TO_CLIENT, &request));
    assert_true(session_answer(&session, 7, TO_CLIENT, &request));
    assert_int_equal(request.ask, ASK_LOGIN); /* the oldest first */
    assert_true(session_answer(&session, 7, TO_SERVER, &request));
    assert_int_equal(request.ask, ASK_VERSION);
    assert_true(session_answer(&session, 7, TO_CLIENT, &request));
    assert_int_equal(request.ask, ASK_SUBMIT);
    assert_true(request.hashes == 10);
    assert_false(session_answer(&session, 7, TO_CLIENT, &request));
}

static void test_unanswered_requests_are_bounded(void **state)
{
    (void)state;
    struct pending request;
    for (uint32_t id = 0; id < 100; id++)
        session_ask(&session, id, ASK_SUBMIT, TO_SERVER, id);
    assert_false(session_answer(&session, 99 - SESSION_MAX_PENDING, TO_CLIENT, &request));
    for (uint32_t id = 100 - SESSION_MAX_PENDING; id < 100; id++) {
        assert_true(session_answer(&session, id, TO_CLIENT, &request));
        assert_true(request.hashes == id);
    }
}

static void test_jobs(void **state)
{
    (void)state;
    assert_false(session_has_job(&session, "a"));
    session_add_job(&session, "");
    assert_false(session_has_job(&session, ""));
    session_add_job(&session, "a");
    assert_true(session_has_job(&session, "a"));
    assert_false(session_has_job(&session, "A"));
    for (int i = 0; i < SESSION_MAX_JOBS; i++) {
        char job[16];
        snprintf(job, sizeof job, "job%d", i);
        session_add_job(&session, job);
        assert_int_equal(session_has_job(&session, "a"), i < SESSION_MAX_JOBS - 1);
    }
}

static void test_shares(void **state)
{
    (void)state;
    assert_true(session_add_share(&session, 0));
    assert_false(session_add_share(&session, 0));
    for (uint32_t share = 10; share < 10 + SESSION_MAX_SHARES; share++)
        assert_true(session_add_share(&session, share));
    assert_false(session_add_share(&session, 10));
    assert_true(session_add_share(&session, 0)); /* long ago */
    assert_true(session_add_share(&session, 10));
}

/* Held words are told once each end was seen in its own role; recordings and quotations stay held. */
static void test_settle(void **state)
{
    (void)state;
    const struct {
        const char *said; /* by whom what is said: C or S, then m(iner), p(ool) or neither */
        uint64_t facts;
        int64_t pause_ms;
        bool settles;
    } cases[] = {
        {"Cm", 0, 40, false},
        {"Cp", 0, 40, false},
        {"Cm Sp", 0, 40, true},
        {"Cm Sp", 0, 2000, true},
        {"Cm Sp", 0, 2001, false}, /* people who paste */
        {"Cp Sm", 0, 40, true},    /* the pool connects out */
        {"Cm S-", fact_bit(FACT_POOL_ANSWERS), 40, true},
        {"Cm S-", fact_bit(FACT_SHARE_ACCEPTED), 40, true},
        {"Cm S-", fact_bit(FACT_SHARE_ACCEPTED), 9000, false},
        {"Cm Cp", 0, 40, false},
        {"Cm Cp Sm Sp", fact_bit(FACT_POOL_ANSWERS), 40, false}, /* stored and read back */
        {"Cm Sm", fact_bit(FACT_JOB_ECHOED), 40, false},
        {"Cm Cp Sp", fact_bit(FACT_SHARE_ACCEPTED), 40, false},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct session held = {.held = true, .conversation.facts = cases[c].facts};
        int64_t time_us = 1;
        for (const char *at = cases[c].said; *at != '\0'; at += at[2] == '\0' ? 2 : 3) {
            enum direction direction = at[0] == 'C' ? TO_SERVER : TO_CLIENT;
            if (at[1] != '-')
                session_speak(&held, direction, at[1] == 'm');
            session_note_message(&held, direction, time_us += cases[c].pause_ms * 1000);
        }
        assert_int_equal(session_settle(&held), cases[c].settles);
        assert_int_equal(held.held, !cases[c].settles);
    }
}

/* The same word again says nothing new; an answer is a word of its own. */
static void test_second_word(void **state)
{
    (void)state;
    session_note_word(&session, "mining.subscribe");
    session_note_word(&session, "mining.subscribe");
    assert_int_equal(session.conversation.facts, 0);
    session_note_word(&session, "");
    assert_int_equal(session.conversation.facts, fact_bit(FACT_SEVERAL_WORDS));
}

/* An ambiguous word of the other role in the same direction makes a recording, until the other end takes
 * part. */
static void test_recording(void **state)
{
    (void)state;
    session_hint(&session, TO_SERVER, true);
    assert_false(session_is_recording(&session));
    session_speak(&session, TO_SERVER, false);
    assert_true(session_is_recording(&session));
    session_speak(&session, TO_CLIENT, false);
    assert_false(session_is_recording(&session));
}

static void test_answers_itself(void **state)
{
    (void)state;
    session_ask(&session, 7, ASK_SUBMIT, TO_SERVER, 0);
    session_ask(&session, 8, ASK_VERSION, TO_CLIENT, 0);
    assert_true(session_answers_itself(&session, 7, TO_SERVER));
    assert_false(session_answers_itself(&session, 7, TO_CLIENT));
    assert_false(session_answers_itself(&session, 9, TO_SERVER));
    assert_false(
        session_answers_itself(&session, 8, TO_CLIENT)); /* a pool asks and answers under one number */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_set, empty),
        cmocka_unit_test_setup(test_methods, empty),
        cmocka_unit_test_setup(test_facts, empty),
        cmocka_unit_test_setup(test_answers, empty),
        cmocka_unit_test_setup(test_unanswered_requests_are_bounded, empty),
        cmocka_unit_test_setup(test_jobs, empty),
        cmocka_unit_test_setup(test_shares, empty),
        cmocka_unit_test(test_settle),
        cmocka_unit_test_setup(test_second_word, empty),
        cmocka_unit_test_setup(test_recording, empty),
        cmocka_unit_test_setup(test_answers_itself, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
