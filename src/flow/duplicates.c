// SPDX-License-Identifier: Apache-2.0
#include "flow/duplicates.h"

#include "flow/pages.h"

#include <string.h>

enum { SLOTS = 262144, TIME_BITS = 24 };

struct duplicates {
    uint64_t slots[SLOTS]; /* upper 40 bits: of the fingerprint; lower 24: milliseconds */
};
_Static_assert(sizeof(struct duplicates) == 2 * 1024 * 1024,
               "one huge page: each packet touches it anywhere");

struct duplicates *duplicates_create(void)
{
    return pages_map(sizeof(struct duplicates), true);
}

void duplicates_free(struct duplicates *duplicates)
{
    pages_unmap(duplicates, sizeof *duplicates);
}

static uint64_t mix(uint64_t value, uint64_t more)
{
    value = (value ^ more) * UINT64_C(0x9e3779b97f4a7c15); /* the golden ratio: Knuth, TAOCP 6.4 */
    return value ^ value >> 29;
}

static uint16_t identification(const struct packet *packet)
{
    enum { OFFSET = 4 }; /* RFC 791, section 3.1 */
    if (packet->ip_version != 4 || packet->ip_captured < OFFSET + 2)
        return 0;
    return (uint16_t)(packet->ip[OFFSET] << 8 | packet->ip[OFFSET + 1]);
}

static uint64_t beginning(const struct packet *packet)
{
    uint64_t bytes = 0;
    if (packet->payload_captured >= sizeof bytes)
        memcpy(&bytes, packet->payload, sizeof bytes);
    else if (packet->payload_captured > 0)
        memcpy(&bytes, packet->payload, packet->payload_captured);
    return bytes;
}

uint64_t duplicates_fingerprint(const struct packet *packet, uint32_t flow_hash)
{
    uint64_t number = identification(packet);
    /* acknowledgements that repeat each other mean something to TCP; of other protocols without IPv4's
     * identification, nothing tells a copy from the same said twice */
    bool can_be_told = number != 0 || (packet->protocol == PROTOCOL_TCP && packet->payload_length > 0);
    if (!can_be_told)
        return 0;
    uint64_t print = mix(flow_hash, number << 32 | packet->payload_length);
    print = mix(print, (uint64_t)packet->source_port << 32 | packet->tcp_sequence);
    print = mix(print, (uint64_t)packet->tcp_acknowledgement << 32 | (uint32_t)packet->tcp_window << 8 |
                           packet->tcp_flags);
    print = mix(print, beginning(packet));
    return print | 1; /* 0 means: no fingerprint */
}

static size_t slot_of(uint64_t fingerprint)
{
    return fingerprint >> 1 & (SLOTS - 1);
}

void duplicates_prefetch(const struct duplicates *duplicates, uint64_t fingerprint)
{
    __builtin_prefetch(&duplicates->slots[slot_of(fingerprint)], 1);
}

bool duplicates_seen(struct duplicates *duplicates, uint64_t fingerprint, int64_t time_us)
{
    if (fingerprint == 0)
        return false;
    const uint64_t time_mask = (UINT64_C(1) << TIME_BITS) - 1;
    uint64_t now_ms = (uint64_t)time_us / 1000 & time_mask;
    uint64_t *slot = &duplicates->slots[slot_of(fingerprint)], before = *slot;
    uint64_t passed = (now_ms - before) & time_mask;
    uint64_t back = (before - now_ms) & time_mask; /* two inputs may be a little out of step */
    *slot = (fingerprint & ~time_mask) | now_ms;
    return ((before ^ fingerprint) & ~time_mask) == 0 &&
           (passed < DUPLICATES_WINDOW_MS || back < DUPLICATES_WINDOW_MS);
}
