// SPDX-License-Identifier: Apache-2.0
#include "inspect/application.h"

#include "inspect/application_own.h"
#include "protocol/dns.h"
#include "protocol/http.h"
#include "protocol/tls_handshake.h"

#include <string.h>

enum { PORT_DNS = 53 };

/* A handshake record whose first message is the one that opens a direction (RFC 8446, sections 4 and 5.1). */
static bool is_tls(const uint8_t *bytes, size_t length, enum direction direction)
{
    enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, TYPE_OFFSET = 5 };
    return length > TYPE_OFFSET && tls_begins(bytes, length) == 1 &&
           bytes[TYPE_OFFSET] == (direction == TO_SERVER ? CLIENT_HELLO : SERVER_HELLO);
}

static bool is_http(const uint8_t *bytes, size_t length, enum direction direction)
{
    bool is_request;
    return http_begins(bytes, length, &is_request) == 1 && is_request == (direction == TO_SERVER);
}

/* RFC 4253, section 4.2 */
static bool is_ssh(const uint8_t *bytes, size_t length)
{
    return length >= 6 && memcmp(bytes, "SSH-", 4) == 0 && (bytes[4] == '1' || bytes[4] == '2') &&
           (bytes[5] == '.');
}

/* Only on its port: a handful of header bytes is too little to tell DNS from chance. */
static bool is_dns(const struct packet *packet, const uint8_t *bytes, size_t length)
{
    struct dns_message message;
    return (packet->source_port == PORT_DNS || packet->destination_port == PORT_DNS) &&
           dns_parse(bytes, length, &message);
}

/* RFC 1035, section 4.2.2: two bytes of length before the message. */
static bool is_dns_over_tcp(const struct packet *packet, const uint8_t *bytes, size_t length)
{
    return length > 2 && ((size_t)bytes[0] << 8 | bytes[1]) >= 12 && is_dns(packet, bytes + 2, length - 2);
}

/* A long header with the fixed bit, a version that exists and connection identifiers that fit (RFC 9000,
 * section 17.2; RFC 9369 for version 2; drafts are 0xff0000nn). */
static bool is_quic(const uint8_t *bytes, size_t length)
{
    enum { LONG_AND_FIXED = 0xc0, IDENTIFIER_MAX = 20 };
    if (length < 7 || (bytes[0] & LONG_AND_FIXED) != LONG_AND_FIXED)
        return false;
    uint32_t version =
        (uint32_t)bytes[1] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 8 | bytes[4];
    bool known = version == 1 || version == 0x6b3343cf || version >> 8 == 0xff0000;
    size_t destination = bytes[5];
    return known && destination <= IDENTIFIER_MAX && 6 + destination < length &&
           bytes[6 + destination] <= IDENTIFIER_MAX;
}

uint16_t application_by_payload(const struct packet *packet, enum direction direction)
{
    const uint8_t *bytes = packet->payload;
    size_t length = packet->payload_captured;
    if (bytes == NULL || length == 0)
        return APPLICATION_UNKNOWN;
    if (packet->protocol == PROTOCOL_TCP) {
        if (is_tls(bytes, length, direction))
            return APPLICATION_TLS;
        if (is_http(bytes, length, direction))
            return APPLICATION_HTTP;
        if (is_ssh(bytes, length))
            return APPLICATION_SSH;
        if (is_dns_over_tcp(packet, bytes, length))
            return APPLICATION_DNS;
    } else if (packet->protocol == PROTOCOL_UDP) {
        if (is_dns(packet, bytes, length))
            return APPLICATION_DNS;
        if (is_quic(bytes, length))
            return APPLICATION_QUIC;
    }
    return APPLICATION_UNKNOWN;
}

const char *application_own_name(uint16_t application)
{
    static const char *const names[APPLICATION_OWN_COUNT] = {
        [APPLICATION_UNKNOWN] = "unknown", [APPLICATION_STRATUM] = "stratum",
        [APPLICATION_HTTP] = "http",       [APPLICATION_TLS] = "tls",
        [APPLICATION_DNS] = "dns",         [APPLICATION_JSON_RPC] = "json-rpc",
        [APPLICATION_SSH] = "ssh",         [APPLICATION_QUIC] = "quic",
    };
    return application < APPLICATION_OWN_COUNT ? names[application] : NULL;
}
