// SPDX-License-Identifier: Apache-2.0
/*
 * Known mining pools: rules for names and for addresses, read from the files of a signatures directory.
 * Read-only after loading, so any thread may look up.
 */
#ifndef INTEL_POOLS_H
#define INTEL_POOLS_H

#include "base/address.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum pool_confidence { POOL_LOW, POOL_MEDIUM, POOL_HIGH };

struct pool_rule {
    const char *pattern;   /* "nanopool.org", "185.71.66.0/24" */
    const char *kind;      /* pool, proxy, browser-miner, node, marketplace, donation, p2pool */
    const char *operator_; /* "" where unknown */
    const char *coins;     /* "XMR,ETC", "" where unknown */
    const char *sources;   /* where the rule comes from */
    uint16_t last_seen;    /* year in which a source last had it */
    uint16_t port;         /* address rules: 0 is any port */
    enum pool_confidence confidence;
};

struct pools;

/* Loads pool-domains.tsv and pool-addresses.tsv of `directory`, then the operator's local-domains.tsv and
 * local-addresses.tsv where they are there: their rules take the place of shipped ones
 * (signatures/README.md). A bad line is an error that names file and line. */
struct pools *pools_load(const char *directory, struct error *error);
void pools_free(struct pools *pools);

/* The rule for a host name (any case, a final dot is ignored): the exact one, else the longest suffix at a
 * label boundary; NULL where there is none. The rule is owned by `pools`. */
const struct pool_rule *pools_find_name(const struct pools *pools, const char *name);

/* The rule for an address and port: longest prefix first, a rule with that port before one with any. */
const struct pool_rule *pools_find_address(const struct pools *pools, const struct address *address,
                                           uint16_t port);

size_t pools_count(const struct pools *pools);

#endif
