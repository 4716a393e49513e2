// SPDX-License-Identifier: Apache-2.0
/*
 * What a TLS handshake told in clear; "" and 0 where unknown.
 */
#ifndef INSPECT_TLS_SEEN_H
#define INSPECT_TLS_SEEN_H

#include <stdbool.h>
#include <stdint.h>

struct tls_seen {
    char sni[254];                  /* of the client's hello */
    char alpn[32];                  /* first that the client offers */
    char ja3[33], ja4[40];          /* fingerprints of the client */
    char server_alpn[32];           /* that the server chose, up to TLS 1.2 */
    uint16_t version;               /* that the server chose: 0x0304 is TLS 1.3 */
    char subject[256], issuer[256]; /* of the server's certificate, up to TLS 1.2 */
    bool self_signed;
};

#endif
