// SPDX-License-Identifier: Apache-2.0
/*
 * SCTP, RFC 9260, section 3.1: of its 12 bytes only the ports are of use here.
 */
#include "decode/decoder.h"

static struct next sctp_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    packet->source_port = cursor_u16_be(bytes);
    packet->destination_port = cursor_u16_be(bytes);
    return next_none(DECODE_PACKET);
}

const struct layer layer_sctp = {
    .name = "sctp",
    .after = {{NUMBERING_IP, PROTOCOL_SCTP}},
    .peel = sctp_peel,
};
