// SPDX-License-Identifier: Apache-2.0
/*
 * Packets that were seen a moment ago: a mirror of both ends, or of both directions of a switch, delivers
 * each packet twice. The copies differ in TTL, tags and link-layer addresses, not in what the sender wrote. A
 * packet that its sender repeats has another identification (IPv4) or comes later.
 *
 * The memory is fixed: of very many packets in the time window some copies are missed; none is invented but
 * by a collision of 40 bits keyed with the flow's secret hash. Belongs to one thread.
 */
#ifndef FLOW_DUPLICATES_H
#define FLOW_DUPLICATES_H

#include "decode/packet.h"

#include <stdbool.h>
#include <stdint.h>

enum { DUPLICATES_WINDOW_MS = 100 };

struct duplicates;

struct duplicates *duplicates_create(void); /* 2 MiB; NULL: out of memory */
void duplicates_free(struct duplicates *duplicates);

/* What stays the same in copies, with the hash of the packet's flow; 0: it cannot be told from a repetition.
 */
uint64_t duplicates_fingerprint(const struct packet *packet, uint32_t flow_hash);
void duplicates_prefetch(const struct duplicates *duplicates, uint64_t fingerprint);

/* Whether the same was seen less than the window ago; remembers it. */
bool duplicates_seen(struct duplicates *duplicates, uint64_t fingerprint, int64_t time_us);

#endif
