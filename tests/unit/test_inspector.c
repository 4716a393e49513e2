// SPDX-License-Identifier: Apache-2.0
/* What flows carry beside JSON lines: HTTP, tunnels, names; what one line alone says; bounds. */
#include "der.h"
#include "inspect/inspector_private.h"
#include "inspecting.h"

#include <pthread.h>
#include <stdio.h>

#define H64       "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define SUBSCRIBE "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}\n"
#define AUTHORIZE "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"user.rig\",\"x\"]}\n"
#define ANSWER                                                                                               \
    "{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"08000002\",4],"                              \
    "\"error\":null}\n"
#define DIFFICULTY "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[4096]}\n"

static int open(void **state)
{
    (void)state;
    inspecting_open();
    return 0;
}

static int done(void **state)
{
    (void)state;
    inspecting_close();
    return 0;
}

/* ---- vectors of protocols, by what one line alone says ---- */

static const struct {
    const char *text;
    enum direction direction;
    enum verdict verdict;
    const char *dialect;
} vectors[] = {
    {"{\"id\":6,\"jsonrpc\":\"2.0\",\"method\":\"eth_submitHashrate\",\"params\":[\"0x1d08a61\", "
     "\"0x0000000000000000000000000000000000000000000000000000000002df91be\"]}\n",
     TO_SERVER, VERDICT_SUSPECTED, "ethproxy"},
    {"{\"id\":4,\"method\":\"eth_submitWork\",\"params\":[\"0x07a05fa4133e5126\",\"0x" H64 "\",\"0x" H64
     "\"]}\n",
     TO_SERVER, VERDICT_SUSPECTED, "ethproxy"},
    {"{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"EWBF "
     "0.3.4b\",null,\"eu1-zcash.flypool.org\",\"3333\"]}\n",
     TO_SERVER, VERDICT_SUSPECTED, "equihash"},
    {"{\"method\": \"submit\", \"params\": {\"id\": \"983336281753145\", \"job_id\": \"397367854346521\", "
     "\"nonce\": "
     "\"220c0000\", \"result\": \"9d5cea1795e23c1b70c8c309a9752e867faf005ad219be2cbdda3c07af0b0500\"}, "
     "\"id\":4}\n",
     TO_SERVER, VERDICT_SUSPECTED, "cryptonote-login"},
    {"{\"method\": \"login\", \"params\": {\"login\": \"kvetak.worker1\", \"pass\": \"password\", \"agent\": "
     "\"xmr/1.0\"}, "
     "\"id\": 1}\n",
     TO_SERVER, VERDICT_SUSPECTED, "cryptonote-login"},
    {"{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"id\":\"983336281753145\",\"job\":{\"blob\":"
     "\"0405c481f8c305f576c84bc68cb1c4848ac857dc19a44dc357bed1e71b27479f6c2671fc64d973000000005b128838deec22c"
     "4c1c7e2"
     "cb866ad2988605ffc733cea693a021aa4baac4562d05\",\"job_id\":\"397367854346521\",\"target\":\"b88d0600\"},"
     "\"status\":\"OK\"}}\n",
     TO_CLIENT, VERDICT_SUSPECTED, "cryptonote-login"}, /* the block's time is not the packet's */
    {"{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"j\",\"" H64 "\","
     "\"01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d03e42908094269744"
     "d69"
     "6e746572\",\"00000000\",[],\"20000000\",\"172f4f7b\",\"5b646002\",true]}\n",
     TO_CLIENT, VERDICT_SUSPECTED,
     "bitcoin-v1"}, /* the coinbase can be copied, the time is not the packet's */
    {ANSWER, TO_CLIENT, VERDICT_SUSPECTED, "bitcoin-v1"}, /* the request not seen: text can say that */
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t v = 0; v < sizeof vectors / sizeof vectors[0]; v++) {
        inspecting_open();
        inspecting_handshake();
        say_bytes(vectors[v].direction, vectors[v].text, strlen(vectors[v].text));
        inspecting_end();
        assert_string_equal(dialect_now(), vectors[v].dialect);
        if (verdict_now() != vectors[v].verdict)
            fail_msg("verdict %d: %s", verdict_now(), vectors[v].text);
        inspecting_close();
    }
}

/* ---- HTTP, tunnels, names ---- */

static void test_getwork(void **state)
{
    (void)state;
    static const size_t steps[] = {0, 1, 5, 100};
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        inspecting_open();
        i.step = steps[s];
        i.server_port = 8332;
        inspecting_handshake();
        miner_says("POST / HTTP/1.1\r\nAuthorization: Basic dXNlci5yaWc6eA==\r\nHost: pool.example:8332\r\n"
                   "User-Agent: cgminer 2.7.6\r\nX-Mining-Extensions: longpoll midstate\r\nContent-Length: "
                   "45\r\n\r\n");
        miner_says("{\"method\": \"getwork\", \"params\": [], \"id\":0}\r\n\n");
        pool_says("HTTP/1.1 200 OK\r\nX-Roll-NTime: expire=120\r\nContent-Type: "
                  "text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "34\r\n{\"id\":0,\"error\":null,\"result\":{\"hash1\":\"00\",\"data\":\"\r\n");
        pool_says("100\r\n" H64 H64 H64 H64 "\r\n51\r\n\",\"target\":\"" H64 "\"}}\r\n\r\n0\r\n\r\n");
        inspecting_end();
        assert_string_equal(dialect_now(), "getwork");
        assert_string_equal(i.conversation.user, "user.rig");
        assert_string_equal(i.conversation.agent, "cgminer 2.7.6");
        assert_true(i.conversation.in_http);
        assert_true(has(FACT_HTTP_HEADERS) && has(FACT_MINER_SPEAKS) && has(FACT_MINER_USER_AGENT));
        assert_true(has(FACT_POOL_ANSWERS));
        assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
        assert_int_equal(i.names, 1);
        assert_string_equal(i.seen[0].name, "pool.example:8332");
        inspecting_close();
    }
}

static void test_connect_tunnel(void **state)
{
    (void)state;
    static const size_t steps[] = {0, 1, 13};
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        inspecting_open();
        i.step = steps[s];
        i.server_port = 8080;
        inspecting_handshake();
        miner_says("CONNECT pool.example.net:3333 HTTP/1.1\r\nHost: pool.example.net:3333\r\n\r\n");
        pool_says("HTTP/1.1 200 Connection established\r\n\r\n");
        miner_says(SUBSCRIBE);
        pool_says(ANSWER DIFFICULTY);
        miner_says(AUTHORIZE);
        inspecting_end();
        assert_int_equal(verdict_now(), VERDICT_CONFIRMED);
        assert_string_equal(dialect_now(), "bitcoin-v1");
        assert_string_equal(i.conversation.user, "user.rig");
        assert_int_equal(i.names, 1);
        assert_int_equal(i.seen[0].how, SIGHTING_CONNECT);
        assert_string_equal(i.seen[0].name, "pool.example.net:3333");
        inspecting_close();
    }
}

/* Tunnels in tunnels: each is told, up to the bound of names, and what is inside the last is read. */
static void test_deep_tunnels(void **state)
{
    (void)state;
    inspecting_handshake();
    for (int depth = 0; depth < 20; depth++) {
        miner_says("CONNECT a.example:1 HTTP/1.1\r\n\r\n");
        pool_says("HTTP/1.1 200 OK\r\n\r\n");
    }
    miner_says(SUBSCRIBE);
    inspecting_end();
    assert_int_equal(i.names, 16);
    assert_int_equal(verdict_now(), VERDICT_SUSPECTED); /* one message */
}

static const uint8_t hello[] = "\x16\x03\x01\x00\x44\x01\x00\x00\x40\x03\x03" /* record, handshake, version */
                               "01234567890123456789012345678901"
                               "\x00\x00\x02\x13\x01\x01\x00"
                               "\x00\x15\x00\x00\x00\x11\x00\x0f\x00\x00\x0cpool.example"; /* server_name */

static void test_tls(void **state)
{
    (void)state;
    for (size_t step = 1; step < sizeof hello; step++) {
        inspecting_open();
        i.step = step;
        i.server_port = 443;
        inspecting_handshake();
        say_bytes(TO_SERVER, hello, sizeof hello - 1);
        pool_says("\x16\x03\x03\x00\x10 and what follows");
        miner_says(SUBSCRIBE); /* inside TLS nothing is read */
        inspecting_end();
        assert_int_equal(i.handshakes, 1);
        assert_string_equal(i.tls.seen.sni, "pool.example");
        assert_int_equal(i.tls.seen.version, 0);
        assert_int_equal(i.tls.hosts_length, 0);
        assert_int_equal(i.application, APPLICATION_TLS);
        assert_int_equal(i.conversations, 0);
        inspecting_close();
    }
}

/* The hello spread over records of each size, each of them in segments of three bytes. */
static void test_tls_records(void **state)
{
    (void)state;
    enum { HEADER = 5, BODY = sizeof hello - 1 - HEADER };
    for (size_t size = 1; size <= BODY; size++) {
        uint8_t records[6 * BODY];
        size_t length = 0;
        for (size_t at = 0; at < BODY; at += size) {
            size_t part = BODY - at < size ? BODY - at : size;
            memcpy(records + length, hello, HEADER);
            records[length + 4] = (uint8_t)part;
            memcpy(records + length + HEADER, hello + HEADER + at, part);
            length += HEADER + part;
        }
        inspecting_open();
        i.step = 3;
        inspecting_handshake();
        say_bytes(TO_SERVER, records, length);
        inspecting_end();
        assert_int_equal(i.handshakes, 1);
        assert_string_equal(i.tls.seen.sni, "pool.example");
        inspecting_close();
    }
}

/* A flight of TLS 1.2: hello, then a certificate of 200 bytes of which no more than its names is true. */
static size_t server_flight(uint8_t *flight)
{
    static struct der der;
    static const uint8_t begin[] = "\x16\x03\x03\x00\x2a\x02\x00\x00\x26\x03\x03"
                                   "01234567890123456789012345678901\x00\xc0\x2f\x00";
    der_certificate(&der, "Example CA", "pool.example", "pool.example\0", 30);
    size_t length = der.length;
    const uint8_t head[] = {22,
                            3,
                            3,
                            (uint8_t)((length + 10) >> 8),
                            (uint8_t)(length + 10),
                            11,
                            0,
                            (uint8_t)((length + 6) >> 8),
                            (uint8_t)(length + 6),
                            0,
                            (uint8_t)((length + 3) >> 8),
                            (uint8_t)(length + 3),
                            0,
                            (uint8_t)(length >> 8),
                            (uint8_t)length};
    memcpy(flight, begin, sizeof begin - 1);
    memcpy(flight + sizeof begin - 1, head, sizeof head);
    memcpy(flight + sizeof begin - 1 + sizeof head, der.bytes, length);
    return sizeof begin - 1 + sizeof head + length;
}

static void test_certificate(void **state)
{
    (void)state;
    uint8_t flight[1000];
    size_t length = server_flight(flight);
    for (size_t step = 1; step <= length; step += 7) {
        inspecting_open();
        i.step = step;
        inspecting_handshake();
        say_bytes(TO_SERVER, hello, sizeof hello - 1);
        assert_int_equal(i.handshakes, 1);
        say_bytes(TO_CLIENT, flight, length - 1);
        assert_int_equal(i.handshakes, 1);
        say_bytes(TO_CLIENT, flight + length - 1, 1);
        assert_int_equal(i.handshakes, 2);
        assert_string_equal(i.tls.seen.sni, "pool.example");
        assert_string_equal(i.tls.seen.subject, "CN=pool.example");
        assert_int_equal(i.tls.seen.version, 0x0303);
        assert_string_equal(i.tls.hosts, "pool.example");
        assert_false(i.tls.nested);
        inspecting_close();
    }
}

/* The version is told, and nothing of what stands behind the hole. */
static void test_certificate_with_a_gap(void **state)
{
    (void)state;
    uint8_t flight[1000];
    size_t length = server_flight(flight);
    inspecting_handshake();
    say_bytes(TO_SERVER, hello, sizeof hello - 1);
    say_bytes(TO_CLIENT, flight, 100);
    lost(TO_CLIENT, 10);
    say_bytes(TO_CLIENT, flight + 110, length - 110);
    inspecting_end();
    assert_int_equal(i.handshakes, 2);
    assert_int_equal(i.tls.seen.version, 0x0303);
    assert_string_equal(i.tls.seen.subject, "");
    assert_int_equal(i.tls.hosts_length, 0);
}

static void test_dns(void **state)
{
    (void)state;
    static const char question[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04pool\x07"
                                   "example\x00\x00\x01\x00\x01";
    static const char answer[] =
        "\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x04pool\x07"
        "example\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xcb\x00\x71\x05";
    i.protocol = PROTOCOL_UDP;
    i.server_port = 53;
    for (unsigned round = 1; round <= 3; round++) { /* one flow asks more than once */
        say_bytes(TO_SERVER, question, sizeof question - 1);
        assert_int_equal(i.names, round);
        assert_int_equal(i.seen[0].how, SIGHTING_DNS);
        assert_string_equal(i.seen[0].name, "pool.example");
        say_bytes(TO_CLIENT, answer, sizeof answer - 1);
        assert_int_equal(i.answers, round);
    }
    assert_string_equal(i.answer.name, "pool.example");
    assert_int_equal(i.answer.address_count, 1);
    assert_int_equal(i.answer.client.bytes[15], 10);
    for (size_t length = 0; length < sizeof answer - 1; length++)
        say_bytes(TO_CLIENT, answer, length);
    inspecting_end();
    assert_int_equal(i.application, APPLICATION_DNS);
    assert_int_equal(i.conversations, 0);
}

/* ---- bounds ---- */

/* A miner that changes something with each message does not fill the ring. */
static void test_reports_are_bounded(void **state)
{
    (void)state;
    inspecting_handshake();
    for (unsigned round = 0; round < 500; round++) {
        char text[128];
        snprintf(text, sizeof text, "{\"method\":\"mining.subscribe\",\"params\":[\"agent/%u\"]}\n", round);
        inspecting_packet(TO_SERVER, TCP_ACK, text, strlen(text));
    }
    assert_in_range(i.conversations, 1, 40);
    inspecting_end();
    assert_string_equal(i.conversation.agent, "agent/499"); /* the last word is told at the end */
}

static void test_sightings_are_bounded(void **state)
{
    (void)state;
    inspecting_handshake();
    for (unsigned round = 0; round < 100; round++) {
        char text[128];
        snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: host%u.example\r\n\r\n", round);
        miner_says(text);
    }
    assert_int_equal(i.names, 16);
}

/* More conversations than there is room for: the rest is counted, none is confused. */
static void test_many_flows(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 14; round++) {
        i.client_port = (uint16_t)(41000 + round);
        i.sequence[0] = i.sequence[1] = 0;
        inspecting_handshake();
        say_bytes(TO_SERVER, SUBSCRIBE, 20); /* cut: more pieces than can be put aside */
    }
    for (unsigned round = 0; round < 14; round++) {
        i.client_port = (uint16_t)(41000 + round);
        i.sequence[TO_SERVER] = 21;
        say_bytes(TO_SERVER, &SUBSCRIBE[20], strlen(SUBSCRIBE) - 20);
        say_bytes(TO_SERVER, AUTHORIZE, strlen(AUTHORIZE));
    }
    struct worker_statistics statistics = {0};
    inspector_get_statistics(i.inspector, &statistics);
    assert_int_equal(statistics.sessions, 8);
    assert_int_equal(statistics.inspected_flows, 14);
    inspecting_end();
    assert_int_equal(i.flows, 14);
}

/* What nobody understands is let go. */
static void test_dismissed(void **state)
{
    (void)state;
    inspecting_handshake();
    static uint8_t noise[1400];
    memset(noise, 0x55, sizeof noise);
    for (int round = 0; round < 30; round++) {
        say_bytes(TO_SERVER, noise, sizeof noise);
        say_bytes(TO_CLIENT, noise, sizeof noise);
    }
    struct worker_statistics statistics = {0};
    inspector_get_statistics(i.inspector, &statistics);
    assert_int_equal(statistics.reassembly.flows, 0);
    inspecting_end();
    assert_int_equal(i.flows, 1);
}

/* Live, where each second is all work, reports of the time leave nDPI less and less to see. */
static void test_ndpi_is_shed(void **state)
{
    (void)state;
    enum { SECONDS = 12 };
    struct application_ration *ration = &i.inspector->ration;
    ration->limited = ration->live = true;
    inspector_report_time(i.inspector, i.time_us, NULL);
    for (int second = 0; second < SECONDS; second++) {
        assert_int_equal(ration->one_in, second < 11 ? 1u << second : 0);
        ration->wall_ns -= INT64_C(1100000000);
        ration->busy_ns = application_thread_ns() - INT64_C(1000000000);
        inspector_report_time(i.inspector, i.time_us, NULL);
    }
}

/* Reads until the statistics have come. */
static void *read_statistics(void *queue)
{
    size_t worker;
    for (bool come = false; !come;) {
        const struct report *report = report_queue_peek(queue, &worker);
        if (report == NULL)
            continue;
        come = report->type == REPORT_TIME && ((const struct report_time *)report)->has_statistics;
        report_queue_release(queue);
    }
    return NULL;
}

/* Live, who finds no room goes on, and is told so; when reading has ended, it waits. */
static void test_the_last_statistics_arrive(void **state)
{
    (void)state;
    const struct worker_statistics statistics = {0};
    while (inspector_report_time(i.inspector, i.time_us, NULL))
        ;
    assert_false(inspector_report_time(i.inspector, i.time_us, &statistics));
    assert_int_equal(i.inspector->dropped, 2);
    inspector_reading_ended(i.inspector);
    pthread_t reader;
    assert_int_equal(pthread_create(&reader, NULL, read_statistics, i.queue), 0);
    assert_true(inspector_report_time(i.inspector, i.time_us, &statistics));
    report_writer_flush(report_queue_writer(i.queue, 0));
    assert_int_equal(pthread_join(reader, NULL), 0);
    assert_int_equal(i.inspector->dropped, 2);
    i.inspector->dropped = 0; /* which the end of a test looks at */
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_getwork),
        cmocka_unit_test(test_connect_tunnel),
        TEST(test_deep_tunnels),
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_tls_records),
        cmocka_unit_test(test_certificate),
        TEST(test_certificate_with_a_gap),
        TEST(test_dns),
        TEST(test_reports_are_bounded),
        TEST(test_sightings_are_bounded),
        TEST(test_many_flows),
        TEST(test_dismissed),
        TEST(test_ndpi_is_shed),
        TEST(test_the_last_statistics_arrive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
