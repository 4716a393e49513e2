// SPDX-License-Identifier: Apache-2.0
/*
 * Cisco's tag with a time stamp ("TTag"), which fabrics leave in frames that they mirror: EtherType 0x8988, 6
 * bytes, then the real type. Zeek's issue 1928 describes it; without it a fabric's egress traffic is lost.
 */
#include "decode/decoder.h"

static struct next cisco_timestamp_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)packet;
    cursor_skip(bytes, 6);
    return next_type_or_length(decoder, bytes);
}

const struct layer layer_cisco_timestamp = {
    .name = "cisco-timestamp",
    .after = {{NUMBERING_ETHERTYPE, 0x8988}},
    .peel = cisco_timestamp_peel,
};
