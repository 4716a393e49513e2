// SPDX-License-Identifier: Apache-2.0
// Makes floods of flows for scripts/bench, small enough to say in a few numbers and too large for a file:
//     make-flows KIND COUNT [MINERS] > capture.pcap 2> miners
//   steady     COUNT TCP flows of ten packets, all open at once: in each of ten rounds each flow sends one
//              packet, in another order; payload is noise, 26 to 48 bytes
//   named      the same of TLS: one after another says enough to be known as such, then all go on in rounds
//   collide    as steady, with addresses and ports whose sum and whose exclusive or are those of all others:
//              one bucket in a table whose hash adds or folds them
//   syn        COUNT SYNs of as many flows, which nobody answers
//   single     COUNT datagrams of as many flows
//   reorder    one flow of COUNT segments that carry 1,000 bytes each, in which no two come in order: always
//              the last of 16 first
// MINERS sessions of mining, of ten packets, are spread over the time and interleaved; their endpoints go to
// standard error. A packet each microsecond. The same arguments give the same bytes.
#include "frames.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 10, STEP_NS = 1000, MINER_STEPS = 10 };

struct step {
    bool from_server;
    int flags;
    uint8_t length;      // of the payload, which is noise
    uint8_t head_length; // but begins so
    const char *head;
};
#define HEAD(text) sizeof(text) - 1, text
#define NONE       HEAD("")

static const struct step unknown[ROUNDS] = {
    {false, SYN, 0, NONE},         {true, SYN | ACK, 0, NONE},    {false, ACK, 0, NONE},
    {false, PUSH | ACK, 40, NONE}, {true, PUSH | ACK, 44, NONE},  {false, PUSH | ACK, 28, NONE},
    {true, PUSH | ACK, 48, NONE},  {false, PUSH | ACK, 36, NONE}, {true, PUSH | ACK, 30, NONE},
    {true, PUSH | ACK, 26, NONE},
};

// TLS: ClientHello and ServerHello (RFC 8446 4.1.2, 4.1.3), then records of application data
#define RANDOM "--------------------------------"
static const struct step tls[ROUNDS] = {
    {false, SYN, 0, NONE},
    {true, SYN | ACK, 0, NONE},
    {false, ACK, 0, NONE},
    {false, PUSH | ACK, 50, HEAD("\x16\3\1\0\x2d\1\0\0\x29\3\3" RANDOM "\0\0\2\x13\1\1\0")},
    {true, PUSH | ACK, 47, HEAD("\x16\3\3\0\x2a\2\0\0\x26\3\3" RANDOM "\0\x13\1\0")},
    {true, PUSH | ACK, 48, HEAD("\x17\3\3\0\x2b")},
    {false, PUSH | ACK, 28, HEAD("\x17\3\3\0\x17")},
    {false, PUSH | ACK, 36, HEAD("\x17\3\3\0\x1f")},
    {true, PUSH | ACK, 30, HEAD("\x17\3\3\0\x19")},
    {true, PUSH | ACK, 26, HEAD("\x17\3\3\0\x15")},
};

struct ends {
    uint32_t client, server;
    uint16_t client_port, server_port;
};

typedef struct ends chooser(uint64_t flow);

static struct ends spread(uint64_t flow)
{
    static const uint16_t ports[8] = {80, 443, 443, 443, 8080, 5432, 6379, 9092};
    uint64_t random = mix(flow + 1);
    return (struct ends){0x0a000000 + (uint32_t)(flow / 16 % 0xff0000),
                         0xc6120000 + (uint32_t)(random & 0xffff),
                         (uint16_t)(2048 + flow % 16 * 4000 + (random >> 16) % 4000), ports[random >> 61]};
}

// Bits move from the client's address to the server's and from port to port: the sums stay, and so do the
// exclusive ors.
static struct ends colliding(uint64_t flow)
{
    uint32_t low = (uint32_t)flow & 0xffff, high = (uint32_t)(flow >> 16) & 0x3fff;
    return (struct ends){0x0a000000 | low, 0x0a010000 | (0xffff - low), (uint16_t)(0x4000 | high),
                         (uint16_t)(0x8000 | (0x3fff - high))};
}

static void write_to(const struct ends *ends, const uint32_t sequence[2], bool client, int flags, bool udp,
                     size_t payload)
{
    struct segment segment = {.from = client ? ends->client : ends->server,
                              .to = client ? ends->server : ends->client,
                              .from_port = client ? ends->client_port : ends->server_port,
                              .to_port = client ? ends->server_port : ends->client_port,
                              .sequence = sequence[!client],
                              .acknowledgment = sequence[client],
                              .flags = flags,
                              .udp = udp,
                              .upwards = client};
    frames_pass(STEP_NS);
    frames_write(&segment, payload);
}

// ---- planted miners: ten packets each, spread over the whole ----

struct miner {
    struct ends ends;
    uint32_t sequence[2];
    unsigned number, step;
};

static struct miner *miners;
static uint64_t miner_count, miner_packets, packets, planned;

static void plant(uint64_t count, uint64_t background)
{
    miner_count = count;
    planned = background;
    miners = calloc(count ? count : 1, sizeof *miners);
    if (!miners) {
        perror("make-flows");
        exit(1);
    }
    for (unsigned i = 0; i < count; i++) {
        miners[i] = (struct miner){
            {0x0b000001 + i, 0xc6130000 + i % 64, (uint16_t)(20000 + i % 40000), i % 2 ? 10128 : 3333},
            {i * 1000003u, i * 7000001u},
            i,
            0};
        uint32_t from = miners[i].ends.client;
        fprintf(stderr, "%u.%u.%u.%u\t%u\n", from >> 24, from >> 16 & 255, from >> 8 & 255, from & 255,
                miners[i].ends.client_port);
    }
}

static void mine(struct miner *miner)
{
    static const int handshake[] = {SYN, SYN | ACK, ACK};
    unsigned step = miner->step++;
    bool client = step != 1;
    size_t length = 0;
    if (step >= 3)
        length = (miner->number % 2 ? say_xmrig : say_stratum)(miner->number, step - 3, frames_payload(false),
                                                               &client);
    int flags = step < 3 ? handshake[step] : PUSH | ACK;
    write_to(&miner->ends, miner->sequence, client, flags, false, length);
    miner->sequence[!client] += (uint32_t)length + (step < 2);
}

// Called with each packet of the background: the miners' packets are spread evenly over all of it, all
// sessions at once.
static void pass_miners(void)
{
    packets++;
    while (miner_packets < miner_count * MINER_STEPS &&
           miner_packets * planned < packets * miner_count * MINER_STEPS) {
        mine(&miners[miner_packets % miner_count]);
        miner_packets++;
    }
}

// ---- kinds ----

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

// Far steps that visit each of `count` once.
static uint64_t far_step(uint64_t count, unsigned round)
{
    uint64_t step = (count * (3 + round) / 17) | 1;
    while (common_divisor(step, count) != 1)
        step += 2;
    return step;
}

// Sequence numbers, of payload and SYN, that one side has used before this round.
static uint32_t sent_before(const struct step *steps, unsigned round, bool by_server)
{
    uint32_t sent = 0;
    for (const struct step *step = steps; step < steps + round; step++)
        sent += step->from_server == by_server ? step->length + (step->flags & SYN ? 1u : 0u) : 0;
    return sent;
}

// What a flow sends in a round.
static void write_turn(uint64_t flow, chooser *choose, const struct step *steps, unsigned round)
{
    const struct step *step = &steps[round];
    struct ends ends = choose(flow);
    uint32_t base = (uint32_t)mix(flow);
    const uint32_t sequence[2] = {base + sent_before(steps, round, false),
                                  ~base + sent_before(steps, round, true)};
    noise(frames_payload(false), step->length, mix(flow * ROUNDS + round));
    if (step->head_length > 0)
        memcpy(frames_payload(false), step->head, step->head_length);
    write_to(&ends, sequence, !step->from_server, step->flags, false, step->length);
    pass_miners();
}

static void make_rounds(uint64_t count, chooser *choose, const struct step *steps, unsigned first)
{
    for (unsigned round = first; round < ROUNDS; round++) {
        uint64_t flow = round, stride = far_step(count, round);
        for (uint64_t i = 0; i < count; i++) {
            flow = (flow + stride) % count;
            write_turn(flow, choose, steps, round);
        }
    }
}

static void make_steady(uint64_t count)
{
    make_rounds(count, spread, unknown, 0);
}

static void make_colliding(uint64_t count)
{
    make_rounds(count, colliding, unknown, 0);
}

static void make_named(uint64_t count)
{
    enum { NAMED = 6 };
    for (uint64_t flow = 0; flow < count; flow++) {
        for (unsigned round = 0; round < NAMED; round++)
            write_turn(flow, spread, tls, round);
    }
    make_rounds(count, spread, tls, NAMED);
}

static void make_single_packets(uint64_t count, bool udp)
{
    for (uint64_t flow = 0; flow < count; flow++) {
        struct ends ends = spread(flow);
        const uint32_t sequence[2] = {(uint32_t)mix(flow), 0};
        size_t length = udp ? noise(frames_payload(true), 40, flow) : 0;
        write_to(&ends, sequence, true, SYN, udp, length);
        pass_miners();
    }
}

static void make_syn(uint64_t count)
{
    make_single_packets(count, false);
}

static void make_single(uint64_t count)
{
    make_single_packets(count, true);
}

static void make_reordered(uint64_t count)
{
    enum { WINDOW = 16, LENGTH = 1000 };
    struct ends ends = spread(0);
    uint32_t sequence[2] = {0, 0};
    write_to(&ends, sequence, true, SYN, false, 0);
    sequence[0]++;
    write_to(&ends, sequence, false, SYN | ACK, false, 0);
    sequence[1]++;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t segment = i / WINDOW * WINDOW + WINDOW - 1 - i % WINDOW;
        const uint32_t at[2] = {1 + (uint32_t)(segment * LENGTH), sequence[1]};
        noise(frames_payload(false), LENGTH, segment * LENGTH);
        write_to(&ends, at, true, ACK, false, LENGTH);
        pass_miners();
    }
}

static const struct kind {
    const char *name;
    void (*make)(uint64_t count);
    unsigned packets; // of each of COUNT
} kinds[] = {
    {"steady", make_steady, ROUNDS},     {"named", make_named, ROUNDS},
    {"collide", make_colliding, ROUNDS}, {"syn", make_syn, 1},
    {"single", make_single, 1},          {"reorder", make_reordered, 1},
};

int main(int argc, char **argv)
{
    const struct kind *kind = NULL;
    for (size_t i = 0; argc >= 3 && i < sizeof kinds / sizeof *kinds; i++)
        kind = strcmp(argv[1], kinds[i].name) == 0 ? &kinds[i] : kind;
    uint64_t count = argc >= 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (!kind || argc > 4 || count == 0 || count > 200000000) {
        fputs("usage: make-flows steady|named|collide|syn|single|reorder COUNT [MINERS] > capture.pcap 2> "
              "miners\n",
              stderr);
        return 64;
    }
    frames_begin();
    plant(argc == 4 ? strtoull(argv[3], NULL, 10) : 0, count * kind->packets);
    kind->make(count);
    free(miners);
    return frames_end();
}
