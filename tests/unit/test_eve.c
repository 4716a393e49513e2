// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "event_samples.h"
#include "json_check.h"
#include "sink/eve/eve.h"

static struct json_writer writer;

static const char *written(const struct event *event)
{
    json_writer_reset(&writer);
    eve_write(&writer, event);
    const char *json = json_writer_text(&writer);
    assert_non_null(json);
    assert_true(json_is_valid(json));
    assert_null(strchr(json, '\n'));
    return json;
}

#define assert_at(json, path, expected) assert_string_equal(json_at(json, path), expected)

static void timestamps(void **state)
{
    char text[EVE_TIMESTAMP_SIZE];
    (void)state;
    assert_string_equal(eve_timestamp(1795339812123456, text), "2026-11-22T09:30:12.123456+0000");
    assert_string_equal(eve_timestamp(0, text), "1970-01-01T00:00:00.000000+0000");
    assert_string_equal(eve_timestamp(951782400000000, text), "2000-02-29T00:00:00.000000+0000");
    assert_string_equal(eve_timestamp(4107542399999999, text), "2100-02-28T23:59:59.999999+0000");
    assert_string_equal(eve_timestamp(4107542400000000, text), "2100-03-01T00:00:00.000000+0000");
    assert_string_equal(eve_timestamp(1735689599000000, text), "2024-12-31T23:59:59.000000+0000");
    assert_string_equal(eve_timestamp(INT64_MIN, text), "1970-01-01T00:00:00.000000+0000");
    assert_string_equal(eve_timestamp(INT64_MAX, text), "9999-12-31T23:59:59.999999+0000");
}

static void alert(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_ALERT, &mining);
    const char *json = written(&event);
    (void)state;
    assert_at(json, "timestamp", "\"2026-11-22T09:30:12.123456+0000\"");
    assert_at(json, "event_type", "\"alert\"");
    assert_at(json, "host", "\"sensor-1\"");
    assert_at(json, "flow_id", "42");
    assert_at(json, "pcap_filename", "\"capture.pcap\"");
    assert_at(json, "in_iface", "");
    assert_at(json, "src_ip", "\"192.0.2.10\"");
    assert_at(json, "src_port", "40000");
    assert_at(json, "dest_ip", "\"203.0.113.7\"");
    assert_at(json, "dest_port", "3333");
    assert_at(json, "proto", "\"TCP\"");
    assert_at(json, "ip_v", "4");
    assert_at(json, "app_proto", "\"stratum\"");
    assert_at(json, "vlan", "[100]");
    assert_at(json, "community_id", "\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\"");
    assert_at(json, "id", "\"00000000000000a1-1\"");
    assert_at(json, "alert.action", "\"allowed\"");
    assert_at(json, "alert.signature_id", "9100001");
    assert_at(json, "alert.category", "\"Crypto Currency Mining Activity Detected\"");
    assert_at(json, "alert.severity", "1");
    assert_at(json, "alert.metadata.mitre_technique_id", "[\"T1496.001\"]");
    assert_at(json, "flow.pkts_toclient", "12");
    assert_at(json, "tcp", "");
    assert_at(json, "stats", "");
}

static void mining_object(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_ALERT, &mining);
    mining.hashrate_error = 0.158;
    mining.hashrate_10m_hs = 12000.4;
    mining.hashrate_10m_error = 0.5;
    mining.hashrate_1h_hs = 12200.4;
    mining.hashrate_1h_error = 0.3;
    mining.shares_proven = 12;
    mining.shares_invalid = 3;
    const char *json = written(&event);
    (void)state;
    assert_at(json, "mining.incident", "\"00000000000000a1\"");
    assert_at(json, "mining.kind", "\"stratum\"");
    assert_at(json, "mining.dialect", "\"cryptonote\"");
    assert_at(json, "mining.verdict", "\"confirmed\"");
    assert_at(json, "mining.confidence", "0.99");
    assert_at(json, "mining.miner_ip", "\"192.0.2.10\"");
    assert_at(json, "mining.pool_ip", "\"203.0.113.7\"");
    assert_at(json, "mining.pool_port", "3333");
    assert_at(json, "mining.pool_domain", "\"pool.example.net\"");
    assert_at(json, "mining.user", "\"4wallet.rig01\"");
    assert_at(json, "mining.shares_accepted", "40");
    assert_at(json, "mining.shares_proven", "12");
    assert_at(json, "mining.shares_invalid", "3");
    assert_at(json, "mining.hashrate_hs", "12350");
    assert_at(json, "mining.hashrate_error", "0.158");
    assert_at(json, "mining.hashrate_10m_hs", "12000");
    assert_at(json, "mining.hashrate_10m_error", "0.5");
    assert_at(json, "mining.hashrate_1h_hs", "12200");
    assert_at(json, "mining.hashrate_1h_error", "0.3");
    assert_at(json, "mining.cost_hour", "0.1235");
    assert_at(json, "mining.cost_currency", "\"EUR\"");
    assert_at(json, "mining.cost_total", "12.5");
    assert_at(json, "mining.cost.hour", "0.1235");
    assert_at(json, "mining.cost.hour_low", "0.1");
    assert_at(json, "mining.cost.hour_high", "0.2");
    assert_at(json, "mining.cost.total_high", "20");
    assert_at(json, "mining.cost.basis", "\"list price of m7i.large in eu-north-1 (2026-06)\"");
    assert_at(json, "mining.cost.estimate", "true");
    assert_at(json, "mining.difficulty", "120001");
    assert_at(json, "mining.evidence.0.what", "\"login with a Monero address\"");
    assert_at(json, "mining.evidence.0.detail", "");
    assert_at(json, "mining.evidence.1.detail", "\"40 of 41 shares\"");
    assert_at(json, "mining.evidence.1.weight", "60");
    assert_at(json, "mining.geo.country", "\"DE\"");
    assert_at(json, "mining.geo.asn", "64496");
    assert_at(json, "mining.geo.as_org", "\"Example Networks\"");
    assert_at(json, "mining.action", "");
    assert_at(json, "mining.first_seen", "");
}

static void unknown_is_absent(void **state)
{
    struct mining mining = {
        .incident = "1", .kind = "pool-contact", .dialect = "", .verdict = VERDICT_SUSPECTED};
    struct event event = sample_event(EVENT_MINING, &mining);
    (void)state;
    event.flow = (struct flow_record){0};
    mining.miner = sample_address("2001:db8::10");
    const char *json = written(&event);
    static const char *const absent[] = {
        "mining.pool_ip",
        "mining.pool_port",
        "mining.wallet",
        "mining.dialect",
        "mining.agent",
        "mining.difficulty",
        "mining.shares_submitted",
        "mining.hashrate_hs",
        "mining.cost_hour",
        "mining.cost_currency",
        "mining.cost_total",
        "mining.cost",
        "budget",
        "mining.geo",
        "mining.evidence",
        "mining.password",
        "mining.hashes",
        "vlan",
        "flow_id",
        "app_proto",
        "src_port",
    };
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_at(json, absent[i], "");
    assert_at(json, "src_ip", "\"2001:db8::10\"");
    assert_at(json, "mining.action", "\"updated\"");
    assert_null(strstr(json, "\"\"")); /* nothing empty */
}

static void incident(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_MINING, &mining);
    (void)state;
    event.action = INCIDENT_CLOSED;
    const char *json = written(&event);
    assert_at(json, "event_type", "\"mining\"");
    assert_at(json, "mining.action", "\"closed\"");
    assert_at(json, "mining.first_seen", "\"2026-11-22T09:30:12.123456+0000\"");
    assert_at(json, "mining.last_seen", "\"2026-11-22T11:43:12.123456+0000\"");
    assert_at(json, "mining.flows", "2");
    assert_at(json, "mining.bytes", "123456");
    assert_at(json, "mining.hashes", "4800000");
    assert_at(json, "alert", "");
    assert_at(json, "mining.sanctioned", "");
    mining.sanction = (struct sanction){SANCTION_APPLIES, "a \"farm\"", "local-allowed.tsv:3", "", ""};
    json = written(&event);
    assert_at(json, "mining.sanctioned.reason", "\"a \\\"farm\\\"\"");
    assert_at(json, "mining.sanctioned.rule", "\"local-allowed.tsv:3\"");
    assert_at(json, "mining.sanctioned.until", "");
    mining.sanction.state = SANCTION_OTHER;
    assert_at(written(&event), "mining.sanctioned", "");
}

static void flow(void **state)
{
    struct event event = sample_event(EVENT_FLOW, NULL);
    (void)state;
    event.source_is_live = true;
    event.source_name = "eth0";
    const char *json = written(&event);
    assert_at(json, "in_iface", "\"eth0\"");
    assert_at(json, "flow.pkts_toserver", "10");
    assert_at(json, "flow.bytes_toclient", "2000");
    assert_at(json, "flow.start", "\"2026-11-22T09:30:12.123456+0000\"");
    assert_at(json, "flow.end", "\"2026-11-22T09:31:42.123456+0000\"");
    assert_at(json, "flow.age", "90");
    assert_at(json, "flow.state", "\"closed\"");
    assert_at(json, "flow.reason", "\"timeout\"");
    assert_at(json, "flow.alerted", "true");
    assert_at(json, "tcp.tcp_flags", "\"1b\"");
    assert_at(json, "tcp.tcp_flags_ts", "\"1a\"");
    assert_at(json, "tcp.tcp_flags_tc", "\"13\"");
    assert_at(json, "tcp.syn", "true");
    assert_at(json, "tcp.fin", "true");
    assert_at(json, "tcp.rst", "");
    assert_at(json, "mining", "");
    event.flow.ended = false;
    assert_at(written(&event), "flow.reason", "");
}

/* The room for a record is made once: what is fixed in length must stay below it (eve_flow.c: 1024 for the
 * head, and as much for the flow), and texts from outside have theirs however they are escaped. */
static void widest_flow(void **state)
{
    struct event event = sample_event(EVENT_FLOW, NULL);
    struct flow_record *flow = &event.flow;
    char hostile[512];
    (void)state;
    memset(hostile, 1, sizeof hostile - 1);
    hostile[sizeof hostile - 1] = '\0';
    event.time_us = flow->last_us = INT64_MAX;
    flow->first_us = 0;
    flow->client = flow->server = sample_address("1111:2222:3333:4444:5555:6666:7777:8888");
    flow->id = flow->bytes[0] = flow->bytes[1] = UINT64_MAX;
    flow->packets[0] = flow->packets[1] = UINT32_MAX;
    flow->client_port = flow->server_port = flow->vlans[0] = flow->vlans[1] = UINT16_MAX;
    flow->ip_version = 255;
    flow->tcp_flags[0] = flow->tcp_flags[1] = 255;
    assert_true(strlen(written(&event)) < 1024);
    event.sensor = event.source_name = hostile;
    assert_true(strlen(written(&event)) > 2 * 6 * (sizeof hostile - 1));
    assert_at(written(&event), "tcp.ack", "true");
    assert_at(written(&event), "vlan", "[65535,65535]");
    assert_at(written(&event), "flow.bytes_toclient", "18446744073709551615");
}

/* What is remembered of one record's origin must not stand in one of another origin, be its names however
 * long: all orders of all pairs. */
static void origins(void **state)
{
    char longest[256], too_long[257], longer[400];
    const char *const names[] = {NULL, "", "eth0", "eth1", "with \"quotes\"", longest, too_long, longer};
    enum { NAMES = sizeof names / sizeof names[0], CASES = NAMES * 2 * 2 };
    (void)state;
    memset(longest, 'a', sizeof longest);
    memset(too_long, 'a', sizeof too_long);
    memset(longer, 'a', sizeof longer);
    longest[sizeof longest - 1] = too_long[sizeof too_long - 1] = longer[sizeof longer - 1] = '\0';
    for (unsigned k = 0; k < CASES * CASES; k++) {
        unsigned pair[2] = {k / CASES, k % CASES};
        for (unsigned i = 0; i < 2; i++) {
            struct event event = sample_event(pair[i] % 2 != 0 ? EVENT_FLOW : EVENT_STATS, NULL);
            const char *name = names[pair[i] / 4];
            char expected[420] = "";
            event.source_is_live = pair[i] / 2 % 2 != 0;
            event.source_name = event.sensor = name;
            if (name != NULL && name[0] != '\0')
                snprintf(expected, sizeof expected, name[0] == 'w' ? "\"with \\\"quotes\\\"\"" : "\"%s\"",
                         name);
            const char *json = written(&event);
            assert_at(json, "event_type", event.type == EVENT_FLOW ? "\"flow\"" : "\"stats\"");
            assert_at(json, "in_iface", event.source_is_live ? expected : "");
            assert_at(json, "pcap_filename", event.source_is_live ? "" : expected);
            assert_at(json, "host", expected);
        }
    }
}

static void other_protocols(void **state)
{
    struct event event = sample_event(EVENT_FLOW, NULL);
    (void)state;
    event.flow.protocol = PROTOCOL_ICMP;
    event.flow.client_port = 8;
    event.flow.server_port = 0;
    const char *json = written(&event);
    assert_at(json, "proto", "\"ICMP\"");
    assert_at(json, "icmp_type", "8");
    assert_at(json, "src_port", "");
    assert_at(json, "tcp", "");
    event.flow.protocol = 253;
    assert_at(written(&event), "proto", "\"253\"");
    event.flow.protocol = PROTOCOL_UDP;
    event.flow.vlans[1] = 7;
    event.flow.client = sample_address("::ffff:255.0.10.9");
    json = written(&event);
    assert_at(json, "proto", "\"UDP\"");
    assert_at(json, "vlan", "[100,7]");
    assert_at(json, "src_ip", "\"255.0.10.9\"");
}

static void budgets(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_ALERT, &mining);
    struct budget budget = {BUDGET_ACCOUNT, 50, 51.25, 40, 60, "EUR", "aws", "123456789012", "2026-11-22"};
    (void)state;
    event.budget = &budget;
    const char *json = written(&event);
    assert_at(json, "event_type", "\"alert\"");
    assert_at(json, "budget.scope", "\"account\"");
    assert_at(json, "budget.limit", "50");
    assert_at(json, "budget.spent", "51.25");
    assert_at(json, "budget.spent_low", "40");
    assert_at(json, "budget.spent_high", "60");
    assert_at(json, "budget.currency", "\"EUR\"");
    assert_at(json, "budget.provider", "\"aws\"");
    assert_at(json, "budget.account", "\"123456789012\"");
    assert_at(json, "budget.day", "\"2026-11-22\"");
    assert_at(json, "budget.estimate", "true");
    assert_at(json, "mining.incident", "\"00000000000000a1\"");
}

static void sums_of_costs(void **state)
{
    struct sensor_statistics counters = {.cost_hour = 4.1, .cost_hour_low = 3, .cost_hour_high = 6};
    struct event event = sample_event(EVENT_STATS, NULL);
    (void)state;
    event.statistics = &counters;
    counters.cost_day = 98.5;
    snprintf(counters.cost_currency, sizeof counters.cost_currency, "JPY");
    const char *json = written(&event);
    assert_at(json, "stats.mining.cost_hour", "4.1");
    assert_at(json, "stats.mining.cost_hour_low", "3");
    assert_at(json, "stats.mining.cost_hour_high", "6");
    assert_at(json, "stats.mining.cost_day", "98.5");
    assert_at(json, "stats.mining.cost_currency", "\"JPY\"");
    counters.place_rules = 1;
    counters.place_count = 1;
    counters.places[0] = (struct place_sum){"aws", "1", "eu-north-1", 2, 1000, 3, 2, 4};
    assert_at(written(&event), "stats.mining.places.active",
              "[{\"provider\":\"aws\",\"account\":\"1\",\"region\":\"eu-north-1\",\"incidents\":2,"
              "\"hashrate_hs\":1000,\"cost_hour\":3,\"cost_hour_low\":2,\"cost_hour_high\":4}]");
}

static void statistics(void **state)
{
    struct sensor_statistics counters = {.uptime_us = 61000000, .alerts = 3, .memory_bytes = 1000};
    struct event event = sample_event(EVENT_STATS, NULL);
    (void)state;
    event.statistics = &counters;
    counters.capture.frames = 100;
    counters.capture.kernel_drops = 5;
    counters.pressure = (struct capture_pressure){1234567, 250};
    counters.decode.results[DECODE_TRUNCATED] = 2;
    counters.decode.results[DECODE_MALFORMED] = 3;
    counters.flow.active = 7;
    counters.reassembly.gaps = 9;
    counters.sink_dropped[EVENT_FLOW] = 4;
    counters.hashrate_hs = NAN;
    const char *json = written(&event);
    assert_at(json, "stats.uptime", "61");
    assert_at(json, "stats.capture.kernel_packets", "105");
    assert_at(json, "stats.capture.kernel_drops", "5");
    assert_at(json, "stats.capture.lag_ms", "1234");
    assert_at(json, "stats.capture.queue_full", "0.25");
    assert_at(json, "stats.decoder.pkts", "100");
    assert_at(json, "stats.decoder.invalid", "5");
    assert_at(json, "stats.flow.active", "7");
    assert_at(json, "stats.tcp.reassembly_gap", "9");
    assert_at(json, "stats.detect.alert", "3");
    assert_at(json, "stats.memuse", "1000");
    assert_at(json, "stats.output.dropped.flow", "4");
    assert_at(json, "stats.mining.hashrate_hs", "0");
    assert_at(json, "stats.mining.alerts_sanctioned", "0");
    assert_at(json, "stats.mining.sanctions", "");
    counters.sanction_count = 1;
    counters.sanctions[0] = (struct sanction_count){"local-allowed.tsv:3", 2, 5};
    counters.alerts_silenced = 5;
    json = written(&event);
    assert_at(json, "stats.mining.alerts_sanctioned", "5");
    assert_at(json, "stats.mining.sanctions",
              "[{\"rule\":\"local-allowed.tsv:3\",\"incidents\":2,\"alerts\":5}]");
    assert_at(json, "src_ip", "");
}

static void hostile_strings(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_ALERT, &mining);
    char all[255];
    (void)state;
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)(i + 1);
    memcpy(mining.agent, all, sizeof all);
    mining.agent[255] = '\0';
    memset(mining.user, 0xff, sizeof mining.user - 1);
    snprintf(mining.wallet, sizeof mining.wallet, "\",\"verdict\":\"none\"}\n{");
    snprintf(mining.worker, sizeof mining.worker, "\xed\xa0\x80\xc0\xaf");
    snprintf(mining.pool_domain, sizeof mining.pool_domain, "a\\\"b\x1b[2J");
    mining.hashrate_hs = INFINITY;
    mining.cost.hour = -1;
    mining.confidence = NAN;
    const char *json = written(&event);
    assert_at(json, "mining.verdict", "\"confirmed\"");
    assert_at(json, "mining.wallet", "\"\\\",\\\"verdict\\\":\\\"none\\\"}\\n{\"");
    assert_at(json, "mining.pool_domain", "\"a\\\\\\\"b\\u001b[2J\"");
    assert_at(json, "mining.confidence", "0");
    assert_at(json, "mining.hashrate_hs", "");
}

static int free_writer(void **state)
{
    (void)state;
    json_writer_done(&writer);
    return 0;
}

/* Ways are added up by what the innermost tunnel is and says, over all workers; the busiest come first. */
static void tunnels(void **state)
{
    struct tunnel_table *tables[2] = {tunnel_table_create(), tunnel_table_create()};
    struct sensor_statistics counters = {.tunnels = (const struct tunnel_table *const *)tables,
                                         .tunnel_tables = 2};
    struct event event = sample_event(EVENT_STATS, NULL);
    struct tunnel_level levels[2] = {{.type = "geneve", .identifier_kind = TUNNEL_VNI, .identifier = 5},
                                     {.type = "vxlan", .identifier_kind = TUNNEL_VNI, .identifier = 5}};
    (void)state;
    event.statistics = &counters;
    assert_at(written(&event), "stats.tunnels", "");
    tunnel_table_take(tables[0], levels, 1, 100);
    tunnel_table_take(tables[0], levels, 2, 200);
    tunnel_table_take(tables[1], levels, 2, 300);
    levels[0].identifier_kind = TUNNEL_NETWORK; /* the same number of another kind */
    tunnel_table_take(tables[0], levels, 1, 400);
    levels[0].identifier_kind = TUNNEL_VNI;
    levels[0].direction = TUNNEL_EGRESS; /* another way of the same tunnel */
    for (int i = 0; i < 3; i++)
        tunnel_table_take(tables[0], levels, 1, 10);
    const char *json = written(&event);
    const char *list = "\"tunnels\":[{\"type\":\"geneve\",\"vni\":5,\"pkts\":4,\"bytes\":130,\"ways\":2},"
                       "{\"type\":\"vxlan\",\"vni\":5,\"pkts\":2,\"bytes\":500,\"ways\":2},"
                       "{\"type\":\"geneve\",\"network_id\":5,\"pkts\":1,\"bytes\":400,\"ways\":1}]";
    if (strstr(json, list) == NULL)
        fail_msg("%s", json);
    for (uint32_t i = 0; i < 300; i++) {
        levels[0].identifier = 1000 + i;
        tunnel_table_take(tables[1], levels, 1, 10);
    }
    assert_at(written(&event), "stats.tunnels_unlisted", "47");
    tunnel_table_free(tables[0]);
    tunnel_table_free(tables[1]);
}

/* Its end is mostly the time of the record, also of one that others stand in front of. */
static void ends_of_flows(void **state)
{
    static const int64_t times[][2] = {{1795339812123456, 1795339812123456},
                                       {1795339813000007, 1795339813000007},
                                       {1795339814000000, 1795339812999999}};
    struct event event = sample_event(EVENT_FLOW, NULL);
    (void)state;
    json_writer_reset(&writer);
    json_array(&writer, NULL);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        event.time_us = times[i][0];
        event.flow.last_us = times[i][1];
        eve_write(&writer, &event);
    }
    json_array_end(&writer);
    const char *at = json_writer_text(&writer);
    assert_true(json_is_valid(at));
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char text[EVE_TIMESTAMP_SIZE];
        at = strstr(at, "\"end\":\"");
        assert_non_null(at);
        at += strlen("\"end\":\"");
        assert_memory_equal(at, eve_timestamp(times[i][1], text), EVE_TIMESTAMP_SIZE - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps),    cmocka_unit_test(alert),
        cmocka_unit_test(mining_object), cmocka_unit_test(unknown_is_absent),
        cmocka_unit_test(incident),      cmocka_unit_test(flow),
        cmocka_unit_test(origins),       cmocka_unit_test(other_protocols),
        cmocka_unit_test(statistics),    cmocka_unit_test(budgets),
        cmocka_unit_test(sums_of_costs), cmocka_unit_test(hostile_strings),
        cmocka_unit_test(tunnels),       cmocka_unit_test(widest_flow),
        cmocka_unit_test(ends_of_flows),
    };
    json_writer_init(&writer);
    return cmocka_run_group_tests(tests, NULL, free_writer);
}
