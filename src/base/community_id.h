// SPDX-License-Identifier: Apache-2.0
/*
 * Community ID v1 of a flow (corelight/community-id-spec), so that its records can be joined with those of
 * Zeek, Suricata and others.
 */
#ifndef BASE_COMMUNITY_ID_H
#define BASE_COMMUNITY_ID_H

#include "base/address.h"
#include "base/digest.h"
#include "base/sha1_block.h"

#include <stddef.h>
#include <stdint.h>

enum { COMMUNITY_ID_SIZE = 31 }; /* "1:" + 28 characters of Base64 + NUL */

/* Ports in host order; for ICMP the type and code as the specification maps them to ports (packet.h has them
 * so). Either order of the endpoints gives the same text, but for ICMP types that have no answer: there `a`
 * is the sender. Protocols without ports: give 0 and 0. */
const char *community_id(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                         uint8_t protocol, uint16_t seed, char text[static COMMUNITY_ID_SIZE]);

/* The same in steps: a digest takes the processor long, but it does other things meanwhile that do not wait
 * for it, and two of them take little longer than one. */
struct community_message {
    uint8_t block[SHA1_BLOCK_SIZE]; /* with the padding */
    size_t length;
};
struct community_digest {
    uint8_t bytes[DIGEST_MAX_SIZE];
};
void community_id_message(const struct address *a, uint16_t port_a, const struct address *b, uint16_t port_b,
                          uint8_t protocol, uint16_t seed, struct community_message *message);
void community_id_digest(const struct community_message *message, struct community_digest *digest);
void community_id_digest_two(const struct community_message messages[static 2],
                             struct community_digest digests[static 2]);
const char *community_id_text(const struct community_digest *digest, char text[static COMMUNITY_ID_SIZE]);

#endif
