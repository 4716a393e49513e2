// SPDX-License-Identifier: Apache-2.0
/*
 * What all records begin with, written into room that is made once (base/json_put.h).
 */
#include "sink/eve/eve_parts.h"

#include "base/text.h"
#include "decode/packet.h"
#include "inspect/application.h"

#include <string.h>

/* Names, numbers and words at their longest are half of this. */
enum { HEAD_ROOM = 1024 };

/* ---- who saw it ---- */

static bool is_there(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static char *put_origin(char *at, const struct event *event)
{
    const char *source = event->source_name, *sensor = event->sensor, *type = event_type_name(event->type);
    if (is_there(source)) {
        at = event->source_is_live ? JSON_PUT_QUOTE(at, "in_iface") : JSON_PUT_QUOTE(at, "pcap_filename");
        at = json_put_string(at, source, strlen(source));
    }
    at = json_put_plain(JSON_PUT_QUOTE(at, "event_type"), type, strlen(type));
    return is_there(sensor) ? json_put_string(JSON_PUT_QUOTE(at, "host"), sensor, strlen(sensor)) : at;
}

/* Longer ones do without being remembered. */
enum { ORIGIN_NAME = 256, ORIGIN_ROOM = 2 * ORIGIN_NAME * JSON_ESCAPED + 128 };

/* The same in record after record: measuring and escaping the names would be a fifth of writing a flow
 * record. */
struct origin {
    char source[ORIGIN_NAME], sensor[ORIGIN_NAME];
    enum event_type type;
    bool is_live;
    size_t length; /* 0: nothing is remembered yet */
    char text[ORIGIN_ROOM];
};

static const char *text_of(const char *name)
{
    return name != NULL ? name : "";
}

static bool is_of(const struct origin *origin, const struct event *event)
{
    return origin->length > 0 && origin->type == event->type && origin->is_live == event->source_is_live &&
           strcmp(origin->source, text_of(event->source_name)) == 0 &&
           strcmp(origin->sensor, text_of(event->sensor)) == 0;
}

/* NULL where its names are too long for that. */
static const struct origin *remember_origin(const struct event *event)
{
    static _Thread_local struct origin origin;
    const char *source = text_of(event->source_name), *sensor = text_of(event->sensor);
    if (is_of(&origin, event))
        return &origin;
    if (strlen(source) >= ORIGIN_NAME || strlen(sensor) >= ORIGIN_NAME)
        return NULL;
    text_copy(origin.source, sizeof origin.source, source);
    text_copy(origin.sensor, sizeof origin.sensor, sensor);
    origin.type = event->type;
    origin.is_live = event->source_is_live;
    origin.length = (size_t)(put_origin(origin.text, event) - origin.text);
    return &origin;
}

/* ---- whose it is ---- */

static char *put_endpoints(char *at, const struct event *event)
{
    const struct flow_record *flow = &event->flow;
    const struct mining *mining = event->mining;
    if (mining != NULL && !eve_address_known(&flow->client) && !eve_address_known(&flow->server)) {
        at = json_put_address(JSON_PUT_QUOTE(at, "src_ip"), &mining->miner); /* an incident without a flow */
        return json_put_address(JSON_PUT_QUOTE(at, "dest_ip"), &mining->pool);
    }
    bool is_icmp = flow->protocol == PROTOCOL_ICMP || flow->protocol == PROTOCOL_ICMPV6;
    bool has_ports = !is_icmp && (flow->client_port != 0 || flow->server_port != 0);
    struct json_word number;
    at = json_put_address(JSON_PUT_QUOTE(at, "src_ip"), &flow->client);
    if (has_ports)
        at = JSON_PUT_UNSIGNED(at, "src_port", flow->client_port);
    at = json_put_address(JSON_PUT_QUOTE(at, "dest_ip"), &flow->server);
    if (has_ports)
        at = JSON_PUT_UNSIGNED(at, "dest_port", flow->server_port);
    at = json_put_word(JSON_PUT_QUOTE(at, "proto"), eve_protocol_word(flow->protocol, &number));
    if (is_icmp)
        at = JSON_PUT_UNSIGNED(at, "icmp_type", flow->client_port);
    if (flow->ip_version != 0)
        at = JSON_PUT_UNSIGNED(at, "ip_v", flow->ip_version);
    return at;
}

static char *put_flow(char *at, const struct event *event)
{
    const struct flow_record *flow = &event->flow;
    at = eve_put_vlans(at, flow->vlans);
    at = put_endpoints(at, event);
    if (flow->application != APPLICATION_UNKNOWN) {
        const char *name = application_name(flow->application);
        at = json_put_plain(JSON_PUT_QUOTE(at, "app_proto"), name, strlen(name));
    }
    if (event->community_id[0] != '\0')
        at = json_put_plain(JSON_PUT_QUOTE(at, "community_id"), event->community_id, COMMUNITY_ID_SIZE - 1);
    return at;
}

void eve_write_head(struct json_writer *writer, const struct event *event)
{
    bool has_flow = event->type != EVENT_STATS;
    const struct origin *origin = remember_origin(event);
    size_t names = origin != NULL ? origin->length
                                  : (strlen(text_of(event->source_name)) + strlen(text_of(event->sensor))) *
                                        JSON_ESCAPED;
    char *at = json_begin(writer, NULL, HEAD_ROOM + names);
    if (at == NULL)
        return;
    at = EVE_PUT_TIME(at, "timestamp", event->time_us);
    if (has_flow && event->flow.id != 0)
        at = JSON_PUT_UNSIGNED(at, "flow_id", event->flow.id);
    at = origin != NULL ? json_copy(at, origin->text, origin->length) : put_origin(at, event);
    if (has_flow)
        at = put_flow(at, event);
    json_end(writer, at - 1); /* the writer places the next comma itself */
    if (has_flow)
        eve_write_tunnel(writer, &event->flow);
}
