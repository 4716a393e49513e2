// SPDX-License-Identifier: Apache-2.0
/*
 * BPF expressions ("tcp port 3333", pcap-filter(7)), compiled by libpcap. An expression means other
 * instructions for each link type: filters of files are compiled when a link type is first seen.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include "base/error.h"
#include "capture/frame.h"

#include <stdint.h>

struct filter;

/* NULL with `error` where memory ran out. Borrows `expression`'s text only during the call. */
struct filter *filter_create(const char *expression, struct error *error);

/* Compiles for `link_type`; false with STATUS_USAGE and libpcap's reason where that cannot be. */
bool filter_prepare(struct filter *filter, uint16_t link_type, struct error *error);

/*
 * Whether `frame` passes. Frames of a link type for which the expression does not compile do not; that is
 * warned of once for each link type.
 */
bool filter_accepts(struct filter *filter, const struct frame *frame);

void filter_free(struct filter *filter); /* NULL is fine */

/* Puts `expression` on a live capture; `name` is the interface's. */
struct pcap;
bool filter_apply(const char *expression, struct pcap *capture, const char *name, struct error *error);

#endif
