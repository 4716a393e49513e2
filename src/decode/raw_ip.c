// SPDX-License-Identifier: Apache-2.0
/*
 * Frames that begin with the IP header: its first four bits tell the version.
 */
#include "decode/decoder.h"

static struct next raw_ip_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    (void)packet;
    struct cursor ahead = *bytes;
    uint8_t first = cursor_u8(&ahead);
    bytes->failed = cursor_failed(&ahead);
    if (first >> 4 == 4)
        return next_ethertype(ETHERTYPE_IPV4);
    if (first >> 4 == 6)
        return next_ethertype(ETHERTYPE_IPV6);
    return next_none(DECODE_MALFORMED);
}

const struct layer layer_raw_ip = {
    .name = "raw_ip",
    .after = {{NUMBERING_LINK_TYPE, 101},  /* RAW */
              {NUMBERING_LINK_TYPE, 228},  /* IPV4 */
              {NUMBERING_LINK_TYPE, 229}}, /* IPV6 */
    .peel = raw_ip_peel,
};
