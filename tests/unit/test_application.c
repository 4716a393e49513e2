// SPDX-License-Identifier: Apache-2.0
#include "inspect/application.h"

#include "guarded.h"

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
    {PROTOCOL_TCP, 40000, 22, TO_SERVER, TEXT("SSH-X"), APPLICATION_UNKNOWN},
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
    return engine;
}

static void test_named_by_its_first_payload(void **state)
{
    (void)state;
    struct application_engine *engine = create();
    struct application_state *flow = NULL;
    uint16_t application = APPLICATION_UNKNOWN;
    struct sample syn, hello;
    make(&syn, PROTOCOL_TCP, 40000, 3333, "", 0);
    make(&hello, PROTOCOL_TCP, 40000, 3333, TEXT(client_hello));
    for (int i = 0; i < 100; i++) /* segments without payload neither count nor cost memory */
        assert_false(application_packet(engine, &flow, &syn.packet, TO_SERVER, 8, &application));
    assert_null(flow);
    assert_true(application_packet(engine, &flow, &hello.packet, TO_SERVER, 8, &application));
    assert_int_equal(application, APPLICATION_TLS);
    assert_null(flow);
    guarded_free(&syn.guarded);
    guarded_free(&hello.guarded);
    application_engine_free(engine);
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
    for (int i = 1; i < 8; i++) {
        assert_false(application_packet(engine, &flow, &sample.packet, TO_SERVER, 8, &application));
        assert_non_null(flow);
    }
    assert_true(application_packet(engine, &flow, &sample.packet, TO_SERVER, 8, &application));
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
    assert_false(application_packet(engine, &flow, &sample.packet, TO_SERVER, 8, &application));
    assert_non_null(flow);
    application_state_free(engine, flow);
    application_state_free(engine, NULL);
    guarded_free(&sample.guarded);
    application_engine_free(engine);
    application_engine_free(NULL);
}

/* What only nDPI knows: an NTP request (RFC 5905, section 7.3). */
static void test_what_the_library_knows(void **state)
{
    (void)state;
    struct application_engine *engine = create();
    struct application_state *flow = NULL;
    uint16_t application = APPLICATION_UNKNOWN;
    struct sample sample;
    char request[48] = {0x23};
    bool plain = strcmp(application_library(), "none") == 0;
    make(&sample, PROTOCOL_UDP, 123, 123, request, sizeof request);
    application_packet(engine, &flow, &sample.packet, TO_SERVER, 2, &application);
    assert_string_equal(application_name(application), plain ? "unknown" : "ntp");
    assert_int_equal(application >= APPLICATION_NDPI_BASE, !plain);
    application_state_free(engine, flow);
    guarded_free(&sample.guarded);
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
        cmocka_unit_test(test_named_by_its_first_payload),
        cmocka_unit_test(test_unknown_stays),
        cmocka_unit_test(test_state_of_unfinished_flow),
        cmocka_unit_test(test_what_the_library_knows),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
