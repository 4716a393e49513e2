// SPDX-License-Identifier: Apache-2.0
/*
 * Protocols that are encrypted or without words, and known by how a connection opens: by exact sizes, by who
 * speaks when. They are watched beside the recognisers, which read what can be read. A flow that does not fit
 * is let go with its first segments. Only for flows that are seen from their beginning; of one side alone
 * nothing is said.
 */
#ifndef INSPECT_OPENING_H
#define INSPECT_OPENING_H

#include "inspect/conversation.h"
#include "inspect/inspector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { P2POOL_KEPT = 96 }; /* bytes of each direction */

/* What the client says before the server speaks, which decides in most flows: sums over its segments, so that
 * nothing is allocated for it. */
struct noise_beginning {
    uint8_t count;     /* bytes */
    uint8_t low, high; /* values below and above 128 that differ within their segment */
};

struct noise_opening {
    uint8_t form, turn;       /* of the handshake: rows of noise.c's table */
    uint8_t kinds;            /* of messages that were seen: bits */
    bool known;               /* the rhythm was recognised */
    uint16_t count;           /* bytes of the present turn */
    uint32_t fitting, others; /* messages of a known size, and of another */
    uint16_t share_size;
    uint32_t shares, unanswered, answers;
    uint64_t values[4]; /* byte values of the present turn: bits */
};

struct p2pool_opening {
    uint8_t kept[2];
    uint8_t bytes[2][P2POOL_KEPT];
};

enum opening_kind { OPENING_NEW, OPENING_BEGINNING, OPENING_NOISE, OPENING_P2POOL, OPENING_DONE };

/* In each inspection, so it is small. */
struct opening {
    struct noise_beginning beginning;
    uint8_t kind; /* enum opening_kind */
};

/* Of the few that go on, beside the inspection: owned, as the opening's kind says. */
union opening_state {
    struct noise_opening *noise;
    struct p2pool_opening *p2pool;
};

/* Bytes in order, as they were in their segment. */
void opening_bytes(struct inspector *inspector, struct flow *flow, struct opening *opening,
                   enum direction direction, const uint8_t *bytes, size_t length);
/* The opening is over, or bytes are missing: sizes say nothing any more. `state` may be NULL where it is of
 * no kind that has one. */
void opening_done(struct opening *opening, union opening_state *state);

/* Makes the flow's session where it has none, and says what it is; NULL where none may be made. */
struct session *opening_session(struct inspector *inspector, struct flow *flow,
                                const struct dialect *dialect);
void opening_moved(struct inspector *inspector, struct flow *flow, enum direction direction);

/* ---- noise.c and p2pool.c: false where the flow does not fit, or nothing more is to be learned ---- */
bool noise_begins(struct inspector *inspector, struct flow *flow, struct noise_beginning *beginning,
                  const uint8_t *bytes, size_t length);
/* The server speaks now: whether what the client said fits, and what is kept of it. NULL: memory is short.
 * The caller frees. */
bool noise_fits(const struct noise_beginning *beginning);
struct noise_opening *noise_answered(const struct noise_beginning *beginning);
bool noise_bytes(struct inspector *inspector, struct flow *flow, struct noise_opening *noise,
                 enum direction direction, const uint8_t *bytes, size_t length);
bool p2pool_bytes(struct inspector *inspector, struct flow *flow, struct p2pool_opening *p2pool,
                  enum direction direction, const uint8_t *bytes, size_t length);
bool p2pool_is_port(uint16_t port);

#endif
