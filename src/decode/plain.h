// SPDX-License-Identifier: Apache-2.0
/*
 * A short way through the decoder for what nearly all packets are: Ethernet, perhaps one VLAN tag, IPv4
 * without options and in one piece or IPv6 without extension headers, then TCP or UDP that no tunnel uses,
 * captured whole. It says what the layers would say, and leaves all else to them.
 */
#ifndef DECODE_PLAIN_H
#define DECODE_PLAIN_H

#include "decode/decoder.h"

/* False: the layers have to look, and what `packet` holds means nothing. */
bool decode_plain(const struct decoder *decoder, const struct frame *frame, struct packet *packet);

#endif
