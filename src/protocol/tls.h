// SPDX-License-Identifier: Apache-2.0
/*
 * The TLS ClientHello (RFC 8446, section 4.1.2; RFC 6066 for SNI; RFC 7301 for ALPN), the one thing that a
 * passive sensor can always read of a TLS connection: server name, protocols, and the client's fingerprints
 * JA3 and JA4.
 */
#ifndef PROTOCOL_TLS_H
#define PROTOCOL_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_MAX_NAME = 256, TLS_1_3 = 0x0304, TLS_DIGESTS = 256 };

/* Digests that fingerprints were made of lately, by a keyed hash of what they are the digest of: the same
 * programs say hello again and again, and to digest it is most of what reading it takes. */
struct tls_digests {
    uint64_t secret[2];
    struct tls_digest {
        uint64_t hash; /* 0: none is here */
        char digits[33];
    } kept[TLS_DIGESTS];
};

struct tls_client_hello {
    char server_name[TLS_MAX_NAME]; /* lower case, "" where there is none */
    char alpn[64];                  /* first protocol offered, "" where none */
    uint16_t version;               /* highest offered, 0x0304 is TLS 1.3 */
    char ja3[33];                   /* MD5 in hex, salesforce/ja3 */
    char ja4[40];                   /* FoxIO-LLC/ja4 technical_details/JA4.md (BSD-3-Clause part) */
};

void tls_digests_init(struct tls_digests *digests);

/* Reads the body of a ClientHello message, as tls_handshake_read() gives it; false where it is none. */
bool tls_read_client_hello(const uint8_t *body, size_t length, struct tls_digests *digests,
                           struct tls_client_hello *hello);

#endif
