// SPDX-License-Identifier: Apache-2.0
/*
 * Known fingerprints of TLS clients, JA3 and JA4, read from the files of a signatures directory. A
 * fingerprint is that of a library with its settings, so ordinary programs share most of them. Read-only
 * after loading.
 */
#ifndef INTEL_TLS_FINGERPRINTS_H
#define INTEL_TLS_FINGERPRINTS_H

#include "base/error.h"
#include "intel/pools.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_fingerprint {
    const char *fingerprint; /* JA3 as 32 hex digits, or JA4 */
    const char *software;    /* "stock OpenSSL 3.0, as XMRig has it" */
    const char *sources;
    uint16_t last_seen;
    enum pool_confidence confidence;
    bool own; /* of the operator's file */
};

struct tls_fingerprints;

/* Loads tls-fingerprints.tsv of `directory`, then the operator's local-tls-fingerprints.tsv where it is
 * there: its rows take the place of shipped ones. A bad line is an error that names file and line. */
struct tls_fingerprints *tls_fingerprints_load(const char *directory, struct error *error);
void tls_fingerprints_free(struct tls_fingerprints *list);

/* The row for a client, the more confident one where there are two; NULL where there is none. */
const struct tls_fingerprint *tls_fingerprints_find(const struct tls_fingerprints *list, const char *ja3,
                                                    const char *ja4);

size_t tls_fingerprints_count(const struct tls_fingerprints *list);

#endif
