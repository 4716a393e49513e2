// SPDX-License-Identifier: Apache-2.0
// What the bare loops do with a packet: look at its first cache line, a word at a time. A byte at a time would take
// longer than reading the packet, and everything beside such a loop would look fast.
#ifndef TESTS_BENCH_FIRST_LINE_H
#define TESTS_BENCH_FIRST_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t first_line(const uint8_t *data, size_t captured)
{
    enum { CACHE_LINE = 64 };
    uint64_t seen = 0, word;
    size_t size = captured < CACHE_LINE ? captured : CACHE_LINE;
    for (size_t at = 0; at + sizeof word <= size; at += sizeof word) {
        memcpy(&word, data + at, sizeof word);
        seen ^= word;
    }
    return seen;
}

#endif
