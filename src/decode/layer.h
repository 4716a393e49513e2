// SPDX-License-Identifier: Apache-2.0
/*
 * One header of a packet, and what may follow it.
 *
 * Everything on the wire is a layer; a tunnel is nothing special: its layer answers that Ethernet or IP
 * follows again. Adding one is a file that ends in `const struct layer layer_NAME = {...};` and a row
 * LAYER(NAME) in layers.def.
 *
 * Example: GRE is `.after = {{NUMBERING_IP, 47}}` and its peel() answers {NUMBERING_ETHERTYPE, protocol
 * type}. Tunnels over UDP (VXLAN, GENEVE) need one more numbering: NUMBERING_UDP_PORT below, an answer
 * {NUMBERING_UDP_PORT, destination port} from udp_peel() after it has noted the payload, and DECODE_PACKET in
 * the row of result_of_unknown[] (decode.c), so that a port nobody claims means "decoded". The tunnels
 * themselves are then files and rows again. What a peel() may use of the decoder is in decoder.h.
 */
#ifndef DECODE_LAYER_H
#define DECODE_LAYER_H

#include "base/cursor.h"
#include "decode/packet.h"

/* Whose numbers say what follows. */
enum numbering {
    NUMBERING_NONE, /* nothing follows: the packet is decoded, or `number` (an enum decode_result) says why
                       not */
    NUMBERING_LINK_TYPE, /* LINKTYPE_ values */
    NUMBERING_ETHERTYPE, /* https://www.iana.org/assignments/ieee-802-numbers */
    NUMBERING_IP,        /* IP protocol numbers */
    NUMBERING_PPP,       /* PPP protocol numbers */
    NUMBERING_COUNT
};

struct next {
    enum numbering numbering;
    uint16_t number;
};

enum { LAYER_MAX_AFTER = 8 };

struct decoder;

struct layer {
    const char *name;
    /* the numbers that announce this layer; unused entries have NUMBERING_NONE */
    struct next after[LAYER_MAX_AFTER];
    /* Takes the header off `bytes`, notes in `packet` what it says, and tells what follows. `bytes` may be
     * shortened at its end where the header knows better than the frame how long the packet is. */
    struct next (*peel)(struct decoder *decoder, struct packet *packet, struct cursor *bytes);
};

#define LAYER(name) extern const struct layer layer_##name;
#include "decode/layers.def"
#undef LAYER

#endif
