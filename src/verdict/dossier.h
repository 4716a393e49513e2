// SPDX-License-Identifier: Apache-2.0
/*
 * Dossiers: what the verdict thread knows about each flow in which a miner may be talking to a pool. A
 * dossier lives as long as its flow. Bounded in number: beyond it, new ones are refused and counted. One
 * thread.
 */
#ifndef VERDICT_DOSSIER_H
#define VERDICT_DOSSIER_H

#include "flow/flow_record.h"
#include "inspect/conversation.h"
#include "intel/wallet.h"
#include "verdict/event.h"
#include "verdict/incident.h"
#include "verdict/proof_check.h"

struct dossier {
    struct flow_record flow;
    struct conversation conversation;
    struct wallet wallet; /* what its login says: reading that is a tenth of describing a conversation */
    struct proof_tally
        proofs;     /* shares that were hashed here; those that need no hashing are in the conversation */
    uint64_t told;  /* order of the first report of it */
    uint64_t facts; /* of the conversation, and what is known of its ends beside it */
    enum verdict verdict;
    int points;
    double confidence;
    enum verdict alerted;                  /* class of the latest alert; VERDICT_NONE: none yet */
    const struct dialect *alerted_dialect; /* what that alert called it */
    bool corrected;                        /* an alert was raised because it had been called something else */
    bool elsewhere; /* another mirror had shown the conversation: it adds nothing and is not alerted */
    bool silenced;  /* that alert was not raised, as it is sanctioned */
    bool waiting;   /* an alert is due once its time has come */
    enum verdict waits_with; /* the verdict that it began to wait with */
    uint32_t miners_behind;  /* of a miner that is a proxy: how many mine at it */
    uint32_t miners_beside;  /* of a pool that is a proxy: the same */
    char incident[24];       /* identifier of its incident, "" before the first alert */
    struct address
        asked; /* whom a carrier was asked for by address; asked_port is 0 where by name, or not at all */
    uint16_t asked_port;
    char subject[INCIDENT_MAX_SUBJECT]; /* what its incident is found by */
    /* what was already added to the incident */
    uint64_t counted_submitted, counted_accepted, counted_rejected, counted_stale, counted_bytes;
    uint64_t counted_proven, counted_invalid;
    double counted_unit; /* what the hashes were multiplied with: describe_share_unit() */
    double counted_hashes_submitted, counted_hashes_accepted;
    struct dossier *chain_next;
};

struct dossiers;

struct dossiers *dossiers_create(uint32_t max_dossiers);
void dossiers_free(struct dossiers *dossiers);

struct dossier *dossiers_find(const struct dossiers *dossiers, uint64_t flow_id);
/* NULL where there are too many, or memory is short. */
struct dossier *dossiers_get(struct dossiers *dossiers, uint64_t flow_id);
void dossiers_forget(struct dossiers *dossiers, uint64_t flow_id);

/* Calls `visit` for each; it must not make or forget any. */
void dossiers_each(struct dossiers *dossiers, void (*visit)(void *context, struct dossier *dossier),
                   void *context);

#endif
