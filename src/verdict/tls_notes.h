// SPDX-License-Identifier: Apache-2.0
/*
 * Notes on TLS connections that are worth a word: what their handshakes told, and what was said of them. Of
 * other connections nothing is kept. A note lives as long as its flow. Bounded: beyond TLS_NOTES_MAX new ones
 * are refused. One thread.
 */
#ifndef VERDICT_TLS_NOTES_H
#define VERDICT_TLS_NOTES_H

#include "flow/flow_record.h"
#include "inspect/tls_seen.h"

enum { TLS_NOTES_MAX = 16384 };

/* Why a connection is worth a word; what says more comes later. */
enum tls_reason { TLS_NO_REASON, TLS_BY_FINGERPRINT, TLS_BY_ADDRESS, TLS_BY_CERTIFICATE, TLS_BY_NAME };

struct tls_note {
    struct flow_record flow;
    struct tls_seen seen;
    enum tls_reason reason;
    char name[256];    /* of the pool, where the reason is a name */
    char subject[280]; /* what its incident is found by; "" before something was said */
    bool nested;       /* in a tunnel: the flow's server is not the one that speaks */
    bool waiting;      /* something is to be said once its time has come */
    struct tls_note *chain_next;
};

struct tls_notes;

struct tls_notes *tls_notes_create(void); /* NULL: memory is short */
void tls_notes_free(struct tls_notes *notes);

struct tls_note *tls_notes_find(const struct tls_notes *notes, uint64_t flow_id);
/* NULL where there are too many, or memory is short. */
struct tls_note *tls_notes_get(struct tls_notes *notes, uint64_t flow_id);
void tls_notes_forget(struct tls_notes *notes, uint64_t flow_id);

#endif
