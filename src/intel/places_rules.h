// SPDX-License-Identifier: Apache-2.0
/*
 * The operator's mapping of what packets show (VNI, VLAN, the tunnel's source, the miner's address, the
 * sensor) to provider, account, region, VPC and a label: local-places.yaml, docs/places.md. Read-only after
 * loading.
 */
#ifndef INTEL_PLACES_RULES_H
#define INTEL_PLACES_RULES_H

#include "base/address.h"
#include "base/error.h"
#include "intel/cloud_place.h"

#include <stddef.h>

enum { PLACES_MAX_RULES = 16384, PLACES_MAX_SIGNS = 32 };

/* What a flow shows of a machine's place. */
struct places_signs {
    struct address address;                   /* of the machine */
    struct address other;                     /* of the other end: no tunnel's source is named after it */
    struct address sources[PLACES_MAX_SIGNS]; /* of tunnels; those that name the machine best first */
    uint32_t vnis[PLACES_MAX_SIGNS];
    uint16_t vlans[PLACES_MAX_SIGNS];
    size_t source_count, vni_count, vlan_count;
};

struct places_rules;

/* Reads the file `path`; "" gives no rules. Rules of other sensors than `sensor` are checked and left out. A
 * wrong line is an error that names file, line and column. */
struct places_rules *places_rules_load(const char *path, const char *sensor, struct error *error);
void places_rules_free(struct places_rules *rules);
size_t places_rules_count(const struct places_rules *rules);

/* Fills provider, account, region, VPC and label, each from the most specific rule that gives it; the rest of
 * `place` is empty. True where a rule held. *by_subnet: one of them named the machine's network. */
bool places_rules_find(const struct places_rules *rules, const struct places_signs *signs,
                       struct cloud_place *place, bool *by_subnet);

#endif
