// SPDX-License-Identifier: Apache-2.0
#include "inspect/application.h"
#include "inspect/application_own.h"

#include "guarded.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* An IPv4 packet with its payload against a guard page. */
struct sample {
    struct guarded guarded;
    struct frame frame;
    struct packet packet;
};

static struct sample *make(struct sample *sample, uint8_t protocol, uint16_t source_port,
                           uint16_t destination_port, const void *payload, size_t length)
{
    uint8_t bytes[2048] = {0x45, [8] = 64, [9] = protocol, [12] = 10, [15] = 1, [16] = 10, [19] = 2};
    size_t header = protocol == PROTOCOL_TCP ? 20 : 8, total = 20 + header + length;
    uint8_t *transport = bytes + 20;
    bytes[2] = (uint8_t)(total >> 8);
    bytes[3] = (uint8_t)total;
    transport[0] = (uint8_t)(source_port >> 8);
    transport[1] = (uint8_t)source_port;
    transport[2] = (uint8_t)(destination_port >> 8);
    transport[3] = (uint8_t)destination_port;
    if (protocol == PROTOCOL_TCP) {
        transport[12] = 5 << 4;
        transport[13] = TCP_ACK | TCP_PSH;
    } else {
        transport[4] = (uint8_t)((8 + length) >> 8);
        transport[5] = (uint8_t)(8 + length);
    }
    memcpy(transport + header, payload, length);
    sample->guarded = guarded_copy(bytes, total);
    sample->frame = (struct frame){.time_us = 1700000000000000};
    sample->packet = (struct packet){
        .source = address_from_ipv4(bytes + 12),
        .destination = address_from_ipv4(bytes + 16),
        .source_port = source_port,
        .destination_port = destination_port,
        .protocol = protocol,
        .ip_version = 4,
        .ip = sample->guarded.bytes,
        .ip_captured = (uint32_t)total,
        .payload = sample->guarded.bytes + 20 + header,
        .payload_captured = (uint32_t)length,
        .payload_length = (uint32_t)length,
    };
    sample->packet.frame = &sample->frame;
    return sample;
}

static const char dns_query[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\4pool\3org\0\0\1\0\1";
static const char quic_initial[] = "\xc3\0\0\0\1\x08"
                                   "abcdefgh"
                                   "\0\0\x44\xd0";
static const char client_hello[] = "\x16\3\1\1\0\1\0\0\xfc\3\3";
static const char server_hello[] = "\x16\3\3\0\x7a\2\0\0\x76\3\3";

#define TEXT(text) text, sizeof(text) - 1

static const struct {
    uint8_t protocol;
    uint16_t source_port, destination_port;
    enum direction direction;
    const char *payload;
    size_t length;
    uint16_t expected;
} rows[] = {
    {PROTOCOL_TCP, 40000, 3333, TO_SERVER, TEXT(client_hello), APPLICATION_TLS},
    {PROTOCOL_TCP, 3333, 40000, TO_CLIENT, TEXT(server_hello), APPLICATION_TLS},
    {PROTOCOL_TCP, 3333, 40000, TO_SERVER, TEXT(server_hello), APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 3333, TO_SERVER, TEXT("\x17\3\3\0\x7a\1"), APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 80, TO_SERVER, TEXT("POST /json_rpc HTTP/1.1\r\n"), APPLICATION_HTTP},
    {PROTOCOL_TCP, 80, 40000, TO_CLIENT, TEXT("HTTP/1.1 200 OK\r\n"), APPLICATION_HTTP},
    {PROTOCOL_TCP, 80, 40000, TO_CLIENT, TEXT("POST /json_rpc HTTP/1.1\r\n"), APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 22, TO_SERVER, TEXT("SSH-2.0-Go\r\n"), APPLICATION_SSH},
    {PROTOCOL_TCP, 40000, 22, TO_SERVER, TEXT("SSH-X."), APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 3333, TO_SERVER, TEXT("{\"id\":1,\"method\":\"login\"}\n"), APPLICATION_UNKNOWN},
    {PROTOCOL_UDP, 40000, 53, TO_SERVER, TEXT(dns_query), APPLICATION_DNS},
    {PROTOCOL_UDP, 40000, 5300, TO_SERVER, TEXT(dns_query), APPLICATION_UNKNOWN},
    {PROTOCOL_UDP, 40000, 443, TO_SERVER, TEXT(quic_initial), APPLICATION_QUIC},
    {PROTOCOL_UDP, 40000, 443, TO_SERVER,
     TEXT("\xc3\0\0\0\1\x15"
          "abcdefgh"),
     APPLICATION_UNKNOWN},
    {PROTOCOL_UDP, 40000, 443, TO_SERVER,
     TEXT("\xc3\0\0\0\x07\x08"
          "abcdefgh\0"),
     APPLICATION_UNKNOWN},
    {PROTOCOL_UDP, 40000, 443, TO_SERVER, TEXT("POST / HTTP/1.1\r\n"), APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 80, TO_SERVER, TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), APPLICATION_HTTP2},
    {PROTOCOL_TCP, 445, 40000, TO_CLIENT, TEXT("\0\0\0\x45\xfeSMB\x40\0"), APPLICATION_SMB},
    {PROTOCOL_TCP, 21, 40000, TO_CLIENT, TEXT("220 ready\r\n"), APPLICATION_FTP},
    {PROTOCOL_TCP, 25, 40000, TO_CLIENT, TEXT("220 mail.example ESMTP\r\n"), APPLICATION_SMTP},
    {PROTOCOL_TCP, 3333, 40000, TO_CLIENT, TEXT("220 nobody knows\r\n"), APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 2525, TO_SERVER, TEXT("EHLO client.example\r\n"), APPLICATION_SMTP},
    {PROTOCOL_TCP, 143, 40000, TO_CLIENT, TEXT("* OK IMAP4rev2\r\n"), APPLICATION_IMAP},
    {PROTOCOL_TCP, 110, 40000, TO_CLIENT, TEXT("+OK hello\r\n"), APPLICATION_POP3},
    {PROTOCOL_TCP, 6379, 40000, TO_CLIENT, TEXT("+OK\r\n"), APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 6379, TO_SERVER, TEXT("*1\r\n$4\r\nPING\r\n"), APPLICATION_REDIS},
    {PROTOCOL_TCP, 40000, 5432, TO_SERVER, TEXT("\0\0\0\x08\x04\xd2\x16\x2f"), APPLICATION_POSTGRESQL},
    {PROTOCOL_TCP, 40000, 5432, TO_SERVER, TEXT("\0\0\0\x09\0\3\0\0\0"), APPLICATION_POSTGRESQL},
    {PROTOCOL_TCP, 3306, 40000, TO_CLIENT,
     TEXT("\4\0\0\0\x0a"
          "8.0"),
     APPLICATION_MYSQL},
    {PROTOCOL_TCP, 3306, 40000, TO_CLIENT,
     TEXT("\5\0\0\0\x0a"
          "8.0"),
     APPLICATION_UNKNOWN},
    {PROTOCOL_TCP, 40000, 1883, TO_SERVER, TEXT("\x10\x0c\0\4MQTT\4\2"), APPLICATION_MQTT},
    {PROTOCOL_TCP, 40000, 3389, TO_SERVER, TEXT("\3\0\0\x0b\6\xe0\0\0\0\0\0"), APPLICATION_RDP},
    {PROTOCOL_TCP, 40000, 6881, TO_SERVER,
     TEXT("\x13"
          "BitTorrent protocol\0"),
     APPLICATION_BITTORRENT},
    {PROTOCOL_TCP, 40000, 502, TO_SERVER, TEXT("\0\1\0\0\0\6\1\3\0\0\0\1"), APPLICATION_MODBUS},
    {PROTOCOL_TCP, 40000, 135, TO_SERVER, TEXT("\5\0\x0b\3\x10\0\0\0\x10\0\0\0\1\0\0\0"), APPLICATION_DCERPC},
    {PROTOCOL_TCP, 40000, 389, TO_SERVER, TEXT("\x30\x0c\2\1\1\x60\7"), APPLICATION_LDAP},
    {PROTOCOL_UDP, 40000, 161, TO_SERVER, TEXT("\x30\x26\2\1\1\4\6public"), APPLICATION_SNMP},
    {PROTOCOL_UDP, 123, 123, TO_SERVER, TEXT("\x23\0\0\0\0\0\0\0\0\0\0\0"), APPLICATION_NTP},
    {PROTOCOL_UDP, 40000, 124, TO_SERVER, TEXT("\x23\0\0\0\0\0\0\0\0\0\0\0"), APPLICATION_UNKNOWN},
    {PROTOCOL_UDP, 40000, 3478, TO_SERVER, TEXT("\0\1\0\0\x21\x12\xa4\x42\0\0\0\0\0\0\0\0\0\0\0\0"),
     APPLICATION_STUN},
    {PROTOCOL_UDP, 40000, 1900, TO_SERVER, TEXT("M-SEARCH * HTTP/1.1\r\n"), APPLICATION_SSDP},
    {PROTOCOL_UDP, 40000, 5060, TO_SERVER, TEXT("INVITE sip:a@example.org SIP/2.0\r\n"), APPLICATION_SIP},
    {PROTOCOL_UDP, 5353, 5353, TO_SERVER, TEXT("\0\0\0\0\0\1\0\0\0\0\0\0"), APPLICATION_MDNS},
    {PROTOCOL_UDP, 40000, 6881, TO_SERVER, TEXT("d1:ad2:id20:abc"), APPLICATION_BITTORRENT_DHT},
    {PROTOCOL_UDP, 40000, 4433, TO_SERVER, TEXT("\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x10"), APPLICATION_DTLS},
};

static void test_by_payload(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sample sample;
        make(&sample, rows[i].protocol, rows[i].source_port, rows[i].destination_port, rows[i].payload,
             rows[i].length);
        assert_int_equal(application_by_payload(&sample.packet, rows[i].direction), rows[i].expected);
        guarded_free(&sample.guarded);
    }
}

static void test_dns_over_tcp(void **state)
{
    (void)state;
    char payload[64] = {0, sizeof dns_query - 1};
    struct sample sample;
    memcpy(payload + 2, dns_query, sizeof dns_query);
    make(&sample, PROTOCOL_TCP, 40000, 53, payload, 2 + sizeof dns_query - 1);
    assert_int_equal(application_by_payload(&sample.packet, TO_SERVER), APPLICATION_DNS);
    guarded_free(&sample.guarded);
}

static void test_each_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t length = 0; length < rows[i].length; length++) {
            struct sample sample;
            make(&sample, rows[i].protocol, rows[i].source_port, rows[i].destination_port, rows[i].payload,
                 length);
            uint16_t found = application_by_payload(&sample.packet, rows[i].direction);
            assert_true(found == APPLICATION_UNKNOWN || found == rows[i].expected);
            guarded_free(&sample.guarded);
        }
}

static struct application_engine *create(void)
{
    struct error error;
    struct application_engine *engine = application_engine_create(&error);
    assert_non_null(engine);
    assert_true(application_engine_start(engine));
    assert_true(application_engine_start(engine)); /* is nothing new */
    return engine;
}

static void test_wireguard_by_its_size(void **state)
{
    (void)state;
    uint8_t initiation[148] = {1};
    struct sample sample;
    for (size_t length = 147; length <= 148; length++) {
        make(&sample, PROTOCOL_UDP, 51820, 51820, initiation, length);
        assert_int_equal(application_by_payload(&sample.packet, TO_SERVER),
                         length == 148 ? APPLICATION_WIREGUARD : APPLICATION_UNKNOWN);
        guarded_free(&sample.guarded);
    }
}

static void test_segments_without_payload_cost_nothing(void **state)
{
    (void)state;
    struct application_engine *engine = create();
    struct application_state *flow = NULL;
    uint16_t application = APPLICATION_UNKNOWN;
    struct sample syn;
    make(&syn, PROTOCOL_TCP, 40000, 3333, "", 0);
    for (int i = 0; i < 100; i++)
        application_packet(engine, &flow, &syn.packet, 8, &application);
    assert_null(flow);
    assert_int_equal(application, APPLICATION_UNKNOWN);
    guarded_free(&syn.guarded);
    application_engine_free(engine);
}

static bool is_plain(void)
{
    return strcmp(application_library(), "none") == 0;
}

/* Neither a port nor patience makes a name: what was known before stays. */
static void test_unknown_stays(void **state)
{
    (void)state;
    struct application_engine *engine = create();
    struct application_state *flow = NULL;
    uint16_t application = APPLICATION_STRATUM;
    struct sample sample;
    make(&sample, PROTOCOL_TCP, 40000, 443,
         TEXT("\x9d\x01\xee\x70\x03\xa5\x5c\x80 these bytes mean nothing"));
    for (int i = 1; i < 8 && !is_plain(); i++) {
        assert_false(application_packet(engine, &flow, &sample.packet, 8, &application));
        assert_non_null(flow);
    }
    assert_true(application_packet(engine, &flow, &sample.packet, 8, &application));
    assert_null(flow);
    assert_int_equal(application, APPLICATION_STRATUM);
    guarded_free(&sample.guarded);
    application_engine_free(engine);
}

static void test_state_of_unfinished_flow(void **state)
{
    (void)state;
    struct application_engine *engine = create();
    struct application_state *flow = NULL;
    uint16_t application = APPLICATION_UNKNOWN;
    struct sample sample;
    make(&sample, PROTOCOL_TCP, 40000, 9, TEXT("unfinished business"));
    assert_int_equal(application_packet(engine, &flow, &sample.packet, 8, &application), is_plain());
    assert_int_equal(flow != NULL, !is_plain());
    application_state_free(engine, flow);
    application_state_free(engine, NULL);
    guarded_free(&sample.guarded);
    application_engine_free(engine);
    application_engine_free(NULL);
}

/* What only nDPI knows: a CoAP request (RFC 7252, section 3). What both know has geophone's name. */
static void test_what_the_library_knows(void **state)
{
    (void)state;
    struct application_engine *engine = create();
    struct application_state *flow = NULL;
    uint16_t application = APPLICATION_UNKNOWN;
    struct sample sample;
    make(&sample, PROTOCOL_UDP, 40000, 5683, TEXT("\x40\1\0\1\xb4test"));
    application_packet(engine, &flow, &sample.packet, 2, &application);
    assert_string_equal(application_name(application), is_plain() ? "unknown" : "coap");
    assert_int_equal(application >= APPLICATION_NDPI_BASE, !is_plain());
    application_state_free(engine, flow);
    guarded_free(&sample.guarded);
    application_engine_free(engine);
    assert_int_equal(application_own("smbv23"), APPLICATION_SMB);
    assert_int_equal(application_own("ntp"), APPLICATION_NTP);
    assert_int_equal(application_own("coap"), APPLICATION_UNKNOWN);
}

/* An address of a cloud's says nothing of what is spoken: nDPI's lists of them are not asked. */
static void test_address_makes_no_name(void **state)
{
    (void)state;
    static const uint8_t servers[][4] = {{10, 0, 0, 2}, {52, 94, 76, 1}, {20, 33, 0, 1}, {17, 0, 0, 1}};
    struct application_engine *engine = create();
    for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++) {
        struct application_state *flow = NULL;
        uint16_t application = APPLICATION_UNKNOWN;
        struct sample sample;
        make(&sample, PROTOCOL_UDP, 40000, 3478, TEXT("\0\1\0\0\x21\x12\xa4\x42\0\0\0\0\0\0\0\0\0\0\0\0"));
        memcpy(sample.guarded.bytes + 16, servers[i], sizeof servers[i]);
        sample.packet.destination = address_from_ipv4(servers[i]);
        application_packet(engine, &flow, &sample.packet, 1, &application);
        assert_string_equal(application_name(application), is_plain() ? "unknown" : "stun");
        application_state_free(engine, flow);
        guarded_free(&sample.guarded);
    }
    application_engine_free(engine);
}

/* As workers do, each of which has its own. */
static void *start_and_ask(void *found)
{
    struct application_engine *engine = create();
    struct application_state *flow = NULL;
    struct sample sample;
    make(&sample, PROTOCOL_UDP, 40000, 5683, TEXT("\x40\1\0\1\xb4test"));
    application_packet(engine, &flow, &sample.packet, 2, found);
    application_state_free(engine, flow);
    guarded_free(&sample.guarded);
    application_engine_free(engine);
    return NULL;
}

static void test_engines_start_in_several_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    uint16_t found[4] = {0};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start_and_ask, &found[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_string_equal(application_name(found[i]), is_plain() ? "unknown" : "coap");
    }
}

/* What is not started can be freed: a capture may leave nothing to ask it. */
static void test_engine_that_never_starts(void **state)
{
    (void)state;
    struct error error;
    struct application_engine *engine = application_engine_create(&error);
    assert_non_null(engine);
    application_engine_free(engine);
}

static void test_names(void **state)
{
    (void)state;
    struct application_engine *engine = create();
    assert_string_equal(application_name(APPLICATION_UNKNOWN), "unknown");
    assert_string_equal(application_name(APPLICATION_STRATUM), "stratum");
    assert_string_equal(application_name(APPLICATION_JSON_RPC), "json-rpc");
    assert_string_equal(application_name(APPLICATION_OWN_COUNT), "unknown");
    assert_string_equal(application_name(UINT16_MAX), "unknown");
    for (unsigned i = 0; i <= UINT16_MAX; i++) {
        const char *name = application_name((uint16_t)i);
        assert_true(name[0] != '\0');
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-"), strlen(name));
    }
    assert_true(strlen(application_library()) > 0);
    application_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_payload),
        cmocka_unit_test(test_dns_over_tcp),
        cmocka_unit_test(test_each_cut),
        cmocka_unit_test(test_wireguard_by_its_size),
        cmocka_unit_test(test_segments_without_payload_cost_nothing),
        cmocka_unit_test(test_unknown_stays),
        cmocka_unit_test(test_state_of_unfinished_flow),
        cmocka_unit_test(test_what_the_library_knows),
        cmocka_unit_test(test_address_makes_no_name),
        cmocka_unit_test(test_engines_start_in_several_threads),
        cmocka_unit_test(test_engine_that_never_starts),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
