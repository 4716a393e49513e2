// SPDX-License-Identifier: Apache-2.0
/* Stratum V2 behind Noise, by its sizes; and everything that opens alike and is none of it. */
#include "inspecting.h"

/* Bytes of no meaning, other ones at each call (splitmix64). */
static void say_random(enum direction direction, size_t length)
{
    static uint64_t state = 1;
    uint8_t bytes[2048];
    for (size_t at = 0; at < length; at++) {
        uint64_t z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        bytes[at] = (uint8_t)(z >> 33);
    }
    say_bytes(direction, bytes, length);
}

/* Sizes in their order: positive from the client, negative from the server; 0 ends. */
static void play(const int *sizes)
{
    for (; *sizes != 0; sizes++)
        say_random(*sizes > 0 ? TO_SERVER : TO_CLIENT, (size_t)(*sizes > 0 ? *sizes : -*sizes));
}

static enum verdict verdict_of(const int *sizes)
{
    inspecting_open();
    inspecting_handshake();
    play(sizes);
    inspecting_end();
    enum verdict verdict = verdict_now();
    inspecting_close();
    return verdict;
}

#define SHARES 62, -58, 62, -58, 62, -58, -87, 62, -58
#define SETUP  110, -44, 97, -87, -169

static void test_standard_channel(void **state)
{
    (void)state;
    static const int sizes[] = {64, -234, SETUP, SHARES, -74, 62, -58, 0};
    inspecting_open();
    inspecting_handshake();
    play(sizes);
    inspecting_end();
    assert_string_equal(dialect_now(), "stratum-v2");
    assert_int_equal(verdict_now(), VERDICT_LIKELY);
    assert_int_equal(i.conversation.shares_submitted, 5);
    assert_int_equal(i.conversation.shares_accepted, 0); /* an answer may stand for several: not counted */
    assert_int_equal(i.conversation.miner_sends, TO_SERVER);
    inspecting_close();
}

static void test_extended_channel(void **state)
{
    (void)state;
    static const int sizes[] = {64,  -234, 110, -44, 99, -93, -640, 71,  -58,  71, -58, 71,
                                -58, -86,  71,  -58, 71, -58, 71,   -58, -900, 71, -58, 0};
    assert_int_equal(verdict_of(sizes), VERDICT_LIKELY);
}

/* The key in several segments, as a path with small ones makes it. */
static void test_key_in_pieces(void **state)
{
    (void)state;
    static const int pieces[] = {1, 15, 32, 16, -234, SETUP, SHARES, -74, 62, -58, 0};
    static const int too_long[] = {32, 31, 2, -234, SETUP, SHARES, -74, 62, -58, 0};
    assert_int_equal(verdict_of(pieces), VERDICT_LIKELY);
    assert_int_equal(verdict_of(too_long), VERDICT_NONE);
}

static void test_older_handshake(void **state)
{
    (void)state;
    static const int sizes[] = {32, -170, 5, -5, SETUP, SHARES, 0};
    assert_int_equal(verdict_of(sizes), VERDICT_LIKELY);
}

/* The handshake alone, and each of its sizes one byte off. */
static void test_sizes_are_exact(void **state)
{
    (void)state;
    static const int alone[] = {64, -234, 0}, set_up[] = {64, -234, SETUP, 0};
    assert_int_equal(verdict_of(alone), VERDICT_NONE);
    assert_int_equal(verdict_of(set_up), VERDICT_NONE);
    static const int right[] = {64, -234, SETUP, SHARES, 0};
    assert_int_equal(verdict_of(right), VERDICT_LIKELY);
    for (size_t at = 0; at < 4; at++) {
        if (at == 2)
            continue; /* the set-up has texts: any size */
        for (int off = -1; off <= 1; off += 2) {
            int sizes[sizeof right / sizeof right[0]];
            memcpy(sizes, right, sizeof right);
            sizes[at] += off;
            assert_int_equal(verdict_of(sizes), VERDICT_NONE);
        }
    }
    static const int other_rhythm[] = {64, -234, SETUP, 63, -59, 61, -57, 63, -59, -88, 61, -57, 63, -59, 0};
    assert_int_equal(verdict_of(other_rhythm), VERDICT_NONE);
    static const int no_jobs[] = {64, -234, 110, -44, 97, -91, 62, -58, 62, -58, 62, -58, 62, -58, 0};
    assert_int_equal(verdict_of(no_jobs), VERDICT_NONE);
    static const int no_shares[] = {64, -234, SETUP, -87, -86, -87, -86, -87, -74, -87, 0};
    assert_int_equal(verdict_of(no_shares), VERDICT_NONE);
}

static void test_false_friends(void **state)
{
    (void)state;
    /* BIP 324: a key and garbage on both sides, then terminator, version packet and messages */
    static const int bip324[] = {64, -64, 36, -36, 147, -147, 44, -44, 62, -58, 62, -58, -86, 62, -58, 0};
    static const int bip324_garbage[] = {64, -234, 36, -36, 147, -147, 62, -58, 62, -58, -86, 62, -58, 0};
    /* MTProto, obfuscated: 64 bytes, data at once */
    static const int mtproto[] = {64, 105, -169, 62, -58, 62, -58, -86, 62, -58, 62, -58, 0};
    static const int mtproto_joined[] = {169, -234, 110, -44, 62, -58, 62, -58, -86, 62, -58, 0};
    /* Shadowsocks: salt, address and data together; the answer of any size */
    static const int shadowsocks[] = {64, -234, 517, -1440, 62, -58, 62, -58, -86, 62, -58, 62, -58, 0};
    /* Lightning, BOLT 8: 50, 50, 66, then messages of 18 and 16 more */
    static const int lightning[] = {50, -50, 66, -62, 62, -58, 62, -58, -86, 62, -58, 62, -58, 0};
    /* the server speaks first */
    static const int greeted[] = {-20, 64, -234, 110, -44, 62, -58, 62, -58, -86, 62, -58, 0};
    const int *const friends[] = {bip324,      bip324_garbage, mtproto, mtproto_joined,
                                  shadowsocks, lightning,      greeted};
    for (size_t at = 0; at < sizeof friends / sizeof friends[0]; at++)
        assert_int_equal(verdict_of(friends[at]), VERDICT_NONE);
}

/* The sizes are right, but the bytes are text. */
static void test_text_is_no_key(void **state)
{
    (void)state;
    char text[235];
    for (size_t at = 0; at < 234; at++)
        text[at] = (char)('A' + at % 50);
    static const int rest[] = {SETUP, SHARES, 0};
    inspecting_open();
    inspecting_handshake();
    say_bytes(TO_SERVER, text, 64);
    say_bytes(TO_CLIENT, text, 234);
    play(rest);
    inspecting_end();
    assert_int_equal(verdict_now(), VERDICT_NONE);
    inspecting_close();
}

static void test_midstream_and_gaps_say_nothing(void **state)
{
    (void)state;
    static const int opening[] = {64, -234, 0}, rest[] = {SETUP, SHARES, 0};
    inspecting_open();
    play(opening); /* without the handshake of TCP */
    play(rest);
    inspecting_end();
    assert_int_equal(verdict_now(), VERDICT_NONE);
    inspecting_close();
    inspecting_open();
    inspecting_handshake();
    play(opening);
    lost(TO_SERVER, 110);
    play(rest);
    inspecting_end();
    assert_int_equal(verdict_now(), VERDICT_NONE);
    inspecting_close();
}

static enum verdict verdict_of_opening(const char *bytes, size_t length)
{
    inspecting_open();
    inspecting_handshake();
    say_bytes(TO_SERVER, bytes, length);
    inspecting_end();
    enum verdict verdict = verdict_now();
    inspecting_close();
    return verdict;
}

static void test_negotiation(void **state)
{
    (void)state;
    static const char bare[] = "STR3\1AESG", two[] = "STR3\2CHCHAESG", prefixed[] = "\x09\0STR3\1AESG";
    assert_int_equal(verdict_of_opening(bare, 9), VERDICT_LIKELY);
    assert_int_equal(verdict_of_opening(two, 13), VERDICT_LIKELY);
    assert_int_equal(verdict_of_opening(prefixed, 11), VERDICT_LIKELY);
    for (size_t length = 1; length < 9; length++)
        assert_int_equal(verdict_of_opening(bare, length), VERDICT_NONE);
    assert_int_equal(verdict_of_opening("STR3\1AESX", 9), VERDICT_NONE);
    assert_int_equal(verdict_of_opening("STR3\2AESG", 9), VERDICT_NONE);
    assert_int_equal(verdict_of_opening("STR3\1AESG and more", 18), VERDICT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standard_channel), cmocka_unit_test(test_extended_channel),
        cmocka_unit_test(test_key_in_pieces),    cmocka_unit_test(test_older_handshake),
        cmocka_unit_test(test_sizes_are_exact),  cmocka_unit_test(test_false_friends),
        cmocka_unit_test(test_text_is_no_key),   cmocka_unit_test(test_midstream_and_gaps_say_nothing),
        cmocka_unit_test(test_negotiation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
