// SPDX-License-Identifier: Apache-2.0
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS = 14 + 20 + 20 };

static uint64_t dice_state = 1;
static uint64_t now_ns = UINT64_C(1767607200) * 1000000000; // 2026-01-05 10:00:00 UTC
static char frame[HEADERS + PAYLOAD_MAX + 200];

uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

uint32_t dice(uint32_t sides)
{
    return (uint32_t)((mix(dice_state += 0x9e3779b97f4a7c15u) >> 32) * sides >> 32);
}

size_t noise(char *out, size_t length, uint64_t seed)
{
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = mix(seed + i);
        memcpy(out + i, &word, length - i < 8 ? length - i : 8);
    }
    return length;
}

char *put16(char *out, size_t value)
{
    *out++ = (char)(value >> 8);
    *out++ = (char)value;
    return out;
}

char *put32(char *out, uint32_t value)
{
    return put16(put16(out, value >> 16), value & 0xffff);
}

static uint16_t checksum(const char *data, size_t length, uint32_t sum)
{
    for (size_t i = 0; i < length; i++)
        sum += i % 2 ? (uint8_t)data[i] : (uint32_t)(uint8_t)data[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

char *frames_payload(bool udp)
{
    return frame + (udp ? HEADERS - 12 : HEADERS);
}

void frames_pass(uint64_t ns)
{
    now_ns += ns;
}

void frames_begin(void)
{
    // little-endian pcap with nanoseconds, Ethernet
    const uint32_t header[6] = {0xa1b23c4d, 0x00040002, 0, 0, 262144, 1};
    fwrite(header, sizeof header, 1, stdout);
}

int frames_end(void)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

void frames_write(const struct segment *segment, size_t payload)
{
    size_t header = segment->udp ? 8 : 20, length = 20 + header + payload;
    char *ip = frame + 14, *at;
    memcpy(frame, segment->upwards ? "\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" : "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14);
    put32(put32(put32(put32(put32(ip, 0x45000000 | (uint32_t)length), 0x00004000),
                      segment->udp ? 0x40110000 : 0x40060000),
                segment->from),
          segment->to);
    put16(ip + 10, checksum(ip, 20, 0));
    at = put16(put16(ip + 20, segment->from_port), segment->to_port);
    if (segment->udp) {
        put16(put16(at, header + payload), 0);
    } else {
        at = put32(put32(at, segment->sequence), segment->flags == SYN ? 0 : segment->acknowledgment);
        put32(put16(put16(at, (size_t)(0x5000 | segment->flags)), 64240), 0);
    }
    // pseudo header: RFC 9293 3.1, RFC 768
    uint32_t pseudo = (segment->from >> 16) + (segment->from & 0xffff) + (segment->to >> 16) +
                      (segment->to & 0xffff) + (segment->udp ? 17 : 6) + (uint32_t)(header + payload);
    put16(ip + 20 + (segment->udp ? 6 : 16), checksum(ip + 20, header + payload, pseudo));
    uint32_t record[4] = {(uint32_t)(now_ns / 1000000000), (uint32_t)(now_ns % 1000000000),
                          (uint32_t)(14 + length), (uint32_t)(14 + length)};
    if (fwrite(record, sizeof record, 1, stdout) != 1 || fwrite(frame, 14 + length, 1, stdout) != 1) {
        perror("cannot write frames to standard output");
        exit(1);
    }
}
