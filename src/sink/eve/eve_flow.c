// SPDX-License-Identifier: Apache-2.0
/*
 * Flow records: they are by far the most, so they are written into room that is made once (base/json_put.h).
 */
#include "sink/eve/eve_parts.h"

#include "decode/packet.h"

/* Names, numbers and words at their longest are half of this. */
enum { FLOW_ROOM = 1024 };

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
    at = JSON_PUT_UNSIGNED(at, "pkts_toserver", flow->packets[TO_SERVER]);
    at = JSON_PUT_UNSIGNED(at, "pkts_toclient", flow->packets[TO_CLIENT]);
    at = JSON_PUT_UNSIGNED(at, "bytes_toserver", flow->bytes[TO_SERVER]);
    at = JSON_PUT_UNSIGNED(at, "bytes_toclient", flow->bytes[TO_CLIENT]);
    return EVE_PUT_TIME(at, "start", flow->first_us);
}

void eve_write_counters(struct json_writer *writer, const struct flow_record *flow)
{
    char *at = json_begin(writer, NULL, FLOW_ROOM);
    if (at != NULL)
        json_end(writer, put_counters(at, flow) - 1);
}

/* Two hexadecimal digits. */
JSON_PUT char *put_flags(char *at, uint8_t flags)
{
    static const char digits[] = "0123456789abcdef";
    at[0] = digits[flags >> 4];
    at[1] = digits[flags & 15];
    return json_put_quoted(at + 2);
}

/* Like Suricata: only what is true. */
#define PUT_FLAG(at, name, is_set) ((is_set) ? JSON_PUT_TEXT(at, "\"" name "\":true,") : (at))

static char *put_tcp(char *at, const struct flow_record *flow)
{
    uint8_t all = flow->tcp_flags[0] | flow->tcp_flags[1];
    at = JSON_PUT_OBJECT(at, "tcp");
    at = put_flags(JSON_PUT_QUOTE(at, "tcp_flags"), all);
    at = put_flags(JSON_PUT_QUOTE(at, "tcp_flags_ts"), flow->tcp_flags[TO_SERVER]);
    at = put_flags(JSON_PUT_QUOTE(at, "tcp_flags_tc"), flow->tcp_flags[TO_CLIENT]);
    at = PUT_FLAG(at, "syn", all & TCP_SYN);
    at = PUT_FLAG(at, "fin", all & TCP_FIN);
    at = PUT_FLAG(at, "rst", all & TCP_RST);
    at = PUT_FLAG(at, "psh", all & TCP_PSH);
    at = PUT_FLAG(at, "ack", all & TCP_ACK);
    return json_put_end(at);
}

/* The end of most flows is the time of their record, which stands in its head. */
static char *put_end(char *at, const char *head, const struct event *event)
{
    int64_t end_us = event->flow.last_us;
    if (end_us != event->time_us)
        return EVE_PUT_TIME(at, "end", end_us);
    return json_put_plain(JSON_PUT_QUOTE(at, "end"), head + EVE_HEAD_TIME, EVE_TIMESTAMP_SIZE - 1);
}

/* An interim record of a flow that goes on has no `reason`. */
void eve_write_flow(struct json_writer *writer, size_t head, const struct event *event)
{
    const struct flow_record *flow = &event->flow;
    int64_t age_us = flow->last_us - flow->first_us;
    char *at = json_begin(writer, NULL, FLOW_ROOM);
    if (at == NULL)
        return;
    at = JSON_PUT_OBJECT(at, "flow");
    at = put_counters(at, flow);
    at = put_end(at, writer->text + head, event);
    at = JSON_PUT_UNSIGNED(at, "age", age_us > 0 ? (uint64_t)age_us / 1000000 : 0);
    at = json_put_word(JSON_PUT_QUOTE(at, "state"), state_word(flow->state));
    if (flow->ended)
        at = json_put_word(JSON_PUT_QUOTE(at, "reason"), end_word(flow->why));
    at = JSON_PUT_BOOLEAN(at, "alerted", flow->mining);
    at = json_put_end(at);
    if (flow->protocol == PROTOCOL_TCP)
        at = put_tcp(at, flow);
    json_end(writer, at - 1);
}
