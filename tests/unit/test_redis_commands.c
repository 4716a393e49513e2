// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "event_samples.h"
#include "json_check.h"
#include "sink/redis/redis_commands.h"

static struct config config;
static struct redis_keys keys;
static struct redis_text text;

/* The commands, one a line, arguments separated by blanks; checks that they are well-formed RESP. */
static const char *readable(void)
{
    static char lines[64 * 1024];
    char *out = lines;
    const char *at = text.bytes, *end = text.bytes + text.length;
    unsigned commands = 0;
    for (; at < end; commands++) {
        char *after;
        assert_int_equal(*at, '*');
        long arguments = strtol(at + 1, &after, 10);
        assert_memory_equal(after, "\r\n", 2);
        for (at = after + 2; arguments > 0; arguments--) {
            assert_int_equal(*at, '$');
            size_t length = (size_t)strtol(at + 1, &after, 10);
            assert_memory_equal(after, "\r\n", 2);
            memcpy(out, after + 2, length);
            out += length;
            *out++ = arguments > 1 ? ' ' : '\n';
            assert_memory_equal(after + 2 + length, "\r\n", 2);
            at = after + 4 + length;
        }
    }
    *out = '\0';
    assert_int_equal(commands, text.commands);
    assert_false(text.failed);
    return lines;
}

static int begin(void **state)
{
    (void)state;
    sample_config(&config);
    redis_keys_init(&keys, &config);
    return 0;
}

static int end(void **state)
{
    (void)state;
    redis_text_done(&text);
    return 0;
}

static void assert_has(const char *lines, const char *part)
{
    if (strstr(lines, part) == NULL)
        fail_msg("no \"%s\" in:\n%s", part, lines);
}

static void alert(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_ALERT, &mining);
    (void)state;
    snprintf(mining.carrier, sizeof mining.carrier, "http-connect > websocket");
    mining.shares_stale = 1;
    mining.shares_proven = 12;
    mining.shares_invalid = 3;
    mining.hashrate_error = 0.25;
    mining.hashrate_10m_hs = 12000;
    mining.hashrate_10m_error = 0.5;
    mining.hashrate_1h_hs = 12200;
    mining.hashrate_1h_error = 0.3;
    mining.cloud = (struct cloud_place){.match = CLOUD_ADDRESS,
                                        .provider = "aws",
                                        .account = "1234",
                                        .region = "eu-north-1",
                                        .instance_id = "i-0abc",
                                        .instance_name = "web-3",
                                        .instance_type = "c7i.24xlarge",
                                        .label = "shop"};
    event.json = "{\"event_type\":\"alert\"}";
    event.json_length = strlen(event.json);
    redis_commands_event(&text, &keys, &event);
    const char *lines = readable();
    assert_int_equal(text.commands, 2);
    assert_int_equal(
        strncmp(lines, "XADD geophone:{sensor-1}:alerts MAXLEN ~ 10000 * id 00000000000000a1-1 ", 71), 0);
    assert_has(lines, " kind stratum dialect cryptonote carrier http-connect/websocket verdict confirmed ");
    assert_has(lines, " severity 1 ");
    assert_has(lines, " miner_ip 192.0.2.10 pool pool.example.net:3333 pool_ip 203.0.113.7 ");
    assert_has(lines, " wallet 4wallet worker rig01 ");
    assert_has(lines,
               " shares_rejected 1 shares_stale 1 shares_proven 12 shares_invalid 3 hashrate 12345.678 "
               "hashrate_error 0.25 hashrate_10m 12000 hashrate_10m_error 0.5 hashrate_1h 12200 "
               "hashrate_1h_error 0.3 hashrate_upper 0 cost_hour ");
    assert_has(lines, " cost_hour 0.123456 cost_total 12.5 cost_currency EUR ");
    assert_has(lines, " community_id 1:LQU9qZlK+B5F3KDmev6m5PMibrg= eve {\"event_type\":\"alert\"}\n");
    assert_has(lines, "\nPUBLISH geophone:{sensor-1}:alert {\"id\":\"00000000000000a1-1\"");
    assert_has(
        lines,
        " instance i-0abc region eu-north-1 provider aws account 1234 instance_name web-3 instance_type "
        "c7i.24xlarge label shop ");
    event.is_repeated = true; /* of another flow of the same incident: the stream has it, nobody is woken */
    redis_commands_event(&text, &keys, &event);
    assert_int_equal(text.commands, 1);
    event.is_repeated = false;
    redis_commands_event(&text, &keys, &event);
    lines = readable();
    assert_null(strstr(lines, " password "));
    assert_true(json_is_valid(strtok(strstr(lines, "alert {") + 6, "\n")));
}

static void a_budget_that_was_passed(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_ALERT, &mining);
    struct budget budget = {.scope = BUDGET_DAY, .limit = 50, .spent = 51.25};
    (void)state;
    redis_commands_event(&text, &keys, &event);
    assert_has(readable(), " budget  budget_limit 0 budget_spent 0 ");
    event.budget = &budget;
    redis_commands_event(&text, &keys, &event);
    assert_int_equal(text.commands, 2); /* the doorbell rings */
    assert_has(readable(), " budget day budget_limit 50 budget_spent 51.25 ");
}

static void tunnel(void **state)
{
    struct mining mining = sample_mining();
    struct event alert = sample_event(EVENT_ALERT, &mining), incident = sample_event(EVENT_MINING, &mining);
    struct tunnel_table *table = tunnel_table_create();
    struct tunnel_level level = {
        .type = "vxlan", .identifier_kind = TUNNEL_VNI, .identifier = 4660, .ip_version = 4};
    (void)state;
    redis_commands_event(&text, &keys, &alert);
    assert_has(readable(), " tunnel_type  vni 0 tunnel_src  ");
    level.source = sample_address("10.0.0.1");
    alert.flow.tunnels[0] = incident.flow.tunnels[1] = tunnel_table_take(table, &level, 1, 100);
    redis_commands_event(&text, &keys, &alert);
    assert_has(readable(), " tunnel_type vxlan vni 4660 tunnel_src 10.0.0.1 ");
    redis_commands_event(&text, &keys, &incident);
    assert_has(readable(), " tunnel_type vxlan vni 4660 tunnel_src 10.0.0.1\n");
    level.identifier_kind = TUNNEL_SESSION; /* tells no tenants apart */
    alert.flow.tunnels[0] = tunnel_table_take(table, &level, 1, 100);
    redis_commands_event(&text, &keys, &alert);
    assert_has(readable(), " tunnel_type vxlan vni 0 tunnel_src 10.0.0.1 ");
    tunnel_table_free(table);
}

static void same_fields_whatever_is_known(void **state)
{
    struct mining full = sample_mining(), empty = {.kind = "pool-contact", .dialect = ""};
    struct event event = sample_event(EVENT_ALERT, &full);
    unsigned arguments[2];
    (void)state;
    redis_commands_event(&text, &keys, &event);
    arguments[0] = (unsigned)strtoul(text.bytes + 1, NULL, 10);
    event.mining = &empty;
    redis_commands_event(&text, &keys, &event);
    arguments[1] = (unsigned)strtoul(text.bytes + 1, NULL, 10);
    assert_int_equal(arguments[0], arguments[1]);
}

static void incident(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_MINING, &mining);
    (void)state;
    event.json = "{}";
    event.json_length = 2;
    redis_commands_event(&text, &keys, &event);
    const char *lines = readable();
    assert_int_equal(strncmp(lines, "HSET geophone:{sensor-1}:incident:00000000000000a1 state active ", 64),
                     0);
    assert_has(lines, "\nEXPIRE geophone:{sensor-1}:incident:00000000000000a1 604800\n");
    assert_has(lines, "\nZADD geophone:{sensor-1}:incidents 1795347792.123456 00000000000000a1\n");
    assert_has(lines, "\nZREMRANGEBYRANK geophone:{sensor-1}:incidents 0 -10001\n");
    assert_has(lines, "\nHSET geophone:{sensor-1}:miner:192.0.2.10 state active ");
    assert_has(lines, "\nZADD geophone:{sensor-1}:miners 1795347792.123456 192.0.2.10\n");
    assert_has(lines, "\nXADD geophone:{sensor-1}:eve MAXLEN ~ 100000 * eve {}\n");
    assert_has(lines, " sanctioned 0 sanctioned_reason  sanctioned_until  ");
    assert_has(
        lines,
        " evidence 30\tlogin with a Monero address\t\n60\tshare accepted by the pool\t40 of 41 shares ");
    assert_has(
        lines,
        "\nXADD geophone:{sensor-1}:history MAXLEN ~ 20000 * incident 00000000000000a1 action updated time "
        "1795347792.123456 hashrate ");
    text_copy(mining.evidence[0].detail, sizeof mining.evidence[0].detail, "a line\n99\tforged");
    redis_commands_event(&text, &keys, &event);
    assert_has(readable(), " evidence 30\tlogin with a Monero address\ta line 99 forged\n60\t");
    mining.sanction = (struct sanction){SANCTION_EXPIRED, "over", "local-allowed.tsv:3", "2026-01-04", ""};
    redis_commands_event(&text, &keys, &event);
    assert_has(readable(), " sanctioned 0 sanctioned_reason  sanctioned_until  ");
    mining.sanction.state = SANCTION_APPLIES;
    redis_commands_event(&text, &keys, &event);
    assert_has(readable(), " sanctioned 1 sanctioned_reason over sanctioned_until 2026-01-04 ");
    mining.kind = "pool-contact";
    redis_commands_event(&text, &keys, &event);
    assert_null(strstr(readable(), ":miner")); /* who asked for a pool's name does not mine */
}

static void series(void **state)
{
    struct sensor_statistics statistics = {.packets_per_second = 1234.5, .miners_active = 2};
    struct event event = sample_event(EVENT_STATS, NULL);
    const char *names[64];
    size_t seen = 0;
    (void)state;
    event.statistics = &statistics;
    redis_commands_event(&text, &keys, &event);
    char *lines = strdup(readable()), *end = strchr(lines, '\n');
    assert_has(end, "\nHSET geophone:{sensor-1}:quality drops good drops_share 0 drops_advice ");
    *end = '\0';
    char *word = strtok(lines, " \n");
    for (int i = 0; i < 6; i++)
        word = strtok(NULL, " \n");
    for (; word != NULL;
         word = strtok(NULL, " \n")) { /* numbers only: Grafana takes the type from the first entry */
        char *number = strtok(NULL, " \n"), *after;
        assert_non_null(number);
        for (size_t i = 0; i < seen; i++)
            assert_string_not_equal(names[i], word);
        assert_true(seen < sizeof names / sizeof names[0]);
        names[seen++] = word;
        strtod(number, &after);
        assert_int_equal(*after, '\0');
    }
    free(lines);
}

static void flow(void **state)
{
    struct event event = sample_event(EVENT_FLOW, NULL);
    (void)state;
    event.json = "{}";
    event.json_length = 2;
    redis_commands_event(&text, &keys, &event);
    assert_string_equal(readable(), "XADD geophone:{sensor-1}:eve MAXLEN ~ 100000 * eve {}\n");
    event.json = NULL; /* events.types leaves it out */
    redis_commands_event(&text, &keys, &event);
    assert_int_equal(text.commands, 0);
}

static void heartbeat(void **state)
{
    struct sink_environment environment = {.config = &config,
                                           .version = "0.1.0",
                                           .inputs = "eth0, eth1",
                                           .started_us = sample_time_us(0),
                                           .is_live = true};
    (void)state;
    redis_commands_heartbeat(&text, &keys, &environment, sample_time_us(60));
    const char *lines = readable();
    assert_has(lines, "SET geophone:{sensor-1}:alive {\"time\":\"2026-11-22T09:31:12.123456+0000\",");
    assert_has(lines, " EX 30\n");
    assert_has(lines, "HSET geophone:{sensor-1}:meta version 0.1.0 interfaces eth0, eth1 ");
    assert_has(lines, "ZADD geophone:sensors 1795339872.123456 sensor-1\n");
}

static void hostile_bytes(void **state)
{
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_ALERT, &mining);
    (void)state;
    snprintf(mining.wallet, sizeof mining.wallet, "a\r\n*1\r\n$8\r\nFLUSHALL\r\n");
    redis_commands_event(&text, &keys, &event);
    readable(); /* counts the commands */
    config.sensor.name = (char[]){"a}b:c d\r\n"};
    redis_keys_init(&keys, &config);
    assert_string_equal(keys.base, "geophone:{a_b_c_d__}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(alert, begin, end),
        cmocka_unit_test_setup_teardown(a_budget_that_was_passed, begin, end),
        cmocka_unit_test_setup_teardown(tunnel, begin, end),
        cmocka_unit_test_setup_teardown(same_fields_whatever_is_known, begin, end),
        cmocka_unit_test_setup_teardown(incident, begin, end),
        cmocka_unit_test_setup_teardown(series, begin, end),
        cmocka_unit_test_setup_teardown(flow, begin, end),
        cmocka_unit_test_setup_teardown(heartbeat, begin, end),
        cmocka_unit_test_setup_teardown(hostile_bytes, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
