// SPDX-License-Identifier: Apache-2.0
/* Frames of BTCAgent among the lines of Stratum. */
#include "inspecting.h"

#define LITERAL(text) text, sizeof(text) - 1

static void login(void)
{
    miner_says("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"btccom-agent/1.0\"]}\n");
    pool_says("{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"08000002\",4],\"error\":null}\n");
    miner_says("{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"kevin\",\"\"]}\n");
    pool_says("{\"id\":2,\"result\":true,\"error\":null}\n");
}

static void work(void)
{
    say_bytes(TO_SERVER, LITERAL("\x7f\x01\x14\0\x22\x11"
                                 "cgminer\0"
                                 "s1099\0"));
    say_bytes(TO_SERVER, LITERAL("\x7f\x01\x14\0\x44\x33"
                                 "cgminer\0"
                                 "s1100\0"));
    say_bytes(TO_CLIENT, LITERAL("\x7f\x05\x0b\0\x0d\x02\0\x22\x11\x44\x33"));
    say_bytes(TO_SERVER, LITERAL("\x7f\x02\x0f\0\xa9\x22\x11\x44\x33\x22\x11\xdd\xcc\xbb\xaa"));
    say_bytes(TO_SERVER,
              LITERAL("\x7f\x03\x13\0\xa9\x22\x11\x44\x33\x22\x12\xdd\xcc\xbb\xaa\xd0\x2a\xbd\x57"));
    miner_says("{\"id\":3,\"method\":\"mining.extranonce.subscribe\",\"params\":[]}\n");
    say_bytes(TO_SERVER, LITERAL("\x7f\x04\x06\0\x44\x33"));
}

static void test_frames_among_lines(void **state)
{
    (void)state;
    for (size_t step = 0; step < 4; step++) {
        inspecting_open();
        inspecting_handshake();
        login();
        i.step = step;
        work();
        inspecting_end();
        assert_string_equal(dialect_now(), "bitcoin-v1");
        assert_true(has(FACT_AGENT_FRAMES));
        assert_int_equal(i.conversation.workers, 1); /* two came, one left */
        assert_int_equal(i.conversation.shares_submitted, 2);
        assert_true(i.conversation.difficulty == 8192);
        assert_non_null(strstr(i.conversation.methods[SIDE_MINER], "mining.extranonce.subscribe"));
        assert_false(has(FACT_FOREIGN_TEXT));
        inspecting_close();
    }
}

static void test_after_a_gap(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    login();
    work();
    lost(TO_SERVER, 15);
    say_bytes(TO_SERVER, LITERAL("\x7f\x02\x0f\0\xa9\x22\x11\x44\x33\x22\x15\xdd\xcc\xbb\xaa"));
    inspecting_end();
    assert_int_equal(i.conversation.shares_submitted, 3);
    assert_false(has(FACT_FOREIGN_TEXT));
    inspecting_close();
}

/* Without Stratum before them, from the wrong side, with lengths that do not fit. */
static void test_no_frames(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    work();
    inspecting_end();
    assert_false(has(FACT_AGENT_FRAMES));
    inspecting_close();
    static const struct {
        enum direction direction;
        const char *bytes;
        size_t length;
    } wrong[] = {
        {TO_CLIENT, LITERAL("\x7f\x02\x0f\0\xa9\x22\x11\x44\x33\x22\x11\xdd\xcc\xbb\xaa")},
        {TO_SERVER, LITERAL("\x7f\x02\x10\0\xa9\x22\x11\x44\x33\x22\x11\xdd\xcc\xbb\xaa\0")},
        {TO_SERVER, LITERAL("\x7f\x01\x14\0\x22\x11"
                            "cgminer "
                            "s1099\0")},
        {TO_CLIENT, LITERAL("\x7f\x05\x0b\0\x0d\x03\0\x22\x11\x44\x33")},
        {TO_SERVER, LITERAL("\x7f"
                            "ELF\2\1\1\0\0\0\0\0\0\0\0\0")},
        {TO_SERVER, LITERAL("\x7f\x02\x00\0\xa9\x22")},
    };
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        inspecting_open();
        inspecting_handshake();
        login();
        say_bytes(wrong[at].direction, wrong[at].bytes, wrong[at].length);
        inspecting_end();
        assert_false(has(FACT_AGENT_FRAMES));
        assert_int_equal(i.conversation.shares_submitted, 0);
        inspecting_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_among_lines),
        cmocka_unit_test(test_after_a_gap),
        cmocka_unit_test(test_no_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
