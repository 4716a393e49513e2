// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECOND   INT64_C(1000000)
#define TO_START (INT64_C(1700000000) * SECOND)

static const uint8_t secret[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

struct fixture {
    struct flow_table *table;
    unsigned ended[3]; /* by enum flow_end */
    unsigned ended_protected;
    uint64_t packets; /* of the flows that ended */
    uint64_t last_ended_id;
    int64_t last_ended_us, last_ended_now_us;
};

static void on_ended(void *context, struct flow *flow, enum flow_end why, int64_t now_us)
{
    struct fixture *fixture = context;
    fixture->ended[why]++;
    fixture->ended_protected += flow->protected_;
    fixture->packets += flow->packets[TO_SERVER] + flow->packets[TO_CLIENT];
    fixture->last_ended_id = flow->id;
    fixture->last_ended_us = flow->last_us;
    fixture->last_ended_now_us = now_us;
    assert_true(flow->first_us <= flow->last_us);
}

static const struct flow_limits defaults = {
    .max_flows = 1000,
    .new_timeout_s = 30,
    .tcp_timeout_s = 300,
    .other_timeout_s = 60,
    .closed_timeout_s = 10,
    .mining_timeout_s = 900,
    .vlans = VLAN_EXACT,
};

static void make(const struct flow_limits *limits, struct fixture *fixture)
{
    *fixture = (struct fixture){0};
    fixture->table = flow_table_create(limits, secret, on_ended, fixture, NULL);
    assert_non_null(fixture->table);
}

/* Who speaks to whom: a client 10.x.x.x with a number, and the server 192.0.2.1 port 3333. */
struct spoken {
    uint32_t client;
    bool from_server;
    uint8_t protocol, flags;
    int64_t at_us; /* after TO_START */
    uint32_t payload, sequence;
    uint16_t vlan, client_port, server_port; /* ports 0: 50000 and 3333 */
    uint32_t tenant;
};

static struct flow *speak(struct fixture *fixture, struct spoken spoken, enum direction *direction)
{
    struct frame frame = {.time_us = TO_START + spoken.at_us, .length = 100, .source = 3};
    const uint8_t client_bytes[4] = {10, (uint8_t)(spoken.client >> 16), (uint8_t)(spoken.client >> 8),
                                     (uint8_t)spoken.client};
    const uint8_t server_bytes[4] = {192, 0, 2, 1};
    struct address client = address_from_ipv4(client_bytes), server = address_from_ipv4(server_bytes);
    uint16_t client_port = spoken.client_port != 0 ? spoken.client_port : 50000;
    uint16_t server_port = spoken.server_port != 0 ? spoken.server_port : 3333;
    struct packet packet = {
        .frame = &frame,
        .source = spoken.from_server ? server : client,
        .destination = spoken.from_server ? client : server,
        .source_port = spoken.from_server ? server_port : client_port,
        .destination_port = spoken.from_server ? client_port : server_port,
        .protocol = spoken.protocol != 0 ? spoken.protocol : PROTOCOL_TCP,
        .ip_version = 4,
        .tcp_flags = spoken.flags,
        .tcp_sequence = spoken.sequence,
        .payload_length = spoken.payload,
        .vlan_count = spoken.vlan != 0,
        .vlans = {spoken.vlan},
        .tenant = spoken.tenant,
    };
    packet.inner = frame;
    struct flow_lookup lookup;
    flow_table_prepare(fixture->table, &packet, &lookup);
    flow_table_prefetch(fixture->table, &lookup);
    enum direction ignored;
    return flow_table_get(fixture->table, &packet, &lookup, direction != NULL ? direction : &ignored);
}

static struct flow_statistics statistics_of(const struct fixture *fixture)
{
    struct flow_statistics statistics;
    flow_table_get_statistics(fixture->table, &statistics);
    return statistics;
}

static void advance(struct fixture *fixture, int64_t at_us)
{
    flow_table_advance(fixture->table, TO_START + at_us);
}

static void test_a_conversation_is_one_flow(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&defaults, &fixture);
    enum direction direction;
    struct flow *flow =
        speak(&fixture, (struct spoken){.flags = TCP_SYN, .sequence = 41, .vlan = 7}, &direction);
    assert_non_null(flow);
    assert_int_equal(direction, TO_SERVER);
    assert_int_equal(flow->state, FLOW_NEW);
    struct spoken answer = {
        .from_server = true, .flags = TCP_SYN | TCP_ACK, .sequence = 99, .at_us = 5, .vlan = 7};
    assert_ptr_equal(speak(&fixture, answer, &direction), flow);
    assert_int_equal(direction, TO_CLIENT);
    assert_int_equal(flow->state, FLOW_ESTABLISHED);
    assert_int_equal(flow_client_port(flow), 50000);
    assert_int_equal(flow_server_port(flow), 3333);
    assert_int_equal(flow_client(flow)->bytes[12], 10);
    assert_int_equal(flow_server(flow)->bytes[12], 192);
    assert_int_equal(flow->tcp_start[TO_SERVER], 42);
    assert_int_equal(flow->tcp_start[TO_CLIENT], 100);
    assert_int_equal(flow->tcp_flags[TO_SERVER], TCP_SYN);
    assert_int_equal(flow->tcp_flags[TO_CLIENT], TCP_SYN | TCP_ACK);
    assert_int_equal(flow->bytes[TO_SERVER], 100);
    assert_int_equal(flow->packets[TO_CLIENT], 1);
    assert_int_equal(flow->last_us - flow->first_us, 5);
    assert_int_equal(flow->source, 3);
    assert_int_equal(flow->vlans[0], 7);
    assert_false(flow->midstream);
    assert_int_not_equal(flow->id, 0);
    flow_table_flush(fixture.table);
    assert_int_equal(fixture.ended[FLOW_END_SHUTDOWN], 1);
    assert_int_equal(fixture.packets, 2);
    assert_int_equal(statistics_of(&fixture).active, 0);
    flow_table_free(fixture.table);
}

static void test_what_separates_flows(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    for (int in_key = 0; in_key < 2; in_key++) {
        limits.vlans = in_key != 0 ? VLAN_EXACT : VLAN_IGNORED;
        make(&limits, &fixture);
        struct flow *flow = speak(&fixture, (struct spoken){.vlan = 7}, NULL);
        assert_ptr_equal(speak(&fixture, (struct spoken){.vlan = 7}, NULL), flow);
        assert_int_equal(speak(&fixture, (struct spoken){.vlan = 8}, NULL) == flow, in_key == 0);
        assert_ptr_not_equal(speak(&fixture, (struct spoken){.vlan = 7, .tenant = 1}, NULL), flow);
        assert_ptr_not_equal(speak(&fixture, (struct spoken){.vlan = 7, .client = 1}, NULL), flow);
        assert_ptr_not_equal(speak(&fixture, (struct spoken){.vlan = 7, .client_port = 1}, NULL), flow);
        assert_ptr_not_equal(speak(&fixture, (struct spoken){.vlan = 7, .server_port = 1}, NULL), flow);
        assert_ptr_not_equal(speak(&fixture, (struct spoken){.vlan = 7, .protocol = PROTOCOL_UDP}, NULL),
                             flow);
        flow_table_free(fixture.table);
    }
}

/* mirrors often tag one direction only, whichever comes first */
static void test_a_packet_without_tags_fits(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.vlans = VLAN_AUTO;
    make(&limits, &fixture);
    struct flow *tagged = speak(&fixture, (struct spoken){.vlan = 7}, NULL);
    assert_ptr_equal(speak(&fixture, (struct spoken){.from_server = true}, NULL), tagged);
    assert_ptr_equal(speak(&fixture, (struct spoken){.vlan = 7}, NULL), tagged);
    struct flow *other = speak(&fixture, (struct spoken){.vlan = 8}, NULL);
    assert_ptr_not_equal(other, tagged);
    assert_ptr_equal(speak(&fixture, (struct spoken){.vlan = 7, .from_server = true}, NULL), tagged);

    struct flow *bare = speak(&fixture, (struct spoken){.client = 1}, NULL);
    assert_ptr_equal(speak(&fixture, (struct spoken){.client = 1, .vlan = 9, .from_server = true}, NULL),
                     bare);
    assert_int_equal(bare->key.vlans[0], 9); /* now it is the flow of this VLAN */
    assert_ptr_not_equal(speak(&fixture, (struct spoken){.client = 1, .vlan = 10}, NULL), bare);
    assert_ptr_equal(speak(&fixture, (struct spoken){.client = 1, .vlan = 9}, NULL), bare);
    flow_table_free(fixture.table);
}

/* a mirror of both sides of a router */
static void test_a_conversation_in_two_vlans(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.vlans = VLAN_AUTO;
    make(&limits, &fixture);
    struct flow *flow = speak(&fixture, (struct spoken){.vlan = 7, .flags = TCP_SYN, .sequence = 5000}, NULL);
    assert_ptr_equal(speak(&fixture, (struct spoken){.vlan = 8, .flags = TCP_ACK, .sequence = 5001}, NULL),
                     flow);
    assert_int_equal(flow->key.vlans[0], 7);
    /* another customer has the same addresses and ports, but other sequence numbers */
    struct spoken other = {.vlan = 9, .flags = TCP_SYN, .sequence = 0x80000000};
    assert_ptr_not_equal(speak(&fixture, other, NULL), flow);
    flow_table_free(fixture.table);
}

static void test_who_is_the_client(void **state)
{
    (void)state;
    static const struct {
        struct spoken spoken;
        bool sender_is_client, midstream;
    } cases[] = {
        {{.flags = TCP_SYN, .client_port = 100, .server_port = 200}, true, false},
        {{.flags = TCP_SYN | TCP_ACK, .client_port = 300, .server_port = 200}, false, false},
        {{.flags = TCP_ACK, .client_port = 300, .server_port = 200}, true, true},
        {{.flags = TCP_ACK, .client_port = 100, .server_port = 200}, false, true},
        {{.flags = TCP_ACK, .client_port = 200, .server_port = 200}, true, true},
        {{.flags = TCP_RST | TCP_SYN, .client_port = 100, .server_port = 200}, false, true},
        {{.protocol = PROTOCOL_UDP, .client_port = 40000, .server_port = 53}, true, false},
        {{.protocol = PROTOCOL_UDP, .client_port = 53, .server_port = 40000}, false, false},
        {{.protocol = PROTOCOL_UDP, .client_port = 2000, .server_port = 40000}, true, false},
        {{.protocol = PROTOCOL_UDP, .client_port = 123, .server_port = 500}, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int from_server = 0; from_server < 2; from_server++) {
            struct fixture fixture;
            make(&defaults, &fixture);
            struct spoken spoken = cases[i].spoken;
            if (from_server) {
                spoken.from_server = true;
                spoken.client_port = cases[i].spoken.server_port;
                spoken.server_port = cases[i].spoken.client_port;
            }
            enum direction direction;
            struct flow *flow = speak(&fixture, spoken, &direction);
            assert_int_equal(direction, cases[i].sender_is_client ? TO_SERVER : TO_CLIENT);
            assert_int_equal(flow->midstream, cases[i].midstream);
            flow_table_free(fixture.table);
        }
    }
}

static void test_closing_and_port_reuse(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&defaults, &fixture);
    struct flow *flow = speak(&fixture, (struct spoken){.flags = TCP_SYN}, NULL);
    speak(&fixture, (struct spoken){.flags = TCP_SYN | TCP_ACK, .from_server = true}, NULL);
    uint64_t id = flow->id;
    /* a forged SYN on the live flow is only counted */
    assert_int_equal(speak(&fixture, (struct spoken){.flags = TCP_SYN, .sequence = 12345}, NULL)->id, id);
    assert_int_equal(flow->tcp_start[TO_SERVER], 1);
    speak(&fixture, (struct spoken){.flags = TCP_FIN | TCP_ACK}, NULL);
    assert_int_equal(flow->state, FLOW_ESTABLISHED);
    speak(&fixture, (struct spoken){.flags = TCP_FIN | TCP_ACK, .from_server = true}, NULL);
    assert_int_equal(flow->state, FLOW_CLOSED);
    assert_int_equal(speak(&fixture, (struct spoken){.flags = TCP_ACK}, NULL)->id, id);
    assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], 0);
    flow = speak(&fixture, (struct spoken){.flags = TCP_SYN}, NULL);
    assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], 1);
    assert_int_not_equal(flow->id, id);
    assert_int_equal(flow->state, FLOW_NEW);
    flow_table_free(fixture.table);
}

static void test_forged_rst(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&defaults, &fixture);
    struct flow *flow = speak(&fixture, (struct spoken){.flags = TCP_SYN}, NULL);
    speak(&fixture, (struct spoken){.flags = TCP_ACK, .from_server = true}, NULL);
    speak(&fixture, (struct spoken){.flags = TCP_RST}, NULL);
    assert_int_equal(flow->state, FLOW_CLOSED);
    speak(&fixture, (struct spoken){.flags = TCP_ACK, .from_server = true, .payload = 9}, NULL);
    assert_int_equal(flow->state, FLOW_CLOSED); /* was on its way */
    speak(&fixture, (struct spoken){.flags = TCP_ACK, .payload = 9}, NULL);
    assert_int_equal(flow->state, FLOW_ESTABLISHED);
    /* a repeated FIN after that closes nothing, a repeated RST does */
    speak(&fixture, (struct spoken){.flags = TCP_RST}, NULL);
    assert_int_equal(flow->state, FLOW_CLOSED);
    flow_table_free(fixture.table);
}

/* How long each kind of flow lives, to the microsecond for its own packets and to the second for the wheel.
 */
static void test_timeouts(void **state)
{
    (void)state;
    static const struct {
        uint8_t protocol;
        bool answered, closed, protect;
        int64_t seconds;
    } cases[] = {
        {PROTOCOL_TCP, false, false, false, 30}, {PROTOCOL_TCP, true, false, false, 300},
        {PROTOCOL_UDP, true, false, false, 60},  {PROTOCOL_TCP, true, true, false, 10},
        {PROTOCOL_TCP, true, false, true, 900},  {PROTOCOL_TCP, true, true, true, 10},
        {PROTOCOL_TCP, false, false, true, 900},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int own = 0; own < 2; own++) {
            struct fixture fixture;
            make(&defaults, &fixture);
            struct spoken spoken = {.protocol = cases[i].protocol};
            struct flow *flow = speak(&fixture, spoken, NULL);
            if (cases[i].protect)
                flow_table_protect(fixture.table, flow);
            spoken.from_server = true;
            spoken.flags = cases[i].closed ? TCP_RST : 0;
            if (cases[i].answered)
                speak(&fixture, spoken, NULL);
            int64_t last = cases[i].seconds * SECOND;
            for (int64_t at = 0; at <= last; at += SECOND / 2)
                advance(&fixture, at);
            assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], 0);
            spoken.at_us = last + 1;
            if (own)
                assert_non_null(speak(&fixture, spoken, NULL));
            else
                advance(&fixture, last + SECOND);
            assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], 1);
            assert_int_equal(fixture.ended_protected, cases[i].protect);
            assert_int_equal(statistics_of(&fixture).active, own);
            assert_int_equal(statistics_of(&fixture).protected_, 0);
            flow_table_free(fixture.table);
        }
    }
}

static void test_packets_prolong(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&defaults, &fixture);
    for (int64_t second = 0; second < 3000; second += 25) {
        speak(&fixture, (struct spoken){.at_us = second * SECOND}, NULL);
        advance(&fixture, second * SECOND);
    }
    assert_int_equal(statistics_of(&fixture).created, 1);
    flow_table_free(fixture.table);
}

/* All flows in a table of the smallest number of buckets: found in chains, and taken out of them in any
 * order. */
static void test_collisions(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.max_flows = 32;
    make(&limits, &fixture);
    srand(7);
    uint64_t packets = 0;
    for (unsigned i = 0; i < 20000; i++) {
        struct spoken spoken = {
            .client = (uint32_t)rand() % 300, .from_server = rand() % 2 != 0, .at_us = i * 100000};
        struct flow *flow = speak(&fixture, spoken, NULL);
        assert_non_null(flow);
        assert_int_equal(flow_client(flow)->bytes[15], spoken.client & 0xff);
        assert_int_equal(flow_client(flow)->bytes[14], spoken.client >> 8);
        packets++;
        if (i % 64 == 0)
            advance(&fixture, spoken.at_us);
    }
    struct flow_statistics statistics = statistics_of(&fixture);
    assert_true(statistics.active <= 32);
    assert_true(statistics.evicted > 0);
    assert_int_equal(statistics.created, statistics.active + statistics.evicted + statistics.timed_out);
    flow_table_flush(fixture.table);
    assert_int_equal(fixture.packets, packets); /* each packet was counted in one flow */
    flow_table_free(fixture.table);
}

static void test_evicts_what_is_closest_to_its_timeout(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.max_flows = 4;
    make(&limits, &fixture);
    struct flow *protected_ = speak(&fixture, (struct spoken){.client = 0}, NULL);
    flow_table_protect(fixture.table, protected_);
    struct flow *old = speak(&fixture, (struct spoken){.client = 1, .at_us = SECOND}, NULL);
    uint64_t prolonged = old->id;
    uint64_t idle = speak(&fixture, (struct spoken){.client = 2, .at_us = 2 * SECOND}, NULL)->id;
    speak(&fixture, (struct spoken){.client = 3, .at_us = 9 * SECOND}, NULL);
    speak(&fixture, (struct spoken){.client = 1, .at_us = 10 * SECOND, .from_server = true}, NULL);
    speak(&fixture, (struct spoken){.client = 4, .at_us = 11 * SECOND}, NULL);
    assert_int_equal(fixture.ended[FLOW_END_EVICTED], 1);
    assert_int_equal(fixture.last_ended_id, idle);
    assert_int_equal(speak(&fixture, (struct spoken){.client = 1, .at_us = 11 * SECOND}, NULL)->id,
                     prolonged);
    flow_table_free(fixture.table);
}

/* More flows have gained time than one search looks at: the best of those that it saw goes. */
static void test_eviction_is_bounded(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.max_flows = 100;
    make(&limits, &fixture);
    for (uint32_t client = 0; client < 100; client++)
        for (int answer = 0; answer < 2; answer++)
            speak(&fixture, (struct spoken){.client = client, .from_server = answer != 0}, NULL);
    for (uint32_t client = 0; client < 100; client++)
        speak(&fixture, (struct spoken){.client = client, .at_us = client * SECOND}, NULL);
    speak(&fixture, (struct spoken){.client = 1000, .at_us = 100 * SECOND}, NULL);
    assert_int_equal(fixture.ended[FLOW_END_EVICTED], 1);
    assert_int_equal(fixture.last_ended_us, TO_START + 36 * SECOND); /* of 64: the latest ones come first */
    flow_table_free(fixture.table);
}

static void test_only_protected_flows_left(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.max_flows = 4;
    make(&limits, &fixture);
    for (uint32_t i = 0; i < 4; i++)
        flow_table_protect(fixture.table, speak(&fixture, (struct spoken){.client = i}, NULL));
    assert_null(speak(&fixture, (struct spoken){.client = 9}, NULL));
    assert_null(speak(&fixture, (struct spoken){.client = 9}, NULL));
    assert_int_equal(statistics_of(&fixture).refused, 2);
    assert_int_equal(statistics_of(&fixture).protected_, 4);
    assert_non_null(speak(&fixture, (struct spoken){.client = 3}, NULL));
    flow_table_free(fixture.table);
}

static void test_syn_flood(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.max_flows = 2000;
    make(&limits, &fixture);
    for (uint32_t i = 0; i < 100; i++) /* 50 protected, 50 merely established */
        for (int answer = 0; answer < 2; answer++) {
            struct flow *flow =
                speak(&fixture, (struct spoken){.client = i, .from_server = answer != 0}, NULL);
            if (answer && i < 50)
                flow_table_protect(fixture.table, flow);
        }
    for (uint32_t i = 0; i < 200000; i++) {
        struct spoken syn = {.client = 1000 + i, .flags = TCP_SYN, .at_us = i * 1000};
        assert_non_null(speak(&fixture, syn, NULL));
        if (i % 64 == 0)
            advance(&fixture, syn.at_us);
    }
    assert_int_equal(fixture.ended_protected, 0);
    for (uint32_t i = 0; i < 100; i++) {
        struct flow *flow = speak(&fixture, (struct spoken){.client = i, .at_us = 200 * SECOND}, NULL);
        assert_int_equal(flow->packets[TO_SERVER] + flow->packets[TO_CLIENT], 3);
    }
    struct flow_statistics statistics = statistics_of(&fixture);
    assert_int_equal(statistics.active, 2000);
    assert_int_equal(statistics.protected_, 50);
    assert_int_equal(statistics.refused, 0);
    flow_table_free(fixture.table);
}

static void test_one_odd_time_stamp_ends_nothing(void **state)
{
    (void)state;
    static const int64_t odd[] = {INT64_MAX - TO_START, 86400 * SECOND, -86400 * SECOND, -TO_START,
                                  INT64_MIN + 1};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct fixture fixture;
        make(&defaults, &fixture);
        for (uint32_t client = 1; client < 100; client++)
            speak(&fixture, (struct spoken){.client = client}, NULL);
        speak(&fixture, (struct spoken){.client = 5000, .at_us = odd[i]}, NULL);
        advance(&fixture, odd[i]); /* the caller passes on what it saw last */
        advance(&fixture, odd[i]);
        assert_int_equal(flow_table_now(fixture.table), TO_START);
        for (int64_t at = 1; at < 30; at++) {
            advance(&fixture, at * SECOND);
            assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], 0);
        }
        /* the odd flow ends as well, but for one whose time is still to come */
        for (int64_t at = 30; at < 1200; at++)
            advance(&fixture, at * SECOND);
        assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], odd[i] < 0 ? 100 : 99);
        flow_table_free(fixture.table);
    }
}

static void test_clock_steps_with_the_packets(void **state)
{
    (void)state;
    static const int64_t steps[] = {61, 1023, 1024, 86400, 31536000, -61, -86400, -31536000};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct fixture fixture;
        make(&defaults, &fixture);
        int64_t step = steps[i] * SECOND;
        for (uint32_t client = 1; client <= 900; client++)
            speak(&fixture, (struct spoken){.client = client}, NULL);
        for (uint32_t packet = 0; packet < 3; packet++) {
            assert_int_equal(flow_table_now(fixture.table), TO_START);
            speak(&fixture, (struct spoken){.client = 2000, .at_us = step + packet}, NULL);
        }
        assert_in_range(flow_table_now(fixture.table) - TO_START - step, 0, 2);
        if (step > 0) { /* bounded work a call, and all of it in the end */
            advance(&fixture, step);
            assert_in_range(fixture.ended[FLOW_END_TIMEOUT], 1, 256);
            for (int call = 0; call < 4; call++)
                advance(&fixture, step);
        } else { /* their whole timeout once more */
            for (int64_t at = 0; at <= 29; at++)
                advance(&fixture, step + at * SECOND);
            assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], 0);
            for (int64_t at = 30; at < 110; at++) {
                speak(&fixture, (struct spoken){.client = 2000, .at_us = step + at * SECOND}, NULL);
                advance(&fixture, step + at * SECOND);
            }
        }
        assert_int_equal(fixture.ended[FLOW_END_TIMEOUT], 900);
        assert_int_equal(statistics_of(&fixture).active, 1);
        flow_table_free(fixture.table);
    }
}

/* A quiet line: each packet is "odd" by itself, the clock goes with them all the same. */
static void test_clock_of_a_quiet_line(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&defaults, &fixture);
    for (uint32_t i = 0; i < 100; i++)
        speak(&fixture, (struct spoken){.client = i, .at_us = i * 120 * SECOND}, NULL);
    assert_true(flow_table_now(fixture.table) >= TO_START + 96 * 120 * SECOND);
    flow_table_free(fixture.table);
}

static void test_identifiers(void **state)
{
    (void)state;
    struct fixture first, second;
    struct flow_limits limits = defaults;
    make(&limits, &first);
    limits.number = 255;
    make(&limits, &second);
    uint64_t a = speak(&first, (struct spoken){.client = 1}, NULL)->id;
    uint64_t b = speak(&first, (struct spoken){.client = 2}, NULL)->id;
    uint64_t c = speak(&second, (struct spoken){.client = 1}, NULL)->id;
    assert_true(a != 0 && b != 0 && a != b && a != c && b != c);
    assert_true(c < UINT64_C(1) << 53);
    flow_table_free(first.table);
    make(&defaults, &first); /* a second later, as after a restart */
    assert_true(speak(&first, (struct spoken){.client = 1, .at_us = SECOND}, NULL)->id > b);
    flow_table_free(first.table);
    flow_table_free(second.table);
}

static void test_memory_is_not_used_before_it_is_needed(void **state)
{
    (void)state;
    struct fixture fixture;
    struct flow_limits limits = defaults;
    limits.max_flows = UINT32_C(1) << 22;
    make(&limits, &fixture);
    speak(&fixture, (struct spoken){.client = 1}, NULL);
    assert_true(statistics_of(&fixture).memory_bytes < UINT64_C(40) << 20);
    flow_table_free(fixture.table);
    flow_table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_conversation_is_one_flow),
        cmocka_unit_test(test_what_separates_flows),
        cmocka_unit_test(test_a_packet_without_tags_fits),
        cmocka_unit_test(test_a_conversation_in_two_vlans),
        cmocka_unit_test(test_who_is_the_client),
        cmocka_unit_test(test_closing_and_port_reuse),
        cmocka_unit_test(test_forged_rst),
        cmocka_unit_test(test_timeouts),
        cmocka_unit_test(test_packets_prolong),
        cmocka_unit_test(test_collisions),
        cmocka_unit_test(test_evicts_what_is_closest_to_its_timeout),
        cmocka_unit_test(test_eviction_is_bounded),
        cmocka_unit_test(test_only_protected_flows_left),
        cmocka_unit_test(test_syn_flood),
        cmocka_unit_test(test_one_odd_time_stamp_ends_nothing),
        cmocka_unit_test(test_clock_steps_with_the_packets),
        cmocka_unit_test(test_clock_of_a_quiet_line),
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_memory_is_not_used_before_it_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
