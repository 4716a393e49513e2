// SPDX-License-Identifier: Apache-2.0
/*
 * A filter on packets as geophone sees them: without tunnels and tags, put together from fragments. The
 * filter on frames as they were captured is capture/filter.h.
 */
#ifndef DECODE_PACKET_FILTER_H
#define DECODE_PACKET_FILTER_H

#include "base/error.h"
#include "decode/packet.h"

struct packet_filter;

/* Compiles a BPF expression for the IP packet; where that cannot be (it speaks of Ethernet addresses or
 * VLANs), for the innermost Ethernet frame. NULL with STATUS_USAGE and libpcap's reason where neither can be.
 */
struct packet_filter *packet_filter_create(const char *expression, struct error *error);

bool packet_filter_accepts(struct packet_filter *filter, const struct packet *packet);

void packet_filter_free(struct packet_filter *filter); /* NULL is fine */

#endif
