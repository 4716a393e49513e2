// SPDX-License-Identifier: Apache-2.0
/*
 * The PROXY protocol (haproxy/haproxy: doc/proxy-protocol.txt), versions 1 and 2: what a load balancer puts
 * before the first bytes of a client to say who that client is.
 */
#ifndef PROTOCOL_PROXY_HEADER_H
#define PROTOCOL_PROXY_HEADER_H

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROXY_HEADER_V1_MAX = 107, /* section 2.1, with its line end */
    PROXY_HEADER_V2_MIN = 16,
    PROXY_HEADER_MAX = 2048, /* of version 2 with the extensions that are sent; more is none */
};

struct proxy_header {
    uint8_t version; /* 1 or 2 */
    bool has_source; /* not where the balancer checks by itself (LOCAL), or does not know */
    struct address source;
    uint16_t source_port;
};

enum { PROXY_HEADER_MORE = 0, PROXY_HEADER_NOT = -1 };

/* Whether `bytes` (one at least) begin so: 1 yes, 0 no, -1 too few (fewer than 12). */
int proxy_header_begins(const uint8_t *bytes, size_t length);

/* Reads a header. Gives its length; PROXY_HEADER_MORE: it is not complete; PROXY_HEADER_NOT: it is none. */
int proxy_header_read(const uint8_t *bytes, size_t length, struct proxy_header *header);

#endif
