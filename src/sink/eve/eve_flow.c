// SPDX-License-Identifier: Apache-2.0
/*
 * What all records of a flow begin with, and flow records: they are by far the most, so these write into room
 * that is made once (base/json_put.h).
 */
#include "sink/eve/eve_parts.h"

#include "decode/packet.h"
#include "inspect/application.h"

#include <string.h>

/* Names, numbers and words of each part at their longest are half of this. */
enum { HEAD_ROOM = 1024, FLOW_ROOM = 1024 };

/* ---- the head ---- */

static char *put_endpoints(char *at, const struct event *event)
{
    const struct flow_record *flow = &event->flow;
    const struct mining *mining = event->mining;
    if (mining != NULL && !eve_address_known(&flow->client) && !eve_address_known(&flow->server)) {
        at = json_put_address(at, "src_ip", &mining->miner); /* an incident without a flow */
        return json_put_address(at, "dest_ip", &mining->pool);
    }
    bool is_icmp = flow->protocol == PROTOCOL_ICMP || flow->protocol == PROTOCOL_ICMPV6;
    bool has_ports = !is_icmp && (flow->client_port != 0 || flow->server_port != 0);
    struct json_word number;
    at = json_put_address(at, "src_ip", &flow->client);
    if (has_ports)
        at = json_put_unsigned(at, "src_port", flow->client_port);
    at = json_put_address(at, "dest_ip", &flow->server);
    if (has_ports)
        at = json_put_unsigned(at, "dest_port", flow->server_port);
    at = json_put_short(at, "proto", eve_protocol_word(flow->protocol, &number));
    if (is_icmp)
        at = json_put_unsigned(at, "icmp_type", flow->client_port);
    if (flow->ip_version != 0)
        at = json_put_unsigned(at, "ip_v", flow->ip_version);
    return at;
}

static size_t escaped_length(const char *text)
{
    return text == NULL ? 0 : strlen(text) * JSON_ESCAPED;
}

void eve_write_head(struct json_writer *writer, const struct event *event)
{
    const struct flow_record *flow = &event->flow;
    bool has_flow = event->type != EVENT_STATS;
    char *start = json_begin(writer, NULL,
                             HEAD_ROOM + escaped_length(event->source_name) + escaped_length(event->sensor));
    char *at = start;
    if (at == NULL)
        return;
    at = eve_put_time(at, "timestamp", event->time_us);
    if (has_flow && flow->id != 0)
        at = json_put_unsigned(at, "flow_id", flow->id);
    at = event->source_is_live ? json_put_string_if(at, "in_iface", event->source_name)
                               : json_put_string_if(at, "pcap_filename", event->source_name);
    at = json_put_word(at, "event_type", event_type_name(event->type));
    at = json_put_string_if(at, "host", event->sensor);
    if (has_flow) {
        at = eve_put_vlans(at, flow->vlans);
        at = put_endpoints(at, event);
        if (flow->application != APPLICATION_UNKNOWN)
            at = json_put_word(at, "app_proto", application_name(flow->application));
        if (event->community_id[0] != '\0')
            at = json_put_plain(at, "community_id", event->community_id, COMMUNITY_ID_SIZE - 1);
    }
    json_end(writer, at - 1); /* the writer places the next comma itself */
    if (has_flow)
        eve_write_tunnel(writer, flow);
}

/* ---- flow records ---- */

static const struct json_word *state_word(uint8_t state)
{
    static const struct json_word words[] = {JSON_WORD("new"), JSON_WORD("established"), JSON_WORD("closed")};
    return &words[state < sizeof words / sizeof words[0] ? state : 0];
}

static const struct json_word *end_word(uint8_t why)
{
    enum { KNOWN = 3 };
    static const struct json_word words[KNOWN + 1] = {JSON_WORD("timeout"), JSON_WORD("forced"),
                                                      JSON_WORD("shutdown"), JSON_WORD("unknown")};
    return &words[why < KNOWN ? why : KNOWN];
}

static char *put_counters(char *at, const struct flow_record *flow)
{
    at = json_put_unsigned(at, "pkts_toserver", flow->packets[TO_SERVER]);
    at = json_put_unsigned(at, "pkts_toclient", flow->packets[TO_CLIENT]);
    at = json_put_unsigned(at, "bytes_toserver", flow->bytes[TO_SERVER]);
    at = json_put_unsigned(at, "bytes_toclient", flow->bytes[TO_CLIENT]);
    return eve_put_time(at, "start", flow->first_us);
}

void eve_write_counters(struct json_writer *writer, const struct flow_record *flow)
{
    char *at = json_begin(writer, NULL, FLOW_ROOM);
    if (at != NULL)
        json_end(writer, put_counters(at, flow) - 1);
}

JSON_PUT char *put_flags(char *at, const char *name, uint8_t flags)
{
    static const char digits[] = "0123456789abcdef";
    char text[2] = {digits[flags >> 4], digits[flags & 15]};
    return json_put_plain(at, name, text, sizeof text);
}

/* Like Suricata: only what is true. */
JSON_PUT char *put_flag(char *at, const char *name, bool is_set)
{
    return is_set ? json_put_boolean(at, name, true) : at;
}

static char *put_tcp(char *at, const struct flow_record *flow)
{
    uint8_t all = flow->tcp_flags[0] | flow->tcp_flags[1];
    at = json_put_object(at, "tcp");
    at = put_flags(at, "tcp_flags", all);
    at = put_flags(at, "tcp_flags_ts", flow->tcp_flags[TO_SERVER]);
    at = put_flags(at, "tcp_flags_tc", flow->tcp_flags[TO_CLIENT]);
    at = put_flag(at, "syn", all & TCP_SYN);
    at = put_flag(at, "fin", all & TCP_FIN);
    at = put_flag(at, "rst", all & TCP_RST);
    at = put_flag(at, "psh", all & TCP_PSH);
    at = put_flag(at, "ack", all & TCP_ACK);
    return json_put_end(at);
}

/* An interim record of a flow that goes on has no `reason`. */
void eve_write_flow(struct json_writer *writer, const struct flow_record *flow)
{
    int64_t age_us = flow->last_us - flow->first_us;
    char *at = json_begin(writer, NULL, FLOW_ROOM);
    if (at == NULL)
        return;
    at = json_put_object(at, "flow");
    at = put_counters(at, flow);
    at = eve_put_time(at, "end", flow->last_us);
    at = json_put_unsigned(at, "age", age_us > 0 ? (uint64_t)age_us / 1000000 : 0);
    at = json_put_short(at, "state", state_word(flow->state));
    if (flow->ended)
        at = json_put_short(at, "reason", end_word(flow->why));
    at = json_put_boolean(at, "alerted", flow->mining);
    at = json_put_end(at);
    if (flow->protocol == PROTOCOL_TCP)
        at = put_tcp(at, flow);
    json_end(writer, at - 1);
}
