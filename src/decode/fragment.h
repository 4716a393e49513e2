// SPDX-License-Identifier: Apache-2.0
/*
 * What IPv4 and IPv6 do alike with a fragment. Only for files of this folder.
 */
#ifndef DECODE_FRAGMENT_H
#define DECODE_FRAGMENT_H

#include "decode/fragment_table.h"
#include "decode/layer.h"

/* `bytes` are the fragment's data, which is all that need not be set in `fragment`. Where it completes a
 * datagram, `packet` and `bytes` change over to that and the answer is what follows. */
struct next fragment_join(struct decoder *decoder, struct packet *packet, struct fragment *fragment,
                          struct cursor *bytes);

#endif
