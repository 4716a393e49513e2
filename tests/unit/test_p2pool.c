// SPDX-License-Identifier: Apache-2.0
/* Nodes of P2Pool shake hands. */
#include "inspecting.h"

enum { CHALLENGE = 17, SOLUTION = 41, AFTER = 38, ALL = CHALLENGE + SOLUTION + AFTER };

/* What one side says; `worked`: its hash is one in 10,000. */
static void make(uint8_t bytes[static ALL], uint8_t seed, bool worked)
{
    memset(bytes, 0, ALL);
    for (unsigned at = 1; at < CHALLENGE + SOLUTION; at++)
        bytes[at] = (uint8_t)(seed + at * 37);
    bytes[CHALLENGE] = 1;
    if (worked)
        memset(bytes + CHALLENGE + 1 + 30, 0, 2);
    else
        bytes[CHALLENGE + 32] = 0xff;
    bytes[CHALLENGE + SOLUTION] = 2;
    bytes[CHALLENGE + SOLUTION + 1] = 0x01;
    bytes[CHALLENGE + SOLUTION + 2] = 0x94;
    bytes[CHALLENGE + SOLUTION + 5] = 3;
}

static enum verdict meet(uint16_t port, const uint8_t *client, const uint8_t *server)
{
    inspecting_open();
    i.server_port = port;
    inspecting_handshake();
    say_bytes(TO_SERVER, client, CHALLENGE);
    say_bytes(TO_CLIENT, server, CHALLENGE);
    say_bytes(TO_CLIENT, server + CHALLENGE, SOLUTION);
    say_bytes(TO_SERVER, client + CHALLENGE, SOLUTION + AFTER);
    say_bytes(TO_CLIENT, server + CHALLENGE + SOLUTION, AFTER);
    inspecting_end();
    enum verdict verdict = verdict_now();
    if (verdict != VERDICT_NONE)
        assert_string_equal(dialect_now(), "p2pool");
    inspecting_close();
    return verdict;
}

static void test_handshake(void **state)
{
    (void)state;
    uint8_t client[ALL], server[ALL];
    make(client, 3, true);
    make(server, 8, false);
    for (uint16_t port = 37888; port <= 37890; port++)
        assert_int_equal(meet(port, client, server), VERDICT_LIKELY);
    assert_int_equal(meet(37887, client, server), VERDICT_NONE);
    assert_int_equal(meet(3333, client, server), VERDICT_NONE);
    make(client, 3, false); /* no work in it */
    assert_int_equal(meet(37889, client, server), VERDICT_SUSPECTED);
}

/* Each byte that has to be as it is, made another. */
static void test_strict(void **state)
{
    (void)state;
    static const uint8_t fixed[] = {0, 17, 58, 61, 62, 63, 64, 80, 95};
    uint8_t client[ALL], server[ALL];
    make(server, 8, false);
    for (size_t at = 0; at < sizeof fixed; at++) {
        make(client, 3, true);
        client[fixed[at]] ^= 0x20;
        assert_int_equal(meet(37889, client, server), VERDICT_NONE);
    }
    make(client, 8, false); /* both the same */
    assert_int_equal(meet(37889, client, server), VERDICT_NONE);
    make(client, 3, true);
    memset(client + 1, 'a', 8); /* no challenge */
    assert_int_equal(meet(37889, client, server), VERDICT_NONE);
}

static void test_order_and_cuts(void **state)
{
    (void)state;
    uint8_t client[ALL], server[ALL];
    make(client, 3, true);
    make(server, 8, false);
    inspecting_open(); /* the solution before the challenge that it answers */
    i.server_port = 37889;
    inspecting_handshake();
    say_bytes(TO_SERVER, client, ALL);
    say_bytes(TO_CLIENT, server, ALL);
    inspecting_end();
    assert_int_equal(verdict_now(), VERDICT_NONE);
    inspecting_close();
    inspecting_open();
    i.server_port = 37889;
    i.step = 1;
    inspecting_handshake();
    say_bytes(TO_SERVER, client, CHALLENGE);
    say_bytes(TO_CLIENT, server, ALL);
    say_bytes(TO_SERVER, client + CHALLENGE, ALL - CHALLENGE - 1);
    assert_int_equal(verdict_now(), VERDICT_NONE);
    say_bytes(TO_SERVER, client + ALL - 1, 1);
    assert_int_equal(verdict_now(), VERDICT_LIKELY);
    inspecting_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handshake),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_order_and_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
