// SPDX-License-Identifier: Apache-2.0
/*
 * One header of a packet, and what may follow it.
 *
 * Everything on the wire is a layer; a tunnel is nothing special: its layer answers that Ethernet or IP
 * follows again. Adding one is a file that ends in `const struct layer layer_NAME = {...};` and a row
 * LAYER(NAME) in layers.def.
 *
 * A tunnel notes what it says with tunnel_begin() before it answers; see vxlan.c for one over UDP, gre.c for
 * one over IP. Over UDP anything may stand at a tunnel's port: what does not look like the tunnel is answered
 * with next_none(DECODE_PACKET) and stays the UDP packet that it is. What a peel() may use of the decoder is
 * in decoder.h.
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
    NUMBERING_UDP_PORT,  /* destination port; those of `after`, unless decode_options name others */
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
    bool is_tunnel; /* counted and listed as such */
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
