// SPDX-License-Identifier: Apache-2.0
/*
 * What a TLS server says in clear: the version and application protocol that it chose, and up to TLS 1.2 its
 * certificate, which TLS 1.3 encrypts (RFC 8446, section 4.1.3; RFC 5246, sections 7.4.1.3 and 7.4.2).
 */
#ifndef PROTOCOL_TLS_SERVER_H
#define PROTOCOL_TLS_SERVER_H

#include "protocol/x509.h"

struct tls_server_hello {
    uint16_t version; /* chosen, 0x0304 is TLS 1.3 */
    char alpn[32];    /* chosen, "" where none, or where it is encrypted (TLS 1.3) */
};

/* Both read the body of a message as tls_handshake_read() gives it; false where it is none of that kind. */
bool tls_read_server_hello(const uint8_t *body, size_t length, struct tls_server_hello *hello);
/* The server's own certificate, the first of the list. */
bool tls_read_certificate(const uint8_t *body, size_t length, struct x509_certificate *certificate);

#endif
