// SPDX-License-Identifier: Apache-2.0
/*
 * One DNS message (RFC 1035, section 4): the question, and the addresses in the answer with the names that
 * lead to them.
 */
#ifndef PROTOCOL_DNS_H
#define PROTOCOL_DNS_H

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_MAX_NAME = 254, DNS_MAX_ADDRESSES = 16 };

struct dns_message {
    bool is_response;
    uint8_t response_code;
    uint16_t type;           /* of the question: 1 A, 28 AAAA, 5 CNAME, 65 HTTPS ... */
    char name[DNS_MAX_NAME]; /* of the question; lower case, no final dot; bytes outside [a-z0-9._-] as '?' */
    uint8_t address_count;   /* of A and AAAA records that answer the question, over CNAMEs; no duplicates */
    struct address addresses[DNS_MAX_ADDRESSES];
    uint32_t time_to_live; /* of the addresses, the smallest, in seconds */
};

/* False where `bytes` are no well-formed DNS query or response with exactly one question. Compression
 * pointers are followed backwards only and in bounded number. An answer that is cut behind the question is
 * read as far as it goes. */
bool dns_parse(const uint8_t *bytes, size_t length, struct dns_message *message);

#endif
