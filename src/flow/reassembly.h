// SPDX-License-Identifier: Apache-2.0
/*
 * TCP payload in order. In-order segments are handed on at once, without a copy; segments that come early
 * wait in a bounded store. Belongs to one thread, that of the flow table.
 *
 * Rules (RFC 9293 for sequence numbers; the policies are ours):
 *   - what was handed on stays: of overlapping data the first seen wins, old data and one-byte keep-alive
 * probes are dropped;
 *   - a gap is waited for until the receiver acknowledges beyond it, or the direction holds more than its
 * share of early segments, or the store is full, or the flow ends; then `gap` tells how many bytes are
 * missing and the stream goes on behind it;
 *   - without a SYN (midstream) a direction begins with its first segment;
 *   - payload that the frame did not hold (snap length) is a gap.
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
    uint32_t max_flows;       /* flows that are reassembled at the same time; default 256 Ki */
};

struct reassembly_statistics {
    uint64_t segments, segments_early, segments_old; /* with payload */
    uint64_t gaps, gap_bytes;
    uint64_t store_full;    /* a gap was given up because the store was full */
    uint64_t flows_refused; /* more than max_flows at once */
    uint32_t flows;
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

const struct reassembly_statistics *reassembler_statistics(const struct reassembler *reassembler);

#endif
