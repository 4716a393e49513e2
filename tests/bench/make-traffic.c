// SPDX-License-Identifier: Apache-2.0
// Makes the captures of scripts/bench: make-traffic KIND FLOWS ACTIVE MINERS STEP_NS > capture.pcap 2> miners
// KIND is mix (web, TLS, DNS, downloads), small (little payload, many packets) or many (flows of a few
// packets). FLOWS in all, ACTIVE of them at a time, about MINERS more among them; STEP_NS nanoseconds from
// packet to packet. The miners' endpoints go to standard error. The same arguments always give the same
// bytes. Addresses: RFC 1918 and RFC 2544.
#include "frames.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static size_t say_bitcoin(const struct flow *flow, unsigned i, char *out, bool *client)
{
    return say_stratum(flow->number, i, out, client);
}

static size_t say_monero(const struct flow *flow, unsigned i, char *out, bool *client)
{
    return say_xmrig(flow->number, i, out, client);
}

static const struct kind tls = {say_tls, 443, 6, 40, false, false},
                         http = {say_http, 80, 4, 16, false, false}, dns = {say_dns, 53, 2, 2, true, true},
                         bulk = {say_bulk, 873, 200, 600, false, false},
                         small = {say_small, 5201, 40, 200, false, false},
                         datagrams = {say_small, 5202, 40, 200, true, true},
                         few_tls = {say_tls, 443, 2, 4, false, true},
                         few_http = {say_http, 80, 2, 4, false, true},
                         few_datagrams = {say_small, 5202, 3, 6, true, true},
                         stratum = {say_bitcoin, 3333, 12, 40, false, true},
                         xmrig = {say_monero, 10128, 12, 40, false, true};

// The kinds of flows that a capture is made of; what stands twice is twice as frequent
static const struct recipe {
    const char *name;
    const struct kind *kinds[8];
} recipes[] = {
    {"mix", {&tls, &tls, &tls, &http, &dns, &dns, &dns, &bulk}},
    {"small", {&small, &datagrams, &small, &datagrams, &small, &datagrams, &small, &dns}},
    {"many", {&few_tls, &few_http, &dns, &few_datagrams, &few_tls, &few_http, &dns, &few_datagrams}},
};

static void write_frame(struct flow *flow, size_t payload, bool client, int flags)
{
    struct segment segment = {.from = client ? flow->client : flow->server,
                              .to = client ? flow->server : flow->client,
                              .from_port = client ? flow->client_port : flow->kind->port,
                              .to_port = client ? flow->kind->port : flow->client_port,
                              .sequence = flow->sequence[!client],
                              .acknowledgment = flow->sequence[client],
                              .flags = flags,
                              .udp = flow->kind->udp,
                              .upwards = client};
    frames_write(&segment, payload);
    if (!segment.udp)
        flow->sequence[!client] += (uint32_t)payload + !!(flags & (SYN | FIN));
}

// Writes the flow's next packet; false where that was its last.
static bool speak(struct flow *flow)
{
    unsigned step = flow->step++, opening = flow->kind->udp ? 0 : 3;
    if (step < opening) {
        static const int flags[] = {SYN, SYN | ACK, ACK};
        write_frame(flow, 0, step != 1, flags[step]);
        return true;
    }
    unsigned i = step - opening;
    if (i < flow->length) {
        bool client;
        size_t length = flow->kind->say(flow, i, frames_payload(flow->kind->udp), &client);
        write_frame(flow, length, client, PUSH | ACK);
        // bulk is acknowledged every other segment
        if (flow->kind == &bulk && i % 2 == 0)
            write_frame(flow, 0, !client, ACK);
        return i + 1 < flow->length || !flow->kind->open_end;
    }
    i -= flow->length;
    write_frame(flow, 0, i != 1, i == 2 ? ACK : FIN | ACK);
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
    frames_begin();
    // first all that fit are opened, then who speaks is left to the dice; who has ended makes room
    uint32_t opened = 0;
    while (active) {
        struct flow *flow = &flows[opened < active ? opened++ : dice(active)];
        if (!flow->kind)
            begin(flow, recipe, begun++, every);
        frames_pass(step_ns);
        if (speak(flow))
            continue;
        if (begun < total)
            begin(flow, recipe, begun++, every);
        else
            *flow = flows[opened = --active];
    }
    free(flows);
    return frames_end();
}
