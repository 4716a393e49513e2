// SPDX-License-Identifier: Apache-2.0
/*
 * Field names are those of Suricata (etc/schema.json, doc/userguide/output/eve) wherever it has one, so that
 * EveBox, Kibana templates, Wazuh and the like read our records; what is ours stands in the object `mining`.
 */
#include "sink/eve/eve.h"

#include "decode/packet.h"
#include "inspect/application.h"
#include "sink/eve/eve_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    GENERATOR_ID = 9100, /* private: rules of Suricata and Snort have gid 1 */
    RULE_REVISION = 1,
};

static char *put_digits(char *at, unsigned value, unsigned digits)
{
    for (unsigned i = digits; i > 0; i--) {
        at[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

static char *put_pair(char *at, unsigned value)
{
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

/* Days since 1970-01-01 to year, month, day of the Gregorian calendar, counting years from March so that the
 * leap day is the last of its year; one era is 400 years. strftime() would cost more than all the rest of a
 * flow record. */
static void write_date(char text[static 10], unsigned days)
{
    days += 719468; /* from 0000-03-01 */
    unsigned era = days / 146097, day_of_era = days % 146097;
    unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted_month = (5 * day_of_year + 2) / 153;
    unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    char *at = put_digits(text, era * 400 + year_of_era + (month <= 2), 4);
    *at++ = '-';
    at = put_pair(at, month);
    *at++ = '-';
    put_pair(at, day_of_year - (153 * shifted_month + 2) / 5 + 1);
}

/* Most times are of the day of the one before. */
static const char *date_of(unsigned days)
{
    static _Thread_local struct {
        unsigned days;
        char text[10];
    } last = {0, "1970-01-01"}; /* no NUL: ten characters are copied */
    if (days != last.days) {
        last.days = days;
        write_date(last.text, days);
    }
    return last.text;
}

const char *eve_timestamp(int64_t time_us, char text[static EVE_TIMESTAMP_SIZE])
{
    const int64_t last_us = 253402300799999999; /* the end of the year 9999: captures may claim anything */
    uint64_t us = time_us < 0 ? 0 : (uint64_t)(time_us > last_us ? last_us : time_us);
    uint64_t seconds = us / 1000000;
    unsigned fraction = (unsigned)(us % 1000000), second = (unsigned)(seconds % 86400);
    memcpy(text, "YYYY-MM-DDThh:mm:ss.uuuuuu+0000", EVE_TIMESTAMP_SIZE);
    memcpy(text, date_of((unsigned)(seconds / 86400)), 10);
    put_pair(text + 11, second / 3600);
    put_pair(text + 14, second / 60 % 60);
    put_pair(text + 17, second % 60);
    put_pair(text + 20, fraction / 10000);
    put_pair(text + 22, fraction / 100 % 100);
    put_pair(text + 24, fraction % 100);
    return text;
}

void eve_time(struct json_writer *writer, const char *name, int64_t time_us)
{
    char text[EVE_TIMESTAMP_SIZE];
    json_plain(writer, name, eve_timestamp(time_us, text), EVE_TIMESTAMP_SIZE - 1);
}

void eve_address(struct json_writer *writer, const char *name, const struct address *address)
{
    char text[ADDRESS_TEXT_SIZE];
    if (!address_is_ipv4(address)) {
        json_string(writer, name, address_format(address, text));
        return;
    }
    char *at = text;
    for (size_t i = 12; i < 16; i++) { /* inet_ntop() goes through snprintf() */
        unsigned byte = address->bytes[i];
        if (byte >= 100)
            *at++ = (char)('0' + byte / 100);
        if (byte >= 10)
            *at++ = (char)('0' + byte / 10 % 10);
        *at++ = (char)('0' + byte % 10);
        *at++ = '.';
    }
    json_plain(writer, name, text, (size_t)(at - text - 1));
}

bool eve_address_known(const struct address *address)
{
    static const struct address none = {{0}}, none_ipv4 = {{[10] = 0xff, [11] = 0xff}};
    return !address_equal(address, &none) && !address_equal(address, &none_ipv4);
}

/* Names as Suricata writes them: those of /etc/protocols; others as a number of three digits. */
void eve_protocol(struct json_writer *writer, uint8_t protocol)
{
    static const char *const names[256] = {
        [1] = "ICMP",  [2] = "IGMP",   [4] = "IP-ENCAP", [6] = "TCP",    [17] = "UDP",       [33] = "DCCP",
        [41] = "IPv6", [47] = "GRE",   [50] = "ESP",     [51] = "AH",    [58] = "IPv6-ICMP", [89] = "OSPFIGP",
        [103] = "PIM", [112] = "VRRP", [115] = "L2TP",   [132] = "SCTP", [136] = "UDPLite",
    };
    char number[4] = {0};
    if (names[protocol] == NULL)
        put_digits(number, protocol, 3);
    json_word(writer, "proto", names[protocol] != NULL ? names[protocol] : number);
}

static void write_endpoints(struct json_writer *writer, const struct event *event)
{
    const struct flow_record *flow = &event->flow;
    const struct mining *mining = event->mining;
    if (mining != NULL && !eve_address_known(&flow->client) && !eve_address_known(&flow->server)) {
        eve_address(writer, "src_ip", &mining->miner); /* an incident without a flow */
        eve_address(writer, "dest_ip", &mining->pool);
        return;
    }
    bool is_icmp = flow->protocol == PROTOCOL_ICMP || flow->protocol == PROTOCOL_ICMPV6;
    bool has_ports = !is_icmp && (flow->client_port != 0 || flow->server_port != 0);
    eve_address(writer, "src_ip", &flow->client);
    if (has_ports)
        json_unsigned(writer, "src_port", flow->client_port);
    eve_address(writer, "dest_ip", &flow->server);
    if (has_ports)
        json_unsigned(writer, "dest_port", flow->server_port);
    eve_protocol(writer, flow->protocol);
    if (is_icmp)
        json_unsigned(writer, "icmp_type", flow->client_port);
    if (flow->ip_version != 0)
        json_unsigned(writer, "ip_v", flow->ip_version);
}

void eve_vlans(struct json_writer *writer, const uint16_t vlans[static 2])
{
    if (vlans[0] == 0 && vlans[1] == 0)
        return;
    json_array(writer, "vlan");
    for (size_t i = 0; i < 2; i++)
        if (vlans[i] != 0)
            json_unsigned(writer, NULL, vlans[i]);
    json_array_end(writer);
}

static void write_common(struct json_writer *writer, const struct event *event)
{
    eve_time(writer, "timestamp", event->time_us);
    if (event->type != EVENT_STATS && event->flow.id != 0)
        json_unsigned(writer, "flow_id", event->flow.id);
    json_string_if(writer, event->source_is_live ? "in_iface" : "pcap_filename", event->source_name);
    json_word(writer, "event_type", event_type_name(event->type));
    json_string_if(writer, "host", event->sensor);
    if (event->type == EVENT_STATS)
        return;
    eve_vlans(writer, event->flow.vlans);
    write_endpoints(writer, event);
    if (event->flow.application != APPLICATION_UNKNOWN)
        json_word(writer, "app_proto", application_name(event->flow.application));
    if (event->community_id[0] != '\0')
        json_word(writer, "community_id", event->community_id);
    eve_write_tunnel(writer, &event->flow);
}

static void write_flow_counters(struct json_writer *writer, const struct flow_record *flow)
{
    json_unsigned(writer, "pkts_toserver", flow->packets[TO_SERVER]);
    json_unsigned(writer, "pkts_toclient", flow->packets[TO_CLIENT]);
    json_unsigned(writer, "bytes_toserver", flow->bytes[TO_SERVER]);
    json_unsigned(writer, "bytes_toclient", flow->bytes[TO_CLIENT]);
    eve_time(writer, "start", flow->first_us);
}

static const char *flow_state_name(uint8_t state)
{
    static const char *const names[] = {"new", "established", "closed"};
    return state < sizeof names / sizeof names[0] ? names[state] : "new";
}

static const char *flow_end_name(uint8_t why)
{
    static const char *const names[] = {"timeout", "forced", "shutdown"};
    return why < sizeof names / sizeof names[0] ? names[why] : "unknown";
}

static void write_flags(struct json_writer *writer, const char *name, uint8_t flags)
{
    static const char digits[] = "0123456789abcdef";
    char text[2] = {digits[flags >> 4], digits[flags & 15]};
    json_plain(writer, name, text, sizeof text);
}

static void write_tcp(struct json_writer *writer, const struct flow_record *flow)
{
    static const struct {
        uint8_t flag;
        const char *name;
    } flags[] = {{TCP_SYN, "syn"}, {TCP_FIN, "fin"}, {TCP_RST, "rst"}, {TCP_PSH, "psh"}, {TCP_ACK, "ack"}};
    uint8_t all = flow->tcp_flags[0] | flow->tcp_flags[1];
    json_object(writer, "tcp");
    write_flags(writer, "tcp_flags", all);
    write_flags(writer, "tcp_flags_ts", flow->tcp_flags[TO_SERVER]);
    write_flags(writer, "tcp_flags_tc", flow->tcp_flags[TO_CLIENT]);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (all & flags[i].flag) /* like Suricata: only what is true */
            json_boolean(writer, flags[i].name, true);
    json_object_end(writer);
}

/* An interim record of a flow that goes on has no `reason`. */
static void write_flow(struct json_writer *writer, const struct flow_record *flow)
{
    int64_t age_us = flow->last_us - flow->first_us;
    json_object(writer, "flow");
    write_flow_counters(writer, flow);
    eve_time(writer, "end", flow->last_us);
    json_unsigned(writer, "age", age_us > 0 ? (uint64_t)age_us / 1000000 : 0);
    json_word(writer, "state", flow_state_name(flow->state));
    if (flow->ended)
        json_word(writer, "reason", flow_end_name(flow->why));
    json_boolean(writer, "alerted", flow->mining);
    json_object_end(writer);
    if (flow->protocol == PROTOCOL_TCP)
        write_tcp(writer, flow);
}

static void write_list(struct json_writer *writer, const char *name, const char *only)
{
    json_array(writer, name);
    json_string(writer, NULL, only);
    json_array_end(writer);
}

/* Metadata keys as in the rules of Emerging Threats; the technique is MITRE ATT&CK's Resource Hijacking:
 * Compute Hijacking, https://attack.mitre.org/techniques/T1496/001/ */
static void write_alert(struct json_writer *writer, const struct event *event)
{
    const struct mining *mining = event->mining;
    json_string_if(writer, "id", event->alert_id);
    json_object(writer, "alert");
    json_string(writer, "action", "allowed");
    json_unsigned(writer, "gid", GENERATOR_ID);
    json_unsigned(writer, "signature_id", event->signature_id);
    json_unsigned(writer, "rev", RULE_REVISION);
    json_string(writer, "signature", event->signature != NULL ? event->signature : "");
    json_string(writer, "category", "Crypto Currency Mining Activity Detected");
    json_unsigned(writer, "severity", event->severity);
    json_object(writer, "metadata");
    write_list(writer, "mitre_tactic_id", "TA0040");
    write_list(writer, "mitre_tactic_name", "Impact");
    write_list(writer, "mitre_technique_id", "T1496.001");
    write_list(writer, "mitre_technique_name", "Compute_Hijacking");
    if (mining != NULL)
        write_list(writer, "confidence",
                   mining->verdict == VERDICT_CONFIRMED ? "High"
                   : mining->verdict == VERDICT_LIKELY  ? "Medium"
                                                        : "Low");
    json_object_end(writer);
    json_object_end(writer);
    json_object(writer, "flow");
    write_flow_counters(writer, &event->flow);
    json_object_end(writer);
}

/* SSL 3.0 is 0x0300, TLS 1.3 0x0304; "TLSv1" and "TLS 1.2" as Suricata spells them. */
static const char *tls_version(uint16_t version)
{
    static const char *const names[] = {"SSLv3", "TLSv1", "TLS 1.1", "TLS 1.2", "TLS 1.3"};
    size_t minor = version & 0xffu;
    return version >> 8 == 3 && minor < sizeof names / sizeof names[0] ? names[minor] : "";
}

/* Names as in Suricata's records of TLS, but for `self_signed`, which is ours. */
static void write_tls(struct json_writer *writer, const struct tls_seen *tls)
{
    if (tls->ja4[0] == '\0' && tls->ja3[0] == '\0' && tls->version == 0)
        return;
    json_object(writer, "tls");
    json_string_if(writer, "subject", tls->subject);
    json_string_if(writer, "issuerdn", tls->issuer);
    if (tls->self_signed)
        json_boolean(writer, "self_signed", true);
    json_string_if(writer, "sni", tls->sni);
    json_string_if(writer, "version", tls_version(tls->version));
    if (tls->alpn[0] != '\0')
        write_list(writer, "client_alpns", tls->alpn);
    if (tls->server_alpn[0] != '\0')
        write_list(writer, "server_alpns", tls->server_alpn);
    if (tls->ja3[0] != '\0') {
        json_object(writer, "ja3");
        json_string(writer, "hash", tls->ja3);
        json_object_end(writer);
    }
    json_string_if(writer, "ja4", tls->ja4);
    json_object_end(writer);
}

void eve_write(struct json_writer *writer, const struct event *event)
{
    json_object(writer, NULL);
    write_common(writer, event);
    if (event->type == EVENT_ALERT)
        write_alert(writer, event);
    if (event->budget != NULL)
        eve_write_budget(writer, event->budget);
    if (event->mining != NULL) {
        write_tls(writer, &event->mining->tls);
        eve_write_mining(writer, event);
    }
    if (event->type == EVENT_FLOW)
        write_flow(writer, &event->flow);
    if (event->type == EVENT_STATS && event->statistics != NULL)
        eve_write_statistics(writer, event->statistics);
    json_object_end(writer);
}
