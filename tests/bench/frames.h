// SPDX-License-Identifier: Apache-2.0
// Frames for the programs that make captures for scripts/bench: Ethernet, IPv4, TCP or UDP, with checksums,
// to standard output. One at a time: the payload is written to its place, then the frame around it.
#ifndef TESTS_BENCH_FRAMES_H
#define TESTS_BENCH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAYLOAD_MAX = 1400 };
enum { FIN = 0x01, SYN = 0x02, PUSH = 0x08, ACK = 0x10 };

struct segment {
    uint32_t from, to;
    uint16_t from_port, to_port;
    uint32_t sequence, acknowledgment;
    int flags;
    bool udp, upwards; // upwards: from the client
};

void frames_begin(void); // the file's header: pcap with nanoseconds
void frames_pass(uint64_t ns);
char *frames_payload(bool udp);
void frames_write(const struct segment *segment, size_t payload);
int frames_end(void); // the exit status

uint64_t mix(uint64_t x);      // SplitMix64's finalizer
uint32_t dice(uint32_t sides); // the same series in each run
size_t noise(char *out, size_t length, uint64_t seed);
char *put16(char *out, size_t value);
char *put32(char *out, uint32_t value);

// A miner's session, number `n`: its message `i`; *client tells who says it.
size_t say_stratum(unsigned n, unsigned i, char *out, bool *client);
size_t say_xmrig(unsigned n, unsigned i, char *out, bool *client);

#endif
