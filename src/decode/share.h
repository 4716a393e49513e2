// SPDX-License-Identifier: Apache-2.0
/*
 * How several decoders have the same frames between them: all packets between two addresses belong to one of
 * them, whatever tunnels and fragments they come in. Which one, a secret decides, so that nobody can load one
 * of them on purpose.
 */
#ifndef DECODE_SHARE_H
#define DECODE_SHARE_H

#include "base/address.h"
#include "capture/frame.h"

#include <stdint.h>

/* The decoder, from 0 below `shares`, of packets between these addresses in either direction. */
uint8_t share_of_addresses(const struct address *a, const struct address *b, uint64_t secret, uint8_t shares);

/* Whose the frame is by a first look; FRAME_SHARE_OPEN where only decoding can tell: tunnels, fragments,
 * whatever is not IP over Ethernet. The same for each of the decoders. A frame_share, whose context is the
 * decoder. */
uint8_t share_of_frame(const void *context, const struct frame *frame);

#endif
