// SPDX-License-Identifier: Apache-2.0
/*
 * Events as the verdict thread makes them, for tests of sinks. Addresses are those of documentation (RFC
 * 5737, 3849).
 */
#ifndef TESTS_UNIT_EVENT_SAMPLES_H
#define TESTS_UNIT_EVENT_SAMPLES_H

#include "config/config.h"
#include "decode/packet.h"
#include "verdict/event.h"

#include <stdio.h>
#include <string.h>

enum { SAMPLE_TIME_S = 1795339812 }; /* 2026-11-22 09:30:12 UTC */

static inline int64_t sample_time_us(int64_t seconds)
{
    return (SAMPLE_TIME_S + seconds) * 1000000 + 123456;
}

static inline struct address sample_address(const char *text)
{
    struct address address = {{0}};
    address_parse(text, &address);
    return address;
}

static inline struct mining sample_mining(void)
{
    struct mining mining = {
        .incident = "00000000000000a1",
        .kind = "stratum",
        .dialect = "cryptonote",
        .verdict = VERDICT_CONFIRMED,
        .confidence = 0.98765,
        .miner = sample_address("192.0.2.10"),
        .pool = sample_address("203.0.113.7"),
        .pool_port = 3333,
        .pool_domain = "pool.example.net",
        .pool_operator = "Example Pool",
        .coin = "XMR",
        .algorithm = "rx/0",
        .agent = "XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/11.2.0",
        .user = "4wallet.rig01",
        .wallet = "4wallet",
        .worker = "rig01",
        .password = "x",
        .difficulty = 120001,
        .shares_submitted = 41,
        .shares_accepted = 40,
        .shares_rejected = 1,
        .hashes = 4800040,
        .hashrate_hs = 12345.678,
        .cost = {.hour = 0.123456,
                 .hour_low = 0.1,
                 .hour_high = 0.2,
                 .total = 12.5,
                 .total_low = 10,
                 .total_high = 20,
                 .currency = "EUR",
                 .basis = "list price of m7i.large in eu-north-1 (2026-06)"},
        .geo = {.country = "DE", .as_number = 64496, .as_organization = "Example Networks"},
        .evidence_count = 2,
        .first_seen_us = sample_time_us(0),
        .last_seen_us = sample_time_us(7980),
        .flows = 2,
        .bytes = 123456,
    };
    mining.evidence[0] = (struct evidence_item){"login with a Monero address", "", 30};
    mining.evidence[1] = (struct evidence_item){"share accepted by the pool", "40 of 41 shares", 60};
    return mining;
}

static inline struct flow_record sample_flow(void)
{
    return (struct flow_record){
        .id = 42,
        .client = sample_address("192.0.2.10"),
        .server = sample_address("203.0.113.7"),
        .client_port = 40000,
        .server_port = 3333,
        .protocol = PROTOCOL_TCP,
        .ip_version = 4,
        .state = FLOW_CLOSED,
        .vlans = {100, 0},
        .application = 1,
        .tcp_flags = {TCP_SYN | TCP_ACK | TCP_PSH, TCP_SYN | TCP_ACK | TCP_FIN},
        .mining = true,
        .ended = true,
        .why = FLOW_END_TIMEOUT,
        .packets = {10, 12},
        .bytes = {1000, 2000},
        .first_us = sample_time_us(0),
        .last_us = sample_time_us(90),
    };
}

static inline struct event sample_event(enum event_type type, const struct mining *mining)
{
    return (struct event){
        .type = type,
        .time_us = sample_time_us(0),
        .sensor = "sensor-1",
        .flow = sample_flow(),
        .community_id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        .source_name = "capture.pcap",
        .alert_id = "00000000000000a1-1",
        .signature_id = 9100001,
        .signature = "Mining: Stratum (cryptonote) confirmed",
        .severity = 1,
        .mining = mining,
        .action = INCIDENT_UPDATED,
    };
}

/* A configuration filled by hand: only what sinks read. All strings are borrowed. */
static inline void sample_config(struct config *config)
{
    static char name[] = "sensor-1", prefix[] = "geophone";
    static char alert[] = "alert", mining[] = "mining", flow[] = "flow", stats[] = "stats";
    *config = (struct config){0};
    config->sensor.name = name;
    config->events.types = (struct config_list){{alert, mining, flow, stats}, 4};
    config->redis.prefix = prefix;
    config->redis.eve_types = (struct config_list){{mining, flow}, 2};
    config->redis.alerts_length = 10000;
    config->redis.eve_length = 100000;
    config->redis.ts_length = 20000;
    config->redis.history_length = 20000;
    config->redis.timeout_ms = 10000;
    config->redis.queue_memory = 1024 * 1024;
}

#endif
