// SPDX-License-Identifier: Apache-2.0
/*
 * The common applications, told by how they begin: most flows are named here, and nDPI, which costs more than
 * all the rest of a flow, is asked about few. What begins with few fixed bytes is believed only on its port.
 */
#include "inspect/application.h"

#include "base/big_endian.h"
#include "protocol/dns.h"
#include "protocol/http.h"
#include "protocol/tls_handshake.h"

#include <pthread.h>
#include <string.h>

/* The packet that is looked at. */
struct sight {
    const uint8_t *bytes;
    size_t length;
    uint16_t source_port, destination_port;
    enum direction direction;
};

static bool on_port(const struct sight *sight, uint16_t port)
{
    return sight->source_port == port || sight->destination_port == port;
}

/* ---- what begins with fixed bytes ---- */

enum { ANY_PORT = 0 };

struct sign {
    uint8_t at, length; /* where the bytes stand, and how many they are */
    uint16_t port;      /* of either end, or ANY_PORT */
    uint16_t application;
    const char *bytes;
};

#define SIGN(port, at, bytes, application)                                                                   \
    {                                                                                                        \
        at, sizeof(bytes) - 1, port, APPLICATION_##application, bytes                                        \
    }

static const struct sign tcp_signs[] = {
    SIGN(ANY_PORT, 0, "SSH-2.", SSH), /* RFC 4253, section 4.2 */
    SIGN(ANY_PORT, 0, "SSH-1.", SSH),
    SIGN(ANY_PORT, 0, "PRI * HTTP/2.0\r\n", HTTP2), /* RFC 9113, section 3.4 */
    SIGN(ANY_PORT, 4, "\xffSMB", SMB),              /* [MS-CIFS], section 2.2.3.1, behind RFC 1002's header */
    SIGN(ANY_PORT, 4, "\xfeSMB", SMB),              /* [MS-SMB2], section 2.2.1 */
    SIGN(ANY_PORT, 0, "RFB 00", RFB),               /* RFC 6143, section 7.1.1 */
    SIGN(ANY_PORT, 0,
         "\x13"
         "BitTorrent protocol",
         BITTORRENT),                  /* BEP 3 */
    SIGN(ANY_PORT, 0, "AMQP\0", AMQP), /* AMQP 0-9-1, section 2.2.4; 1.0, section 2.2 */
    SIGN(ANY_PORT, 0, "AMQP\3", AMQP), /* 1.0 with SASL */
    SIGN(ANY_PORT, 0, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
         BGP),                        /* RFC 4271, 4.1 */
    SIGN(20000, 0, "\x05\x64", DNP3), /* IEEE 1815, data link layer */
    SIGN(23, 0, "\xff\xfb", TELNET),  /* RFC 854: IAC WILL, WONT, DO, DONT */
    SIGN(23, 0, "\xff\xfc", TELNET),
    SIGN(23, 0, "\xff\xfd", TELNET),
    SIGN(23, 0, "\xff\xfe", TELNET),
    SIGN(110, 0, "+OK", POP3),        /* RFC 1939, section 3 */
    SIGN(ANY_PORT, 0, "* OK ", IMAP), /* RFC 9051, section 7.1 */
    SIGN(ANY_PORT, 0, "* PREAUTH ", IMAP),
    SIGN(ANY_PORT, 0, "EHLO ", SMTP), /* RFC 5321, section 4.1.1.1 */
    SIGN(ANY_PORT, 0, "HELO ", SMTP),
    SIGN(25, 0, "220", SMTP), /* RFC 5321, section 4.2 */
    SIGN(587, 0, "220", SMTP),
    SIGN(21, 0, "220", FTP), /* RFC 959, section 5.4 */
    SIGN(21, 0, "USER ", FTP),
    SIGN(ANY_PORT, 0, "SIP/2.0 ", SIP), /* RFC 3261, section 7 */
    SIGN(ANY_PORT, 0, "INVITE sip:", SIP),
    SIGN(ANY_PORT, 0, "REGISTER sip:", SIP),
    SIGN(ANY_PORT, 0, "OPTIONS sip:", SIP),
    SIGN(2049, 16, "\0\1\x86\xa3", NFS), /* RFC 5531, sections 9 and 11: a call of program 100003 */
};

static const struct sign udp_signs[] = {
    SIGN(ANY_PORT, 0, "SIP/2.0 ", SIP),
    SIGN(ANY_PORT, 0, "INVITE sip:", SIP),
    SIGN(ANY_PORT, 0, "REGISTER sip:", SIP),
    SIGN(ANY_PORT, 0, "OPTIONS sip:", SIP),
    SIGN(ANY_PORT, 0, "SUBSCRIBE sip:", SIP),
    SIGN(ANY_PORT, 0, "M-SEARCH * HTTP/1.1\r\n", SSDP), /* UPnP Device Architecture 2.0, section 1.3 */
    SIGN(ANY_PORT, 0, "NOTIFY * HTTP/1.1\r\n", SSDP),
    SIGN(1900, 0, "HTTP/1.1 200 ", SSDP),
    SIGN(ANY_PORT, 0, "d1:ad2:id20:", BITTORRENT_DHT), /* BEP 5 */
    SIGN(ANY_PORT, 0, "d1:rd2:id20:", BITTORRENT_DHT),
    SIGN(ANY_PORT, 236, "\x63\x82\x53\x63", DHCP), /* RFC 2131, section 3: behind BOOTP's fixed part */
    SIGN(69, 0, "\0\1", TFTP),                     /* RFC 1350, section 5: RRQ, WRQ */
    SIGN(69, 0, "\0\2", TFTP),
    SIGN(514, 0, "<", SYSLOG),           /* RFC 5424, section 6.2.1 */
    SIGN(2049, 12, "\0\1\x86\xa3", NFS), /* as over TCP, without the record mark */
};

static bool has_sign(const struct sight *sight, const struct sign *sign)
{
    return sight->length >= (size_t)sign->at + sign->length &&
           (sign->port == ANY_PORT || on_port(sight, sign->port)) &&
           memcmp(sight->bytes + sign->at, sign->bytes, sign->length) == 0;
}

/* ---- what wants a look at lengths or values: TCP ---- */

/* A handshake record whose first message is the one that opens a direction (RFC 8446, sections 4 and 5.1). */
static bool is_tls(const struct sight *sight)
{
    enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, TYPE_OFFSET = 5 };
    return sight->length > TYPE_OFFSET && tls_begins(sight->bytes, sight->length) == 1 &&
           sight->bytes[TYPE_OFFSET] == (sight->direction == TO_SERVER ? CLIENT_HELLO : SERVER_HELLO);
}

static bool is_http(const struct sight *sight)
{
    bool is_request;
    return sight->bytes[0] >= 'A' && sight->bytes[0] <= 'Z' &&
           http_begins(sight->bytes, sight->length, &is_request) == 1 &&
           is_request == (sight->direction == TO_SERVER);
}

/* Only on its ports: a handful of header bytes is too little to tell DNS from chance. */
static bool is_dns_at(const struct sight *sight, uint16_t port, size_t offset)
{
    struct dns_message message;
    return on_port(sight, port) && dns_parse(sight->bytes + offset, sight->length - offset, &message);
}

/* RFC 1035, section 4.2.2: two bytes of length before the message. */
static bool is_dns_over_tcp(const struct sight *sight)
{
    return sight->length > 2 && big_endian_u16(sight->bytes) >= 12 && is_dns_at(sight, 53, 2);
}

/* Version 5.0, a type that exists, little-endian data, and a fragment's length that fits (The Open Group,
 * C706, section 12.6.3.1). */
static bool is_dcerpc(const struct sight *sight)
{
    enum { HEADER = 16, TYPES = 20, LITTLE_ENDIAN_DATA = 0x10 };
    const uint8_t *b = sight->bytes;
    return sight->length >= HEADER && b[0] == 5 && b[1] == 0 && b[2] < TYPES && b[4] == LITTLE_ENDIAN_DATA &&
           b[5] == 0 && (b[9] << 8 | b[8]) >= HEADER && (size_t)(b[9] << 8 | b[8]) <= sight->length + 4096;
}

/* TPKT with a connection request or confirm that fills it (RFC 1006, section 6; X.224, section 13.3). */
static bool is_rdp(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    return sight->length >= 11 && b[0] == 3 && b[1] == 0 && big_endian_u16(b + 2) == sight->length &&
           b[4] == sight->length - 5 && (b[5] == 0xe0 || b[5] == 0xd0) && on_port(sight, 3389);
}

/* The server's greeting: length, number 0, protocol 10, and a version in digits (MySQL Internals, Protocol
 * Handshake V10). */
static bool is_mysql(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    return sight->length > 6 && sight->direction == TO_CLIENT && b[3] == 0 && b[4] == 10 &&
           ((size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16) + 4 == sight->length && b[5] >= '0' &&
           b[5] <= '9';
}

/* StartupMessage of protocol 3.0, SSLRequest, GSSENCRequest (PostgreSQL, Message Formats). */
static bool is_postgresql(const struct sight *sight)
{
    enum { PROTOCOL_3 = 0x00030000, SSL_REQUEST = 80877103, GSS_REQUEST = 80877104 };
    if (sight->length < 8 || sight->direction != TO_SERVER || big_endian_u32(sight->bytes) != sight->length)
        return false;
    uint32_t code = big_endian_u32(sight->bytes + 4);
    return code == PROTOCOL_3 || (sight->length == 8 && (code == SSL_REQUEST || code == GSS_REQUEST));
}

/* An array of strings: a command in RESP, "*3\r\n$3\r\nSET..." */
static bool is_redis(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    return sight->length >= 6 && b[0] == '*' && b[1] >= '1' && b[1] <= '9' && b[2] == '\r' && b[3] == '\n' &&
           b[4] == '$';
}

/* CONNECT: its remaining length, then the protocol's name (MQTT 3.1.1, section 3.1; 3.1 wrote MQIsdp). */
static bool is_mqtt(const struct sight *sight)
{
    enum { CONNECT = 0x10, MORE = 0x80, LONGEST_LENGTH = 4 };
    size_t at = 1;
    if (sight->length < 10 || sight->bytes[0] != CONNECT)
        return false;
    while (at < LONGEST_LENGTH && (sight->bytes[at] & MORE) != 0)
        at++;
    at++;
    return sight->length - at >= 6 &&
           (memcmp(sight->bytes + at, "\0\4MQTT", 6) == 0 || memcmp(sight->bytes + at, "\0\6MQIs", 6) == 0);
}

/* Protocol 0 and a length that fills the segment (Modbus Messaging on TCP/IP 1.0b, section 3.1.3). */
static bool is_modbus(const struct sight *sight)
{
    return sight->length >= 8 && on_port(sight, 502) && big_endian_u16(sight->bytes + 2) == 0 &&
           big_endian_u16(sight->bytes + 4) == sight->length - 6;
}

/* ASN.1: a SEQUENCE that begins with a small INTEGER, LDAP's message identifier (RFC 4511, section 4.1.1). */
static bool is_ldap(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    if (sight->length < 7 || b[0] != 0x30 || !(on_port(sight, 389) || on_port(sight, 3268)))
        return false;
    size_t at = (b[1] & 0x80) == 0 ? 2 : 2 + (size_t)(b[1] & 0x0f);
    return at + 1 < sight->length && b[at] == 2 && b[at + 1] >= 1 && b[at + 1] <= 4;
}

/* RFC 4120, section 5.10: application tags of AS and TGS messages and of KRB-ERROR; over TCP behind the
 * length, section 7.2.2. */
static bool is_kerberos_at(const struct sight *sight, size_t at)
{
    if (sight->length < at + 10 || !on_port(sight, 88))
        return false;
    uint8_t tag = sight->bytes[at];
    return (tag >= 0x6a && tag <= 0x6f) || tag == 0x7e;
}

static bool is_kerberos_over_tcp(const struct sight *sight)
{
    return is_kerberos_at(sight, 4);
}

/* ---- UDP ---- */

static bool is_dns(const struct sight *sight)
{
    return is_dns_at(sight, 53, 0);
}

static bool is_mdns(const struct sight *sight) /* RFC 6762, section 18: a header of DNS, opcode 0 */
{
    return sight->length >= 12 && on_port(sight, 5353) && (sight->bytes[2] & 0x78) == 0;
}

static bool is_llmnr(const struct sight *sight) /* RFC 4795, section 2.1.1 */
{
    return sight->length >= 12 && on_port(sight, 5355) && (sight->bytes[2] & 0x78) == 0;
}

/* RFC 1002, section 4.2.1: names; section 4.4.1: datagrams of types 0x10 to 0x16 */
static bool is_netbios(const struct sight *sight)
{
    return (sight->length >= 50 && on_port(sight, 137)) ||
           (sight->length >= 10 && on_port(sight, 138) && sight->bytes[0] >= 0x10 && sight->bytes[0] <= 0x16);
}

/* A long header with the fixed bit, a version that exists and connection identifiers that fit (RFC 9000,
 * section 17.2; RFC 9369 for version 2; drafts are 0xff0000nn). */
static bool is_quic(const struct sight *sight)
{
    enum { LONG_AND_FIXED = 0xc0, IDENTIFIER_MAX = 20 };
    const uint8_t *b = sight->bytes;
    if (sight->length < 7 || (b[0] & LONG_AND_FIXED) != LONG_AND_FIXED)
        return false;
    uint32_t version = big_endian_u32(b + 1);
    bool known = version == 1 || version == 0x6b3343cf || version >> 8 == 0xff0000;
    size_t destination = b[5];
    return known && destination <= IDENTIFIER_MAX && 6 + destination < sight->length &&
           b[6 + destination] <= IDENTIFIER_MAX;
}

/* A handshake record of DTLS 1.0 or 1.2 in epoch 0 (RFC 6347, section 4.1). */
static bool is_dtls(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    return sight->length >= 13 && b[0] == 22 && b[1] == 0xfe && (b[2] == 0xff || b[2] == 0xfd) &&
           big_endian_u16(b + 3) == 0;
}

/* Two zero bits, a length in words that fills the datagram, the magic cookie (RFC 8489, section 5). */
static bool is_stun(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    return sight->length >= 20 && (b[0] & 0xc0) == 0 && big_endian_u32(b + 4) == 0x2112a442 &&
           big_endian_u16(b + 2) + (size_t)20 == sight->length;
}

/* Types 1 and 2, three zero bytes, an exact size (WireGuard's white paper, section 5.4). */
static bool is_wireguard(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    return sight->length > 4 && b[1] == 0 && b[2] == 0 && b[3] == 0 &&
           ((b[0] == 1 && sight->length == 148) || (b[0] == 2 && sight->length == 92));
}

/* The length at the header's end fills the datagram (RFC 7296, section 3.1; version 1: RFC 2408). */
static bool is_ike(const struct sight *sight)
{
    enum { HEADER = 28 };
    return sight->length >= HEADER && (on_port(sight, 500) || on_port(sight, 4500)) &&
           (sight->bytes[17] == 0x10 || sight->bytes[17] == 0x20) &&
           big_endian_u32(sight->bytes + 24) == sight->length;
}

/* Versions 1 to 4 and a mode (RFC 5905, section 7.3). */
static bool is_ntp(const struct sight *sight)
{
    unsigned version = sight->bytes[0] >> 3 & 7, mode = sight->bytes[0] & 7;
    return sight->length >= 12 && on_port(sight, 123) && version >= 1 && version <= 4 && mode >= 1;
}

/* A type that exists, on both of its ports (RFC 8415, section 7). */
static bool is_dhcpv6(const struct sight *sight)
{
    return sight->length >= 4 && on_port(sight, 547) && sight->bytes[0] >= 1 && sight->bytes[0] <= 36;
}

/* A SEQUENCE that begins with the version (RFC 1157, section 4; RFC 3412, section 6). */
static bool is_snmp(const struct sight *sight)
{
    const uint8_t *b = sight->bytes;
    if (sight->length < 10 || b[0] != 0x30 || !(on_port(sight, 161) || on_port(sight, 162)))
        return false;
    size_t at = (b[1] & 0x80) == 0 ? 2 : 2 + (size_t)(b[1] & 0x03);
    return b[at] == 2 && b[at + 1] == 1 && b[at + 2] <= 3;
}

static bool is_kerberos(const struct sight *sight)
{
    return is_kerberos_at(sight, 0);
}

/* ---- all of them ---- */

struct check {
    uint16_t application;
    bool (*fits)(const struct sight *sight); /* of at least one byte */
    const char *first;                       /* bytes that it may begin with; NULL: any */
    size_t first_count;
};

#define CHECK(application, fits, first)                                                                      \
    {                                                                                                        \
        APPLICATION_##application, fits, first, sizeof(first) - 1                                            \
    }
#define CHECK_ANY(application, fits)                                                                         \
    {                                                                                                        \
        APPLICATION_##application, fits, NULL, 0                                                             \
    }

static const struct check tcp_checks[] = {
    CHECK(TLS, is_tls, "\x16"),
    CHECK(HTTP, is_http, "CDGHOPRST"),
    CHECK_ANY(DNS, is_dns_over_tcp),
    CHECK(DCERPC, is_dcerpc, "\5"),
    CHECK(RDP, is_rdp, "\3"),
    CHECK_ANY(MYSQL, is_mysql),
    CHECK(POSTGRESQL, is_postgresql, "\0"),
    CHECK(REDIS, is_redis, "*"),
    CHECK(MQTT, is_mqtt, "\x10"),
    CHECK_ANY(MODBUS, is_modbus),
    CHECK(LDAP, is_ldap, "0"),
    CHECK_ANY(KERBEROS, is_kerberos_over_tcp),
};

static const struct check udp_checks[] = {
    CHECK_ANY(DNS, is_dns),         CHECK_ANY(QUIC, is_quic),
    CHECK_ANY(MDNS, is_mdns),       CHECK_ANY(LLMNR, is_llmnr),
    CHECK_ANY(NETBIOS, is_netbios), CHECK(DTLS, is_dtls, "\x16"),
    CHECK_ANY(STUN, is_stun),       CHECK(WIREGUARD, is_wireguard, "\1\2"),
    CHECK_ANY(IKE, is_ike),         CHECK_ANY(NTP, is_ntp),
    CHECK_ANY(DHCPV6, is_dhcpv6),   CHECK(SNMP, is_snmp, "0"),
    CHECK(LDAP, is_ldap, "0"),      CHECK_ANY(KERBEROS, is_kerberos),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Of one transport: what there is, and by first byte which of it may begin so, a bit each. */
struct beginnings {
    const struct check *checks;
    const struct sign *signs;
    uint32_t check_count, sign_count;
    uint32_t may_fit[UINT8_MAX + 1], may_have[UINT8_MAX + 1];
};

static struct beginnings tcp = {tcp_checks, tcp_signs, COUNT(tcp_checks), COUNT(tcp_signs), {0}, {0}};
static struct beginnings udp = {udp_checks, udp_signs, COUNT(udp_checks), COUNT(udp_signs), {0}, {0}};
_Static_assert(COUNT(tcp_checks) < 32 && COUNT(tcp_signs) < 32 && COUNT(udp_checks) < 32 &&
                   COUNT(udp_signs) < 32,
               "each has its bit");

/* Sets a row's bit where it may begin with one of these bytes; NULL: any. */
static void list_row(uint32_t may[static UINT8_MAX + 1], uint32_t row, const char *first, size_t count)
{
    for (size_t i = 0; first != NULL && i < count; i++)
        may[(uint8_t)first[i]] |= UINT32_C(1) << row;
    for (unsigned byte = 0; first == NULL && byte <= UINT8_MAX; byte++)
        may[byte] |= UINT32_C(1) << row;
}

static void list_by_first(struct beginnings *beginnings)
{
    for (uint32_t row = 0; row < beginnings->check_count; row++)
        list_row(beginnings->may_fit, row, beginnings->checks[row].first,
                 beginnings->checks[row].first_count);
    for (uint32_t row = 0; row < beginnings->sign_count; row++)
        list_row(beginnings->may_have, row,
                 beginnings->signs[row].at > 0 ? NULL : beginnings->signs[row].bytes, 1);
}

static void prepare(void)
{
    list_by_first(&tcp);
    list_by_first(&udp);
}

static uint16_t look_at(const struct beginnings *beginnings, const struct sight *sight)
{
    for (uint32_t left = beginnings->may_fit[sight->bytes[0]]; left != 0; left &= left - 1) {
        const struct check *check = &beginnings->checks[__builtin_ctz(left)];
        if (check->fits(sight))
            return check->application;
    }
    for (uint32_t left = beginnings->may_have[sight->bytes[0]]; left != 0; left &= left - 1) {
        const struct sign *sign = &beginnings->signs[__builtin_ctz(left)];
        if (has_sign(sight, sign))
            return sign->application;
    }
    return APPLICATION_UNKNOWN;
}

uint16_t application_by_payload(const struct packet *packet, enum direction direction)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const struct sight sight = {packet->payload, packet->payload_captured, packet->source_port,
                                packet->destination_port, direction};
    bool is_tcp = packet->protocol == PROTOCOL_TCP;
    if (sight.bytes == NULL || sight.length == 0 || (!is_tcp && packet->protocol != PROTOCOL_UDP))
        return APPLICATION_UNKNOWN;
    pthread_once(&once, prepare);
    return look_at(is_tcp ? &tcp : &udp, &sight);
}
