// SPDX-License-Identifier: Apache-2.0
/*
 * Community ID v1 of a flow (corelight/community-id-spec), so that its records can be joined with those of
 * Zeek, Suricata and others.
 */
#ifndef BASE_COMMUNITY_ID_H
#define BASE_COMMUNITY_ID_H

#include "base/address.h"
#include "base/digest.h"

#include <stdint.h>

enum { COMMUNITY_ID_SIZE = 31 }; /* "1:" + 28 characters of Base64 + NUL */

/* Ports in host order; for ICMP the type and code as the specification maps them to ports (packet.h has them
 * so). Either order of the endpoints gives the same text, but for ICMP types that have no answer: there `a`
 * is the sender. Protocols without ports: give 0 and 0. */
const char *community_id(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                         uint8_t protocol, uint16_t seed, char text[static COMMUNITY_ID_SIZE]);

/* The same in two steps: a digest takes the processor long, but it does other things meanwhile that do not
 * wait for it. */
struct community_digest {
    uint8_t bytes[DIGEST_MAX_SIZE];
};
void community_id_digest(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                         uint8_t protocol, uint16_t seed, struct community_digest *digest);
const char *community_id_text(const struct community_digest *digest, char text[static COMMUNITY_ID_SIZE]);

#endif
