// SPDX-License-Identifier: Apache-2.0
// Makes the captures of scripts/bench: make-traffic KIND FLOWS ACTIVE MINERS STEP_NS > capture.pcap 2> miners
// KIND is mix (web, TLS, DNS, downloads), small (little payload, many packets) or many (flows of a few
// packets). FLOWS in all, ACTIVE of them at a time, about MINERS more among them; STEP_NS nanoseconds from
// packet to packet. The miners' endpoints go to standard error. The same arguments always give the same
// bytes. Addresses: RFC 1918 and RFC 2544.
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS = 14 + 20 + 20, PAYLOAD_MAX = 1400 };
enum { FIN = 0x01, SYN = 0x02, PUSH = 0x08, ACK = 0x10 };

struct flow {
    const struct kind *kind;
    uint32_t number, client, server, sequence[2];
    uint16_t client_port, step, length;
};

// What a flow says in its turn `i`, or 0 when it has said all; *client tells who speaks.
typedef size_t speaker(const struct flow *flow, unsigned i, char *out, bool *client);

struct kind {
    speaker *say;
    uint16_t port, length_min, length_max; // lengths in messages
    bool udp, open_end;                    // open_end: is not closed, as most sessions when a capture ends
};

static uint64_t dice_state = 1;

// SplitMix64
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint32_t dice(uint32_t sides)
{
    return (uint32_t)((mix(dice_state += 0x9e3779b97f4a7c15u) >> 32) * sides >> 32);
}

static size_t noise(char *out, size_t length, uint64_t seed)
{
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = mix(seed + i);
        memcpy(out + i, &word, length - i < 8 ? length - i : 8);
    }
    return length;
}

static char *put16(char *out, size_t value)
{
    *out++ = (char)(value >> 8);
    *out++ = (char)value;
    return out;
}

static char *put32(char *out, uint32_t value)
{
    return put16(put16(out, value >> 16), value & 0xffff);
}

// RFC 8446 4.1.2: a ClientHello with two cipher suites and the server's name (RFC 6066 3)
static size_t client_hello(const struct flow *flow, char *out)
{
    char name[40];
    size_t length = (size_t)snprintf(name, sizeof name, "www%" PRIu32 ".example.net", flow->number % 5000);
    char *at = out;
    *at++ = 22; // handshake
    at = put16(put16(at, 0x0301), 4 + 2 + 32 + 1 + 2 + 4 + 2 + 2 + 9 + length);
    *at++ = 1; // ClientHello
    *at++ = 0;
    at = put16(put16(at, 2 + 32 + 1 + 2 + 4 + 2 + 2 + 9 + length), 0x0303);
    at += noise(at, 32, flow->number);
    *at++ = 0; // no session
    at = put16(put16(put16(at, 4), 0x1301), 0xc02f);
    at = put16(at, 0x0100); // one compression method: none
    at = put16(put16(put16(put16(at, 9 + length), 0), 5 + length), 3 + length);
    *at++ = 0;
    at = put16(at, length);
    memcpy(at, name, length);
    return (size_t)(at - out) + length;
}

static size_t tls_record(char *out, char type, size_t length, uint64_t seed)
{
    *out = type;
    put16(put16(out + 1, 0x0303), length);
    return 5 + noise(out + 5, length, seed);
}

static size_t say_tls(const struct flow *flow, unsigned i, char *out, bool *client)
{
    *client = i % 4 == 0;
    if (i == 0)
        return client_hello(flow, out);
    if (i == 1) { // RFC 8446 4.1.3: a ServerHello without session and extensions
        tls_record(out, 22, 42, flow->number);
        memcpy(out + 5, "\2\0\0\46\3\3", 6);
        memcpy(out + 43, "\0\xc0\x2f\0", 4);
        return 47;
    }
    return tls_record(out, 23, *client ? 180 : 1300, flow->number + i);
}

static size_t say_http(const struct flow *flow, unsigned i, char *out, bool *client)
{
    *client = i % 4 == 0;
    if (*client)
        return (size_t)snprintf(out, PAYLOAD_MAX,
                                "GET /page/%u?from=%" PRIu32 " HTTP/1.1\r\nHost: www%" PRIu32
                                ".example.org\r\n"
                                "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0\r\n"
                                "Accept: text/html,application/json\r\nAccept-Language: en\r\n\r\n",
                                i, flow->number, flow->number % 3000);
    size_t length = i % 4 == 1
                        ? (size_t)snprintf(out, PAYLOAD_MAX,
                                           "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\n"
                                           "Content-Length: %d\r\n\r\n",
                                           3000)
                        : 0;
    memset(out + length, "abcdefgh"[i % 8], 1000);
    return length + 1000;
}

// RFC 1035 4.1: a question for an address, and its answer
static size_t say_dns(const struct flow *flow, unsigned i, char *out, bool *client)
{
    *client = i == 0;
    char *at = put16(put16(out, flow->number & 0xffff), *client ? 0x0100 : 0x8180);
    at = put32(put32(at, *client ? 0x00010000 : 0x00010001), 0);
    at += sprintf(at, "%chost%05" PRIu32 "%cexample%ccom", 9, flow->number % 90000, 7, 3) + 1;
    at = put16(put16(at, 1), 1);
    if (!*client)
        at = put32(put16(put32(put16(put32(at, 0xc00c0001), 1), 300), 4), flow->server + 1);
    return (size_t)(at - out);
}

static size_t say_bulk(const struct flow *flow, unsigned i, char *out, bool *client)
{
    *client = i == 0;
    return noise(out, *client ? 60 : PAYLOAD_MAX, flow->number + i);
}

static size_t say_small(const struct flow *flow, unsigned i, char *out, bool *client)
{
    *client = i % 2 == 0;
    return noise(out, 1 + (flow->number + i) % 24, flow->number + i);
}

// Bitcoin's Stratum as in Slush Pool's description of 2012
static size_t say_stratum(const struct flow *flow, unsigned i, char *out, bool *client)
{
    static const char wallet[] = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
    *client = i == 0 || i == 2 || (i > 4 && i % 2 == 1);
    unsigned n = flow->number;
    const char *coinbase =
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff20"
        "03a0bb0d00";
    switch (i) {
    case 0:
        return (size_t)sprintf(
            out, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}\n");
    case 1:
        return (size_t)sprintf(out,
                               "{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"%08x\",4],"
                               "\"error\":null}\n",
                               n);
    case 2:
        return (size_t)sprintf(
            out, "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s.rig%u\",\"x\"]}\n", wallet, n);
    case 3:
        return (size_t)sprintf(out, "{\"id\":2,\"result\":true,\"error\":null}\n");
    case 4:
        return (size_t)sprintf(
            out,
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"j%u\",\"%064x\",\"%s\","
            "\"ffffffff0100f2052a010000001976a914000000000000000000000000000000000000000088ac"
            "00000000\",[],\"20000000\",\"17034219\",\"%08x\",true]}\n",
            n, n, coinbase, 1767607200);
    default:
        break;
    }
    if (*client)
        return (size_t)sprintf(
            out,
            "{\"id\":%u,\"method\":\"mining.submit\",\"params\":[\"%s.rig%u\",\"j%u\",\"%08x\","
            "\"%08x\",\"%08x\"]}\n",
            i, wallet, n, n, i, 1767607200, i * 7919);
    return (size_t)sprintf(out, "{\"id\":%u,\"result\":true,\"error\":null}\n", i - 1);
}

static size_t say_xmrig(const struct flow *flow, unsigned i, char *out, bool *client)
{
    static const char job[] =
        "{\"blob\":\"1010%0148x\",\"job_id\":\"j%u\",\"target\":\"b88d0600\",\"algo\":\"rx/0\","
        "\"height\":3300000,\"seed_hash\":\"%064x\"}";
    *client = i % 2 == 0;
    unsigned n = flow->number;
    char text[600];
    snprintf(text, sizeof text, job, n, n, n);
    if (i == 0)
        return (size_t)sprintf(
            out,
            "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\",\"params\":{\"login\":\"44AFFq5kSiGBoZ4NMDw"
            "YtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A\",\"pass\":\"x\","
            "\"agent\":\"XMRig/6.21.0 (Linux x86_64)\",\"algo\":[\"rx/0\"]}}\n");
    if (i == 1)
        return (size_t)sprintf(
            out,
            "{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"id\":\"w%u\",\"job\":%s,"
            "\"status\":\"OK\"}}\n",
            n, text);
    if (*client)
        return (size_t)sprintf(
            out,
            "{\"id\":%u,\"jsonrpc\":\"2.0\",\"method\":\"submit\",\"params\":{\"id\":\"w%u\",\"job_id\":"
            "\"j%u\",\"nonce\":\"%08x\",\"result\":\"%064x\"}}\n",
            i, n, n, i * 7919, i);
    return (size_t)sprintf(
        out, "{\"id\":%u,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"status\":\"OK\"}}\n", i - 1);
}

static const struct kind tls = {say_tls, 443, 6, 40, false, false},
                         http = {say_http, 80, 4, 16, false, false}, dns = {say_dns, 53, 2, 2, true, true},
                         bulk = {say_bulk, 873, 200, 600, false, false},
                         small = {say_small, 5201, 40, 200, false, false},
                         datagrams = {say_small, 5202, 40, 200, true, true},
                         few_tls = {say_tls, 443, 2, 4, false, true},
                         few_http = {say_http, 80, 2, 4, false, true},
                         few_datagrams = {say_small, 5202, 3, 6, true, true},
                         stratum = {say_stratum, 3333, 12, 40, false, true},
                         xmrig = {say_xmrig, 10128, 12, 40, false, true};

// The kinds of flows that a capture is made of; what stands twice is twice as frequent
static const struct recipe {
    const char *name;
    const struct kind *kinds[8];
} recipes[] = {
    {"mix", {&tls, &tls, &tls, &http, &dns, &dns, &dns, &bulk}},
    {"small", {&small, &datagrams, &small, &datagrams, &small, &datagrams, &small, &dns}},
    {"many", {&few_tls, &few_http, &dns, &few_datagrams, &few_tls, &few_http, &dns, &few_datagrams}},
};

static uint16_t checksum(const char *data, size_t length, uint32_t sum)
{
    for (size_t i = 0; i < length; i++)
        sum += i % 2 ? (uint8_t)data[i] : (uint32_t)(uint8_t)data[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static uint64_t now_ns = UINT64_C(1767607200) * 1000000000; // 2026-01-05 10:00:00 UTC

// Completes the frame whose payload stands behind HEADERS (or 12 before them, with UDP) and writes it as a
// record.
static void write_frame(struct flow *flow, char *frame, size_t payload, bool client, int flags)
{
    bool udp = flow->kind->udp;
    size_t header = udp ? 8 : 20, length = 20 + header + payload;
    uint32_t from = client ? flow->client : flow->server, to = client ? flow->server : flow->client;
    uint16_t from_port = client ? flow->client_port : flow->kind->port,
             to_port = client ? flow->kind->port : flow->client_port;
    char *ip = frame + 14, *at;
    memcpy(frame, client ? "\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" : "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14);
    put32(put32(put32(put32(put32(ip, 0x45000000 | (uint32_t)length), 0x00004000),
                      udp ? 0x40110000 : 0x40060000),
                from),
          to);
    put16(ip + 10, checksum(ip, 20, 0));
    at = put16(put16(ip + 20, from_port), to_port);
    if (udp) {
        put16(put16(at, header + payload), 0);
    } else {
        at = put32(put32(at, flow->sequence[!client]), flags == SYN ? 0 : flow->sequence[client]);
        put32(put16(put16(at, (size_t)(0x5000 | flags)), 64240), 0);
        flow->sequence[!client] += (uint32_t)payload + !!(flags & (SYN | FIN));
    }
    // pseudo header: RFC 9293 3.1, RFC 768
    uint32_t pseudo = (from >> 16) + (from & 0xffff) + (to >> 16) + (to & 0xffff) + (udp ? 17 : 6) +
                      (uint32_t)(header + payload);
    put16(ip + 20 + (udp ? 6 : 16), checksum(ip + 20, header + payload, pseudo));
    uint32_t record[4] = {(uint32_t)(now_ns / 1000000000), (uint32_t)(now_ns % 1000000000),
                          (uint32_t)(14 + length), (uint32_t)(14 + length)};
    if (fwrite(record, sizeof record, 1, stdout) != 1 || fwrite(frame, 14 + length, 1, stdout) != 1) {
        perror("make-traffic: standard output");
        exit(1);
    }
}

// Writes the flow's next packet; false where that was its last.
static bool speak(struct flow *flow)
{
    static char frame[HEADERS + PAYLOAD_MAX + 200];
    unsigned step = flow->step++, opening = flow->kind->udp ? 0 : 3;
    if (step < opening) {
        static const int flags[] = {SYN, SYN | ACK, ACK};
        write_frame(flow, frame, 0, step != 1, flags[step]);
        return true;
    }
    unsigned i = step - opening;
    if (i < flow->length) {
        bool client;
        char *payload = frame + (flow->kind->udp ? HEADERS - 12 : HEADERS);
        size_t length = flow->kind->say(flow, i, payload, &client);
        write_frame(flow, frame, length, client, PUSH | ACK);
        // bulk is acknowledged every other segment
        if (flow->kind == &bulk && i % 2 == 0)
            write_frame(flow, frame, 0, !client, ACK);
        return i + 1 < flow->length || !flow->kind->open_end;
    }
    i -= flow->length;
    write_frame(flow, frame, 0, i != 1, i == 2 ? ACK : FIN | ACK);
    return i < 2;
}

// One of `every` flows is a miner.
static void begin(struct flow *flow, const struct recipe *recipe, uint32_t number, uint32_t every)
{
    bool miner = number % every == every / 2;
    const struct kind *kind = miner ? number / every % 2 ? &xmrig : &stratum : recipe->kinds[dice(8)];
    *flow = (struct flow){.kind = kind, .number = number, .client = 0x0a000000 | number % 0xfffffd};
    flow->client++;
    flow->server = 0xc6120000 | dice(0xffff); // 198.18.0.0/15
    flow->client_port = (uint16_t)(1024 + dice(64000));
    flow->sequence[0] = dice(UINT32_MAX);
    flow->sequence[1] = dice(UINT32_MAX);
    flow->length = (uint16_t)(kind->length_min + dice(kind->length_max - kind->length_min + 1u));
    if (miner)
        fprintf(stderr, "10.%u.%u.%u\t%u\n", flow->client >> 16 & 255, flow->client >> 8 & 255,
                flow->client & 255, flow->client_port);
}

int main(int argc, char **argv)
{
    const struct recipe *recipe = NULL;
    for (size_t i = 0; argc == 6 && i < sizeof recipes / sizeof *recipes; i++)
        recipe = strcmp(argv[1], recipes[i].name) == 0 ? &recipes[i] : recipe;
    if (!recipe) {
        fputs("usage: make-traffic mix|small|many FLOWS ACTIVE MINERS STEP_NS > capture.pcap 2> miners\n",
              stderr);
        return 64;
    }
    uint32_t miners = (uint32_t)strtoul(argv[4], NULL, 10),
             total = miners + (uint32_t)strtoul(argv[2], NULL, 10);
    uint32_t active = (uint32_t)strtoul(argv[3], NULL, 10), begun = 0,
             every = miners ? total / miners : total + 1;
    uint64_t step_ns = strtoull(argv[5], NULL, 10);
    active = active < total ? active : total;
    struct flow *flows = calloc(active ? active : 1, sizeof *flows);
    if (!flows) {
        perror("make-traffic");
        return 1;
    }
    // little-endian pcap with nanoseconds, Ethernet
    const uint32_t header[6] = {0xa1b23c4d, 0x00040002, 0, 0, 262144, 1};
    fwrite(header, sizeof header, 1, stdout);
    // first all that fit are opened, then who speaks is left to the dice; who has ended makes room
    uint32_t opened = 0;
    while (active) {
        struct flow *flow = &flows[opened < active ? opened++ : dice(active)];
        if (!flow->kind)
            begin(flow, recipe, begun++, every);
        now_ns += step_ns;
        if (speak(flow))
            continue;
        if (begun < total)
            begin(flow, recipe, begun++, every);
        else
            *flow = flows[opened = --active];
    }
    free(flows);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
