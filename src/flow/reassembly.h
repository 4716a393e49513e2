// SPDX-License-Identifier: Apache-2.0
/*
 * TCP payload in order. In-order segments are handed on at once, without a copy; segments that come early
 * wait in a bounded store. Belongs to one thread, that of the flow table.
 *
 * Rules (RFC 9293 for sequence numbers; the policies are ours):
 *   - what was handed on stays, and what waits stays: of overlapping data the first seen wins; old data
 *     and one-byte keep-alive probes are dropped;
 *   - a gap is waited for until the receiver acknowledges beyond it, or ten seconds of packet time
 *     (flow->last_us) passed and another segment comes early (where only one direction is seen, nothing
 *     is acknowledged), or the direction holds more than its share of early segments, or the store is
 *     full (or so full that its rest is divided up), or the flow ends; then `gap` tells how many bytes
 *     are missing and the stream goes on behind it. What is missing at the very end is not told;
 *   - a direction begins behind its SYN (flow->tcp_start); without one (midstream) with what the other
 *     side was last seen to acknowledge, where its first segment lies less than 64 KiB further, else with
 *     its first segment: nothing before that is waited for or taken. A first segment of one byte is taken
 *     for a keep-alive probe;
 *   - payload that the frame did not hold (snap length) is a gap, at once;
 *   - segments more than 1 MiB from what is expected, before or after, are dropped, until three in a row
 *     continue each other: the direction then goes on there, behind a gap of unknown size (0). A SYN
 *     counts as two of the three;
 *   - FIN ends nothing, as it may be forged; data of a packet with RST is ignored (RFC 1122,
 *     section 4.2.2.12: it explains the reset in words).
 *
 * A flow costs nothing until it carries payload, so that handshakes and floods of SYNs take none of
 * `max_flows`.
 */
#ifndef FLOW_REASSEMBLY_H
#define FLOW_REASSEMBLY_H

#include "base/error.h"
#include "decode/packet.h"
#include "flow/flow.h"

#include <stddef.h>

struct reassembler;

struct reassembly_limits {
    uint32_t store_bytes;     /* early segments of all flows together; default 32 MiB */
    uint32_t direction_bytes; /* early segments of one direction; default 64 KiB */
    uint32_t max_flows;       /* flows that are reassembled at the same time; default 1 Mi */
};

struct reassembly_statistics {
    uint64_t segments, segments_early, segments_old; /* with payload */
    uint64_t gaps, gap_bytes;
    uint64_t store_full;    /* a gap was given up because the store was full */
    uint64_t flows_refused; /* more than max_flows at once */
    uint64_t flows;
    uint64_t memory_bytes;
};

struct stream_handler {
    /* `length` >= 1 bytes of one direction, in order; borrowed for the call */
    void (*bytes)(void *context, struct flow *flow, enum direction direction, const uint8_t *bytes,
                  size_t length);
    /* `missing` bytes were not seen and will not come; 0: an unknown number */
    void (*gap)(void *context, struct flow *flow, enum direction direction, uint32_t missing);
};

struct reassembler *reassembler_create(const struct reassembly_limits *limits,
                                       const struct stream_handler *handler, void *context,
                                       struct error *error);
void reassembler_free(struct reassembler *reassembler);

/* One TCP packet of `flow`. Makes flow->streams when it first needs it. The handler may call
 * reassembler_release() on the same flow: nothing more is handed on then. */
void reassembler_push(struct reassembler *reassembler, struct flow *flow, enum direction direction,
                      const struct packet *packet);

/* Hands on what waits behind gaps; for the end of a flow. */
void reassembler_flush(struct reassembler *reassembler, struct flow *flow);

/* Forgets flow->streams (NULL is fine). */
void reassembler_release(struct reassembler *reassembler, struct flow *flow);

/* Up to date. */
const struct reassembly_statistics *reassembler_statistics(struct reassembler *reassembler);

#endif
