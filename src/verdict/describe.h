// SPDX-License-Identifier: Apache-2.0
/*
 * Puts a dossier into words: fills the `mining` object that events show. Pure functions of what they are
 * given.
 */
#ifndef VERDICT_DESCRIBE_H
#define VERDICT_DESCRIBE_H

#include "intel/pools.h"
#include "verdict/dossier.h"
#include "verdict/event.h"

/* What is known of the pool's end of a flow from elsewhere. */
struct pool_knowledge {
    const char *name;       /* "" where none is known */
    const char *name_from;  /* "list": a rule of pools has it; "conversation": it says so; "dns": the miner
                             * asked for it; "dns-of-others": another machine did, so the address may have
                             * others; NULL where there is no name */
    const char *other_name; /* that no rule of pools has, of the same address; "" where none is known */
    const struct pool_rule *rule; /* that the name or the address matches; NULL */
    bool by_address;              /* the rule is one for the address */
    struct geo_place place;
};

/* Fills all of `mining` but incident, cost, flows and bytes. */
void describe_dossier(const struct dossier *one, const struct pool_knowledge *pool, struct mining *mining);

/* The two ends of a mining flow. */
const struct address *describe_miner(const struct dossier *one);
const struct address *describe_pool(const struct dossier *one, uint16_t *port);

/* The sentence of an alert ("Mining: Stratum bitcoin-v1, confirmed"), its signature_id and severity. */
const char *describe_signature(const struct mining *mining, char *text, size_t size, uint32_t *signature_id,
                               uint8_t *severity);

/* Notes whom a carrier was asked for, where that is an address: that is the pool then, not the carrier's
 * server. */
void describe_destination(struct dossier *one);

/* Adds one reason to the evidence; beyond MINING_MAX_EVIDENCE it is left out. */
void describe_add_evidence(struct mining *mining, const char *what, int weight, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- of a flow's shares ---- */

uint64_t describe_proven_shares(const struct dossier *one);
uint64_t describe_invalid_shares(const struct dossier *one);
/* Hashes that the share counts of the conversation stand for are to be multiplied by it: 1 but where the
 * algorithm, as far as `mining` knows it, makes a share worth more or less than the dialect says. */
double describe_share_unit(const struct dossier *one, const struct mining *mining);
/* Hashes that the next share would stand for; 0 where unknown. */
double describe_share_work(const struct dossier *one, const struct mining *mining);

#endif
