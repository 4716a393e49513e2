// SPDX-License-Identifier: Apache-2.0
/* Frames of Stratum V2 in clear, their messages, and conversations of them. */
#include "inspecting.h"

#include "protocol/stratum_v2.h"

#include <stdio.h>

/* A frame under construction. */
struct frame_text {
    uint8_t bytes[2048];
    size_t length;
};

static struct frame_text begin(enum sv2_type type)
{
    bool channel = type >= SV2_NEW_JOB && type <= SV2_SET_TARGET;
    return (struct frame_text){{0, channel ? 0x80 : 0, (uint8_t)type}, SV2_HEADER};
}

static void number(struct frame_text *frame, uint64_t value, unsigned bytes)
{
    for (unsigned at = 0; at < bytes; at++)
        frame->bytes[frame->length++] = (uint8_t)(value >> (8 * at));
    frame->bytes[3] = (uint8_t)(frame->length - SV2_HEADER);
    frame->bytes[4] = (uint8_t)((frame->length - SV2_HEADER) >> 8);
}

static void string(struct frame_text *frame, const char *text)
{
    number(frame, strlen(text), 1);
    for (; *text != '\0'; text++)
        number(frame, (uint8_t)*text, 1);
}

/* 2^256 / 2^exponent, less one unit */
static void target(struct frame_text *frame, unsigned exponent)
{
    for (unsigned byte = 0; byte < 32; byte++)
        number(frame, byte == (256 - exponent) / 8 ? 1 : 0, 1);
}

static struct frame_text setup(uint8_t protocol)
{
    struct frame_text frame = begin(SV2_SETUP_CONNECTION);
    number(&frame, protocol, 1);
    number(&frame, 2, 2);
    number(&frame, 2, 2);
    number(&frame, 1, 4);
    string(&frame, "pool.example");
    number(&frame, 34254, 2);
    string(&frame, "Bitmain");
    string(&frame, "S19j Pro");
    string(&frame, "2023.1");
    string(&frame, "rack4-17");
    return frame;
}

static struct frame_text setup_success(void)
{
    struct frame_text frame = begin(SV2_SETUP_CONNECTION_SUCCESS);
    number(&frame, 2, 2);
    number(&frame, 0, 4);
    return frame;
}

static struct frame_text open_channel(uint32_t request, const char *user)
{
    struct frame_text frame = begin(SV2_OPEN_STANDARD);
    float hashrate = 1e14f;
    uint32_t bits;
    memcpy(&bits, &hashrate, sizeof bits);
    number(&frame, request, 4);
    string(&frame, user);
    number(&frame, bits, 4);
    target(&frame, 32);
    return frame;
}

static struct frame_text opened(uint32_t request, uint32_t channel)
{
    struct frame_text frame = begin(SV2_OPEN_STANDARD_SUCCESS);
    number(&frame, request, 4);
    number(&frame, channel, 4);
    target(&frame, 48);
    number(&frame, 4, 1);
    number(&frame, 7, 4);
    number(&frame, 1, 4);
    return frame;
}

static struct frame_text job(uint32_t channel, uint32_t identifier)
{
    struct frame_text frame = begin(SV2_NEW_JOB);
    number(&frame, channel, 4);
    number(&frame, identifier, 4);
    number(&frame, 0, 1);
    number(&frame, 0x20000000, 4);
    target(&frame, 8);
    return frame;
}

static struct frame_text previous_hash(uint32_t time)
{
    struct frame_text frame = begin(SV2_SET_NEW_PREVIOUS_HASH);
    number(&frame, 5, 4);
    number(&frame, 9, 4);
    target(&frame, 80);
    number(&frame, time, 4);
    number(&frame, 0x17034219, 4);
    return frame;
}

static struct frame_text share(uint32_t sequence)
{
    struct frame_text frame = begin(SV2_SUBMIT_STANDARD);
    const uint32_t values[] = {5, sequence, 9, 0x1234 + sequence, 1767607200, 0x20000000};
    for (size_t at = 0; at < 6; at++)
        number(&frame, values[at], 4);
    return frame;
}

static struct frame_text accepted(uint32_t count)
{
    struct frame_text frame = begin(SV2_SUBMIT_SUCCESS);
    number(&frame, 5, 4);
    number(&frame, 2, 4);
    number(&frame, count, 4);
    number(&frame, 65536, 8);
    return frame;
}

static void say(enum direction direction, struct frame_text frame)
{
    say_bytes(direction, frame.bytes, frame.length);
}

/* ---- frames ---- */

static bool parse(const struct frame_text *frame, struct sv2_message *message)
{
    struct sv2_reader reader;
    size_t used;
    sv2_reader_reset(&reader);
    struct guarded copy = guarded_copy(frame->bytes, frame->length);
    enum sv2_result result = sv2_read(&reader, copy.bytes, frame->length, &used);
    assert_int_equal(used, frame->length);
    bool read = result == SV2_COMPLETE && sv2_parse(&reader, message);
    guarded_free(&copy);
    return read;
}

static void test_setup_is_read(void **state)
{
    (void)state;
    struct frame_text frame = setup(0);
    struct sv2_message message;
    assert_true(parse(&frame, &message));
    assert_string_equal(message.host, "pool.example");
    assert_int_equal(message.port, 34254);
    assert_string_equal(message.hardware, "S19j Pro");
    assert_string_equal(message.device, "rack4-17");
}

/* One byte too many or too few inside a right frame, and control characters, make it none. */
static void test_lengths_must_fit(void **state)
{
    (void)state;
    struct sv2_message message;
    struct frame_text frame = setup(0), longer = frame;
    number(&longer, 0, 1);
    assert_false(parse(&longer, &message));
    for (size_t cut = 1; cut <= frame.length - SV2_HEADER; cut++) {
        struct frame_text shorter = frame;
        shorter.length -= cut;
        shorter.bytes[3] = (uint8_t)(shorter.length - SV2_HEADER);
        assert_false(parse(&shorter, &message));
    }
    frame.bytes[SV2_HEADER + 11] = '\n';
    assert_false(parse(&frame, &message));
    struct frame_text no_channel_bit = share(1);
    no_channel_bit.bytes[1] = 0;
    assert_false(parse(&no_channel_bit, &message));
}

static void test_frames_in_any_pieces(void **state)
{
    (void)state;
    struct frame_text parts[] = {setup(0), open_channel(1, "a.b"), share(1)};
    uint8_t stream[4096];
    size_t length = 0;
    for (size_t at = 0; at < 3; at++) {
        memcpy(stream + length, parts[at].bytes, parts[at].length);
        length += parts[at].length;
    }
    for (size_t step = 1; step < length; step++) {
        struct sv2_reader reader;
        unsigned complete = 0;
        sv2_reader_reset(&reader);
        for (size_t at = 0, used; at < length; at += used) {
            size_t piece = length - at < step ? length - at : step;
            complete += sv2_read(&reader, stream + at, piece, &used) == SV2_COMPLETE;
            assert_true(used > 0);
        }
        assert_int_equal(complete, 3);
    }
}

static void test_beginnings(void **state)
{
    (void)state;
    struct frame_text frame = setup(0);
    for (size_t length = 1; length < SV2_SETUP_MARK; length++)
        assert_int_equal(sv2_begins(frame.bytes, length), -1);
    assert_int_equal(sv2_begins(frame.bytes, SV2_SETUP_MARK), 1);
    for (size_t at = 0; at < SV2_SETUP_MARK; at++) {
        struct frame_text other = frame;
        other.bytes[at] ^= at == 3 ? 0 : 0x40;
        if (at != 3)
            assert_int_equal(sv2_begins(other.bytes, SV2_SETUP_MARK), 0);
    }
    /* SMB2 over TCP: a NetBIOS length, then the mark of SMB */
    static const uint8_t smb[] = {0, 0, 0, 0xc0, 0xfe, 'S', 'M', 'B', 0x40, 0, 0, 0};
    assert_int_equal(sv2_begins(smb, sizeof smb), 0);
}

/* ---- conversations ---- */

static void session_in_clear(void)
{
    say(TO_SERVER, setup(0));
    say(TO_CLIENT, setup_success());
    say(TO_SERVER, open_channel(7, "bc1qexample.rig"));
    say(TO_CLIENT, opened(7, 5));
    say(TO_CLIENT, job(5, 9));
    say(TO_CLIENT, previous_hash(1767607190));
    say(TO_SERVER, share(1));
    say(TO_SERVER, share(2));
    say(TO_SERVER, share(2)); /* sent again is not mined again */
    say(TO_CLIENT, accepted(2));
}

static void check_session(void)
{
    assert_string_equal(dialect_now(), "stratum-v2");
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
    assert_string_equal(i.conversation.agent, "Bitmain S19j Pro 2023.1");
    assert_string_equal(i.conversation.user, "bc1qexample.rig");
    assert_string_equal(i.conversation.pool_name, "pool.example:34254");
    assert_int_equal(i.conversation.shares_submitted, 2);
    assert_int_equal(i.conversation.shares_accepted, 2);
    assert_true(i.conversation.hashes_accepted == 2 * 0x1p48);
    assert_true(has(FACT_SV2_SETUP) && has(FACT_POOL_ANSWERS) && has(FACT_JOB_ECHOED) &&
                has(FACT_JOB_PROVEN));
    assert_true(i.conversation.hashrate_claimed_hs > 0.99e14 && i.conversation.hashrate_claimed_hs < 1.01e14);
}

static void test_session(void **state)
{
    (void)state;
    for (size_t step = 0; step < 3; step++) {
        inspecting_open();
        i.step = step;
        inspecting_handshake();
        session_in_clear();
        inspecting_end();
        check_session();
        assert_int_equal(i.conversation.miner_sends, TO_SERVER);
        inspecting_close();
    }
}

/* The pool is the client of the TCP connection. */
static void test_pool_connects_out(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    say(TO_CLIENT, setup(0));
    say(TO_SERVER, setup_success());
    say(TO_CLIENT, open_channel(7, "bc1qexample.rig"));
    say(TO_SERVER, opened(7, 5));
    assert_int_equal(i.conversation.miner_sends, TO_CLIENT);
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
    inspecting_close();
}

/* A pool and its node: nobody mines here. */
static void test_template_distribution_is_quiet(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    say(TO_SERVER, setup(2));
    say(TO_CLIENT, setup_success());
    inspecting_end();
    assert_int_equal(verdict_now(), VERDICT_NONE);
    inspecting_close();
}

static void test_one_side(void **state)
{
    (void)state;
    for (int hidden = 0; hidden < 2; hidden++) {
        inspecting_open();
        i.hidden = hidden;
        inspecting_handshake();
        session_in_clear();
        inspecting_end();
        assert_string_equal(dialect_now(), "stratum-v2");
        assert_true(verdict_now() >= VERDICT_LIKELY);
        inspecting_close();
    }
}

static void test_reconnect_is_kept(void **state)
{
    (void)state;
    struct frame_text frame = begin(SV2_RECONNECT);
    string(&frame, "other.example");
    number(&frame, 3334, 2);
    inspecting_open();
    inspecting_handshake();
    session_in_clear();
    say(TO_CLIENT, frame);
    inspecting_end();
    assert_string_equal(i.conversation.redirect, "other.example:3334");
    assert_true(has(FACT_REDIRECTED));
    inspecting_close();
}

/* From the middle: a frame or two say nothing. */
static void test_midstream(void **state)
{
    (void)state;
    inspecting_open();
    say(TO_SERVER, share(1));
    say(TO_SERVER, share(2));
    assert_int_equal(verdict_now(), VERDICT_NONE);
    say(TO_SERVER, share(3));
    say(TO_CLIENT, accepted(1));
    inspecting_end();
    assert_string_equal(dialect_now(), "stratum-v2");
    assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
    assert_int_equal(i.conversation.miner_sends, TO_SERVER);
    inspecting_close();
}

/* A pool that claims more than was sent, and a number that no share can have. */
static void test_accepted_is_bounded(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    session_in_clear();
    say(TO_CLIENT, accepted(0xffffffff));
    inspecting_end();
    assert_int_equal(i.conversation.shares_accepted, 2);
    inspecting_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_setup_is_read),
        cmocka_unit_test(test_lengths_must_fit),
        cmocka_unit_test(test_frames_in_any_pieces),
        cmocka_unit_test(test_beginnings),
        cmocka_unit_test(test_session),
        cmocka_unit_test(test_pool_connects_out),
        cmocka_unit_test(test_template_distribution_is_quiet),
        cmocka_unit_test(test_one_side),
        cmocka_unit_test(test_reconnect_is_kept),
        cmocka_unit_test(test_accepted_is_bounded),
        cmocka_unit_test(test_midstream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
