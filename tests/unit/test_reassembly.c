// SPDX-License-Identifier: Apache-2.0
#include "flow/reassembly.h"
#include "guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 1 << 18 };

static const struct reassembly_limits defaults = {
    .store_bytes = 32 << 20,
    .direction_bytes = 64 << 10,
    .max_flows = 1000,
};

/* What was handed on of both directions; gaps as '.' where `text` is compared. */
struct fixture {
    struct reassembler *reassembler;
    struct flow flow;
    uint8_t bytes[2][MOST];
    bool missing[2][MOST];
    size_t length[2];
    unsigned calls, gaps, unknown_gaps;
    unsigned release_at; /* call of the handler that releases the flow; 0: none */
};

static void count_call(struct fixture *fixture, struct flow *flow)
{
    if (++fixture->calls == fixture->release_at)
        reassembler_release(fixture->reassembler, flow);
}

static void on_bytes(void *context, struct flow *flow, enum direction direction, const uint8_t *bytes,
                     size_t length)
{
    struct fixture *fixture = context;
    assert_true(length >= 1);
    assert_true(fixture->length[direction] + length <= MOST);
    memcpy(fixture->bytes[direction] + fixture->length[direction], bytes, length);
    fixture->length[direction] += length;
    count_call(fixture, flow);
}

static void on_gap(void *context, struct flow *flow, enum direction direction, uint32_t missing)
{
    struct fixture *fixture = context;
    fixture->gaps++;
    fixture->unknown_gaps += missing == 0;
    assert_true(fixture->length[direction] + missing <= MOST);
    memset(fixture->bytes[direction] + fixture->length[direction], '.', missing);
    for (uint32_t i = 0; i < missing; i++)
        fixture->missing[direction][fixture->length[direction] + i] = true;
    fixture->length[direction] += missing;
    count_call(fixture, flow);
}

static struct fixture *make(const struct reassembly_limits *limits)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    static const struct stream_handler handler = {on_bytes, on_gap};
    fixture->reassembler = reassembler_create(limits, &handler, fixture, NULL);
    assert_non_null(fixture->reassembler);
    return fixture;
}

static void clean(struct fixture *fixture)
{
    reassembler_release(fixture->reassembler, &fixture->flow);
    assert_int_equal(reassembler_statistics(fixture->reassembler)->flows, 0);
    assert_int_equal(reassembler_statistics(fixture->reassembler)->memory_bytes, 0);
    reassembler_free(fixture->reassembler);
    free(fixture);
}

static void opened(struct fixture *fixture, enum direction direction, uint32_t start)
{
    fixture->flow.tcp_flags[direction] |= TCP_SYN;
    fixture->flow.tcp_start[direction] = start;
}

/* The payload lies against a page that cannot be read; `cut` bytes of it are not in the frame. */
static void push_cut(struct fixture *fixture, enum direction direction, uint32_t sequence,
                     const void *payload, size_t length, size_t cut)
{
    struct guarded guarded = guarded_copy(payload, length - cut);
    struct packet packet = {.tcp_sequence = sequence,
                            .payload = guarded.bytes,
                            .payload_captured = (uint32_t)(length - cut),
                            .payload_length = (uint32_t)length};
    reassembler_push(fixture->reassembler, &fixture->flow, direction, &packet);
    guarded_free(&guarded);
}

static void push(struct fixture *fixture, uint32_t sequence, const char *text)
{
    push_cut(fixture, TO_SERVER, sequence, text, strlen(text), 0);
}

static void push_flags(struct fixture *fixture, enum direction direction, uint8_t flags, uint32_t sequence,
                       uint32_t acknowledgement)
{
    struct packet packet = {
        .tcp_flags = flags, .tcp_sequence = sequence, .tcp_acknowledgement = acknowledgement};
    reassembler_push(fixture->reassembler, &fixture->flow, direction, &packet);
}

static void assert_stream(const struct fixture *fixture, const char *expected)
{
    assert_int_equal(fixture->length[TO_SERVER], strlen(expected));
    assert_memory_equal(fixture->bytes[TO_SERVER], expected, strlen(expected));
}

/* One script of pushes a row: sequence numbers are relative to a start that wraps around after three bytes.
 */
static void test_scripts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct {
            int32_t sequence;
            const char *text;
        } pushes[8];
        const char *before_flush, *after_flush;
    } scripts[] = {
        {"in order", {{0, "abc"}, {3, "def"}, {6, "g"}}, "abcdefg", "abcdefg"},
        {"two swapped", {{3, "def"}, {0, "abc"}}, "abcdef", "abcdef"},
        {"reversed", {{4, "e"}, {3, "d"}, {2, "c"}, {1, "b"}, {0, "a"}}, "abcde", "abcde"},
        {"retransmission", {{0, "abc"}, {0, "XYZ"}, {3, "d"}}, "abcd", "abcd"},
        {"early retransmission", {{3, "def"}, {3, "XYZ"}, {0, "abc"}}, "abcdef", "abcdef"},
        {"overlaps the end", {{0, "abc"}, {1, "XYdef"}}, "abcdef", "abcdef"},
        {"reaches back before the start", {{0, "a"}, {-2, "XXXbc"}}, "abc", "abc"},
        {"covers what waits", {{2, "cd"}, {0, "abXYef"}}, "abcdef", "abcdef"},
        {"covers two that wait", {{1, "b"}, {3, "d"}, {0, "aXcXe"}}, "abcde", "abcde"},
        {"early covers early", {{3, "d"}, {5, "f"}, {2, "cXeXg"}, {0, "ab"}}, "abcdefg", "abcdefg"},
        {"early joins early", {{4, "ef"}, {2, "cdX"}, {1, "bXX"}, {0, "a"}}, "abcdef", "abcdef"},
        {"keep-alive", {{0, "abc"}, {2, "X"}, {3, "d"}}, "abcd", "abcd"},
        {"zero-window probe", {{0, "abc"}, {3, "d"}, {3, "d"}, {3, "def"}}, "abcdef", "abcdef"},
        {"gap", {{0, "ab"}, {4, "ef"}}, "ab", "ab..ef"},
        {"two gaps", {{0, "ab"}, {4, "ef"}, {8, "ij"}}, "ab", "ab..ef..ij"},
        {"gap first", {{2, "cd"}}, "", "..cd"},
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct fixture *fixture = make(&defaults);
        uint32_t start = UINT32_MAX - 2;
        opened(fixture, TO_SERVER, start);
        for (size_t j = 0; j < 8 && scripts[i].pushes[j].text != NULL; j++)
            push(fixture, start + (uint32_t)scripts[i].pushes[j].sequence, scripts[i].pushes[j].text);
        if (fixture->length[TO_SERVER] != strlen(scripts[i].before_flush))
            fail_msg("%s: %zu bytes", scripts[i].name, fixture->length[TO_SERVER]);
        assert_stream(fixture, scripts[i].before_flush);
        reassembler_flush(fixture->reassembler, &fixture->flow);
        assert_stream(fixture, scripts[i].after_flush);
        clean(fixture);
    }
}

static void test_midstream(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    push(fixture, 1000, "def");
    push(fixture, 997, "abc"); /* nothing tells that it belongs to what is seen */
    push(fixture, 1003, "ghi");
    assert_stream(fixture, "defghi");
    clean(fixture);

    /* the other side said what it expects: the first two segments may be swapped */
    fixture = make(&defaults);
    push_cut(fixture, TO_CLIENT, 1, "x", 1, 0);
    push_flags(fixture, TO_CLIENT, TCP_ACK, 2, 997);
    push(fixture, 1000, "def");
    assert_stream(fixture, "");
    push(fixture, 997, "abc");
    assert_stream(fixture, "abcdef");
    clean(fixture);

    /* the keep-alive probe of an idle connection is no data */
    fixture = make(&defaults);
    push(fixture, 999, "X");
    push(fixture, 1000, "abc");
    assert_stream(fixture, "abc");
    clean(fixture);
}

static void test_data_with_syn(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    opened(fixture, TO_SERVER, 101);
    struct packet packet = {.tcp_flags = TCP_SYN,
                            .tcp_sequence = 100,
                            .payload = (const uint8_t *)"abc",
                            .payload_captured = 3,
                            .payload_length = 3};
    reassembler_push(fixture->reassembler, &fixture->flow, TO_SERVER, &packet);
    push(fixture, 104, "def");
    assert_stream(fixture, "abcdef");
    clean(fixture);
}

static void test_nothing_is_kept_without_payload(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    push_flags(fixture, TO_SERVER, TCP_SYN, 100, 0);
    push_flags(fixture, TO_CLIENT, TCP_SYN | TCP_ACK, 100, 101);
    push_flags(fixture, TO_SERVER, TCP_ACK, 101, 101);
    push_flags(fixture, TO_SERVER, TCP_FIN | TCP_ACK, 101, 101);
    assert_null(fixture->flow.streams);
    clean(fixture);
}

static void test_acknowledged_gap_is_given_up(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    opened(fixture, TO_SERVER, 100);
    push(fixture, 100, "ab");
    push(fixture, 104, "ef");
    push_flags(fixture, TO_CLIENT, TCP_ACK, 1, 102);
    assert_stream(fixture, "ab");
    push_flags(fixture, TO_CLIENT, TCP_ACK, 1, 103); /* into the gap */
    assert_stream(fixture, "ab");
    push_flags(fixture, TO_CLIENT, TCP_ACK, 1, 104); /* all of the gap */
    assert_stream(fixture, "ab..ef");
    /* acknowledged before anything behind it was seen: still taken when it comes in order ... */
    push_flags(fixture, TO_CLIENT, TCP_ACK, 1, 110);
    push(fixture, 106, "gh");
    assert_stream(fixture, "ab..efgh");
    /* ... and not waited for when it does not */
    push(fixture, 110, "kl");
    assert_stream(fixture, "ab..efgh..kl");
    /* far-off acknowledgements mean nothing */
    push(fixture, 114, "op");
    push_flags(fixture, TO_CLIENT, TCP_ACK, 1, 114 + (2 << 20));
    push_flags(fixture, TO_CLIENT, TCP_ACK | TCP_RST, 1, 116);
    assert_stream(fixture, "ab..efgh..kl");
    assert_int_equal(reassembler_statistics(fixture->reassembler)->gaps, 2);
    assert_int_equal(reassembler_statistics(fixture->reassembler)->gap_bytes, 4);
    clean(fixture);
}

static void test_gap_is_not_waited_for_forever(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    opened(fixture, TO_SERVER, 100);
    fixture->flow.last_us = INT64_C(65535) * 1000000; /* the low bits of the seconds wrap around */
    push(fixture, 102, "cd");
    fixture->flow.last_us += 10 * 1000000;
    push(fixture, 106, "gh");
    assert_stream(fixture, "");
    fixture->flow.last_us += 1000000;
    push(fixture, 110, "kl");
    assert_stream(fixture, "..cd");
    fixture->flow.last_us += 11 * 1000000;
    push(fixture, 112, "mn");
    assert_stream(fixture, "..cd..gh");
    clean(fixture);
}

static void test_cut_payload_is_a_gap(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    opened(fixture, TO_SERVER, 100);
    push_cut(fixture, TO_SERVER, 100, "abcd", 4, 2);
    assert_stream(fixture, "ab..");
    push_cut(fixture, TO_SERVER, 104, "efgh", 4, 4);
    assert_stream(fixture, "ab......");
    push(fixture, 110, "kl");
    push_cut(fixture, TO_SERVER, 108, "ijXXmn", 6, 5); /* "kl" waits already */
    assert_stream(fixture, "ab......i.kl..");
    push(fixture, 114, "op");
    assert_stream(fixture, "ab......i.kl..op");
    clean(fixture);
}

static void test_stray_segments(void **state)
{
    (void)state;
    static const uint32_t elsewhere[] = {UINT32_C(3) << 20, UINT32_C(1) << 31, 0u - (UINT32_C(3) << 20)};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        struct fixture *fixture = make(&defaults);
        opened(fixture, TO_SERVER, 100);
        push(fixture, 100, "ab");
        uint32_t at = 100 + elsewhere[i];
        push(fixture, at, "XX");
        push(fixture, at + 2, "XX");
        push(fixture, 102, "cd"); /* the stream lives where it was */
        push(fixture, at + 4, "XX");
        push(fixture, 106, "gh");
        assert_stream(fixture, "abcd");
        push(fixture, at + 6, "ij");
        push(fixture, at + 8, "kl");
        push(fixture, at + 10, "mn"); /* three in a row: there it goes on */
        push(fixture, at + 12, "op");
        assert_stream(fixture, "abcd..ghmnop");
        assert_int_equal(fixture->unknown_gaps, 1);
        clean(fixture);

        /* a new connection in the same flow loses nothing */
        fixture = make(&defaults);
        opened(fixture, TO_SERVER, 100);
        push(fixture, 100, "ab");
        push_flags(fixture, TO_SERVER, TCP_SYN, at - 1, 0);
        push(fixture, at, "cd");
        assert_stream(fixture, "abcd");
        assert_int_equal(fixture->unknown_gaps, 1);
        clean(fixture);
    }
}

static void test_data_behind_fin_and_rst(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    opened(fixture, TO_SERVER, 100);
    push(fixture, 100, "ab");
    push_flags(fixture, TO_SERVER, TCP_FIN | TCP_ACK, 102, 1);
    push(fixture, 102, "cd");
    struct packet packet = {.tcp_flags = TCP_RST,
                            .tcp_sequence = 104,
                            .payload = (const uint8_t *)"why",
                            .payload_captured = 3,
                            .payload_length = 3};
    reassembler_push(fixture->reassembler, &fixture->flow, TO_SERVER, &packet);
    push(fixture, 104, "ef");
    assert_stream(fixture, "abcdef");
    clean(fixture);
}

static void test_share_and_store(void **state)
{
    (void)state;
    uint8_t *large = calloc(1, 65535);
    assert_non_null(large);
    /* a merged segment of 64 KiB fits into the default share, one more does not */
    struct fixture *fixture = make(&defaults);
    opened(fixture, TO_SERVER, 0);
    push_cut(fixture, TO_SERVER, 10, large, 65535, 0);
    assert_int_equal(fixture->length[TO_SERVER], 0);
    push_cut(fixture, TO_SERVER, 70000, large, 1460, 0);
    assert_int_equal(fixture->gaps, 1);
    assert_int_equal(fixture->length[TO_SERVER], 10 + 65535);
    assert_int_equal(reassembler_statistics(fixture->reassembler)->store_full, 0);
    reassembler_flush(fixture->reassembler, &fixture->flow);
    assert_int_equal(fixture->length[TO_SERVER], 71460);
    clean(fixture);

    struct reassembly_limits small = defaults;
    small.store_bytes = 4096;
    fixture = make(&small);
    opened(fixture, TO_SERVER, 0);
    push_cut(fixture, TO_SERVER, 10, large, 65535, 0);
    assert_int_equal(fixture->length[TO_SERVER], 65545);
    assert_true(reassembler_statistics(fixture->reassembler)->store_full > 0);
    clean(fixture);
    free(large);
}

static void test_newcomers_get_room_in_a_full_store(void **state)
{
    (void)state;
    struct reassembly_limits limits = defaults;
    limits.store_bytes = 16 * 117 * 512; /* what 16 of the greedy flows would fill exactly */
    struct fixture *fixture = make(&limits);
    static uint8_t bytes[1460];
    for (unsigned i = 0; i < 500; i++) {
        fixture->flow = (struct flow){.tcp_flags = {TCP_SYN, 0}};
        fixture->length[TO_SERVER] = 0;
        for (uint32_t part = 0; part < 40; part++)
            push_cut(fixture, TO_SERVER, 1 + part * 1460, bytes, 1460, 0);
    }
    uint64_t gaps = reassembler_statistics(fixture->reassembler)->gaps;
    struct flow newcomers[20] = {0};
    for (unsigned i = 0; i < 20; i++) {
        newcomers[i].tcp_flags[TO_SERVER] = TCP_SYN;
        struct packet packet = {
            .tcp_sequence = 3, .payload = bytes, .payload_captured = 300, .payload_length = 300};
        reassembler_push(fixture->reassembler, &newcomers[i], TO_SERVER, &packet);
    }
    assert_int_equal(reassembler_statistics(fixture->reassembler)->gaps, gaps);
    assert_true(reassembler_statistics(fixture->reassembler)->memory_bytes <= limits.store_bytes + 520 * 64);
    reassembler_free(fixture->reassembler);
    free(fixture);
}

static void test_small_segments_share_blocks(void **state)
{
    (void)state;
    struct fixture *fixture = make(&defaults);
    opened(fixture, TO_SERVER, 0);
    for (uint32_t i = 1; i <= 1000; i++)
        push(fixture, i, "x");
    assert_in_range(reassembler_statistics(fixture->reassembler)->memory_bytes, 1000, 1700);
    push(fixture, 0, "x");
    assert_int_equal(fixture->length[TO_SERVER], 1001);
    clean(fixture);
}

static void test_more_flows_than_allowed(void **state)
{
    (void)state;
    struct reassembly_limits limits = defaults;
    limits.max_flows = 2;
    struct fixture *fixture = make(&limits);
    struct flow flows[3] = {{.id = 1}, {.id = 2}, {.id = 3}};
    struct packet segment = {.payload = (const uint8_t *)"X", .payload_captured = 1, .payload_length = 1};
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < 3; i++)
            reassembler_push(fixture->reassembler, &flows[i], TO_SERVER, &segment);
    assert_null(flows[2].streams);
    assert_int_equal(reassembler_statistics(fixture->reassembler)->flows_refused, 1);
    reassembler_release(fixture->reassembler, &flows[0]);
    reassembler_push(fixture->reassembler, &flows[2], TO_SERVER, &segment);
    assert_non_null(flows[2].streams);
    reassembler_release(fixture->reassembler, &flows[1]);
    reassembler_release(fixture->reassembler, &flows[2]);
    reassembler_release(fixture->reassembler, &flows[2]);
    clean(fixture);
}

/* Releases from each call of the handler in turn, also from the ones for waiting blocks and gaps. */
static void test_release_from_the_handler(void **state)
{
    (void)state;
    for (unsigned release_at = 1; release_at <= 9; release_at++) {
        struct fixture *fixture = make(&defaults);
        fixture->release_at = release_at;
        opened(fixture, TO_SERVER, 100);
        push(fixture, 102, "c");
        push(fixture, 104, "e");
        push(fixture, 106, "g");
        push(fixture, 100, "abXd");
        push(fixture, 108, "i");
        if (release_at % 2 == 0)
            push_flags(fixture, TO_CLIENT, TCP_ACK, 1, 107);
        else
            reassembler_flush(fixture->reassembler, &fixture->flow);
        if (fixture->flow.streams == NULL) {
            assert_int_equal(fixture->calls, release_at);
            assert_int_equal(reassembler_statistics(fixture->reassembler)->memory_bytes, 0);
        }
        clean(fixture);
    }
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)rand() % limit;
}

/* What the first segment that held a byte said of it. */
struct model {
    uint8_t bytes[8192];
    bool seen[8192];
    uint32_t end;
};

static void push_random(struct fixture *fixture, struct model *model, uint32_t start, uint32_t from,
                        uint32_t length)
{
    uint8_t bytes[4096];
    for (uint32_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)rand();
        if (!model->seen[from + i])
            model->bytes[from + i] = bytes[i];
        model->seen[from + i] = true;
    }
    if (from + length > model->end)
        model->end = from + length;
    struct packet packet = {
        .tcp_sequence = start + from, .payload = bytes, .payload_captured = length, .payload_length = length};
    reassembler_push(fixture->reassembler, &fixture->flow, TO_SERVER, &packet);
}

static void check_model(const struct fixture *fixture, const struct model *model)
{
    assert_int_equal(fixture->length[TO_SERVER], model->end);
    for (uint32_t i = 0; i < model->end; i++) {
        assert_int_equal(fixture->missing[TO_SERVER][i], !model->seen[i]);
        if (model->seen[i])
            assert_int_equal(fixture->bytes[TO_SERVER][i], model->bytes[i]);
    }
}

/* Segments cut at random, reordered, lost, repeated with other cuts and other contents. */
static void test_against_a_model(void **state)
{
    (void)state;
    srand(42);
    struct fixture *fixture = make(&defaults);
    static struct model model;
    for (unsigned round = 0; round < 3000; round++) {
        fixture->flow = (struct flow){0};
        fixture->length[TO_SERVER] = 0;
        memset(fixture->missing[TO_SERVER], 0, sizeof model.seen);
        memset(&model, 0, sizeof model);
        uint32_t start = (uint32_t)rand() * 2 + (uint32_t)rand() % 2;
        if (round % 2 == 0)
            start = 0u - below(2000);
        opened(fixture, TO_SERVER, start);
        uint32_t largest = 1 + below(round % 3 == 0 ? 8 : 1500), window = 1 + below(3000);
        uint32_t at = 0, segments = 1 + below(40);
        for (uint32_t i = 0; i < segments; i++) {
            uint32_t length = 1 + below(largest);
            uint32_t from = at > window / 2 ? at - window / 2 + below(window) : below(window);
            if (below(3) != 0)
                from = at;
            if (from + length > sizeof model.bytes)
                break;
            if (below(10) != 0)
                push_random(fixture, &model, start, from, length);
            at = from + length;
        }
        reassembler_flush(fixture->reassembler, &fixture->flow);
        check_model(fixture, &model);
        reassembler_release(fixture->reassembler, &fixture->flow);
        assert_int_equal(reassembler_statistics(fixture->reassembler)->memory_bytes, 0);
    }
    clean(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_midstream),
        cmocka_unit_test(test_data_with_syn),
        cmocka_unit_test(test_nothing_is_kept_without_payload),
        cmocka_unit_test(test_acknowledged_gap_is_given_up),
        cmocka_unit_test(test_gap_is_not_waited_for_forever),
        cmocka_unit_test(test_cut_payload_is_a_gap),
        cmocka_unit_test(test_stray_segments),
        cmocka_unit_test(test_data_behind_fin_and_rst),
        cmocka_unit_test(test_share_and_store),
        cmocka_unit_test(test_newcomers_get_room_in_a_full_store),
        cmocka_unit_test(test_small_segments_share_blocks),
        cmocka_unit_test(test_more_flows_than_allowed),
        cmocka_unit_test(test_release_from_the_handler),
        cmocka_unit_test(test_against_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
