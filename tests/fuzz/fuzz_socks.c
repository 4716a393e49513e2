// SPDX-License-Identifier: Apache-2.0
/*
 * SOCKS handshakes of both sides, and the PROXY protocol's header: what a shorter piece decided a longer one
 * does not take back. The first byte says which is read.
 */
#include "protocol/proxy_header.h"
#include "protocol/socks.h"

#include <stdlib.h>
#include <string.h>

typedef int reader(struct socks_side *side, const uint8_t *bytes, size_t length);

static void read_side(reader *read, const uint8_t *bytes, size_t length)
{
    struct socks_side side = {0};
    for (unsigned messages = 0; messages < 64; messages++) {
        reader *now = side.stage == SOCKS_PASSES ? socks_read_bound : read;
        struct socks_side shorter = side, whole = side;
        int used = now(&whole, bytes, length);
        if (used > 0 && ((size_t)used > length || now(&shorter, bytes, (size_t)used) != used))
            abort();
        if (used > 0 && whole.skip > 0) { /* as the recogniser does */
            size_t behind = length - (size_t)used;
            used += (int)(whole.skip < behind ? whole.skip : behind);
            whole.skip = 0;
        }
        if (strlen(whole.destination) >= sizeof whole.destination)
            abort();
        if (used <= 0)
            return;
        side = whole;
        bytes += used;
        length -= (size_t)used;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return 0;
    uint8_t *copy = malloc(length - 1); /* of exact size, so that a read too far is seen */
    memcpy(copy, bytes + 1, length - 1);
    int begins = socks_begins(copy, length - 1);
    if (begins != 0 && begins != 1 && (begins != -1 || length - 1 >= 16))
        abort();
    socks_is_message(copy, length - 1);
    if (bytes[0] % 3 == 0) {
        read_side(socks_read_client, copy, length - 1);
    } else if (bytes[0] % 3 == 1) {
        read_side(socks_read_server, copy, length - 1);
    } else {
        struct proxy_header header, again;
        int used = proxy_header_read(copy, length - 1, &header);
        if (used > 0 && ((size_t)used > length - 1 || proxy_header_read(copy, (size_t)used, &again) != used))
            abort();
    }
    free(copy);
    return 0;
}
