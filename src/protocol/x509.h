// SPDX-License-Identifier: Apache-2.0
/*
 * What an X.509 certificate says about whose it is (RFC 5280, section 4.1): names of subject and issuer, and
 * the hosts that it is for. It is a walk down one path of the DER (ITU-T X.690) of a fixed depth; nothing is
 * verified.
 */
#ifndef PROTOCOL_X509_H
#define PROTOCOL_X509_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { X509_NAME_SIZE = 256, X509_HOSTS_SIZE = 2048 };

struct x509_certificate {
    char subject[X509_NAME_SIZE]; /* "C=US, O=Example, CN=pool.example"; cut where longer */
    char issuer[X509_NAME_SIZE];
    bool self_signed; /* subject and issuer are the same; the signature is not looked at */
    /* The dNSName and iPAddress of its subjectAltName, the subject's common name where it has none; each with
     * a NUL behind it: "pool.example", "*.pool.example", "192.0.2.1". Lower case; what is in no host name is
     * '?'. */
    char hosts[X509_HOSTS_SIZE];
    size_t hosts_length;
    bool hosts_left_out; /* there are more than fit */
};

/* False where the bytes are no certificate; `certificate` is undefined then. */
bool x509_read(const uint8_t *bytes, size_t length, struct x509_certificate *certificate);

#endif
