// SPDX-License-Identifier: Apache-2.0
/*
 * Packets that were seen a moment ago: a mirror of both ends, or of both directions of a switch, delivers
 * each packet twice. The copies differ in TTL, tags and link-layer addresses, not in what the sender wrote. A
 * packet that its sender repeats has another identification (IPv4) or comes later.
 *
 * The memory is fixed: of very many packets in the time window some copies are missed; none is invented but
 * by a collision of 40 bits keyed with the flow's secret hash. Belongs to one thread. Inline, as it is asked
 * for each packet.
 */
#ifndef FLOW_DUPLICATES_H
#define FLOW_DUPLICATES_H

#include "base/universal_hash.h"
#include "decode/packet.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    DUPLICATES_SLOTS = 262144,
    DUPLICATES_TICK_SHIFT = 10,  /* ticks of 1.024 ms, without a division */
    DUPLICATES_WINDOW_TICKS = 98 /* 100 ms */
};

struct duplicates {
    uint64_t slots[DUPLICATES_SLOTS]; /* lower 40 bits: of the fingerprint; upper 24: ticks */
};
_Static_assert(sizeof(struct duplicates) == 2 * 1024 * 1024,
               "one huge page: each packet touches it anywhere");

struct duplicates *duplicates_create(void); /* 2 MiB; NULL: out of memory */
void duplicates_free(struct duplicates *duplicates);

/* What was sent first: TCP's numbers, else the first bytes of the payload. */
static inline uint64_t duplicates_beginning(const struct packet *packet)
{
    uint64_t bytes = 0;
    if (packet->protocol == PROTOCOL_TCP)
        return (uint64_t)packet->tcp_sequence << 32 | packet->tcp_acknowledgement;
    if (packet->payload_captured >= sizeof bytes)
        memcpy(&bytes, packet->payload, sizeof bytes);
    else if (packet->payload_captured > 0)
        memcpy(&bytes, packet->payload, packet->payload_captured);
    return bytes;
}

static inline uint64_t duplicates_identification(const struct packet *packet)
{
    enum { OFFSET = 4 }; /* RFC 791, section 3.1 */
    return packet->ip_version == 4 ? (uint64_t)packet->ip[OFFSET] << 8 | packet->ip[OFFSET + 1] : 0;
}

/* What stays the same in copies, and is different in other packets, of this flow and of others; 0: a copy
 * cannot be told from a repetition. The hash is the flow's, with a secret in all its bits; it is the key of a
 * pair of words that are multiplied as in universal_hash.h. */
static inline uint64_t duplicates_fingerprint(const struct packet *packet, uint64_t flow_hash,
                                              bool source_is_low)
{
    uint64_t number = duplicates_identification(packet);
    /* acknowledgements that repeat each other mean something to TCP; of other protocols without IPv4's
     * identification, nothing tells a copy from the same said twice */
    if (number == 0 && (packet->protocol != PROTOCOL_TCP || packet->payload_length == 0))
        return 0;
    uint64_t header = number << 48 | (uint64_t)packet->tcp_window << 32 | (uint64_t)packet->tcp_flags << 24;
    uint64_t length = packet->payload_length ^ (uint64_t)source_is_low << 23;
    /* the second key needs no secret: no header and length add up to 0 with it */
    universal_sum product = (universal_sum)(duplicates_beginning(packet) + flow_hash) *
                            ((header ^ length) + UINT64_C(0x9e3779b97f4a7c15));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t *duplicates_slot(struct duplicates *duplicates, uint64_t fingerprint)
{
    return &duplicates->slots[fingerprint & (DUPLICATES_SLOTS - 1)];
}

__attribute__((always_inline)) static inline void duplicates_prefetch(struct duplicates *duplicates,
                                                                      uint64_t fingerprint)
{
    __builtin_prefetch(duplicates_slot(duplicates, fingerprint), 1);
}

/* Whether the same was seen less than the window ago; remembers it. Two inputs may be a little out of step:
 * the copy may have the earlier time. */
static inline bool duplicates_seen(struct duplicates *duplicates, uint64_t fingerprint, int64_t time_us)
{
    enum { TICKS_AT = 40 }; /* where the ticks begin */
    const uint64_t window = (uint64_t)DUPLICATES_WINDOW_TICKS << TICKS_AT;
    if (fingerprint == 0)
        return false;
    uint64_t *slot = duplicates_slot(duplicates, fingerprint);
    uint64_t now = (uint64_t)time_us >> DUPLICATES_TICK_SHIFT << TICKS_AT | fingerprint >> (64 - TICKS_AT);
    uint64_t apart = now - *slot; /* in the lower bits 0 where the fingerprints are the same */
    *slot = now;
    return apart << (64 - TICKS_AT) == 0 && apart + window <= 2 * window;
}

#endif
