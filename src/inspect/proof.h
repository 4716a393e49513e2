// SPDX-License-Identifier: Apache-2.0
/*
 * Shares that can be held against their target without the coin's proof-of-work function: what the worker
 * keeps of the jobs for it, and what it hands to the verdict thread, which does the hashing
 * (verdict/proof_check.h).
 *
 * Notes are kept only of sessions whose dialect has such shares, in a slab of their own: a few kilobytes
 * each. What does not fit is not proven, never refused.
 */
#ifndef INSPECT_PROOF_H
#define INSPECT_PROOF_H

#include "base/slab.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

enum {
    PROOF_MAX_JOBS = 8,
    PROOF_JOB_BYTES = 3584, /* of all jobs of a session: a Bitcoin job has some 700 bytes */
    PROOF_SHARE_BYTES = 4096,
    PROOF_MAX_NONCE = 32,
    PROOF_EAGER = 8,  /* the first shares of a session are all checked, */
    PROOF_EVERY = 16, /* later one of so many */
};

enum proof_kind {
    PROOF_BITCOIN,  /* header with a merkle root to be filled in (80 bytes), coinbase, merkle branch (32 bytes
                       each) */
    PROOF_EQUIHASH, /* header, nonce and solution, as they are hashed */
};

/* A share as the verdict thread gets it. */
struct proof_share {
    double work;       /* attempts that its target takes, on average */
    bool exact;        /* the pool gave a target, so that the work is the same by any function */
    uint8_t kind;      /* enum proof_kind */
    uint16_t coinbase; /* PROOF_BITCOIN: bytes of the coinbase transaction */
    uint16_t length;   /* bytes that follow */
    uint8_t bytes[PROOF_SHARE_BYTES];
};

struct proof_notes {
    uint8_t nonce1[PROOF_MAX_NONCE]; /* the pool's part of the nonce, for jobs to come */
    uint8_t nonce1_size;
    bool nonce1_known;
    bool version_mask_known;
    uint32_t version_mask; /* bits that a share may change (BIP 310) */
    uint64_t shares;       /* that could have been checked */
    uint16_t used;
    uint8_t job_count;
    struct proof_job {
        uint32_t name; /* hash of its identifier */
        uint16_t length;
        uint8_t kind;
        double work;        /* in force when the job came; 0: unknown */
    } jobs[PROOF_MAX_JOBS]; /* oldest first; their bytes stand in the same order */
    uint8_t bytes[PROOF_JOB_BYTES];
};

/* Where sessions get notes from and bring shares to. One for all sessions of a worker. */
struct proof_desk {
    struct slab notes;
    /* Room for a share of the flow, or NULL; then commit() with the bytes that it has. */
    struct proof_share *(*reserve)(void *context, uint64_t flow_id);
    void (*commit)(void *context, struct proof_share *share);
    void *context;
};

/* Notes of the session; `make`: makes them where there are none. NULL where there are none, or no more room.
 */
struct proof_notes *proof_notes_get(struct session *session, bool make);

/* The pool's part of the nonce, in hexadecimal ("" is one too), for the jobs that follow. */
void proof_set_nonce(struct session *session, const char *hexadecimal, size_t digits);
/* The version bits that shares may change: eight hexadecimal digits. */
void proof_set_version_mask(struct session *session, const char *hexadecimal);

/* Keeps a job; the oldest ones make room. The bytes are what the dialect wants to find again. */
void proof_add_job(struct session *session, enum proof_kind kind, const char *identifier,
                   const uint8_t *bytes, size_t length, double work);
/* The job of that name, the newest where several have it; *bytes are its bytes. NULL where it is not kept. */
const struct proof_job *proof_find_job(const struct session *session, enum proof_kind kind,
                                       const char *identifier, const uint8_t **bytes);

/*
 * Room for a share of this job, or NULL where it is not its turn. `work_now` is the work in force when the
 * share was sent: of it and the job's the easier one counts, as pools differ in when a new difficulty begins.
 * The caller fills in kind, coinbase, length and bytes, and commits.
 */
struct proof_share *proof_reserve(struct session *session, const struct proof_job *job, double work_now);
void proof_commit(struct session *session, struct proof_share *share);

/* Bytes of `digits` hexadecimal digits; 0 where they are no whole bytes or do not fit into `size`. */
size_t proof_bytes(const char *hexadecimal, size_t digits, uint8_t *bytes, size_t size);

/*
 * How much a share says, in bits, for mining and against text that happens to look like it: chance meets a
 * target of `work` attempts once in `work`, a miner misses it less than once in a hundred shares. Added up
 * over a flow, chance reaches 20 bits in one of 2^20 flows at most, however long they are (Ville's
 * inequality).
 */
double proof_gain(bool met, double work);
enum { PROOF_BITS = 20 }; /* what counts as proven */

#endif
