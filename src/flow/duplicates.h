// SPDX-License-Identifier: Apache-2.0
/*
 * Packets that were seen a moment ago: a mirror of both ends, or of both directions of a switch, delivers
 * each packet twice. The copies differ in TTL, tags and link-layer addresses, not in what the sender wrote. A
 * packet that its sender repeats has another identification (IPv4) or comes later.
 *
 * The table is as large as what comes within the time window, so that it stays in a core's cache where that
 * is little: it doubles when as many packets came as it has slots, up to a bound. Of very many packets in
 * between some copies are missed; none is invented but by a collision of 40 bits keyed with the flow's secret
 * hash. Belongs to one thread. Inline, as it is asked for each packet.
 */
#ifndef FLOW_DUPLICATES_H
#define FLOW_DUPLICATES_H

#include "base/big_endian.h"
#include "base/universal_hash.h"
#include "decode/packet.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    DUPLICATES_FIRST_PLACES = 1024,
    DUPLICATES_MAX_PLACES = 131072, /* 2 MiB */
    DUPLICATES_TICK_SHIFT = 10,     /* ticks of 1.024 ms, without a division */
    DUPLICATES_TICKS_AT = 40,       /* where the ticks begin in a slot */
    DUPLICATES_WINDOW_TICKS = 98    /* 100 ms */
};

/* The two latest of the packets that have this place. Lower 40 bits: of the fingerprint; upper 24: ticks.
 * With two, a hundred packets in between hardly ever push one out, where one slot would lose one copy in some
 * hundreds. */
struct duplicates_place {
    uint64_t latest, earlier;
};

struct duplicates {
    struct duplicates_place *places;
    uint32_t mask;         /* of places: a power of two, less 1 */
    uint32_t countdown;    /* fingerprints until duplicates_pace() looks how fast they came */
    uint64_t counted_from; /* since when, as in a slot */
};

bool duplicates_init(struct duplicates *duplicates); /* false: out of memory */
void duplicates_done(struct duplicates *duplicates);

/* As many fingerprints came as there are slots: grows where that took less than the window. What is known
 * stays known. */
void duplicates_pace(struct duplicates *duplicates, uint64_t now);

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
    return packet->ip_version == 4 ? big_endian_u16(packet->ip + OFFSET) : 0;
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

static inline struct duplicates_place *duplicates_place_of(const struct duplicates *duplicates,
                                                           uint64_t fingerprint)
{
    return &duplicates->places[fingerprint & duplicates->mask];
}

__attribute__((always_inline)) static inline void duplicates_prefetch(const struct duplicates *duplicates,
                                                                      uint64_t fingerprint)
{
    __builtin_prefetch(duplicates_place_of(duplicates, fingerprint), 1);
}

/* Whether two times in the upper bits are less than the window apart, either way: two inputs may be a little
 * out of step, and the copy has the earlier time. */
static inline bool duplicates_is_near(uint64_t apart)
{
    const uint64_t window = (uint64_t)DUPLICATES_WINDOW_TICKS << DUPLICATES_TICKS_AT;
    return apart + window <= 2 * window;
}

/* Whether a slot has the fingerprint, from less than the window ago. */
static inline bool duplicates_is_copy(uint64_t now, uint64_t slot)
{
    uint64_t apart = now - slot;
    return apart << (64 - DUPLICATES_TICKS_AT) == 0 && duplicates_is_near(apart);
}

/* Whether the same was seen less than the window ago; remembers it. */
static inline bool duplicates_seen(struct duplicates *duplicates, uint64_t fingerprint, int64_t time_us)
{
    if (fingerprint == 0)
        return false;
    struct duplicates_place *place = duplicates_place_of(duplicates, fingerprint);
    uint64_t now = (uint64_t)time_us >> DUPLICATES_TICK_SHIFT << DUPLICATES_TICKS_AT |
                   fingerprint >> (64 - DUPLICATES_TICKS_AT);
    uint64_t latest = place->latest, earlier = place->earlier;
    place->latest = now;
    if (duplicates_is_copy(now, latest))
        return true;
    place->earlier = latest;
    if (--duplicates->countdown == 0)
        duplicates_pace(duplicates, now);
    return duplicates_is_copy(now, earlier);
}

#endif
