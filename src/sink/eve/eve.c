// SPDX-License-Identifier: Apache-2.0
/*
 * Field names are those of Suricata (etc/schema.json, doc/userguide/output/eve) wherever it has one, so that
 * EveBox, Kibana templates, Wazuh and the like read our records; what is ours stands in the object `mining`.
 */
#include "sink/eve/eve.h"

#include "sink/eve/eve_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    GENERATOR_ID = 9100, /* private: rules of Suricata and Snort have gid 1 */
    RULE_REVISION = 1,
};

void eve_address(struct json_writer *writer, const char *name, const struct address *address)
{
    char text[ADDRESS_TEXT_SIZE];
    json_plain(writer, name, text, (size_t)(address_write(text, address) - text));
}

bool eve_address_known(const struct address *address)
{
    static const struct address none = {{0}}, none_ipv4 = {{[10] = 0xff, [11] = 0xff}};
    return !address_equal(address, &none) && !address_equal(address, &none_ipv4);
}

const struct json_word *eve_protocol_word(uint8_t protocol, struct json_word *number)
{
    static const struct json_word words[256] = {
        [1] = JSON_WORD("ICMP"),   [2] = JSON_WORD("IGMP"),       [4] = JSON_WORD("IP-ENCAP"),
        [6] = JSON_WORD("TCP"),    [17] = JSON_WORD("UDP"),       [33] = JSON_WORD("DCCP"),
        [41] = JSON_WORD("IPv6"),  [47] = JSON_WORD("GRE"),       [50] = JSON_WORD("ESP"),
        [51] = JSON_WORD("AH"),    [58] = JSON_WORD("IPv6-ICMP"), [89] = JSON_WORD("OSPFIGP"),
        [103] = JSON_WORD("PIM"),  [112] = JSON_WORD("VRRP"),     [115] = JSON_WORD("L2TP"),
        [132] = JSON_WORD("SCTP"), [136] = JSON_WORD("UDPLite"),
    };
    if (words[protocol].length != 0)
        return &words[protocol];
    *number = (struct json_word){.length = 3};
    number->text[0] = (char)('0' + protocol / 100);
    json_digit_pair(number->text + 1, protocol % 100);
    return number;
}

void eve_protocol(struct json_writer *writer, uint8_t protocol)
{
    struct json_word number;
    const struct json_word *word = eve_protocol_word(protocol, &number);
    json_plain(writer, "proto", word->text, word->length);
}

char *eve_put_vlans(char *at, const uint16_t vlans[static 2])
{
    if (vlans[0] == 0 && vlans[1] == 0)
        return at;
    at = json_copy(at, "\"vlan\":[", 8);
    for (size_t i = 0; i < 2; i++)
        if (vlans[i] != 0) {
            at = json_digits(at, vlans[i]);
            *at++ = ',';
        }
    return json_copy(at - 1, "],", 2);
}

void eve_vlans(struct json_writer *writer, const uint16_t vlans[static 2])
{
    enum { ROOM = sizeof "\"vlan\":[,]," + 2 * JSON_DIGITS };
    bool any = vlans[0] != 0 || vlans[1] != 0;
    char *at = any ? json_begin(writer, NULL, ROOM) : NULL;
    if (at != NULL)
        json_end(writer, eve_put_vlans(at, vlans) - 1);
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
    eve_write_counters(writer, &event->flow);
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
    size_t head = writer->length;
    eve_write_head(writer, event);
    if (event->type == EVENT_ALERT)
        write_alert(writer, event);
    if (event->budget != NULL)
        eve_write_budget(writer, event->budget);
    if (event->mining != NULL) {
        write_tls(writer, &event->mining->tls);
        eve_write_mining(writer, event);
    }
    if (event->type == EVENT_FLOW)
        eve_write_flow(writer, head, event);
    if (event->type == EVENT_STATS && event->statistics != NULL)
        eve_write_statistics(writer, event->statistics);
    json_object_end(writer);
}
